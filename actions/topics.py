"""A question about claims, the refund form, reviews or other ways, whatever the message was read as: who answers it."""

from __future__ import annotations

import re

from actions.base import Turn
from actions.intervention_answers import wants_review
from actions.urging import wants_to_urge
from actions.ways_words import asks_ways
from bot.cases.model import Stage
from bot.zh.asking import asks_in_words, topic_of
from bot.zh.blame import asks_testing_cost, asks_whose_fault
from bot.zh.waiting import asks_how_long

_ANSWERED_BY = {
    "remedies": "action_explain_remedies",
    "refund_form": "action_explain_refund_form",
    "reviews": "action_explain_reviews",
}
_A_QUESTION = "ask_rule_or_deadline"
# Read as one of these, a message may still ask; as an answer of the merchant or a hello it does not.
_MAY_ASK = frozenset(
    {
        "report_dispute",
        "return_exchange_request",
        "reject_seller_offer",
        "ask_intervention",
        "ask_evidence",
        "provide_order_info",
        "seller_unresponsive_or_rude",
        "dont_know",
        "nlu_fallback",
    }
)
_NOT_OURS = "out_of_scope"  # “填什么” is read so; “航班延误有补偿么” is so
_ENOUGH = re.compile(
    r"(?:那|好|先|就|算了|行)*[，,]?(?:先|都)?(?:不|别)(?:用|要|想|再)?(?:再)?(?:问|说|查|核对|回答)(?:这个|这些|我)?(?:了|吧)*[。.!！]*|算了|跳过全部|都跳过"
    r"|(?:我|那|就|先|暂时)*(?:不想|不要|别|不|先不)(?:再)?(?:聊|问|谈|说|管|提)(?:赔偿|赔付|三倍|十倍|这个|这些|这事|评价|退款原因)?(?:的事)?了?"
    r"(?:[，,。 ]*(?:我们|咱们)?(?:先|继续|接着)*(?:往下|下一步|继续)(?:走|说|办|吧)*)?[。.!！吧]*|(?:我们|咱们)?(?:先|接着|继续)*往下(?:走|说|办)吧?[。.!！]*"
)
_A_BARE_QUESTION = 12  # characters: 到底要等多久啊; in a story 多久 tells
# To name another way (12315, 法院) in one of these is to ask about it; elsewhere it has to be a question or a wish.
_MAY_NAME = (_A_QUESTION, "ask_intervention", "nlu_fallback", _NOT_OURS)
_THE_PLATFORM = re.compile(r"介入|小二|平台|官方|客服")


def keep_question(turn: Turn) -> None:
    """A question that cannot be answered yet, for no dispute is known; it is answered as soon as there is one."""
    topic = topic_of(turn.heard.text, asking=True)
    if topic:
        turn.case.dialogue["unanswered"] = {"action": _ANSWERED_BY[topic], "text": turn.heard.text}


def kept_question(turn: Turn) -> str | None:
    """The action that answers the question kept by `keep_question`, now that there is a dispute; None without one."""
    kept = turn.case.dialogue.pop("unanswered", None) if turn.case.types else None
    if kept is None or "scam" in turn.case.types:
        return None
    turn.case.dialogue["question"] = kept["text"]
    return str(kept["action"])


def question_now(turn: Turn) -> str:
    """The words of the question to answer: the one kept before, else this message."""
    return str(turn.case.dialogue.pop("question", None) or turn.heard.text)


def stops_check(turn: Turn) -> bool:
    """“先不问了” while something is gone through question by question; it is no “no” to the question."""
    return bool(turn.case.dialogue.get("check") and _ENOUGH.fullmatch(turn.heard.text.strip()))


def topic_action(turn: Turn) -> str | None:
    """The action that answers what this message asks; None when it asks nothing of the kind.

    Only typed words ask, and only about a dispute that is known; where fraud is suspected nothing is explained yet.
    """
    heard, case = turn.heard, turn.case
    if stops_check(turn):
        return "action_leave_check"
    if heard.origin == "button" or not case.types or "scam" in case.types or case.stage is Stage.SAFETY_STOP:
        return None
    if heard.intent not in (_A_QUESTION, _NOT_OURS, *_MAY_ASK):
        return None
    if wants_review(turn):
        return "action_want_review"
    named_is_asked = heard.intent in _MAY_NAME
    if named_is_asked and wants_to_urge(turn):
        return "action_urge"
    if (named_is_asked or case.stage is not Stage.INTAKE) and asks_ways(heard.text, asking=named_is_asked):
        return "action_show_ways"
    topic = topic_of(heard.text, asking=heard.intent == _A_QUESTION)
    if heard.intent == _NOT_OURS and topic != "refund_form":
        return None
    if heard.intent == "ask_intervention" and _THE_PLATFORM.search(heard.text):
        topic = None
    return _ANSWERED_BY[topic] if topic else _about_rules(heard.text, sure=heard.intent == _A_QUESTION)


def _about_rules(text: str, *, sure: bool) -> str | None:
    """Who pays for a test, whose fault it is; how long it takes only where nothing else is said."""
    cost = asks_testing_cost(text) and (sure or asks_in_words(text))
    bare_time = len(text.strip()) <= _A_BARE_QUESTION and asks_how_long(text)
    return "action_explain_rules" if cost or bare_time or asks_whose_fault(text) else None
