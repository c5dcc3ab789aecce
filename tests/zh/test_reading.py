"""All grammars together: priority, places in the original, and text of any kind."""

from __future__ import annotations

import json
import time
from datetime import datetime

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.zh.moments import SHANGHAI
from bot.zh.reading import read_entities
from bot.zh.safety import find_safety_signs
from bot.zh.stance import read_stance
from bot.zh.yes_no import read_answer

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=SHANGHAI)
FRAGMENTS = [
    "订单号", "2345678901234567", "1２３", "￥", "1,299.00", "块", "九十九", "退货", "退款", "没收到", "昨天", "11.11", "12号", "月初", "SF",
    "1234567890123", "中通", "淘寶", "還有", "2天3小时", "👌", "\x00", "\ud800", "\u200b", " ", "，", "。", "说好", "商家说不能退", "旗舰店", "-", ":", "万", "买了", "《", "》",
]  # fmt: skip
texts = st.one_of(
    st.text(alphabet=st.characters(), max_size=200),
    st.lists(st.sampled_from(FRAGMENTS), max_size=40).map("".join),
)


def kinds(text: str) -> list[tuple[str, str]]:
    return [(one.kind, one.value) for one in read_entities(text, NOW)]


@pytest.mark.parametrize(
    ("text", "found"),
    [
        ("花了618", [("amount", "618")]),
        ("618买的", [("date_time", "618")]),
        ("中通 73512345678901", [("courier", "中通"), ("tracking_number", "73512345678901")]),
        ("在小象官方旗舰店买的", [("shop", "小象官方旗舰店")]),
        ("店铺叫小象家居", [("shop", "小象家居")]),
        ("在旗舰店买的", []),
        ("京东快递一直没到", [("courier", "京东快递")]),
        ("商家说是人为的", [("merchant_stance", "人为")]),
        ("还有2天3小时", [("countdown", "还有2天3小时")]),
        ("11.11花了11.11", [("date_time", "11.11"), ("amount", "11.11")]),
        ("昨天说今天发，今天又说明天", [("date_time", "昨天"), ("date_time", "今天"), ("date_time", "明天")]),
        (
            "17号买的，说好17号发货",
            [("date_time", "17号"), ("date_time", "17号")],
        ),  # said twice of two things
        ("退货！我要退货", [("remedy", "退货")]),
        ("买了一套《三体》，少一本", [("product", "三体")]),
        ("拍下的《a，b》破了", [("product", "a，b")]),
        ("按《消费者权益保护法》办", []),
        ("没买《三体》", []),
    ],
)
def test_which_reading_wins(text: str, found: list[tuple[str, str]]) -> None:
    assert kinds(text) == found


def test_a_platform_in_the_text_judges_the_order_number() -> None:
    (_, number) = read_entities("京东买的，订单号2345678901234567", NOW)
    assert (number.resolved["platform"], number.certainty) == ("jd", "check")


@settings(deadline=None, max_examples=300)
@given(texts)
def test_any_text_is_read_and_every_span_is_the_buyers_own_words(text: str) -> None:
    for one in read_entities(text, NOW):
        assert 0 <= one.start < one.end <= len(text)
        assert text[one.start : one.end] == one.value
        assert one.certainty in ("exact", "day", "approximate", "range", "check")
        json.dumps(one.to_json())
    for sign in find_safety_signs(text):
        assert 0 <= sign.start < sign.end <= len(text)
    read_stance(text)
    read_answer(text)


@pytest.mark.parametrize(
    "piece",
    [
        "1",
        "一",
        "1 ",
        "11月",
        "退",
        "￥1,",
        "12:",
        "不",
        "加微信",
        "还有",
        "商家说",
        "2026.",
        "旗舰店",
        "号",
        " ",
        "差评",
        "前天的",
        "晚上",
        "申请退货",
        "想退款",
        "99买的",
        "\ud800",
    ],
)
def test_long_text_is_read_quickly(piece: str) -> None:
    text = (piece * 5000)[:5000]
    best = min(_seconds(text) for _ in range(3))
    assert best < 0.3


def _seconds(text: str) -> float:
    started = time.process_time()
    read_entities(text, NOW)
    read_stance(text)
    find_safety_signs(text)
    return time.process_time() - started
