"""What a sum in a message is for."""

from __future__ import annotations

import pytest

from bot.zh.sums import lone_number, sum_use


@pytest.mark.parametrize(
    ("text", "said", "use"),
    [
        ("实付299元", "299元", "price"),
        ("到手价89", "89", "price"),
        ("花了1200", "1200", "price"),
        ("商家只肯赔5块", "5块", "offered"),
        ("卖家就肯给8块钱", "8块", "offered"),
        ("就愿意补我6元", "6元", "offered"),
        ("买了200块的东西，客服说最多退30", "30", "offered"),
        ("赔我500", "500", "other"),
        ("昨天买的今天降价300", "300", "other"),
        ("第二天便宜了50块", "50块", "other"),
        ("运费12块", "12块", "other"),
        ("给了20元优惠券", "20元", "other"),
        ("定金100", "100", "other"),
        ("5斤的 29块9", "29块9", None),
        ("空调3299", "3299", None),
        ("付给商家299", "299", None),
    ],
)
def test_what_a_sum_is_for(text: str, said: str, use: str | None) -> None:
    start = text.rindex(said)
    assert sum_use(text, start, start + len(said)) == use


@pytest.mark.parametrize(
    ("text", "taken", "asked", "number"),
    [
        ("1299", [], False, "1299"),
        ("空调 3299", [], False, "3299"),
        ("毛衣起球了 198", [], False, "198"),
        ("15号付的 299", [(0, 3)], True, "299"),
        ("15号付的", [(0, 3)], True, None),
        ("299 还是 399", [], True, None),
        ("买了鞋 42", [], False, None),
        ("iPhone15", [], False, None),
        ("订单2512345678901234567", [(2, 21)], True, None),
    ],
)
def test_a_number_without_a_unit(
    text: str, taken: list[tuple[int, int]], asked: bool, number: str | None
) -> None:
    assert lone_number(text, taken, asked=asked) == number


@pytest.mark.parametrize(
    ("text", "taken", "number"),
    [
        ("199 前天收到的", [(4, 6)], "199"),
        ("199，没点确认", [], "199"),
        ("520 那天买的", [], None),
        ("42 前天收到的", [(3, 5)], None),  # a size
        ("360摄像头", [], None),
    ],
)
def test_an_answer_may_begin_with_a_sum(text: str, taken: list[tuple[int, int]], number: str | None) -> None:
    assert lone_number(text, taken, asked=False, answering=True) == number
    assert lone_number(text, taken, asked=False) is None
