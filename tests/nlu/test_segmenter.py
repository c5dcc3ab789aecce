"""Words and their classes, from the dictionaries alone."""

from __future__ import annotations

from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.nlu.segmenter import Segmenter, shared_segmenter


@settings(deadline=None)  # the tables load with the first call
@given(st.text(alphabet="我在淘宝买的鞋子坏了abc 123.5%，。！？\n😂龘", max_size=60))
def test_words_are_the_text_again(text: str) -> None:
    segmenter = shared_segmenter()
    assert "".join(segmenter.words(text)) == text
    assert [word for word, _ in segmenter.tagged(text)] == segmenter.words(text)


@pytest.mark.parametrize(
    ("word", "kind"),
    [
        ("鞋子", "n"),
        ("退货", "v"),
        ("快递面单", "n"),
        ("299", "m"),
        ("vivo", "eng"),
        ("龘", "x"),
        ("。", "x"),
    ],
)
def test_classes(word: str, kind: str) -> None:
    """From jieba's dictionary, from ours (快递面单), and by shape."""
    assert shared_segmenter().tagged(word) == [(word, kind)]


def test_words_that_no_dictionary_has_are_not_guessed() -> None:
    assert shared_segmenter().words("雅川青很好") == ["雅", "川", "青", "很", "好"]


def test_without_the_domain_dictionary_it_goes_on(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    segmenter = Segmenter(tmp_path / "words.txt")
    assert "No domain dictionary" in caplog.text
    assert "快递面单" not in segmenter.words("快递面单") and segmenter.tagged("退货") == [("退货", "v")]
