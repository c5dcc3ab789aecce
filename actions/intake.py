"""Answers and further details: every fact stated is taken, corrections are confirmed, doubts are asked again."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.intervention_answers import wants_review
from actions.offers import offer_person, offer_to_the_lost, say_not_understood
from actions.patience import forget_asked, note_asked
from actions.topics import kept_question, stops_check, topic_action
from actions.wording import noted
from bot.cases.complaint import claimed_types
from bot.cases.grounds import take_grounds
from bot.cases.intake import Taken, take_facts
from bot.cases.model import Stage
from bot.cases.problem import note_problem
from bot.disputes.advise import Advice
from bot.disputes.findings import Contradiction
from bot.zh.ruled_out import denied
from bot.zh.yes_no import agrees, is_bare_no, refuses

# What a pressed button stands for, when it is more than a fact of the order.
_BUTTON_ACTIONS = {
    "restart": "action_start_over",
    "safe": "action_leave_safety_stop",
    "evidence": "action_evidence_done",
    "kind": "action_label_evidence",
    "offer": "action_take_offer_answer",
    "gap": "action_take_gap_answer",
    "read_back": "action_take_confirmation",
    "proposal": "action_take_proposal_answer",
    "review": "action_want_review",
    "appeal": "action_take_appeal_answer",
    "ruling": "action_take_platform_word",
    "offer_of": "action_take_platform_word",
    "way": "action_show_ways",
    "letter": "action_draft_letter",
    "type": "action_take_type",
    "remedies": "action_explain_remedies",
    "refund_form": "action_explain_refund_form",
    "review_check": "action_explain_reviews",
    "check": "action_leave_check",
}
# A yes or no belongs to the open question.
_YES_NO_ACTIONS = {
    "read_back": "action_take_confirmation",
    "offer": "action_take_offer_answer",
    "gap": "action_take_gap_answer",
    "evidence": "action_evidence_done",
    "proposal": "action_take_proposal_answer",
    "appeal": "action_take_appeal_answer",
}
_PATIENCE = 2
_ASKED_AT_MOST = 3


def open_types(turn: Turn, types: tuple[str, ...]) -> list[EventType]:
    """Add dispute types to the case, saying for each what to mind at once."""
    for code in types:
        known = code in turn.services.rulebook.types
        if known and turn.case.set_types(
            [*turn.case.types, code], turn.now, message_id=turn.heard.message_id
        ):
            turn.say(f"utter_report_dispute/{code}")
    if types and "problem" in turn.case.facts:  # what the account said means something only now
        account = str(turn.case.facts["problem"].value)
        take_grounds(turn.case, account, turn.now, turn.heard.message_id)
    return go(topic_action(turn) or kept_question(turn) or NEXT)


class ActionTakeAnswer(CaseAction):
    """Take an answer: to the open question, or whatever else the message states."""

    def name(self) -> str:
        return "action_take_answer"

    async def act(self, turn: Turn) -> list[EventType]:
        elsewhere = _belongs_to(turn)
        if elsewhere:
            return go(elsewhere)
        if "skip" in turn.heard.answer:
            give_up(turn, str(turn.heard.answer["skip"]))
        taken = take_facts(turn.case, turn.heard, turn.services.rulebook.facts)
        await offer_person(turn)
        told_stance = "merchant_stance" in taken.changed or "merchant_stance" in turn.heard.answer
        if told_stance and turn.case.stage is Stage.NEGOTIATING:
            return go("action_take_merchant_reply")
        say_taken(turn, taken)
        topic = topic_action(turn)
        if not (topic or taken.changed or "skip" in turn.heard.answer):
            await _count_a_miss(turn, taken)
        return go(topic or ("action_show_ways" if _for_a_way(turn) else NEXT))


def _for_a_way(turn: Turn) -> bool:
    """Whether the fact was asked for to say which way is open."""
    ways = turn.case.dialogue.get("ways") or {}
    return turn.heard.asked_fact is not None and turn.heard.asked_fact == ways.get("asks")


def _belongs_to(turn: Turn) -> str | None:
    heard, asked = turn.heard, turn.heard.asked or ""
    for key, action in _BUTTON_ACTIONS.items():
        if key in heard.answer:
            return action
    if stops_check(turn):
        return "action_leave_check"
    if len(turn.case.types) > 1 and denied(heard.text) & set(turn.case.types):
        return "action_take_complaint"
    if wants_review(turn):
        return "action_want_review"
    if asked == "type" and turn.case.dialogue.get("which", {}).get("close"):
        return "action_take_type"
    answers = (heard.intent == "deny" and refuses(heard.text)) or (
        heard.intent == "affirm" and agrees(heard.text)
    )
    if answers and _offered(turn):
        return "action_take_offer_answer"
    if heard.intent in ("affirm", "deny", "dont_know"):
        if asked.startswith("label:"):
            return "action_evidence_done"
        return _YES_NO_ACTIONS.get(asked)
    if asked in ("type", "complaint") and claimed_types(heard.types, turn.case.types).take:
        return "action_take_complaint"
    return None


def _offered(turn: Turn) -> bool:
    """Whether an offer of the merchant is known: “不行” then speaks of it, and not of what was asked."""
    stance = turn.case.facts.get("merchant_stance")
    return stance is not None and stance.value in ("agree", "partial") and turn.case.intervention is None


def say_taken(turn: Turn, taken: Taken) -> None:
    """Confirm what was understood, in one line; say what cannot be used as it stands."""
    rulebook = turn.services.rulebook
    if taken.changed:
        forget_asked(turn, "intake")
    corrected = noted(turn.case, taken.corrected, rulebook)
    if corrected:
        turn.say("utter_corrected", noted=corrected)
    fresh = [name for name in taken.changed if name not in taken.corrected]
    told = noted(turn.case, fresh, rulebook)
    if told and (len(fresh) > 1 or turn.heard.origin == "buyer"):
        turn.say("utter_noted", noted=told)
    if taken.doubts:
        turn.say("utter_doubt", doubts="\n".join(dict.fromkeys(doubt.why for doubt in taken.doubts)))


async def _count_a_miss(turn: Turn, taken: Taken) -> None:
    """Nobody is asked the same thing for ever: after two misses the question is dropped."""
    asked = turn.heard.asked_fact
    if not any(char.isalnum() for char in turn.heard.text):
        await say_not_understood(turn, "请用文字说说情况。", readable=False)
        return
    if taken.known:  # told before: understood, and no news
        turn.say("utter_known_already")
        return
    if turn.heard.asked == "correction" and turn.heard.intent == "affirm":
        return  # “哦没事 都对的”: what was to be checked is shown again
    if asked is None:
        # “先往下走” where nothing was asked is understood: what comes next is said
        if not (taken.doubts or turn.heard.intent == "dont_know"):
            await say_not_understood(turn, "")
        return
    if turn.heard.intent == "dont_know" or is_bare_no(turn.heard.text, asked):
        give_up(turn, asked)
        turn.say("utter_cannot_skip")
        return
    if turn.heard.intent == "deny":
        # “不是我签的”, “没有 没人打电话” tell something and leave the question open
        note_problem(turn.case, turn.heard)
        turn.say("utter_heard")
        return
    misses = turn.case.dialogue.setdefault("misses", {})
    misses[asked] = misses.get(asked, 0) + 1
    if misses[asked] >= _PATIENCE:
        give_up(turn, asked)
        turn.say("utter_skipped_unclear")
        await offer_to_the_lost(turn)
    elif not taken.doubts:
        await say_not_understood(turn, "")


def give_up(turn: Turn, fact: str) -> None:
    """The buyer cannot say; a value that contradicts another one is not kept either."""
    if fact not in turn.services.rulebook.facts:
        return
    turn.case.forget(fact, turn.now, message_id=turn.heard.message_id)
    turn.case.decline(fact, turn.now, message_id=turn.heard.message_id)


def still_worth_asking(turn: Turn, fact: str) -> bool:
    """A question that was asked three times and talked past is dropped, not repeated for ever."""
    return note_asked(turn, "intake", fact) <= _ASKED_AT_MOST


def open_clash(turn: Turn, advice: Advice) -> Contradiction | None:
    """The first thing that cannot be right and has not been given up; its fact is asked before any other."""
    return next((one for one in advice.contradictions if one.fact not in turn.case.declined), None)


class ActionAskFact(CaseAction):
    """Ask again for what contradicts something, with the reason; else for the first fact that is missing."""

    def name(self) -> str:
        return "action_ask_fact"

    async def act(self, turn: Turn) -> list[EventType]:
        advice = turn.advice()
        clash = open_clash(turn, advice)
        fact = clash.fact if clash else advice.next_step.id.partition(":")[2]
        if not still_worth_asking(turn, fact):
            give_up(turn, fact)
            return go(NEXT)
        if clash:
            turn.say("utter_doubt", doubts=clash.reason_zh)
        turn.say(f"utter_ask_{fact}")
        return wait(f"fact:{fact}")


class ActionStartOver(CaseAction):
    """Another order, another case; the one so far is kept."""

    def name(self) -> str:
        return "action_start_over"

    async def act(self, turn: Turn) -> list[EventType]:
        await turn.services.cases.start_over(turn.case.conversation_id, turn.now)
        turn.say("utter_started_over")
        return wait("complaint")
