"""Short answers mean what was asked about."""

from __future__ import annotations

import pytest

from bot.disputes.facts import fact_kinds
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
        # a refusal of something else is no “no” to what was asked
        ("fact:goods_intact", "不要 我要全退", "reject_seller_offer", (), "reject_seller_offer"),
        ("fact:seven_day_supported", "凭什么要我出运费", "reject_seller_offer", (), "reject_seller_offer"),
        (
            "message_sent",
            "商家说这是正常现象不给退",
            "report_dispute",
            ("merchant_stance",),
            "merchant_reply",
        ),
        ("message_sent", "亲，这边核实一下哦", "ask_progress_", (), "merchant_reply"),
        ("message_sent", "一直不回", "seller_unresponsive_or_rude", (), "merchant_reply"),
        # what was asked decides, by the kind of the fact and not by a list of names
        ("fact:freight_paid", "12", "nlu_fallback", (), "provide_order_info"),
        (
            "fact:freight_paid",
            "快递费是我自己垫的12块呢",
            "report_dispute",
            ("amount",),
            "provide_order_info",
        ),
        ("fact:goods_used", "快递费是我自己垫的12块呢", "report_dispute", ("amount",), "report_dispute"),
        ("fact:repair_count", "两次", "ask_progress", (), "provide_order_info"),
        ("fact:repair_count", "没修过", "report_dispute", (), "provide_order_info"),
        ("fact:ruled_at", "15号", "nlu_fallback", ("date_time",), "provide_order_info"),
        ("fact:ruled_at", "11.15", "nlu_fallback", (), "provide_order_info"),
        ("fact:delay_agreed", "没同意过", "report_dispute", (), "deny"),
        ("fact:delay_agreed", "同意过", "accept_seller_offer", (), "affirm"),
        ("fact:address_wrong", "没错", "affirm", (), "deny"),
        ("fact:signed_by", "不知道", "dont_know", (), "provide_order_info"),
        ("fact:category", "生鲜", "out_of_scope", (), "provide_order_info"),
        ("fact:demand", "退吧", "return_exchange_request", (), "provide_order_info"),
        ("fact:demand", "换", "nlu_fallback", (), "provide_order_info"),
        ("fact:demand", "能退吗", "ask_rule_or_deadline", (), "ask_rule_or_deadline"),
        ("fact:product", "《三体》", "out_of_scope", (), "provide_order_info"),
        ("fact:order_number", "小熊家居店", "nlu_fallback", (), "nlu_fallback"),
        # 不要了 refuses an offer; else it is a wish
        ("offer", "那我不要了", "deny", (), "reject_seller_offer"),
        ("proposal", "那我不要了", "deny", (), "deny"),
        ("read_back", "不要了", "deny", (), "deny"),
        (None, "那我不要了", "deny", (), "cancel_order"),
        ("message_sent", "那就不要了吧", "deny", (), "cancel_order"),
        ("fact:order_stage", "不想要了", "deny", (), "cancel_order"),
        ("fact:goods_used", "不要", "deny", (), "deny"),
        ("message_sent", "要什么证据？", "ask_evidence", (), "ask_evidence"),
        ("message_sent", "商家问我要什么证据", "ask_evidence", (), "ask_evidence"),
        ("offer", "行吧", "affirm", (), "accept_seller_offer"),
        ("offer", "不要", "deny", (), "reject_seller_offer"),
        ("offer", "转人工", "ask_human", (), "ask_human"),
        ("read_back", "可以", "accept_seller_offer", (), "affirm"),
        ("read_back", "不对", "reject_seller_offer", (), "deny"),
        ("handoff_message", "我要退款，请联系我", "report_dispute", ("remedy",), "handoff_message"),
        ("correction", "哦没事 都对的", "thanks_or_bye", (), "affirm"),
        ("correction", "没有了，是对的", "deny", (), "affirm"),
        ("correction", "订单状态不对", "deny", (), "deny"),
        ("correction", "实付是128", "nlu_fallback", ("amount",), "provide_order_info"),
        (None, "行", "affirm", (), "affirm"),
    ],
)
def test_reading_with_the_open_question(
    asked: str | None, text: str, alone: str, entities: tuple[str, ...], meant: str
) -> None:
    wanted = fact_kinds().get((asked or "").removeprefix("fact:"))
    assert in_context(Read(text, alone, 0.5, entities), asked, wanted) == meant


@pytest.mark.parametrize(
    ("line", "question"),
    [
        ("退您3元差价，您看可以吗", "offer"),
        ("明天帮您补发可以吗", "offer"),
        ("请问有什么可以帮您", None),
        ("请问您是要退货还是换货呢", "fact:demand"),
        ("您希望怎么处理", "fact:demand"),
        ("您实付多少钱", "fact:amount"),
        ("亲，这款还没发货哦", None),
        ("", None),
        (None, None),
    ],
)
def test_question_in_a_foreign_line(line: str | None, question: str | None) -> None:
    assert question_in(line) == question


@pytest.mark.parametrize(
    ("text", "intent", "asked", "meant"),
    [
        ("他们没看我的开箱视频", "merchant_reply", "review_reason", "provide_order_info"),
        ("照片拍的就是签收当天", "nlu_fallback", "review_reason", "provide_order_info"),
        ("不是我弄坏的，聊天里说得很清楚", "deny", "review_reason", "provide_order_info"),
        ("没有", "deny", "review_reason", "deny"),
        ("什么算新证据", "ask_evidence", "review_reason", "ask_evidence"),
        ("可以", "accept_seller_offer", "appeal", "affirm"),
        ("他们没看我的开箱视频", "report_dispute", None, "report_dispute"),
    ],
)
def test_what_a_decision_got_wrong_comes_in_many_words(
    text: str, intent: str, asked: str | None, meant: str
) -> None:
    assert in_context(Read(text, intent, 0.9), asked) == meant
