"""Short messages that a rule reads better than a model."""

from __future__ import annotations

import pytest

from bot.nlu.short_acts import act_in_context, only_facts, whole_message_act


@pytest.mark.parametrize(
    ("text", "act"),
    [
        ("你好", "greeting"), ("您好,在吗", "greeting"), ("好的谢谢", "thanks_or_bye"), ("没有了 谢谢", "thanks_or_bye"), ("转人工", "ask_human"),
        ("我要人工客服", "ask_human"), ("可以", "affirm"), ("不用了", "deny"), ("不记得了", "dont_know"), ("你好我要退货", None), ("杯子碎了", None),
    ],
)  # fmt: skip
def test_whole_message(text: str, act: str | None) -> None:
    assert whole_message_act(text) == act


@pytest.mark.parametrize(
    ("text", "context", "act"),
    [
        ("可以", "商家提出补偿您20元，您能接受吗", "accept_seller_offer"),
        ("不行", "给您补偿10元优惠券可以吗亲", "reject_seller_offer"),
        ("可以", "商品还在您手里吗", None),
        ("可以", "", None),
    ],
)
def test_the_line_before_decides(text: str, context: str, act: str | None) -> None:
    assert act_in_context(text, context, []) == act


def test_a_fact_that_was_asked_for() -> None:
    entity = {"entity": "date_time", "start": 0, "end": 2}
    assert act_in_context("昨天吧", "请问什么时候签收的", [entity]) == "provide_order_info"
    assert act_in_context("昨天吧", "您好", [entity]) is None


@pytest.mark.parametrize(
    ("text", "entities", "only"),
    [
        ("淘宝", [("platform", 0, 2)], True),
        ("订单号 2345678901234567", [("order_number", 4, 20)], True),
        ("昨天坏的", [("date_time", 0, 2)], False),
        ("我要退货", [("remedy", 2, 4)], False),
        ("你好", [], False),
        ("已签收，没点确认", [("order_stage", 0, 3)], True),
        ("昨天收到了 还没确认收货", [("date_time", 0, 2)], True),
        ("还没发货", [("order_stage:paid", 0, 4)], False),
    ],
)
def test_only_facts(text: str, entities: list[tuple[str, int, int]], only: bool) -> None:
    found = []
    for kind, start, end in entities:
        name, _, value = kind.partition(":")
        found.append({"entity": name, "start": start, "end": end, "resolved": {"value": value or "signed"}})
    assert only_facts(text, found) is only
