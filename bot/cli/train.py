"""``bot train``: train the model when its data changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import typer

from bot.cli.output import fail, step, write_result
from bot.rasa.archive import archive_fault, archives, read_member

ROOT = Path(__file__).resolve().parents[2]
_INPUTS = ("config.yml", "domain.yml", "domain", "data", "bot/nlu", "bot/zh", "requirements/run.txt")
_KEPT_MODELS = 3
# Rasa's own names (20261121-234628-calm-fox.tar.gz): other archives in the folder are not ours to delete.
_TRAINED_HERE = "[0-9]" * 8 + "-" + "[0-9]" * 6 + "-*.tar.gz"
_LOG = "train.log"


def train(
    force: bool = typer.Option(False, "--force", help="Train even when nothing changed."),
    models_dir: Path = typer.Option(
        None, "--models", help="Where to put the model (default: BOT_MODELS_DIR).", show_default=False
    ),
) -> None:
    """Train the language model and the dialogue when data/, domain/, config.yml or the readers changed."""
    from bot.settings import load_settings

    settings = load_settings()
    folder = models_dir or settings.models_dir
    if not force and is_current(folder) and not (settings.encoder_dir and vectors_changed(folder)):
        print("the model is up to date", file=sys.stderr, flush=True)
        return
    train_now(folder)


def train_now(folder: Path) -> None:
    """Train with Rasa in a process of its own and note what was trained.

    Raises:
        SystemExit: training failed; the sentence holds Rasa's last word and names the file with all of them.
    """
    _refuse_unfit_encoder()
    try:
        folder.mkdir(parents=True, exist_ok=True)
        (folder / _LOG).write_text("", encoding="utf-8")
    except OSError as error:
        fail(f"cannot write models to {folder} ({error.strerror}): name another folder with BOT_MODELS_DIR")
    trained_on = fingerprint()  # taken before: what changes meanwhile was not trained
    with step("training the model (one to two minutes on two cores)"):
        _run_rasa(folder)
    write_result(folder / "fingerprint.json", json.dumps({"trained_on": trained_on}))
    for old in sorted(folder.glob(_TRAINED_HERE), key=lambda one: one.stat().st_mtime)[:-_KEPT_MODELS]:
        old.unlink()


def _run_rasa(folder: Path) -> None:
    before = set(archives(folder))
    # Rasa's validation reads everything a second time, a sixth of the whole; the tests run it.
    command = [sys.executable, "-m", "rasa", "train", "--skip-validation", "--out", str(folder.resolve())]
    # Rasa reports usage to its makers unless told not to; buyers' operators have not agreed to that.
    env = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
    done = subprocess.run(  # noqa: S603 (our own command)
        command, cwd=ROOT, env=env, capture_output=True, text=True, errors="replace", check=False
    )
    made = bool(set(archives(folder)) - before)
    if done.returncode == 0 and (made or before):
        return  # Rasa makes no new archive when its own fingerprints find nothing to do
    log = folder / _LOG
    write_result(log, done.stdout + done.stderr)
    words = [line.strip() for line in (done.stdout + done.stderr).splitlines() if line.strip()]
    last = words[-1][:300] if words else f"Rasa ended with code {done.returncode}"
    fail(f"training failed ({last}): correct what it names; all of Rasa's words are in {log}")


def _refuse_unfit_encoder() -> None:
    """Who names an encoder wants its vectors: a model without them is not trained in its place."""
    from bot.settings import load_settings

    named = load_settings().encoder_dir
    if named is None:
        return
    from bot.nlu.onnx_encoder import EncoderUnfit, OnnxEncoder

    try:
        OnnxEncoder(named)
    except EncoderUnfit as error:
        fail(str(error))


def vectors_changed(folder: Path) -> str | None:
    """How the sentence encoder differs from the one that the newest model was trained with, or None (no model too)."""
    from bot.nlu.encoder import RECORDED_IN, change_since, load_encoder

    found = archives(folder)
    recorded = read_member(found[-1], RECORDED_IN) if found else None
    return change_since(recorded, load_encoder()) if recorded else None


def is_current(folder: Path) -> bool:
    """Whether the newest model is whole and was trained on what is on disk now."""
    try:
        trained_on = json.loads((folder / "fingerprint.json").read_text(encoding="utf-8"))["trained_on"]
    except (OSError, ValueError, KeyError, TypeError):
        return False
    found = archives(folder)
    return bool(found) and trained_on == fingerprint() and archive_fault(found[-1]) is None


def fingerprint() -> str:
    """A digest over every file that training reads or that reads text at training time, and the named encoder.

    Of an encoder its place counts and not its files: when those change, the assistant goes on without its vectors
    until somebody trains (`vectors_changed`)."""
    from bot.settings import load_settings

    digest = hashlib.sha256()
    for name in _INPUTS:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    if (encoder := load_settings().encoder_dir) is not None:
        digest.update(str(encoder).encode())
    return digest.hexdigest()
