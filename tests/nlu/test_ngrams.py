"""The quick way to a row gives scikit-learn's numbers, and the quick judge the slow one's."""

from __future__ import annotations

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.encoder import NoEncoder
from bot.nlu.features import FeatureMaker
from bot.nlu.learning import learn, with_rest_as_one
from bot.nlu.linear_model import LinearModel
from bot.nlu.segmenter import shared_segmenter

TEXTS = [
    "快递一直没收到",
    "包裹丢了 怎么办",
    "想退钱退钱",
    "退款怎么还没到",
    "你好",
    "在吗 Hello",
    "质量 太差了！！",
    "发错 货了 12",
]
LABELS = ["lost", "lost", "refund", "refund", "hello", "hello", "bad", "bad"]


@pytest.fixture(scope="module")
def trained() -> tuple[FeatureMaker, LinearModel]:
    maker = FeatureMaker(NoEncoder(), shared_segmenter())
    return maker, learn(maker, TEXTS, LABELS)


def test_what_one_wording_alone_holds_is_forgotten() -> None:
    maker = FeatureMaker(NoEncoder(), shared_segmenter())
    rows, model = maker.fit(TEXTS), LinearModel.fit(maker.fit(TEXTS), LABELS)
    kept = maker.forget_rare()
    after = maker.rows(TEXTS)
    assert after.shape == (len(TEXTS), len(kept))
    assert maker.text_columns == len(kept) < rows.shape[1] / 2
    assert ((rows[:, kept] != 0) == (after != 0)).toarray().all()  # the same columns, weighed anew
    assert model.only(kept).weights.shape[0] == len(kept)


def test_what_is_forgotten_is_learned_from_as_one_column() -> None:
    maker = FeatureMaker(NoEncoder(), shared_segmenter())
    rows = maker.fit(TEXTS)
    kept = maker.forget_rare()
    short = with_rest_as_one(rows, kept)
    assert short.shape == (len(TEXTS), len(kept) + len(TEXTS))
    assert np.allclose((short @ short.T).toarray(), (rows @ rows.T).toarray(), atol=1e-6)
    learned, whole = LinearModel.fit(short, LABELS), LinearModel.fit(rows, LABELS).only(kept)
    assert np.allclose(learned.weights[: len(kept)], whole.weights, atol=1e-4)
    assert np.allclose(learned.bias, whole.bias, atol=1e-4)


@settings(max_examples=200, deadline=None)
@given(text=st.text(st.characters(blacklist_categories=["Cs"]), max_size=60) | st.sampled_from(TEXTS))
def test_the_same_numbers(trained: tuple[FeatureMaker, LinearModel], text: str) -> None:
    maker, model = trained
    slow = maker.rows([text]).toarray()[0]
    (row,) = maker.read([text])
    quick = np.zeros_like(slow)
    quick[row.columns] = row.values
    assert np.allclose(quick, slow, atol=1e-5)
    assert np.allclose(model.judge([row]), model.scores(maker.rows([text])), atol=1e-4)


def test_warming_up_shows_the_encoder_the_commonest_words(
    trained: tuple[FeatureMaker, LinearModel], monkeypatch: pytest.MonkeyPatch
) -> None:
    maker, _ = trained
    shown: list[str] = []
    monkeypatch.setattr(maker.encoder, "warm_up", shown.extend)
    maker.warm_up()
    assert set(shown) == {word for word in maker._words.vocabulary_ if " " not in word}
