"""Short answers mean what was asked about."""

from __future__ import annotations

import pytest

from bot.zh.open_question import Read, in_context, question_in


@pytest.mark.parametrize(
    ("asked", "text", "alone", "entities", "meant"),
    [
        ("fact:signed_at", "昨天", "provide_order_info", ("date_time",), "provide_order_info"),
        ("fact:signed_at", "上周三签收的", "report_dispute", ("date_time",), "provide_order_info"),
        ("fact:signed_at", "昨天能退吗", "ask_rule_or_deadline", ("date_time",), "ask_rule_or_deadline"),
        ("fact:order_stage", "还没发货", "report_dispute", ("order_stage",), "provide_order_info"),
        ("fact:order_stage", "什么时候发货？", "ask_progress", ("order_stage",), "ask_progress"),
        ("fact:amount", "299", "out_of_scope", (), "provide_order_info"),
        ("fact:amount", "实付299元", "report_dispute", ("amount",), "provide_order_info"),
        ("fact:shop", "小熊家居店", "nlu_fallback", (), "provide_order_info"),
        ("fact:goods_used", "行", "accept_seller_offer", (), "affirm"),
        ("fact:goods_used", "没有", "deny", (), "deny"),
        (
            "message_sent",
            "商家说这是正常现象不给退",
            "report_dispute",
            ("merchant_stance",),
            "merchant_reply",
        ),
        ("message_sent", "亲，这边核实一下哦", "ask_progress_", (), "merchant_reply"),
        ("message_sent", "一直不回", "seller_unresponsive_or_rude", (), "merchant_reply"),
        ("message_sent", "要什么证据？", "ask_evidence", (), "ask_evidence"),
        ("message_sent", "商家问我要什么证据", "ask_evidence", (), "ask_evidence"),
        ("offer", "行吧", "affirm", (), "accept_seller_offer"),
        ("offer", "不要", "deny", (), "reject_seller_offer"),
        ("offer", "转人工", "ask_human", (), "ask_human"),
        ("read_back", "可以", "accept_seller_offer", (), "affirm"),
        ("read_back", "不对", "reject_seller_offer", (), "deny"),
        ("handoff_message", "我要退款，请联系我", "report_dispute", ("remedy",), "handoff_message"),
        ("correction", "实付是128", "nlu_fallback", ("amount",), "provide_order_info"),
        (None, "行", "affirm", (), "affirm"),
    ],
)
def test_reading_with_the_open_question(
    asked: str | None, text: str, alone: str, entities: tuple[str, ...], meant: str
) -> None:
    assert in_context(Read(text, alone, 0.5, entities), asked) == meant


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("退您3元差价，您看可以吗", "offer"),
        ("明天帮您补发可以吗", "offer"),
        ("请问有什么可以帮您", None),
        ("", None),
        (None, None),
    ],
)
def test_question_in_a_foreign_line(line: str | None, question: str | None) -> None:
    assert question_in(line) == question
