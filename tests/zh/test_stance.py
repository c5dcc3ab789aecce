"""What a merchant's answer amounts to."""

from __future__ import annotations

from decimal import Decimal

import pytest

from bot.zh.stance import STANCES, read_stance, tells_silence


@pytest.mark.parametrize(
    ("text", "stance"),
    [
        ("同意退款，您申请一下", "agree"),
        ("可以退货的亲，地址发您", "agree"),
        ("今天就给您补发", "agree"),
        ("好的，给您全额退款", "agree"),
        ("可以退货，运费您承担", "partial"),
        ("商家同意退 不过运费得我自己掏", "partial"),
        ("卖家同意换 就是邮费叫我自己出", "partial"),
        ("他让我自己出邮费才给退", "partial"),
        ("可以退货，快递费您自己出一下", "partial"),
        ("可以退货，来回运费我们出", "agree"),
        ("您寄回来我们收到后退款", "agree"),
        ("仓库确认收货后给您退款", "agree"),
        ("商家说会给我退，结果一直不退", "stall"),
        ("商家同意退了 但是到现在没给我退", "stall"),
        ("同意换货，拖到现在又不肯换了", "stall"),
        ("可以给您退款的，三天没到账的话联系我", "agree"),
        ("卖家不承认 说发的时候好好的", "deny"),
        ("商家说穿过了不退", "deny"),
        ("他不退", "deny"),
        ("穿过了不退", "deny"),
        ("不退了", None),
        ("我不退了", None),
        ("他们家的衣服我不换了", None),
        ("他说扣50配件费", "partial"),
        ("商家说点了确认收货才给退", "stall"),
        ("他说我把收货点了 马上给我退钱", "stall"),
        ("商家说是我自己弄坏的 不给退", "blame_user"),
        ("客服说我自己摔的", "blame_user"),
        ("商家说我进水了", "blame_user"),
        ("最多退你30块", "partial"),
        ("主播只说含绒没说90", None),
        ("补您20元优惠券可以吗", "partial"),
        ("不能退，但是可以给你补偿10元", "partial"),
        ("亲，这边帮您反馈一下哦", "stall"),
        ("请您耐心等待，我们正在核实", "stall"),
        ("我没有权限，要问下主管", "stall"),
        ("是快递的问题，您联系快递", "blame_courier"),
        ("运输途中造成的，找物流赔", "blame_courier"),
        ("这个是人为造成的", "blame_user"),
        ("您使用不当导致的", "blame_user"),
        ("已经影响二次销售了", "blame_user"),
        ("不同意退款", "deny"),
        ("没有质量问题，属于正常现象", "deny"),
        ("已经过了七天，退不了", "deny"),
        ("我们一经售出概不退换", "deny"),
        ("一直没回我", "silent"),
        ("发消息没人理", "silent"),
        ("你去告吧，随便", "hostile"),
        ("爱退不退", "hostile"),
        ("加我微信给你转", "off_platform"),
        ("再交200块解冻金才给退款", "off_platform"),
        ("您先付款再发货", None),
        ("同意退了 但要扣50折旧费", "partial"),
        ("可以退，但是不肯赔", "partial"),
        ("微信上直接转给你20", "off_platform"),
        ("给个五星好评返10元", "bribe_review"),
        ("请把差评删了我给你退20", "bribe_review"),
        ("今天天气不错", None),
        ("", None),
    ],
)
def test_stance(text: str, stance: str | None) -> None:
    reading = read_stance(text)
    assert reading.stance == stance
    assert bool(reading.cues) is (stance is not None)
    assert stance is None or stance in STANCES


@pytest.mark.parametrize(
    ("text", "offer", "coupon"),
    [
        ("最多退你30块", Decimal("30.00"), False),
        ("补您20元优惠券可以吗", Decimal("20.00"), True),
        ("可以给您补偿五块钱", Decimal("5.00"), False),
        ("可以退货，运费您承担", None, False),
        ("您买的299元的这款没有问题", None, False),
    ],
)
def test_offer(text: str, offer: Decimal | None, coupon: bool) -> None:
    reading = read_stance(text)
    assert (reading.offer, reading.coupon) == (offer, coupon)


@pytest.mark.parametrize(
    ("text", "silent"),
    [
        ("客服一直不理我", True),
        ("发了十几条消息石沉大海", True),
        ("客服态度还特别差", False),
        ("被他骂了一顿", False),
        ("态度差，后来干脆不回了", True),
    ],
)
def test_a_bad_answer_is_no_silence(text: str, silent: bool) -> None:
    assert tells_silence(text) is silent
