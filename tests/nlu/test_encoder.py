"""Sentence vectors, and going on without them."""

from __future__ import annotations

import hashlib
from pathlib import Path

import numpy as np
import pytest

from bot.nlu import encoder
from bot.nlu.encoder import NoEncoder, UseEncoder, files_fault, load_encoder, use_fault


def test_the_released_weights_are_accepted() -> None:
    assert use_fault() is None


def test_missing_and_altered_files_are_named(tmp_path: Path) -> None:
    (tmp_path / "a.bin").write_bytes(b"right")
    right = hashlib.sha256(b"right").hexdigest()
    assert files_fault(tmp_path, {"a.bin": right}) is None
    assert "b.bin is missing" in str(files_fault(tmp_path, {"a.bin": right, "b.bin": right}))
    (tmp_path / "a.bin").write_bytes(b"wrong")
    assert "a.bin is not the released file" in str(files_fault(tmp_path, {"a.bin": right}))


def test_altered_weights_leave_a_warning_and_no_vectors(
    monkeypatch: pytest.MonkeyPatch, caplog: pytest.LogCaptureFixture
) -> None:
    load_encoder.cache_clear()
    monkeypatch.setattr(encoder, "USE_FILES", {"weights.npz": "0" * 64})
    loaded = load_encoder()
    load_encoder.cache_clear()
    assert isinstance(loaded, NoEncoder)
    assert "Sentence vectors are off" in caplog.text


def test_vectors_have_length_one_and_like_meanings_are_near() -> None:
    vectors = load_encoder().encode(["我要退钱", "我想退款", "今天天气真好", ""])
    assert vectors.shape == (4, 512)
    assert np.allclose(np.linalg.norm(vectors, axis=1), 1, atol=1e-3)
    assert vectors[0] @ vectors[1] > vectors[0] @ vectors[2] + 0.2


def test_words_shown_beforehand_change_no_vector() -> None:
    fresh, shown = UseEncoder(), UseEncoder()
    shown.warm_up(["杯子", "退货", "没收到"] * 30)
    texts = ["杯子碎了 要退货", "龙井茶叶受潮"]
    assert np.allclose(fresh.encode(texts), shown.encode(texts), atol=1e-6)
