"""Writes a sentence encoder in miniature: a table of vectors, one for each character, as an ONNX graph.

The graph is put together byte by byte (protobuf: key, length, content), so that no package is needed to write it.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder import load_encoder

WIDTH = 16
CHARACTERS = "[PAD][UNK][CLS]。预热我要退钱款今天气真好杯子碎了收到就是的箱压烂漏少发一个配件只缺拍照吗需什么证据处理得样哪步"
_FLOAT, _INT64 = 1, 7


@pytest.fixture
def encoder_anew() -> Iterator[None]:
    """The encoder is kept for the whole process; a test that uses this has its own."""
    load_encoder.cache_clear()
    yield
    load_encoder.cache_clear()


@pytest.fixture
def named_encoder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """The folder of an encoder, named by BOT_ENCODER_DIR."""
    folder = write_encoder(tmp_path / "encoder")
    monkeypatch.setenv("BOT_ENCODER_DIR", str(folder))
    return folder


def write_encoder(
    folder: Path, *, pooling: str | None = None, name: str = "model.onnx", seed: int = 0
) -> Path:
    """A folder as sentence-transformers and Optimum lay it out; `pooling` (cls, mean, max) goes into 1_Pooling/."""
    (folder / name).parent.mkdir(parents=True, exist_ok=True)
    vocabulary = {"[PAD]": 0, "[UNK]": 1, "[CLS]": 2}
    for char in CHARACTERS:
        vocabulary.setdefault(char, len(vocabulary))
    table = np.random.default_rng(seed).normal(size=(len(vocabulary), WIDTH)).astype(np.float32)
    (folder / name).write_bytes(lookup_model(table))
    (folder / "tokenizer.json").write_text(
        json.dumps(_tokenizer(vocabulary), ensure_ascii=False), encoding="utf-8"
    )
    (folder / "config.json").write_text(json.dumps({"max_position_embeddings": 64, "pad_token_id": 0}))
    if pooling:
        kinds = {
            "cls": "pooling_mode_cls_token",
            "mean": "pooling_mode_mean_tokens",
            "max": "pooling_mode_max_tokens",
        }
        (folder / "1_Pooling").mkdir()
        chosen = {key: kind == pooling for kind, key in kinds.items()}
        (folder / "1_Pooling" / "config.json").write_text(
            json.dumps({"word_embedding_dimension": WIDTH, **chosen})
        )
    return folder


def _tokenizer(vocabulary: Mapping[str, int]) -> dict[str, object]:
    """Cuts into characters and puts [CLS] before them."""
    return {
        "version": "1.0",
        "added_tokens": [],
        "normalizer": None,
        "pre_tokenizer": {
            "type": "Split",
            "pattern": {"Regex": "."},
            "behavior": "Isolated",
            "invert": False,
        },
        "post_processor": {
            "type": "TemplateProcessing",
            "single": [
                {"SpecialToken": {"id": "[CLS]", "type_id": 0}},
                {"Sequence": {"id": "A", "type_id": 0}},
            ],
            "pair": [],
            "special_tokens": {"[CLS]": {"id": "[CLS]", "ids": [2], "tokens": ["[CLS]"]}},
        },
        "decoder": None,
        "model": {"type": "WordLevel", "vocab": dict(vocabulary), "unk_token": "[UNK]"},
    }


def lookup_model(table: np.ndarray) -> bytes:
    """last_hidden_state = Gather(table, input_ids); the mask is an input that is not looked at."""
    node = b"".join(
        [_text(1, "table"), _text(1, "input_ids"), _text(2, "last_hidden_state"), _text(4, "Gather")]
    )
    tensor = b"".join(
        [
            *(_number(1, size) for size in table.shape),
            _number(2, _FLOAT),
            _text(8, "table"),
            _field(9, table.tobytes()),
        ]
    )
    graph = b"".join(
        [
            _field(1, node),
            _text(2, "tiny"),
            _field(5, tensor),
            _field(11, _value("input_ids", _INT64, ("rows", "tokens"))),
            _field(11, _value("attention_mask", _INT64, ("rows", "tokens"))),
            _field(12, _value("last_hidden_state", _FLOAT, ("rows", "tokens", "width"))),
        ]
    )
    return _number(1, 8) + _field(7, graph) + _field(8, _text(1, "") + _number(2, 13))


def _value(name: str, kind: int, shape: tuple[str, ...]) -> bytes:
    dimensions = b"".join(_field(1, _text(2, one)) for one in shape)
    return _text(1, name) + _field(2, _field(1, _number(1, kind) + _field(2, dimensions)))


def _text(number: int, value: str) -> bytes:
    return _field(number, value.encode())


def _field(number: int, content: bytes) -> bytes:
    return _varint(number << 3 | 2) + _varint(len(content)) + content


def _number(number: int, value: int) -> bytes:
    return _varint(number << 3) + _varint(value)


def _varint(value: int) -> bytes:
    out = bytearray()
    while value > 127:
        out.append(value & 127 | 128)
        value >>= 7
    return bytes([*out, value])
