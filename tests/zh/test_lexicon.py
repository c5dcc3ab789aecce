"""Platforms, couriers, order stages and remedies by their many names."""

from __future__ import annotations

import pytest

from bot.zh.lexicon import KINDS, find_terms, terms
from bot.zh.normalise import normalise


@pytest.mark.parametrize(
    ("kind", "text", "value", "resolved"),
    [
        ("platform", "在桃宝买的", "桃宝", "taobao"),
        ("platform", "天猫超市买的", "天猫超市", "tmall"),
        ("platform", "拼夕夕上拍的", "拼夕夕", "pdd"),
        ("platform", "JD买的", "JD", "jd"),
        ("platform", "淘寶買的", "淘寶", "taobao"),
        ("courier", "中通快递太慢", "中通快递", "zto"),
        ("courier", "放丰巢了", "丰巢", "locker"),
        ("courier", "发ems吧", "ems", "ems"),
        ("order_stage", "物流写着已经签收", "已经签收", "signed"),
        ("order_stage", "还没发货呢", "还没发货", "paid"),
        ("order_stage", "我点了确认收货", "点了确认收货", "confirmed"),
        ("order_stage", "一直没收到货", "没收到货", "shipped"),
        ("order_stage", "8号收到的 已确认", "已确认", "confirmed"),
        ("order_stage", "系统自动确认收货了", "自动确认收货了", "confirmed"),
        ("order_stage", "昨天收到货了", "收到货了", "signed"),
        ("order_stage", "收到货了商家不理我", "收到货了", "signed"),
        ("remedy", "我要退货退款", "退货退款", "return_refund"),
        ("remedy", "我只想仅退款", "仅退款", "refund_only"),
        ("remedy", "能不能给我换一个", "换一个", "exchange"),
        ("remedy", "给我退差价吧", "退差价", "price_difference"),
        ("remedy", "要求赔偿", "赔偿", "compensation"),
        ("remedy", "退货！", "退货", "return_refund"),
        ("remedy", "请给我补发", "补发", "reship"),
    ],
)
def test_term(kind: str, text: str, value: str, resolved: str) -> None:
    (found,) = find_terms(normalise(text), kind)
    assert (found.value, found.resolved["value"]) == (value, resolved)


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("platform", "多多少少坏了"),
        ("platform", "football"),
        ("platform", "订单16889999"),
        ("order_stage", "等收到货再说"),
        ("order_stage", "没有收到了"),
        ("order_stage", "再过两天就自动确认了"),
        ("order_stage", "快自动确认了"),
        ("order_stage", "已确认是质量问题"),
        ("order_stage", "商家9号已签收"),
        ("order_stage", "退回去的快递12号就签收了"),
        ("remedy", "客服让我退货"),
        ("remedy", "我不想换货"),
        ("remedy", "运费险怎么用"),
        ("remedy", "我申请了退款"),
        ("remedy", "能不能查维修进度"),
    ],
)
def test_not_that_term(kind: str, text: str) -> None:
    assert find_terms(normalise(text), kind) == ()


def test_no_form_means_two_things() -> None:
    for kind in KINDS:
        written = list(terms(kind))
        assert len(written) == len(set(written)) > 0
