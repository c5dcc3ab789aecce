"""BOT_ENCODER_DIR at the command line: what `bot doctor` says of it, and when `bot train` trains."""

from __future__ import annotations

import io
import json
import shutil
import tarfile
from collections.abc import Callable
from pathlib import Path

import pytest
from click.testing import Result

from bot.cli import train
from bot.nlu.encoder import load_encoder
from bot.nlu.onnx_encoder import OnnxEncoder
from tests.nlu.tiny_onnx import write_encoder

Bot = Callable[..., Result]
Check = Callable[..., None]
pytestmark = pytest.mark.usefixtures("encoder_anew")


@pytest.fixture
def trained_with(tmp_path: Path) -> Callable[[Path], None]:
    """Writes a model archive that records the encoder of a folder and is current."""

    def write(encoder_dir: Path) -> None:
        encoder = OnnxEncoder(encoder_dir)
        recorded = json.dumps({"encoder": encoder.name, "encoder_files": dict(encoder.files)})
        (tmp_path / "models").mkdir()
        with tarfile.open(tmp_path / "models" / "20261121-100000-calm-fox.tar.gz", "w:gz") as tar:
            for name, text in (("metadata.json", "{}"), ("components/classifier/features.json", recorded)):
                member = tarfile.TarInfo(name)
                member.size = len(text)
                tar.addfile(member, io.BytesIO(text.encode()))
        current = json.dumps({"trained_on": train.fingerprint()})
        (tmp_path / "models" / "fingerprint.json").write_text(current)

    return write


def encoder_line(result: Result) -> tuple[str, str]:
    (found,) = [one for one in json.loads(result.stdout) if one["part"] == "encoder"]
    return found["state"], found["says"]


def test_doctor_names_a_good_folder(
    bot: Bot, named_encoder: Path, trained_with: Callable[[Path], None]
) -> None:
    trained_with(named_encoder)
    state, says = encoder_line(bot("doctor", "--json"))
    assert state == "ok" and str(named_encoder) in says and "16 numbers" in says


def test_doctor_without_a_model_yet(bot: Bot, named_encoder: Path) -> None:
    assert encoder_line(bot("doctor", "--json"))[0] == "ok"


def test_doctor_sees_altered_files(
    bot: Bot, named_encoder: Path, trained_with: Callable[[Path], None]
) -> None:
    trained_with(named_encoder)
    write_encoder(named_encoder, seed=1)
    result = bot("doctor", "--json")
    state, says = encoder_line(result)
    assert (result.exit_code, state) == (0, "degraded")
    assert "model.onnx is not the file it was trained with" in says
    assert "character features" in says and "`bot train`" in says


def test_doctor_sees_a_missing_folder(
    bot: Bot, named_encoder: Path, trained_with: Callable[[Path], None]
) -> None:
    trained_with(named_encoder)
    shutil.rmtree(named_encoder)
    result = bot("doctor", "--json")
    state, says = encoder_line(result)
    assert (result.exit_code, state) == (0, "degraded")
    assert f"{named_encoder} (BOT_ENCODER_DIR) is no folder" in says and "character features" in says


def test_doctor_sees_a_model_of_the_named_encoder_when_none_is_named(
    bot: Bot, named_encoder: Path, trained_with: Callable[[Path], None], monkeypatch: pytest.MonkeyPatch
) -> None:
    trained_with(named_encoder)
    monkeypatch.delenv("BOT_ENCODER_DIR")
    state, says = encoder_line(bot("doctor", "--json"))
    assert state == "degraded" and "use-multilingual-v3" in says and "`bot train`" in says


def test_training_refuses_a_folder_that_cannot_be_used(
    bot: Bot, one_sentence: Check, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(train, "_run_rasa", lambda _folder: pytest.fail("training began"))
    monkeypatch.setenv("BOT_ENCODER_DIR", str(tmp_path / "nowhere"))
    one_sentence(bot("train"), str(tmp_path / "nowhere"), "is no folder", "BOT_ENCODER_DIR")


def test_training_begins_when_the_encoder_is_another(
    bot: Bot,
    named_encoder: Path,
    trained_with: Callable[[Path], None],
    monkeypatch: pytest.MonkeyPatch,
    tmp_path: Path,
) -> None:
    begun: list[Path] = []
    monkeypatch.setattr(train, "_run_rasa", begun.append)
    trained_with(named_encoder)
    assert bot("train").stderr == "the model is up to date\n"
    write_encoder(named_encoder, seed=1)
    load_encoder.cache_clear()
    assert bot("train").exit_code == 0 and begun, "other files"
    begun.clear()
    monkeypatch.setenv("BOT_ENCODER_DIR", str(shutil.copytree(named_encoder, tmp_path / "other")))
    assert not train.is_current(tmp_path / "models"), "another folder"
