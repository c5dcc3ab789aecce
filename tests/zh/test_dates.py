"""Days and times, counted from Saturday 2026-11-21 10:30 in Shanghai."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.zh.dates import find_dates
from bot.zh.moments import SHANGHAI
from bot.zh.normalise import normalise

NOW = datetime(2026, 11, 21, 10, 30, tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("text", "value", "at", "grain"),
    [
        ("前天", "前天", "2026-11-19T00:00", "day"),
        ("大前天", "大前天", "2026-11-18T00:00", "day"),
        ("昨天收的", "昨天", "2026-11-20T00:00", "day"),
        ("上周三晚上", "上周三晚上", "2026-11-11T18:00", "hour"),
        ("周六买的", "周六", "2026-11-21T00:00", "day"),
        ("周日买的", "周日", "2026-11-15T00:00", "day"),
        ("双十一", "双十一", "2026-11-11T00:00", "day"),
        ("11.11买的", "11.11", "2026-11-11T00:00", "day"),
        ("双12买的", "双12", "2025-12-12T00:00", "day"),
        ("618", "618", "2026-06-18T00:00", "day"),
        ("去年双十二", "去年双十二", "2025-12-12T00:00", "day"),
        ("双11前三天买的", "双11前三天", "2026-11-08T00:00", "day"),
        ("618之后5天收到", "618之后5天", "2026-06-23T00:00", "day"),
        ("春节后一周才到", "春节后一周", "2026-02-24T00:00", "day"),
        ("去年双十二前一天", "去年双十二前一天", "2025-12-11T00:00", "day"),
        ("春节前后", "春节前后", "2026-02-17T00:00", "day"),
        ("三天前", "三天前", "2026-11-18T00:00", "day"),
        ("半个月前", "半个月前", "2026-11-06T00:00", "day"),
        ("两个多月前", "两个多月前", "2026-09-21T00:00", "day"),
        ("11月12号签收", "11月12号", "2026-11-12T00:00", "day"),
        ("十一月十二日", "十一月十二日", "2026-11-12T00:00", "day"),
        ("12月1号买的", "12月1号", "2025-12-01T00:00", "day"),
        ("17号买的", "17号", "2026-11-17T00:00", "day"),
        ("25号买的", "25号", "2026-10-25T00:00", "day"),
        ("上个月15号", "上个月15号", "2026-10-15T00:00", "day"),
        ("3.6号下单", "3.6号", "2026-03-06T00:00", "day"),
        ("11/12到的", "11/12", "2026-11-12T00:00", "day"),
        ("20251111下单", "20251111", "2025-11-11T00:00", "day"),
        ("2024.3.7 21:05:40", "2024.3.7 21:05:40", "2024-03-07T21:05", "minute"),
        ("2026-11-12 08:30", "2026-11-12 08:30", "2026-11-12T08:30", "minute"),
        ("昨天晚上八点半", "昨天晚上八点半", "2026-11-20T20:30", "minute"),
        ("昨天下午3点", "昨天下午3点", "2026-11-20T15:00", "hour"),
        ("26日早上九点", "26日早上九点", "2026-10-26T09:00", "hour"),
        ("今早收到", "今早", "2026-11-21T06:00", "hour"),
        ("今天晚上", "今天晚上", "2026-11-21T18:00", "hour"),
        ("中午买的", "中午", "2026-11-20T11:00", "hour"),  # noon of today is still to come
        ("月初", "月初", "2026-11-01T00:00", "day"),
        ("上月底", "上月底", "2026-10-21T00:00", "day"),
        ("一月份", "一月份", "2026-01-01T00:00", "month"),
        ("2017.03", "2017.03", "2017-03-01T00:00", "month"),
    ],
)
def test_a_phrase_and_its_time(text: str, value: str, at: str, grain: str) -> None:
    (found,) = find_dates(normalise(text), NOW)
    assert (found.value, found.resolved["value"][:16], found.resolved["grain"]) == (value, at, grain)
    assert found.resolved["value"].endswith("+08:00")


@pytest.mark.parametrize(
    ("text", "certainty"),
    [
        ("昨天", "day"),
        ("昨天晚上八点半", "exact"),
        ("昨天晚上", "approximate"),
        ("半个月前", "approximate"),
        ("月初", "range"),
        ("前几天", "range"),
        ("11月15号左右收到的", "approximate"),
        ("大概15号买的", "approximate"),
        ("好像是前天到的", "approximate"),
        ("15号吧", "approximate"),
        ("双十一前后下的单", "approximate"),
        ("双11前两天买的", "approximate"),
        ("双11前三天买的", "day"),
        ("双十一之后买的", "approximate"),
        ("双十一买的", "day"),
        ("应该在11月12日签收", "approximate"),
        ("11月15号，大概坏了一半", "day"),
        ("大概三个，15号收到", "day"),
        ("昨天应该发货的", "day"),
        ("约好的15号", "day"),
    ],
)
def test_how_sure_a_time_is(text: str, certainty: str) -> None:
    (found,) = find_dates(normalise(text), NOW)
    assert found.certainty == found.resolved["certainty"] == certainty


@pytest.mark.parametrize(
    ("text", "days"),
    [
        ("8月3号付的款，5号到的", ["2026-08-03", "2026-08-05"]),
        ("9月28号下单，3号才收到", ["2026-09-28", "2026-10-03"]),
        ("2025年12月30日买的，2号到", ["2025-12-30", "2026-01-02"]),
        ("昨天付的，15号到", ["2026-11-20", "2026-11-15"]),
    ],
)
def test_a_bare_day_belongs_to_the_month_told_before_it(text: str, days: list[str]) -> None:
    assert [found.resolved["value"][:10] for found in find_dates(normalise(text), NOW)] == days


@pytest.mark.parametrize("text", ["15号还是16号收到的", "不是15号就是16号，15号或者16号吧"])
def test_of_two_days_neither_is_sure(text: str) -> None:
    assert {found.certainty for found in find_dates(normalise(text), NOW)[-2:]} == {"approximate"}


@pytest.mark.parametrize(
    ("text", "roles"),
    [
        ("11月15日商家签收了退货", ["return_signed"]),
        ("卖家11月15日已经签收", ["return_signed"]),
        ("11月12日寄回去的 11月15日卖家收到了", ["returned", "return_signed"]),
        ("退货显示11月15日签收", ["return_signed"]),
        ("10月20号买的 25号到", ["paid", "signed"]),
        ("10月20号买的 25号才到 26号就坏了", ["paid", "signed", "found"]),
        ("10月20号买的 25号", ["paid", None]),
        ("付款时间20号 签收时间25号", ["paid", "signed"]),
        ("付款时间：10月20日 发货时间：10月21日 签收时间：10月25日", ["paid", "shipped", "signed"]),
        ("7号寄的，10号商家签收了", ["returned", "return_signed"]),
        ("7号我就寄出去了 10号卖家那边签收", ["returned", "return_signed"]),
        ("7号寄的，10号签收了", [None, "signed"]),
        ("11月15日签收的", ["signed"]),
        ("11月12号签收", ["signed"]),
        ("8号下的单，拖到10号才送到", ["paid", "signed"]),
        ("下单时间2024.3.7 21:05:40", ["paid"]),
        ("签收时间是11月12号，确认收货是15号", ["signed", "confirmed"]),
        ("前天拍的今天都没发货", ["paid", None]),
        ("18号寄回给商家", ["returned"]),
        ("18号我寄回去了", ["returned"]),
        ("昨天申请的售后", ["requested"]),
        ("前天商家拒绝了", ["refused"]),
        ("昨天找客服", ["contacted"]),
        ("今天发现坏了", ["found"]),
        ("19号到的 20号看的", ["signed", "found"]),
        ("17号到货 18号打开的", ["signed", "found"]),
        ("18号付的", ["paid"]),
        ("20号当天就说的", ["contacted"]),
        ("18号跟客服讲了", ["contacted"]),
        ("11月14号跟商家提的", ["contacted"]),
        ("11月21号找的商家", ["contacted"]),
        ("昨天去驿站拿的", ["signed"]),
        ("上周发的货", ["shipped"]),
        ("昨天没收到", [None]),
    ],
)
def test_what_happened_then(text: str, roles: list[str | None]) -> None:
    assert [found.resolved["role"] for found in find_dates(normalise(text), NOW)] == roles


@pytest.mark.parametrize(
    ("text", "at", "future"),
    [
        ("说11月25号发货", "2026-11-25", True),
        ("11月25号发货的", "2025-11-25", False),
        ("预计12月1号发货", "2026-12-01", True),
        ("下周一", "2026-11-23", True),
        ("明天", "2026-11-22", True),
        ("11月12号说的", "2026-11-12", False),
    ],
)
def test_leans_to_the_past_unless_promised(text: str, at: str, future: bool) -> None:
    (found,) = find_dates(normalise(text), NOW)
    assert found.resolved["value"][:10] == at
    assert found.resolved.get("future", False) is future


@pytest.mark.parametrize(
    "text",
    [
        "3天内", "三天后", "15天", "第三百页", "有一点坏", "差一点", "1号店买的", "8号电池", "2.9元", "3.5折", "2月30号",
        "24小时", "订单2026111112345678", "原价460元", "42码", "后天性", "三个月", "说两点",
        "一个晚上", "每天晚上", "到手当天晚上", "这个月[数字x]号", "[日期x] [时间x]",
    ],
)  # fmt: skip
def test_no_date(text: str) -> None:
    assert find_dates(normalise(text), NOW) == ()


def test_now_must_be_aware() -> None:
    with pytest.raises(ValueError, match="aware"):
        find_dates(normalise("昨天"), datetime(2026, 11, 21))
