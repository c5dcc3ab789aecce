"""Troubles that a message names and does not claim, and those it denies."""

from __future__ import annotations

import pytest

from bot.zh.ruled_out import denied, ruled_out


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("没有，就要退钱", {"refund_withheld"}),
        ("我要退款", {"refund_withheld"}),
        ("货退了 钱一直不退", set()),
        ("退款三天了还没到", set()),
        ("没保修卡，有电子发票", {"invoice", "aftersale_broken"}),
        ("有发票但是抬头不对", set()),
        ("没保修卡就不给修", set()),
        ("寄的时候没有保价", {"price"}),
        ("没有保价 刚买就降价了", set()),
        ("雅诗兰黛小棕瓶味道不对，感觉是假的", {"food", "fresh"}),
        ("牛奶味道不对", set()),
        (
            "退货退了 卖家说少配件 不给退款",
            {"missing_part", "damaged", "quality_visible", "wrong_item"},
        ),
        ("收到就少配件 退回去卖家说少配件", set()),
    ],
)
def test_what_is_named_and_not_claimed(text: str, types: set[str]) -> None:
    assert ruled_out(text) == types


@pytest.mark.parametrize(
    ("text", "types"),
    [
        ("我没退货啊，货都没收到退什么", {"refund_withheld"}),
        ("我没有发票问题，去掉", {"invoice"}),
        ("不是差价的问题", {"price"}),
        ("你前面说食品是啥意思，我买的是护肤品", {"food", "fresh"}),
        ("没说是假货，就是少一件", {"counterfeit"}),
        ("发票一直不给开", set()),
        ("我退货了钱没到", set()),
    ],
)
def test_what_is_denied(text: str, types: set[str]) -> None:
    assert denied(text) == types
