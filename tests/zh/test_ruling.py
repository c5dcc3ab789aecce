"""Whether the platform has ruled, and for whom, by the buyer's word."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.zh.ruling import read_ruling

LOST = [
    "判我输了",
    "结果下来了 支持商家",
    "客服判了 判商家赢 不退",
    "平台判了 支持卖家",
    "客服介入了 判我输了",
    "小二判商家胜诉",
    "平台最后判不退",
    "平台没支持我",
    "没有判我赢",
    "平台驳回了我的申请",
    "介入失败了",
    "判我输了怎么办",
    "凭什么判我输",
    "最后判给商家了",
    "平台判定是我的责任",
    "判定不支持退款",
    "结果出来了，没支持我的诉求",
    "京东判我败诉",
    "裁决下来了 卖家赢了",
    "我被判输了",
    "小二说证据不足 判商家有理",
    "怎么就判商家赢了",
    "平台还是支持了商家",
    "维权失败",
    "判决下来了不予退款",
    "判了我全责",
    "客服判定商家没有责任",
]
WON = [
    "平台判我赢了",
    "结果下来了 支持我",
    "小二判商家全额退款",
    "判了全额退",
    "判商家输了",
    "判退款了",
    "介入成功了",
    "平台支持了我的诉求",
    "判定卖家责任 退货退款",
    "客服判了 支持买家",
    "判决支持退货",
    "最后判商家赔",
    "平台判我有理",
]
PARTLY = [
    "客服最后判了退一半",
    "平台判了部分支持",
    "只判退运费",
    "判我和商家各承担一半",
    "判退30%",
    "平台判双方都有责任",
    "判了退我五成",
    "平台只支持了一部分 判退一半",
]
UNCLEAR = [
    "平台判了",
    "结果出来了",
    "判决下来了",
    "客服判完了",
    "平台判退80",
    "判商家退我100块",
    "介入结果出来了",
    "小二判了 我不服",
]
NONE = [
    "会判谁赢",
    "还没判",
    "没判呢",
    "平台什么时候判",
    "判了吗",
    "判我赢了吗",
    "怕判我输",
    "如果判我输怎么办",
    "平台一般支持谁",
    "平台会支持我吗",
    "检测结果出来了",
    "法院判我输了",
    "商家说平台判他赢了",
    "希望平台判我赢",
    "我判断这是假货",
    "等平台判",
    "万一判商家赢",
    "平台会怎么判",
    "客服会不会判我输",
    "商家说平台会支持他",
    "没结果",
    "怎么还没结果",
    "应该判商家输",
    "平台总是支持商家",
    "支持七天无理由吗",
    "商家不支持退货",
    "这个商品不支持退",
    "不支持七天无理由",
    "朋友被判输了",
    "判我赢的概率多大",
    "估计会判我输",
    "要是判了不退呢",
    "裁判是谁",
    "检测结果下来了 是假货",
    "我要申请介入 求判商家退款",
    "商家说我输定了",
    "鉴定结果是假的",
    "平台不支持仅退款吗",
    "结果是坏的",
    "结果商家不退",
    "申请了退款 结果商家拒绝了",
    "结果到货是假的",
    "结果我输入错了地址",
    "我打开一看结果是碎的",
    "判定标准是什么",
    "平台说不支持退款",
    "平台不支持退货",
    "凭证驳回了 具体缺哪样",
    "又给我驳回了！",
    "退货申请被驳回，说已经使用",
    "判了没有啊",
    "判了么",
    "系统会自动判我赢吗",
    "来个第三方，判我输我也认了",
    "让我输密码，扣了四千",
    "被判恶意退货，券全清了",
    "恳请平台驳回商家的说法",
]

TABLE = (
    [(text, "rejected") for text in LOST]
    + [(text, "supported") for text in WON]
    + [(text, "partly") for text in PARTLY]
)


@pytest.mark.parametrize(("text", "result"), TABLE)
def test_who_won(text: str, result: str) -> None:
    found = read_ruling(text)
    assert found is not None and found.result == result


@pytest.mark.parametrize("text", UNCLEAR)
def test_a_ruling_without_a_winner_is_asked_about(text: str) -> None:
    found = read_ruling(text)
    assert found is not None and found.result is None


@pytest.mark.parametrize("text", NONE)
def test_no_ruling(text: str) -> None:
    assert read_ruling(text) is None


def test_a_sum_decides_nothing_by_itself() -> None:
    found = read_ruling("平台判退80")
    assert found is not None and (found.result, found.amount) == (None, Decimal(80))


@pytest.mark.parametrize(
    ("text", "result"),
    [
        ("输了", "rejected"),
        ("支持我", "supported"),
        ("没支持", "rejected"),
        ("一半一半", "partly"),
        ("商家", "rejected"),
        ("不知道", None),
    ],
)
def test_a_bare_answer_counts_where_it_was_asked(text: str, result: str | None) -> None:
    found = read_ruling(text, asked=True)
    assert (found.result if found else None) == result
    assert read_ruling(text) is None
