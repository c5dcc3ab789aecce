"""Order numbers and waybills, told apart from each other and from everything else made of digits."""

from __future__ import annotations

import pytest

from bot.zh.normalise import normalise
from bot.zh.order_numbers import find_order_numbers
from bot.zh.tracking import find_tracking_numbers


@pytest.mark.parametrize(
    ("text", "value", "platform", "certainty"),
    [
        ("订单号2345678901234567", "2345678901234567", None, "exact"),
        ("2345678901234567", "2345678901234567", None, "exact"),
        ("订单号 ２３４５ ６７８９ ０１２３ ４５６７", "2345678901234567", None, "exact"),
        ("240615-123456789012345", "240615-123456789012345", "pdd", "exact"),
        ("订单编号:31234567890", "31234567890", None, "exact"),
        ("订单号12345", "12345", None, "check"),
        ("订单号13812345678", "13812345678", None, "check"),  # may be a phone number
        ("我的是 312345678901", "312345678901", None, "check"),  # may be a waybill
        ("订单号23456789", "23456789", None, "check"),  # the first half, the rest comes in the next message
        ("订单号2345678901\n234567", "2345678901", None, "check"),  # broken in two lines: never put together
        ("单号" + "12345678" * 4, "12345678" * 4, None, "check"),
    ],
)
def test_order_number(text: str, value: str, platform: str | None, certainty: str) -> None:
    (found,) = find_order_numbers(normalise(text))
    assert (found.resolved["value"], found.resolved["platform"], found.certainty) == (
        value,
        platform,
        certainty,
    )
    assert ("why" in found.resolved) is (certainty == "check")


@pytest.mark.parametrize(
    ("digits", "platform", "fits"),
    [
        ("2345678901234567", "taobao", True),
        ("31234567890", "taobao", False),
        ("31234567890", "jd", True),
        ("2345678901234567", "jd", False),
    ],
)
def test_a_known_platform_judges_the_length(digits: str, platform: str, fits: bool) -> None:
    (found,) = find_order_numbers(normalise(f"订单号{digits}"), platform)
    assert (found.certainty == "exact") is fits


def test_two_numbers_behind_one_label() -> None:
    found = find_order_numbers(normalise("订单号31415926535和27182818284"))
    assert [one.value for one in found] == ["31415926535", "27182818284"]


@pytest.mark.parametrize(
    "text",
    [
        "电话13812345678", "我手机13812345678", "快递单号73512345678901", "运单号 1234567890123", "￥1299", "12345678元",
        "银行卡6222021234567890123", "身份证110101199003071234", "20261112103000", "0571-88157858", "满300减50", "订单号：8**",
        "01234567", "尾号5566", "1450990450", "QQ284210953", "税号91310000123456789X", "[订单x]",
    ],
)  # fmt: skip
def test_no_order_number(text: str) -> None:
    assert find_order_numbers(normalise(text)) == ()


@pytest.mark.parametrize(
    ("text", "value", "courier"),
    [
        ("SF1234567890123", "SF1234567890123", "sf"),
        ("ｓｆ１２３４５６７８９０１２３", "SF1234567890123", "sf"),
        ("YT1234567890123", "YT1234567890123", "yto"),
        ("JT1234567890123", "JT1234567890123", "jt"),
        ("JDVA12345678901", "JDVA12345678901", "jd"),
        ("EA123456789CN", "EA123456789CN", "ems"),
        ("中通 73512345678901", "73512345678901", "zto"),
        ("快递单号是73512345678901", "73512345678901", None),
        ("退货单号：9876543210123，韵达的", "9876543210123", "yunda"),
    ],
)
def test_waybill(text: str, value: str, courier: str | None) -> None:
    (found,) = find_tracking_numbers(normalise(text))
    assert (found.resolved["value"], found.resolved["courier"]) == (value, courier)


@pytest.mark.parametrize(
    "text", ["订单号2345678901234567", "13812345678", "京东订单31415926535", "SF123", "单号31234567890123"]
)
def test_no_waybill(text: str) -> None:
    assert find_tracking_numbers(normalise(text)) == ()
