"""Reading a message with the question before it: “行”, “昨天”, “299” mean what was asked about.

Pure rules over what the language part has already read. The open question is one of ``fact:<name>``,
``complaint``, ``type``, ``evidence``, ``label:<file>``, ``message_sent``, ``offer``, ``gap``, ``read_back``,
``correction``, ``proposal``, ``handoff_message``; from a foreign transcript only the agent's last line is known,
and `question_in` reads it.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from bot.zh.conditions import read_conditions

# Which entity answers which fact.
_ANSWERS: Mapping[str, frozenset[str]] = {
    "platform": frozenset({"platform"}),
    "order_number": frozenset({"order_number"}),
    "shop": frozenset({"shop"}),
    "product": frozenset({"product"}),
    "amount": frozenset({"amount"}),
    "offer_amount": frozenset({"amount"}),
    "order_stage": frozenset({"order_stage"}),
    "demand": frozenset({"remedy"}),
    "tracking_number": frozenset({"tracking_number", "order_number"}),
    "courier": frozenset({"courier"}),
    "tracking_status": frozenset({"order_stage"}),
    "merchant_stance": frozenset({"merchant_stance"}),
    "page_deadline_at": frozenset({"countdown", "date_time"}),
}
_QUESTION = re.compile(r"[?？]|吗|么$|多久|怎么|什么|哪里|哪儿|为啥|为什么|能不能|可不可以|要不要|几天|谁")
_SAYS = re.compile(
    r"^(?!.{0,4}(?:没|未))(?:亲|您好|你好)?.{0,6}?(?:商家|卖家|客服|店家|店主|掌柜|他们|对方|那边|他|她)(?!问)(?:.{0,6})?"
    r"(?:说|回|讲|表示|让|叫|要|不|只|同意|答应|拒绝|没)"
)
_PASTED = re.compile(r"^(?:亲|亲亲|您好亲|亲爱哒|尊敬的)")
_OFFER = re.compile(
    r"(?:补偿|赔|补发|补寄|换货|维修|退款|退回|退亲|差价|优惠券|券|返现).{0,20}(?:可以吗|行吗|好吗|您看|怎么样|同意吗|接受吗|呢)"
)
_TALK_ACTS = frozenset({"ask_human", "ask_evidence", "ask_rule_or_deadline", "ask_progress", "start_over"})
_SHORT = 12
_SURE_TO_START_OVER = 0.5  # closing a case on a guess would cost the buyer everything said so far
_SHORT_ANSWER = 40
_YES = frozenset({"affirm", "accept_seller_offer"})
_NO = frozenset({"deny", "reject_seller_offer"})


@dataclass(frozen=True)
class Read:
    """What the language part made of a message on its own."""

    text: str
    intent: str
    confidence: float
    entities: Collection[str] = ()


def in_context(read: Read, asked: str | None) -> str:
    """The intent of a message, given the question that was open; the intent it had when that changes nothing."""
    if asked == "handoff_message":
        return "handoff_message"  # whatever is written now is for the person at the desk
    if read.intent == "start_over" and read.confidence < _SURE_TO_START_OVER:
        return "nlu_fallback"
    if read.intent == "merchant_reply" and read_conditions(read.text).get("contacted_merchant") is False:
        return "provide_order_info"  # “还没跟商家说” speaks of the merchant, but nobody answered
    if not asked:
        return read.intent
    if asked not in ("complaint", "type") and "merchant_stance" in read.entities and _SAYS.match(read.text):
        return "merchant_reply"
    if asked.startswith("fact:"):
        return _answer_to_fact(read, asked[5:])
    if asked in ("message_sent", "offer"):
        return _about_merchant(read, asked)
    if asked in ("read_back", "gap", "evidence") or asked.startswith("label:"):
        return _yes_or_no(read)
    if asked == "correction" and read.entities and read.intent not in _TALK_ACTS:
        return "provide_order_info"
    return read.intent


def _answer_to_fact(read: Read, fact: str) -> str:
    short = len(read.text) <= _SHORT_ANSWER
    wanted = _ANSWERS.get(fact, frozenset({"date_time"}) if fact.endswith("_at") else frozenset())
    if short and wanted & set(read.entities) and not _QUESTION.search(read.text):
        return "provide_order_info"
    if len(read.text) <= _SHORT and read.intent in _YES | _NO:
        return "affirm" if read.intent in _YES else "deny"
    if fact in ("product", "shop", "promise") and _bare_name(read):
        return "provide_order_info"
    if fact == "amount" and re.fullmatch(r"\s*\d+(?:\.\d{1,2})?\s*", read.text):
        return "provide_order_info"
    return read.intent


def _bare_name(read: Read) -> bool:
    unsure = read.confidence < 0.6 or read.intent in ("nlu_fallback", "out_of_scope", "provide_order_info")
    return len(read.text) <= 25 and unsure and not _QUESTION.search(read.text)


def _about_merchant(read: Read, asked: str) -> str:
    if read.intent in _TALK_ACTS and not _SAYS.match(read.text):
        return read.intent
    if asked == "offer" and len(read.text) <= _SHORT and read.intent in _YES | _NO:
        return "accept_seller_offer" if read.intent in _YES else "reject_seller_offer"
    if read.intent in (
        "accept_seller_offer",
        "reject_seller_offer",
        "ask_intervention",
        "ask_human",
        "start_over",
    ):
        return read.intent
    retold = _SAYS.match(read.text) or _PASTED.match(read.text)
    if retold or "merchant_stance" in read.entities or read.intent == "seller_unresponsive_or_rude":
        return "merchant_reply"
    return read.intent


def _yes_or_no(read: Read) -> str:
    if len(read.text) > _SHORT:
        return read.intent
    if read.intent in _YES:
        return "affirm"
    return "deny" if read.intent in _NO else read.intent


def question_in(line: str | None) -> str | None:
    """The open question in an agent's last line, for transcripts that are not ours: an offer, or None."""
    return "offer" if line and _OFFER.search(line) else None
