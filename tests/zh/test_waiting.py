"""Questions about time: how long the others take, or how long the buyer has."""

from __future__ import annotations

import pytest

from bot.zh.waiting import asks_for_limit, asks_how_long


@pytest.mark.parametrize(
    "text",
    [
        "要多久啊",
        "多久",
        "多长时间能退",
        "到底要等多久啊",
        "还要等多久",
        "几天能退款",
        "什么时候能退钱",
        "钱什么时候到账",
        "多久能处理好",
        "多久能有结果",
        "平台多久能判",
        "退款要几天到账",
        "审核要多久",
        "商家多久要回复",
        "卖家几天内必须退款",
        "要等到猴年马月啊",
        "啥时候给我退",
        "流程走完大概多长时间",
        "几个工作日到账",
        "什么时候发货",
        "他们什么时候给我退款",
    ],
)
def test_how_long_the_others_take(text: str) -> None:
    assert asks_how_long(text)


@pytest.mark.parametrize(
    "text",
    [
        "还有多久可以申请啊",
        "我还剩几天",
        "最晚什么时候申请",
        "几天内可以退货",
        "过了多久就不能退了",
        "售后期限多长",
        "保修多久",
        "多久之内能投诉",
        "多久可以申请介入",
        "七天从哪天开始算",
        "什么时候截止",
        "七天无理由是几天",
        "是不是有48小时",
        "运费谁出",
        "能退吗",
        "",
    ],
)
def test_not_how_long_the_others_take(text: str) -> None:
    assert not asks_how_long(text)


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("是不是有48小时", True),
        ("不是24小时内吗", True),
        ("还来得及吗", True),
        ("有时间限制吗", True),
        ("还有多久可以申请啊", True),
        ("七天无理由运费谁出", False),
        ("鉴定费谁出", False),
        ("到底算谁的责任", False),
    ],
)
def test_about_a_limit(text: str, about: bool) -> None:
    assert asks_for_limit(text) is about
