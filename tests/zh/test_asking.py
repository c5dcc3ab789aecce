"""What a question is about: claims, the refund form, reviews; and what only sounds like one."""

from __future__ import annotations

import pytest

from bot.zh.asking import remedy_kinds, speaks_of_malice, topic_of


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("我能要什么赔偿", "remedies"),
        ("能退一赔三吗", "remedies"),
        ("能赔多少", "remedies"),
        ("可以要求十倍赔偿吗", "remedies"),
        ("我要求退一赔三", "remedies"),
        ("我要三倍赔偿", "remedies"),
        ("精神损失费能要吗", "remedies"),
        ("误工费能赔吗", "remedies"),
        ("定金能双倍返还吗", "remedies"),
        ("我能拿到什么补偿", "remedies"),
        ("买到过期奶粉，可以赔十倍吗", "remedies"),
        ("没发货怎么赔", "remedies"),
        ("退款原因选什么", "refund_form"),
        ("选什么原因好", "refund_form"),
        ("申请退款填什么原因", "refund_form"),
        ("仅退款还是退货退款", "refund_form"),
        ("退款类型选哪个", "refund_form"),
        ("填什么", "refund_form"),
        ("选质量问题会不会影响运费", "refund_form"),
        ("我的差评会被判恶意评价吗", "reviews"),
        ("这算恶意差评吗", "reviews"),
        ("商家全额退款了我要删差评吗", "reviews"),
        ("给差评会不会被投诉", "reviews"),
    ],
)
def test_questions(text: str, topic: str) -> None:
    assert topic_of(text, asking=False) == topic
    assert topic_of(text, asking=True) == topic


@pytest.mark.parametrize(
    "text",
    [
        "鞋底开胶了，我要退货退款",
        "商家说赔我20块",
        "客服说可以补偿我一张券",
        "商家让我删评才退款",
        "商家拒绝的理由是什么",
        "七天从哪天开始算",
        "实付299元",
        "我给了差评，商家天天打电话骚扰我",
        "我要换货",
        "赔我一件新的",
        "什么时候发货",
        "不想要了",
    ],
)
def test_other_talk_is_no_question_of_these(text: str) -> None:
    assert topic_of(text, asking=False) is None


@pytest.mark.parametrize(
    ("text", "topic"),
    [
        ("假货赔三倍有最低数吗", "remedies"),
        ("赔付是赔现金还是券", "remedies"),
        ("收了好评返现能不能反悔改差评", "reviews"),
        ("仅退款跟退货退款有啥区别", "refund_form"),
        ("七天从哪天开始算", None),
        ("运费谁承担", None),
    ],
)
def test_in_a_question_about_rules_the_word_is_enough(text: str, topic: str | None) -> None:
    assert topic_of(text, asking=True) == topic


@pytest.mark.parametrize(
    ("text", "kinds"),
    [
        ("能退一赔三吗", ("triple",)),
        ("可以要求十倍赔偿吗", ("tenfold",)),
        ("假一赔十能算吗", ("promise",)),
        ("定金能双倍返还吗", ("deposit",)),
        ("延迟发货赔多少", ("payout",)),
        ("误工费能赔吗", ("distress", "injury")),
        ("精神损失费能要吗", ("distress",)),
        ("检测费能赔吗", ("testing",)),
        ("能赔多少", ()),
    ],
)
def test_the_remedy_that_is_named(text: str, kinds: tuple[str, ...]) -> None:
    assert remedy_kinds(text) == kinds


def test_malice() -> None:
    assert speaks_of_malice("卖家投诉我恶意差评")
    assert not speaks_of_malice("商家让我删评才退款")
