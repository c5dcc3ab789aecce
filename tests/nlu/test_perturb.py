"""Spoiled texts: each kind does what its name says, the same way every time, and the loss is counted."""

from __future__ import annotations

import random
from typing import Any

import pytest

from bot.nlu.perturb import average, kinds, lost, markdown, spoiled
from bot.zh.normalise import normalise

TEXT = "我买的手机坏了，客服不给退款！订单号 2512345678901234567"


def spoil(kind: str, text: str = TEXT, seed: int = 1) -> str:
    return kinds()[kind](text, random.Random(seed))


@pytest.mark.parametrize("kind", kinds())
def test_every_kind_changes_the_text_and_is_repeatable(kind: str) -> None:
    assert spoil(kind) != TEXT
    assert spoil(kind) == spoil(kind)


@pytest.mark.parametrize("kind", kinds())
@pytest.mark.parametrize("text", ["", "?", "1", "a", "👌", "好"])
def test_odd_texts_are_survived(kind: str, text: str) -> None:
    assert isinstance(spoil(kind, text), str)


@pytest.mark.parametrize("kind", kinds())
def test_order_numbers_stay(kind: str) -> None:
    assert "2512345678901234567" in normalise(spoil(kind)).text


@pytest.mark.parametrize("kind", ["traditional", "full width"])
def test_what_is_only_written_differently_reads_the_same(kind: str) -> None:
    assert normalise(spoil(kind)).text == normalise(TEXT).text


def test_what_the_kinds_do() -> None:
    assert spoil("full width", "a1!") == "ａ１！"
    assert spoil("no punctuation", "坏了，退！") == "坏了 退"
    assert spoil("no punctuation", "付了3.5元") == "付了3.5元"
    assert spoil("raw pinyin", "退款") == "tuikuan"
    assert spoil("shape typo", "货") == "贷"
    assert spoil("repeated characters", "坏") in ("坏坏坏", "坏坏坏坏", "坏坏坏坏坏")
    assert len(spoil("homophone typo", "退款")) == 2


def parse_many(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Understands 坏了 as typed, and nothing else."""
    return [{"intent": "greeting" if row["text"] == "坏了" else "deny", "entities": []} for row in rows]


ROWS = [{"text": "坏了", "label": "greeting"}, {"text": "不要", "label": "deny"}]


def test_losses_are_counted_against_the_rows_as_they_are() -> None:
    measured = {one.kind: one for one in lost(ROWS, parse_many)}
    assert (measured["none"].strict, measured["none"].changed) == (1.0, 0)
    assert (measured["repeated characters"].changed, measured["repeated characters"].strict) == (2, 0.5)
    assert measured["full width"].strict == 1.0
    assert list(measured) == ["none", *kinds()]


def test_seeds_are_averaged() -> None:
    runs = [lost(ROWS, parse_many, seed) for seed in (1, 2)]
    assert average(runs)[0] == runs[0][0]
    assert [one.kind for one in average(runs)] == [one.kind for one in runs[0]]


def test_the_table_says_what_was_lost() -> None:
    lines = markdown(lost(ROWS, parse_many)).splitlines()
    assert lines[2] == "| none | 0 | 100.0 | 0.0 | 100.0 | 0.0 |"
    (line,) = [line for line in lines if line.startswith("| repeated characters")]
    assert line == "| repeated characters | 2 | 50.0 | 50.0 | 50.0 | 50.0 |"


def test_copies_keep_the_labels() -> None:
    copies = spoiled(ROWS, seed=3)
    assert copies == spoiled(ROWS, seed=3)
    assert [row["label"] for row in copies["emoji"]] == ["greeting", "deny"]
