"""``bot train``: train the model when its data changed."""

from __future__ import annotations

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import typer

from bot.cli.output import fail, step

ROOT = Path(__file__).resolve().parents[2]
_INPUTS = ("config.yml", "domain.yml", "domain", "data", "bot/nlu", "bot/zh", "requirements/run.txt")
_KEPT_MODELS = 3


def train(
    force: bool = typer.Option(False, "--force", help="Train even when nothing changed."),
    models_dir: Path = typer.Option(
        None, "--models", help="Where to put the model (default: BOT_MODELS_DIR)."
    ),
) -> None:
    """Train the language model and the dialogue when data/, domain/, config.yml or the readers changed."""
    from bot.settings import load_settings

    folder = models_dir or load_settings().models_dir
    if not force and is_current(folder):
        print("the model is up to date", file=sys.stderr)
        return
    train_now(folder)


def train_now(folder: Path) -> None:
    """Train with Rasa in a process of its own and note what was trained.

    Raises:
        SystemExit: training failed; Rasa's own last lines are shown.
    """
    with step("training the model (about a minute on two cores)"):
        folder.mkdir(parents=True, exist_ok=True)
        command = [sys.executable, "-m", "rasa", "train", "--out", str(folder.resolve())]
        # Rasa reports usage to its makers unless told not to; buyers' operators have not agreed to that.
        env = {**os.environ, "RASA_TELEMETRY_ENABLED": "false"}
        done = subprocess.run(  # noqa: S603 (our own command)
            command, cwd=ROOT, env=env, capture_output=True, text=True, check=False
        )
        if done.returncode != 0 or not list(folder.glob("*.tar.gz")):
            print(done.stdout[-2000:] + done.stderr[-4000:], file=sys.stderr)
            fail("training failed; see Rasa's words above")
    (folder / "fingerprint.json").write_text(json.dumps({"trained_on": fingerprint()}), encoding="utf-8")
    for old in sorted(folder.glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)[:-_KEPT_MODELS]:
        old.unlink()


def is_current(folder: Path) -> bool:
    """Whether the newest model was trained on what is on disk now."""
    try:
        trained_on = json.loads((folder / "fingerprint.json").read_text(encoding="utf-8"))["trained_on"]
    except (OSError, ValueError, KeyError):
        return False
    return bool(list(folder.glob("*.tar.gz"))) and trained_on == fingerprint()


def fingerprint() -> str:
    """A digest over every file that training reads or that reads text at training time."""
    digest = hashlib.sha256()
    for name in _INPUTS:
        path = ROOT / name
        for file in sorted(path.rglob("*")) if path.is_dir() else [path]:
            if file.is_file() and "__pycache__" not in file.parts:
                digest.update(str(file.relative_to(ROOT)).encode() + b"\0" + file.read_bytes())
    return digest.hexdigest()
