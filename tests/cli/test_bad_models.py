"""Missing, damaged and foreign models, and training that fails: said in a sentence, nothing lost."""

from __future__ import annotations

import gzip
import io
import json
import subprocess
import tarfile
from collections.abc import Callable
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest
from click.testing import Result

from bot.cli import train
from bot.cli.output import fail
from bot.rasa.archive import archive_fault

Bot = Callable[..., Result]
Check = Callable[..., None]


def packed(names: tuple[str, ...]) -> bytes:
    file = io.BytesIO()
    with tarfile.open(fileobj=file, mode="w:gz") as tar:
        for name in names:
            info = tarfile.TarInfo(name)
            info.size = 2000
            tar.addfile(info, io.BytesIO(b"{}" * 1000))
    return file.getvalue()


WHOLE = packed(("metadata.json", "components/part"))
FLIPPED = WHOLE[:-8] + bytes(byte ^ 0xFF for byte in WHOLE[-8:])
DAMAGED = {
    "empty": b"",
    "no archive": b"hello",
    "cut off": WHOLE[: len(WHOLE) // 2],
    "checksum": FLIPPED,
    "no tar": gzip.compress(b"hello"),
    "another archive": packed(("photo.jpg",)),
}


@pytest.fixture
def model_of(tmp_path: Path) -> Callable[[bytes], Path]:
    def write(content: bytes) -> Path:
        folder = tmp_path / "models"
        folder.mkdir()
        (folder / "20261121-100000-calm-fox.tar.gz").write_bytes(content)
        return folder / "20261121-100000-calm-fox.tar.gz"

    return write


def test_whole_archive_has_no_fault(model_of: Any) -> None:
    assert archive_fault(model_of(WHOLE)) is None


@pytest.mark.parametrize("command", [("serve", "--no-train"), ("parse", "你好")], ids=" ".join)
def test_no_model(bot: Bot, one_sentence: Check, tmp_path: Path, command: tuple[str, ...]) -> None:
    one_sentence(bot(*command), "no trained model", str(tmp_path / "models"), "`bot train`")


@pytest.mark.parametrize("command", [("serve", "--no-train"), ("parse", "你好")], ids=" ".join)
@pytest.mark.parametrize("kind", DAMAGED)
def test_damaged_model(
    bot: Bot, one_sentence: Check, model_of: Any, command: tuple[str, ...], kind: str
) -> None:
    archive = model_of(DAMAGED[kind])
    one_sentence(bot(*command), str(archive), "damaged", "run `bot train`")
    assert archive.exists(), "the operator decides what is deleted"


def test_model_that_is_not_there(bot: Bot, one_sentence: Check, tmp_path: Path) -> None:
    one_sentence(bot("parse", "你好", "--model", tmp_path / "x.tar.gz"), "there is no model", "x.tar.gz")
    one_sentence(bot("parse", "你好", "--model", tmp_path), "there is no model")


@pytest.mark.parametrize("command", [("serve",), ("converse",), ("chat",), ("train",)])
@pytest.mark.parametrize("kind", ["missing", "damaged", "stale"])
def test_what_is_missing_damaged_or_old_is_trained_again(
    bot: Bot, model_of: Any, monkeypatch: pytest.MonkeyPatch, command: tuple[str, ...], kind: str
) -> None:
    monkeypatch.setattr(train, "train_now", lambda _folder: fail("training began"))
    if kind != "missing":
        archive = model_of(DAMAGED["cut off"] if kind == "damaged" else WHOLE)
        trained_on = train.fingerprint() if kind == "damaged" else "other data"
        (archive.parent / "fingerprint.json").write_text(json.dumps({"trained_on": trained_on}))
    assert "training began" in bot(*command).stderr


def test_current_model_is_not_trained_again(bot: Bot, no_training: None, model_of: Any) -> None:
    archive = model_of(WHOLE)
    (archive.parent / "fingerprint.json").write_text(json.dumps({"trained_on": train.fingerprint()}))
    result = bot("train")
    assert (result.exit_code, result.stdout, result.stderr) == (0, "", "the model is up to date\n")


def test_another_programs_model(bot: Bot, one_sentence: Check, model_of: Any) -> None:
    """An archive that is whole, but whose insides this Rasa cannot read."""
    archive = model_of(WHOLE)
    one_sentence(bot("parse", "你好"), str(archive), "cannot be loaded", "`bot train --force`")


async def test_model_of_other_data_is_refused_in_our_words(tmp_path: Path, model_of: Any) -> None:
    from bot.rasa.model_check import ModelUnfit
    from bot.rasa.start import load_model, prove_model
    from bot.settings import Settings
    from bot.wiring import build

    archive = model_of(WHOLE)
    services = build(Settings(data_dir=tmp_path / "var", models_dir=archive.parent))
    with pytest.raises(ModelUnfit, match=r"calm-fox.*cannot be loaded.*`bot train --force`"):
        load_model(services)
    foreign: Any = SimpleNamespace(processor=None, domain=None, action_endpoint=None)
    with pytest.raises(ModelUnfit, match=r"trained on other data.*`bot train --force`"):
        await prove_model(foreign, services)


# --- training


class Rasa:
    """Stands in for the training process."""

    def __init__(self, monkeypatch: pytest.MonkeyPatch) -> None:
        self.code, self.stderr, self.writes = 0, "", "20261121-120000-new-fox.tar.gz"
        monkeypatch.setattr(subprocess, "run", self.run)

    def run(self, command: list[str], **_options: Any) -> subprocess.CompletedProcess[str]:
        if self.writes:
            (Path(command[-1]) / self.writes).write_bytes(WHOLE)
        return subprocess.CompletedProcess(command, self.code, "", self.stderr)


@pytest.fixture
def rasa(monkeypatch: pytest.MonkeyPatch) -> Rasa:
    return Rasa(monkeypatch)


def test_failed_training_keeps_the_older_model(
    bot: Bot, one_sentence: Check, model_of: Any, rasa: Rasa
) -> None:
    archive = model_of(WHOLE)
    (archive.parent / "fingerprint.json").write_text('{"trained_on": "before"}')
    rasa.code, rasa.writes = 1, ""
    rasa.stderr = (
        "Traceback (most recent call last):\n  File ...\nYamlException: domain.yml, line 3: bad indent\n"
    )
    result = bot("train")
    one_sentence(result, "YamlException: domain.yml, line 3: bad indent", "train.log")
    assert result.stdout == ""
    assert "File ..." in (archive.parent / "train.log").read_text()
    assert archive.exists()
    assert json.loads((archive.parent / "fingerprint.json").read_text()) == {"trained_on": "before"}


def test_training_that_makes_nothing_has_failed(bot: Bot, one_sentence: Check, rasa: Rasa) -> None:
    rasa.writes = ""
    one_sentence(bot("train"), "training failed", "train.log")


def test_training_into_a_file(bot: Bot, one_sentence: Check, tmp_path: Path, rasa: Rasa) -> None:
    (tmp_path / "file").write_text("precious")
    for folder in ("file", "file/below"):
        one_sentence(bot("train", "--models", tmp_path / folder), "cannot write models", "BOT_MODELS_DIR")
    assert (tmp_path / "file").read_text() == "precious"


def test_training_deletes_only_its_own_old_models(bot: Bot, tmp_path: Path, rasa: Rasa) -> None:
    folder = tmp_path / "models"
    folder.mkdir()
    for day in range(1, 6):
        (folder / f"2026110{day}-100000-old-fox.tar.gz").write_bytes(WHOLE)
    (folder / "backup.tar.gz").write_bytes(b"precious")
    assert bot("train").exit_code == 0
    left = {one.name for one in folder.glob("*.tar.gz")}
    assert len(left) == 4 and {"backup.tar.gz", "20261121-120000-new-fox.tar.gz"} <= left


def test_data_that_changes_during_training_counts_as_not_trained(
    bot: Bot, tmp_path: Path, rasa: Rasa, monkeypatch: pytest.MonkeyPatch
) -> None:
    digests = iter(["before", "after", "after"])
    monkeypatch.setattr(train, "fingerprint", lambda: next(digests))
    assert bot("train", "--force").exit_code == 0
    assert not train.is_current(tmp_path / "models")


def test_progress_goes_to_stderr_only(bot: Bot, rasa: Rasa, monkeypatch: pytest.MonkeyPatch) -> None:
    moments = iter([0.0, 61.0])
    monkeypatch.setattr("bot.cli.output.time.monotonic", lambda: next(moments))
    result = bot("train")
    assert result.stdout == ""
    assert result.stderr.splitlines() == [
        "==> training the model (one to two minutes on two cores)",
        "    done in 61 s",
    ]
