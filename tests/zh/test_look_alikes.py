"""Characters taken for ones that look like them: what stands beside them tells."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.nlu.segmenter import shared_segmenter
from bot.zh.look_alikes import as_looked


def read(text: str) -> str:
    return as_looked(text, shared_segmenter().words(text))


@pytest.mark.parametrize(
    ("written", "meant"),
    [
        ("他悦我的不对", "他说我的不对"),
        ("怎么都设动", "怎么都没动"),
        ("我要腿货", "我要退货"),
        ("还牧到一个坏的", "还收到一个坏的"),
        ("十五快钱", "十五块钱"),
        ("找容报也没用", "找客服也没用"),
    ],
)
def test_a_slip_is_read_as_what_was_meant(written: str, meant: str) -> None:
    assert read(written) == meant


@pytest.mark.parametrize(
    "text",
    [
        "快递太慢了",
        "说好的没有退",
        "做好心理准备",
        "缝隙很大",
        "裤腿一长一短",
        "毛线起球",
        "设置不了",
        "货到付款",
        "喜悦牌的锅",
        "牧场的奶",
        "钱线都断了",
    ],
)
def test_what_is_right_stays(text: str) -> None:
    assert read(text) == text


@given(st.text(alphabet="没设说悦退腿收牧钱线快块客容报服好的了我要,。1a ", max_size=20))
def test_the_length_stays(text: str) -> None:
    assert len(read(text)) == len(text)
