"""A message of 5,000 characters is read while the buyer waits."""

from __future__ import annotations

import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pytest

from bot.nlu.encoder import load_encoder
from bot.nlu.long_text import LAST, LONGEST, gist
from bot.nlu.parse import Parser
from bot.nlu.segmenter import ROOT
from bot.rasa.archive import archives

SHORT = "上周三在天猫买的运动鞋，付了299元，昨天收到一看鞋底开胶了，商家说这是正常现象不给退，我要退货退款。"
LONG = {
    "a story": SHORT * 200,
    "one clause": "商家说" * 2000,
    "traditional": "賣家不退錢，我要投訴" * 600,
    "numbers": "1 2 3 " * 1000,
    "letters": "wo yao tui kuan " * 400,
    "faces": "😭" * 5000,
    "numerals": "一二三四五六七八九十百千万" * 400,
}
SLOWEST_S = 0.9  # 0.1 s on an idle machine; a shared one may take several times as long
# As long as the short one: 7 to 15 measured. With a vector made of the whole text it is 9 to 20, which no bound tells
# apart on a machine whose pace changes: that the vector is not made of it has a test of its own below.
MOST_TIMES = 20


@pytest.fixture(scope="module")
def parser() -> Parser:
    found = archives(Path(ROOT / "models"))
    if not found:
        pytest.skip("no trained model (make train)")
    made = Parser(found[-1])
    made.parse("你好")
    return made


def seconds(work: Callable[[], object]) -> float:
    """The best of five: what the machine does besides is not measured."""
    took = []
    for _ in range(5):
        begun = time.perf_counter()
        work()
        took.append(time.perf_counter() - begun)
    return min(took)


@pytest.mark.model
@pytest.mark.parametrize("kind", LONG)
def test_5000_characters_are_read_in_time(parser: Parser, kind: str) -> None:
    text = LONG[kind][:5000]
    short, long = seconds(lambda: parser.parse(SHORT)), seconds(lambda: parser.parse(text))
    assert long < SLOWEST_S
    assert long < MOST_TIMES * short


@pytest.mark.parametrize("length", [0, 1, LONGEST - 1, LONGEST])
def test_what_is_not_very_long_is_kept_whole(length: int) -> None:
    assert gist("退" * length) == "退" * length


def test_beginning_and_end_of_a_very_long_text_are_kept() -> None:
    text = "甲" * LONGEST + "乙" * LAST
    assert gist(text) == "甲" * (LONGEST - LAST) + "乙" * LAST


def test_a_vector_is_made_of_beginning_and_end_alone() -> None:
    """What stands between them takes no time, for it changes nothing."""
    one, other = (
        "杯子碎了" * LONGEST + middle + "我要退款" * LAST for middle in ("快递", "发票一直不开" * 100)
    )
    first, second, near = load_encoder().encode([one, other, "杯子碎了我要退款"])
    assert np.array_equal(first, second)
    assert not np.allclose(first, near)
