"""A bare answer by the kind of the fact that was asked: what is taken, and what is left alone."""

from __future__ import annotations

from datetime import datetime

import pytest

from bot.disputes.facts import fact_kinds
from bot.zh.moments import SHANGHAI
from bot.zh.plain_answer import read_plain

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)


def day(number: int, month: int = 11) -> str:
    return datetime(2026, month, number, tzinfo=SHANGHAI).isoformat()


ROWS: dict[str, dict[str, object]] = {
    # money
    "amount": {
        "299": "299.00", "299.5": "299.50", "三百": "300.00", "两百五": "250.00", "299块": "299.00", "大概300": "300.00",
        "¥299": "299.00", "一百二十块五": "120.50", "99块9": "99.90", "1.2万": "12000.00", "一共两百": "200.00",
        "不知道": None, "是": None, "没有": None, "买了3件": None, "299还是399？": None, "订单号123": None,
    },
    "freight_paid": {"12": "12.00", "十二块": "12.00", "自己付了12": "12.00"},
    # count
    "repair_count": {
        "2": 2, "两次": 2, "修了两次": 2, "修过一次": 1, "三次了": 3, "没修过": 0, "一次都没有": 0, "没有": 0,
        "半次": None, "两次？": None, "昨天": None, "不知道": None,
    },
    "promise_times": {"三倍": 3, "假一赔十": 10, "退一赔三": 3, "没有": None},
    "shortage_percent": {"10%": 10, "百分之十": 10, "一成": 10, "少了两成": 20},
    # datetime
    "paid_at": {
        "昨天": day(20), "15号": day(15), "15": day(15), "11.15": day(15), "11-5": day(5), "双十一": day(11),
        "上周三": day(11), "10月3日": day(3, 10), "刚刚": NOW.isoformat(), "299": None, "昨天能退吗": None, "32": None,
        "13.40": None, "记不清了": None,
    },
    # bool
    "delay_agreed": {
        "是": True, "是的": True, "嗯": True, "对": True, "有": True, "同意过": True, "不是": False, "没有": False,
        "没同意过": False, "不同意": False, "没注意": None, "不知道": None, "昨天": None, "是不是都行": None,
    },
    "goods_intact": {"完好": True, "都完好": True, "不完好": False, "没坏": None},
    "address_wrong": {"填错了": True, "没填错": False, "没错": False, "没有": False, "填对了": False, "有": True},
    "defect_confirmed": {"证实有质量问题": True, "有": True, "没有": False},
    # choice
    "category": {
        "生鲜": "fresh", "手机": "phone", "冰箱": "appliance", "服装": "clothing", "食品": "food", "其他": "other",
        "二手数码": "second_hand_digital", "不是手机": None, "品": None,
    },
    "signed_by": {
        "本人": "self", "我本人签收的": "self", "家人": "authorised", "驿站": "without_consent", "不知道": "unknown",
        "不是本人": None, "不是家人签的": None,
    },
    "ruling": {"支持": "supported", "支持我": "supported", "不支持": "rejected", "部分支持": "partly"},
    "handled_elsewhere": {"没有": "none", "消协": "association", "法院": "court"},
    "demand": {
        "退": "return_refund", "退吧": "return_refund", "我要退": "return_refund", "换": "exchange", "给我换": "exchange",
        "补": "reship", "修": "repair", "赔": "compensation", "换货": "exchange", "仅退款": "refund_only", "不退": None,
        "能退吗": None,
    },
    "consumer_use": {
        "是自己穿的": True, "买来自己用的": True, "是转卖的": False, "不是，开店用的": False, "是的，我自己开店用": False, "有点贵": None,
        "有啊 页面写的正品保证假一赔十": None, "对啊 我自己穿": True,
    },
    "false_statement": {
        "有，详情页写的正品": True, "没有，他没说": False, "有坏的地方": None, "有问题": None, "有啊 页面写的正品保证假一赔十": True,
        "有啊页面写的正品": True, "有的 页面写的": True, "当然有 标题就是正品": True, "没有啊 他没提": False, "有的人说有": None,
    },
    "food_substandard": {
        "是啊 都说了过期了": True, "是啊都过期了": True, "是呀，发霉了": True, "对啊 长毛了": True, "当然 都臭了": True,
        "是的呀 都过期半年了": True, "不是啊 就是不好吃": False, "不是呀就是味道怪": False, "是的话能赔多少": None, "是过期的": None,
        "是啊 但是不严重": None,
    },
    "relied_on_it": {"是的因为写正品才买": True, "不是，早就知道": False},
    "label_flaw_only": {"不是，就是假的": False, "是的，但是别的也有": None},
    "fraud_basis": {"有凭证，客服自己承认了": "intent", "没有": "none"},
    "tracking_status": {"没揽收": "no_pickup", "运输中": "in_transit", "物流停滞": "stalled"},
    "merchant_stance": {"拒绝": "deny", "同意": "agree", "不同意": None},
}  # fmt: skip


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [(fact, text, value) for fact, rows in ROWS.items() for text, value in rows.items()],
)
def test_plain_answers(fact: str, text: str, value: object) -> None:
    plain = read_plain(fact_kinds()[fact], text, NOW)
    read = None if plain is None else plain.value
    assert (type(read), read) == (type(value), value)


def test_every_kind_has_rows() -> None:
    kinds = fact_kinds()
    assert {kinds[fact].kind for fact in ROWS} == {kind.kind for kind in kinds.values()} - {"text"}


@pytest.mark.parametrize("text", ["", " ", "。", "\x00", "\ud800", "退" * 5000, "1" * 5000, "一" * 39])
@pytest.mark.parametrize("fact", list(fact_kinds()))
def test_odd_text_is_no_answer_and_no_error(fact: str, text: str) -> None:
    read_plain(fact_kinds()[fact], text, NOW)
