"""Normal form and the way back to the original."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from bot.zh.normalise import normalise

anything = st.text(alphabet=st.characters(), max_size=120)  # surrogates and NUL included
buyerish = st.text(alphabet="退款沒收到賣家１２ 3４5，。！\u200b\x00👌👍🏻1️⃣😡ＡbC\ud800", max_size=60)


@pytest.mark.parametrize(
    ("written", "read"),
    [
        ("退款沒收到，賣家！", "退款没收到,卖家!"),
        ("ＡＢＣ１２３", "ABC123"),
        ("１２３４ ５６７８ ９０１２", "123456789012"),
        ("2024.3.7 21:05:40", "2024.3.7 21:05:40"),  # blanks between short groups stay
        ("5 10", "5 10"),
        ("👌", "好的"),
        ("好1️⃣", "好1"),
        ("a\x00b", "a b"),
        ("好\u200b的", "好的"),
        ("", ""),
    ],
)
def test_normal_form(written: str, read: str) -> None:
    assert normalise(written).text == read


@pytest.mark.parametrize(
    ("text", "traditional"),
    [
        ("賣家不退款", True),
        ("卖家不退款", False),
        ("妳好", False),
        ("著名品牌", False),
        ("ok", False),
        ("订单沒到", True),
    ],
)
def test_tells_traditional_text(text: str, traditional: bool) -> None:
    assert normalise(text).traditional is traditional


def test_span_leads_back_to_the_writing_with_blanks() -> None:
    normal = normalise("单号 １２３４ ５６７８ ９０１２ 谢谢")
    at = normal.text.index("123456789012")
    start, end = normal.span(at, at + 12)
    assert normal.original[start:end] == "１２３４ ５６７８ ９０１２"


@given(st.one_of(anything, buyerish))
def test_offsets_always_address_the_original(text: str) -> None:
    normal = normalise(text)
    assert normal.original == text
    assert len(normal.text) == len(normal.starts) == len(normal.ends)
    assert all(0 <= start < end <= len(text) for start, end in zip(normal.starts, normal.ends, strict=True))
    assert list(normal.starts) == sorted(normal.starts)
    normal.text.encode("utf-8")  # fit for every library


@given(st.text(alphabet="退款没有收到卖家12，。ab", max_size=40))
def test_simple_text_keeps_its_places(text: str) -> None:
    normal = normalise(text)
    for at in range(len(normal.text)):
        assert normal.span(at, at + 1) == (at, at + 1)
