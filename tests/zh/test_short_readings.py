"""Countdowns, yes / no / don't know, numerals and clauses."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal

import pytest

from bot.zh.clauses import split_clauses
from bot.zh.countdown import read_countdown
from bot.zh.normalise import normalise
from bot.zh.numerals import read_chinese, read_number
from bot.zh.yes_no import is_bare_no, read_answer, refuses


@pytest.mark.parametrize(
    ("text", "left"),
    [
        ("还有2天3小时", timedelta(days=2, hours=3)),
        ("还剩 1天12时30分 自动确认", timedelta(days=1, hours=12, minutes=30)),
        ("只剩三个小时了", timedelta(hours=3)),
        ("剩余时间：5天", timedelta(days=5)),
        ("还有3个没发", None),
        ("还有别的吗", None),
    ],
)
def test_countdown(text: str, left: timedelta | None) -> None:
    assert read_countdown(normalise(text)) == left


@pytest.mark.parametrize(
    ("text", "answer"),
    [
        ("是的", "yes"), ("嗯嗯", "yes"), ("👌", "yes"), ("有啊", "yes"), ("OK", "yes"), ("没问题", "yes"), ("好的呀~", "yes"),
        ("不是", "no"), ("没有", "no"), ("不用了", "no"), ("還沒有", "no"), ("不同意", "no"),
        ("不记得了", "unknown"), ("不清楚", "unknown"), ("跳过", "unknown"),
        ("没有收到货", None), ("是昨天买的", None), ("", None), ("同意退货但不同意出运费", None),
    ],
)  # fmt: skip
def test_answer(text: str, answer: str | None) -> None:
    assert read_answer(text) == answer


@pytest.mark.parametrize(
    ("text", "value"),
    [
        ("一百二十", 120),
        ("两百五", 250),
        ("两百零五", 205),
        ("一万二", 12000),
        ("十五", 15),
        ("二零二六", 2026),
        ("二三十", None),
        ("好", None),
        ("", None),
    ],
)
def test_chinese_numeral(text: str, value: int | None) -> None:
    assert read_chinese(text) == value


def test_number_with_unit() -> None:
    assert (read_number("1.2万"), read_number("半"), read_number("x")) == (
        Decimal("12000.0"),
        Decimal("0.5"),
        None,
    )


@pytest.mark.parametrize(
    ("text", "clauses"),
    [
        ("屏幕碎了,还少了一个充电器", ["屏幕碎了", "还少了一个充电器"]),
        ("东西是坏的而且客服不理人", ["东西是坏的", "而且客服不理人"]),
        ("好,谢谢", ["好,谢谢"]),
        ("", []),
    ],
)
def test_clauses(text: str, clauses: list[str]) -> None:
    assert split_clauses(text) == clauses


@pytest.mark.parametrize(
    ("text", "bare"),
    [("没有", True), ("没", True), ("没有单号", True), ("找不到了", True), ("手头没有", True), ("没有 没人打电话", False),
     ("不是我签的", False), ("没有收到短信也没电话", False), ("没摔", False)],
)  # fmt: skip
def test_a_bare_no_has_nothing_to_give(text: str, bare: bool) -> None:
    assert is_bare_no(text) is bare


@pytest.mark.parametrize(
    ("text", "turned_down"),
    [("不行", True), ("那不行", True), ("我不接受", True), ("不同意！", True), ("没有", False), ("不是", False),
     ("不行的话怎么办", False), ("不接受换货", False)],
)  # fmt: skip
def test_a_refusal_is_no_denial(text: str, turned_down: bool) -> None:
    assert refuses(text) is turned_down
