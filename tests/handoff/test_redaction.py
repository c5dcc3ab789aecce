"""What is masked and what is not, as a table, and what holds for every text."""

from __future__ import annotations

import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.handoff.redaction import KINDS, mask_text, phones_in, redact
from bot.handoff.redaction_numbers import identity_sum_is_right, luhn_is_right

MASKED = [
    # phones
    ("我电话13800138000，微信同号", "我电话138****8000，微信同号", "phone"),
    ("手机138-0013-8000或138 0013 8000", "手机138-****-8000或138 **** 8000", "phone"),
    ("１３８００１３８０００", "１３８****８０００", "phone"),
    ("1 3 8 0 0 1 3 8 0 0 0", "1 3 8 * * * * 8 0 0 0", "phone"),
    ("一三八零零一三八零零零", "一三八****八零零零", "phone"),
    ("+8613912345678", "+86139****5678", "phone"),
    ("vx13800138000", "vx138****8000", "phone"),
    ("座机0571-87654321、(010)62345678", "座机0571-****4321、(010)****5678", "phone"),
    # identity cards: with a right check digit anywhere, else only after the word
    ("11010519491231002X", "1****************X", "id_card"),
    ("身份证号是 110105 19491231 002x", "身份证号是 1***** ******** ***x", "id_card"),
    ("身份证110105194912310021", "身份证1****************1", "id_card"),
    # bank cards
    ("6222021200001234561", "****4561", "bank_card"),
    ("卡号6222 0212 0000 1234 567", "卡号****4567", "bank_card"),
    ("建设银行卡 6227000000000000000", "建设银行卡 ****0000", "bank_card"),
    # order numbers keep their last four
    ("订单号1234567890123456789", "订单号****6789", "order_number"),
    ("订单编号：260101-123456789012345", "订单编号：****2345", "order_number"),
    ("京东订单 294857361023", "京东订单 ****1023", "order_number"),
    ("2345678901234567890 这单", "****7890 这单", "order_number"),
    ("订单6222021200001234561", "订单****4561", "order_number"),
    ("订单号50778795174和59671095217", "订单号****5174和****5217", "order_number"),
    # addresses keep the region
    (
        "收货地址：浙江省杭州市西湖区文三路138号3幢501室，改一下",
        "收货地址：浙江省杭州市西湖区****，改一下",
        "address",
    ),
    ("我住广东省深圳市南山区科技园腾讯大厦20楼", "我住广东省深圳市南山区****", "address"),
    ("地址是文三路138号", "地址是****", "address"),
    ("地址改成阳光花园3栋501", "地址改成****", "address"),
    ("住3号楼502室", "住****", "address"),
    # names keep the surname
    ("收件人：李小明", "收件人：李**", "name"),
    ("我叫张伟，帮我看看", "我叫张*，帮我看看", "name"),
    ("我叫李明想退款", "我叫李*想退款", "name"),
    ("姓名：欧阳娜娜", "姓名：欧阳**", "name"),
    ("联系人王芳电话打不通", "联系人王*电话打不通", "name"),
    # accounts
    ("发到 zhang.san@163.com", "发到 z****@163.com", "email"),
    ("我微信号 zhangsan_88，加我", "我微信号 zh****，加我", "wechat"),
    ("加VX：shop-8866", "加VX：sh****", "wechat"),
    ("QQ 123456789", "QQ 12****", "qq"),
]

UNTOUCHED = [
    "一共299.00元，赔1280.5元，￥12345678901234567",
    "退款 13800138000 元",
    "2026-11-21 10:00:00、11月21日、20261121、14.9 2026-11-21",
    "七天无理由，15天，48小时，第3轮",
    "打110、12315、12348、12345、95599，或者400-820-8820、4008208820",
    "运单号 SF1234567890123，圆通YT8812345678901，中通 75312345678901",
    "快递单号：7312345678901234567",
    "货号 6901234567892，尺码 175/92A，v2.13.0，192.168.1.1",
    "编号JR20261121-K7QX4M",
    "微信图片_20261121100000.jpg、mmexport1700000000000.jpg",
    "SHA-256 9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    "550e8400-e29b-41d4-a716-446655440000",
    "联系人工客服，我叫客服介入，我叫他退款，我叫了快递",
    "姓名高度一致，收件人电话不对，收件人是我，联系人张先生，收货人王的电话",
    "文三路店发货，知道21号到，在路上21号到，11月30号前发",
    "商家地址填错了，地址在哪里看，签收地址那栋楼在我们小区不存在",
    "请提供收货地址、收件人和收件手机号码",
    "向浙江省杭州市西湖区市场监督管理局投诉，北京市朝阳区人民法院",
    "微信支付的，微信小程序下单",
    "订单号****6789，138****8000，李**",
    "",
]


@pytest.mark.parametrize(("text", "shown", "kind"), MASKED)
def test_masked(text: str, shown: str, kind: str) -> None:
    found = redact(text)

    assert (found.text, found.kinds) == (shown, (kind,))


@pytest.mark.parametrize("text", UNTOUCHED)
def test_left_alone(text: str) -> None:
    assert redact(text) == redact("").__class__(text, ())


def test_everything_on_one_parcel() -> None:
    found = redact(
        "收货人 王芳 186-1234-5678 四川省成都市武侯区天府三街199号B座1203室 订单3456789012345678901"
    )

    assert found.text == "收货人 王* 186-****-5678 四川省成都市武侯区**** 订单****8901"
    assert found.kinds == ("phone", "order_number", "address", "name")


def test_phones_as_they_are_written() -> None:
    assert phones_in("打138 0013 8000，别打12315") == ("138 0013 8000",)


@pytest.mark.parametrize(
    "piece",
    [
        "收件人" + " " * 20,
        "地址 ",
        "订单号",
        "我在路上",
        "1-",
        "1 3 ",
        "区",
        "浙江省杭州市",
        "a.",
        "wx",
        "一",
        "身份证 ",
    ],
)
def test_long_texts_take_no_time(piece: str) -> None:
    """A pattern that goes wrong on these takes minutes."""
    for text in (piece * (5000 // len(piece)), piece + " " * 5000):
        started = time.perf_counter()
        redact(text)
        assert time.perf_counter() - started < 2


def test_check_sums() -> None:
    assert identity_sum_is_right("11010519491231002x")
    assert not identity_sum_is_right("110105194912310021")
    assert luhn_is_right("4111111111111111")
    assert not luhn_is_right("4111111111111112")


_PIECES = st.sampled_from(
    [text for text, *_ in MASKED]
    + UNTOUCHED
    + ["，", " ", "号", "地址", "是", "1", "路", "-", "\n", "收件人", "*", "****"]
)
_TEXTS = st.one_of(
    st.text(max_size=60),
    st.text(alphabet="0123456789 -.*Xx元号路室市区张李王收件人电话订单微信@a", max_size=60),
    st.lists(_PIECES, max_size=6).map("".join),
)


@settings(max_examples=400, deadline=None)
@given(_TEXTS)
def test_masking_again_changes_nothing(text: str) -> None:
    once = redact(text)

    assert redact(once.text).text == once.text
    assert set(once.kinds) <= set(KINDS)
    assert (once.kinds == ()) == (once.text == text)


@settings(max_examples=200, deadline=None)
@given(
    st.text(alphabet="天地玄黄宇洪荒，。！ \nabc", max_size=30),
    st.text(alphabet="日月盈昃辰宿，。！ \n", max_size=30),
)
def test_what_stands_around_is_kept(before: str, after: str) -> None:
    assert mask_text(f"{before}。13800138000。{after}") == f"{before}。138****8000。{after}"
    assert mask_text(f"{before}。{after}") == f"{before}。{after}"
