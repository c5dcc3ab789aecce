"""A sentence encoder of the operator's own: used when named, checked against what the model was trained with."""

from __future__ import annotations

import json
import shutil
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from rasa.engine.graph import ExecutionContext, GraphSchema
from rasa.engine.storage.local_model_storage import LocalModelStorage
from rasa.engine.storage.resource import Resource
from rasa.shared.nlu.training_data.message import Message

from bot.nlu.encoder import NoEncoder, load_encoder
from bot.nlu.intent_classifier import LinearIntentClassifier
from bot.nlu.onnx_encoder import EncoderUnfit, OnnxEncoder
from tests.nlu.test_components import trained, training_data
from tests.nlu.tiny_onnx import WIDTH, write_encoder

SETTINGS = LinearIntentClassifier.get_default_config()
CONTEXT = ExecutionContext(GraphSchema({}), "test")
PLACE = Resource("classifier")
pytestmark = pytest.mark.usefixtures("encoder_anew")


@pytest.fixture
def storage(tmp_path: Path) -> LocalModelStorage:
    (tmp_path / "model").mkdir()
    return LocalModelStorage.create(tmp_path / "model")


def loaded(storage: LocalModelStorage) -> LinearIntentClassifier:
    load_encoder.cache_clear()
    return LinearIntentClassifier.load(SETTINGS, storage, PLACE, CONTEXT)


def train(storage: LocalModelStorage) -> None:
    LinearIntentClassifier.create(SETTINGS, storage, PLACE, CONTEXT).train(training_data())


def width_of(classifier: LinearIntentClassifier) -> int:
    assert classifier._features is not None
    return classifier._features.encoder.width


def reads(classifier: LinearIntentClassifier, text: str) -> str:
    message = Message({"text": text})
    classifier.process([message])
    return str(message.get("intent")["name"])


def test_the_named_folder_is_used_for_training_and_reading(
    named_encoder: Path, storage: LocalModelStorage
) -> None:
    train(storage)
    classifier = loaded(storage)
    assert isinstance(load_encoder(), OnnxEncoder)
    assert width_of(classifier) == WIDTH
    assert reads(classifier, "需要什么证据呀") == "ask_evidence"


def test_the_model_knows_its_encoder_wherever_the_folder_is(
    named_encoder: Path, storage: LocalModelStorage, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    train(storage)
    monkeypatch.setenv("BOT_ENCODER_DIR", str(shutil.move(named_encoder, tmp_path / "elsewhere")))
    assert width_of(loaded(storage)) == WIDTH


def alter_model(folder: Path) -> None:
    write_encoder(folder, seed=1)


def alter_settings(folder: Path) -> None:
    (folder / "config.json").write_text('{"max_position_embeddings": 32}')


def cut_off(folder: Path) -> None:
    (folder / "model.onnx").write_bytes((folder / "model.onnx").read_bytes()[:100])


def lose_tokenizer(folder: Path) -> None:
    (folder / "tokenizer.json").unlink()


@pytest.mark.parametrize(
    ("harm", "named_in_warning"),
    [
        (alter_model, "model.onnx is not the file it was trained with"),
        (alter_settings, "config.json is not the file it was trained with"),
        (cut_off, "cannot be loaded"),
        (lose_tokenizer, "has no tokenizer.json"),
        (shutil.rmtree, "is no folder"),
    ],
)
def test_altered_or_missing_files_leave_a_warning_and_characters_go_on(
    named_encoder: Path,
    storage: LocalModelStorage,
    caplog: pytest.LogCaptureFixture,
    harm: Callable[[Path], Any],
    named_in_warning: str,
) -> None:
    train(storage)
    harm(named_encoder)
    classifier = loaded(storage)
    assert width_of(classifier) == 0
    assert reads(classifier, "需要什么证据") == "ask_evidence"
    assert named_in_warning in caplog.text and "other sentence vectors" in caplog.text


def test_another_encoder_than_the_packaged_one_asks_for_training(
    storage: LocalModelStorage,
    tmp_path: Path,
    monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    trained(LinearIntentClassifier, storage, CONTEXT)
    monkeypatch.setenv("BOT_ENCODER_DIR", str(write_encoder(tmp_path / "encoder")))
    load_encoder.cache_clear()
    LinearIntentClassifier.load(SETTINGS, storage, Resource("LinearIntentClassifier"), CONTEXT)
    assert "trained with the encoder use-multilingual-v3" in caplog.text and "Train again" in caplog.text


def test_what_training_depends_on_names_the_encoder(named_encoder: Path) -> None:
    before = LinearIntentClassifier.fingerprint_addon(SETTINGS)
    alter_model(named_encoder)
    load_encoder.cache_clear()
    assert LinearIntentClassifier.fingerprint_addon(SETTINGS) != before


@pytest.mark.parametrize("name", ["model.onnx", "onnx/model.onnx"])
def test_vectors_have_length_one_and_do_not_depend_on_the_others_in_the_batch(
    tmp_path: Path, name: str
) -> None:
    encoder = OnnxEncoder(write_encoder(tmp_path / "e", name=name))
    texts = ["我要退钱", "", "今天天气真好", "碎" * 5000, *["我要"] * 70]
    together = encoder.encode(texts)
    assert together.shape == (len(texts), WIDTH) and together.dtype == np.float32
    assert np.allclose(np.linalg.norm(together, axis=1), 1, atol=1e-5)
    alone = np.vstack([encoder.encode([text]) for text in texts])
    assert np.allclose(together, alone, atol=1e-5)
    assert encoder.encode([]).shape == (0, WIDTH)


def test_pooling_is_what_the_folder_says(tmp_path: Path) -> None:
    said = {
        kind: OnnxEncoder(write_encoder(tmp_path / str(kind), pooling=kind)).encode(["我要退钱", "碎了"])
        for kind in (None, "mean", "cls")
    }
    assert np.allclose(said[None], said["mean"])
    assert np.allclose(said["cls"][0], said["cls"][1]), "the first token is [CLS], the same for all"
    assert not np.allclose(said["mean"][0], said["mean"][1])
    (tmp_path / "cls" / "1_Pooling" / "config.json").write_text(json.dumps({"pooling_mode": "mean"}))
    assert np.allclose(OnnxEncoder(tmp_path / "cls").encode(["我要退钱", "碎了"]), said["mean"])


def without_model(folder: Path) -> None:
    (folder / "model.onnx").unlink()


def with_damaged_config(folder: Path) -> None:
    (folder / "config.json").write_text("{")


def with_max_pooling(folder: Path) -> None:
    shutil.rmtree(folder)
    write_encoder(folder, pooling="max")


@pytest.mark.parametrize(
    ("harm", "why"),
    [
        (shutil.rmtree, "is no folder"),
        (without_model, "has none of model.onnx, onnx/model.onnx"),
        (lose_tokenizer, "has no tokenizer.json"),
        (with_damaged_config, "has a damaged config.json"),
        (with_max_pooling, "asks for another pooling than mean or cls"),
        (cut_off, "cannot be loaded"),
    ],
)
def test_what_is_wrong_with_a_folder_is_said_in_one_sentence(
    tmp_path: Path, harm: Callable[[Path], Any], why: str
) -> None:
    folder = write_encoder(tmp_path / "e")
    harm(folder)
    with pytest.raises(EncoderUnfit) as error:
        OnnxEncoder(folder)
    says = str(error.value)
    assert why in says and str(folder) in says and "BOT_ENCODER_DIR" in says and "unset it" in says
    assert "\n" not in says


def test_an_unusable_folder_does_not_stop_the_assistant(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    monkeypatch.setenv("BOT_ENCODER_DIR", str(tmp_path / "nowhere"))
    assert isinstance(load_encoder(), NoEncoder)
    assert "is no folder" in caplog.text
