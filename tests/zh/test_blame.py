"""Who pays for a test, whose fault it is; and what only tells of a test or of blame."""

from __future__ import annotations

import pytest

from bot.zh.blame import asks_testing_cost, asks_whose_fault


@pytest.mark.parametrize(
    ("text", "about"),
    [
        ("检测要我出钱吗", True),
        ("鉴定费谁出", True),
        ("去鉴定谁掏钱啊", True),
        ("质检的费用商家承担吗", True),
        ("要自费检测吗", True),
        ("送检要花多少钱", True),
        ("检验费能报销不", True),
        ("要不要去检测", False),
        ("检测报告怎么弄", False),
        ("退款的钱什么时候到", False),
        ("", False),
    ],
)
def test_who_pays_for_a_test(text: str, about: bool) -> None:
    assert asks_testing_cost(text) is about


@pytest.mark.parametrize(
    "text",
    [
        "这算商家的责任不",
        "到底算谁的责任",
        "这是谁的问题啊",
        "责任在谁",
        "这怪谁",
        "谁来负责",
        "算不算商家的责任",
        "是不是快递的责任",
        "商家要负责吗",
        "这是我的问题吗",
        "算哪一方的错",
        "烂了一半，算谁的",
        "商家说是快递弄的，那到底是谁的责任",
    ],
)
def test_whose_fault(text: str) -> None:
    assert asks_whose_fault(text)


@pytest.mark.parametrize(
    "text",
    [
        "商家说是快递的责任",
        "这是商家的责任",
        "客服说是我的问题",
        "不是我的问题",
        "商家不负责",
        "卖家负责退货运费",
        "谁都不理我",
        "不知道是谁签收的",
        "包裹是谁拿走的",
        "",
    ],
)
def test_no_question_of_fault(text: str) -> None:
    assert not asks_whose_fault(text)
