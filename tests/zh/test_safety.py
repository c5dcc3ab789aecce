"""Words that stop everything else, and words that only look like them."""

from __future__ import annotations

import pytest

from bot.zh.safety import find_safety_signs


@pytest.mark.parametrize(
    ("text", "kind", "sign"),
    [
        ("有人自称客服打电话说给我双倍赔偿", "fraud", "double_compensation"),
        ("说我误开了会员每月要扣500", "fraud", "membership"),
        ("要我关闭百万保障", "fraud", "membership"),
        ("他让我下载会议软件", "fraud", "screen_sharing"),
        ("开屏幕共享教我操作", "fraud", "screen_sharing"),
        ("要先交解冻费", "fraud", "unfreeze"),
        ("让我把验证码发给他", "fraud", "verification_code"),
        ("让我先转500再退给我", "fraud", "pay_first"),
        ("商家说加微信给我退款", "fraud", "off_platform_payment"),
        ("短信发来个链接让填银行卡", "fraud", "phishing_link"),
        ("不处理会影响征信", "fraud", "credit_record"),
        ("不想活了", "self_harm", "self_harm"),
        ("再不退我就去跳楼", "self_harm", "self_harm"),
        ("充电器漏电", "danger", "electric_or_fire"),
        ("孩子吃了上吐下泻", "danger", "poison"),
        ("卖家威胁我要上门", "threat", "threat"),
        ("快递员说要打我", "danger", "violence"),
        ("卖家说再投诉就打死我", "danger", "violence"),
        ("帮我p个图当证据", "fabrication", "forge"),
        ("教我怎么伪造聊天记录", "fabrication", "forge"),
        ("我就说没收到行不行", "fabrication", "pretend"),
        ("退个旧的回去", "fabrication", "swap_or_damage"),
    ],
)
def test_sign(text: str, kind: str, sign: str) -> None:
    assert (kind, sign) in [(one.kind, one.sign) for one in find_safety_signs(text)]


@pytest.mark.parametrize(
    "text",
    [
        "手机死机了",
        "气死我了",
        "累死了",
        "漏电保护器发错了",
        "商家伪造聊天记录",
        "我不会伪造证据",
        "想退货",
        "双十一买的",
        "开不了机",
        "店铺保证金够赔吗",
        "快递说打我电话是空号，他根本没打我手机",
        "打死我也不会再买第二次",
        "不知道是旧的还是做得就不好，差评",
        "手机不错，不过刚买就降价，给差评",
        "客服说回电话也不回，我只能给差评了",
        "给我13岁儿子买的裤子短了",
        "拿什么安慰我受伤的心",
        "手表可以接电话带gps定位是吧",
    ],
)
def test_no_sign(text: str) -> None:
    assert find_safety_signs(text) == ()


def test_the_place_is_that_of_the_original() -> None:
    text = "他說要 屏幕共享"
    (found,) = find_safety_signs(text)
    assert text[found.start : found.end] == "屏幕共享"
