"""Whether the platform proposes something, by the buyer's word, and what the buyer says to it."""

from __future__ import annotations

import pytest

from bot.zh.proposal import answer_in, read_proposal

OF_THE_PLATFORM = [
    "小二打电话来 建议商家退我80 我自己留着耳机",
    "小二说让商家补我40 我不想要",
    "平台说叫商家退我100 行不行啊",
    "平台建议各退一步 退我一半",
    "小二来电话说商家补50 货不用退",
    "官方客服让我接受退30块",
    "客服打电话说让卖家退我一半",
    "调解方案是退我80",
    "平台给的方案是补50元",
    "京东客服说给我补20 这个事就算了",
    "小二问我80块行不行",
    "平台调解说让商家换一个新的",
    "小二提议商家退60 鞋子我留着",
    "平台客服建议我退货退款 运费各出一半",
    "介入客服提出补偿100",
    "平台那边让商家赔30",
    "淘宝小二说退我三成",
    "小二说商家愿意退80 问我同不同意",
]
NONE = [
    "商家说退我80",
    "商家建议退80 我留着",
    "卖家让我退货",
    "小二说商家不同意退款",
    "平台说会帮我处理",
    "平台说帮我催商家退款",
    "能不能让小二叫商家退我80",
    "我想让平台叫商家退100",
    "平台会让商家退款吗",
    "平台说七天无理由可以退货",
    "平台让我补充证据",
    "小二说等商家退款",
    "平台说商家已经退款了",
    "客服说退我80",
    "客服让我退货",
    "平台上商家说退我50",
    "我跟小二说要退100",
    "希望平台让商家退一半",
    "平台判退80",
    "我在淘宝买的 商家说补30",
    "拼多多买的充电宝坏了 退我80",
    "京东买的要退货退款",
    "我找平台 平台让我先找商家",
    "法院调解让商家退我80",
    "客服让我退货才给退款",
    "朋友说平台让商家退了一半",
    "怎么让平台叫商家赔我100",
    "平台说不支持退款",
    "平台说退款申请要等48小时",
    "小二说要退货退款先上传照片",
    "我要申请平台介入退款",
    "小二没理我",
    "天猫买的运动鞋昨天收到一看鞋底开胶了，实付299元，我要退货退款",
    "商家说让我找平台 平台说退不了",
    "京东不讲道理不给退货",
]
NOBODYS = ["说不要退货 补我40 你觉得行不行", "说退我一半", "又说补我60"]
ANSWERS = {
    "reject": [
        "不接受 我要全退",
        "我不同意",
        "不行 太少了",
        "不要",
        "我不想要",
        "我要全退",
        "不干",
        "那我不接受",
        "拒绝",
        "坚决不同意",
        "我只要全额退款",
    ],
    "accept": [
        "接受",
        "我同意",
        "行吧",
        "可以",
        "那就接受吧",
        "同意了",
        "我接受这个方案",
        "算了接受",
        "可以接受",
    ],
    None: [
        "再想想",
        "行不行",
        "你觉得能接受吗",
        "可不可以",
        "要不要同意",
        "我问下家人",
        "不要退货行不行",
        "商家不同意",
        "什么时候到账",
        "可以再高点吗",
    ],
}


@pytest.mark.parametrize("text", OF_THE_PLATFORM)
def test_the_platform_proposes(text: str) -> None:
    found = read_proposal(text)
    assert found is not None and found.named


@pytest.mark.parametrize("text", NONE)
def test_no_proposal_of_the_platform(text: str) -> None:
    found = read_proposal(text)
    assert found is None or not found.named


@pytest.mark.parametrize("text", NOBODYS)
def test_nobody_is_named(text: str) -> None:
    alone, while_open = read_proposal(text), read_proposal(text, open_already=True)
    assert alone is not None and not alone.named
    assert while_open is not None and while_open.named


@pytest.mark.parametrize(
    ("text", "answer"), [(text, answer) for answer, texts in ANSWERS.items() for text in texts]
)
def test_what_the_buyer_says_to_it(text: str, answer: str | None) -> None:
    assert answer_in(text) == answer


def test_the_answer_may_come_with_the_proposal() -> None:
    text = "小二说让商家补我40 我不想要"
    found = read_proposal(text)
    assert found is not None and found.words == "小二说让商家补我40"
    assert answer_in(text) == "reject"
