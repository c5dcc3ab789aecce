"""The buyer says what went wrong: take the type, the facts and the words; ask when two types are close."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CaseAction, Turn, go, wait
from actions.intake import open_types, say_taken
from actions.intervention_answers import wants_review
from actions.offers import offer_person
from bot.cases.complaint import claimed_types
from bot.cases.intake import take_facts
from bot.cases.problem import note_problem

_COMMON_TYPES = (
    "quality_visible",
    "misdescribed",
    "missing_part",
    "not_shipped",
    "not_received",
    "seven_day",
    "counterfeit",
    "remorse",
)


class ActionTakeComplaint(CaseAction):
    """Take everything the complaint states."""

    def name(self) -> str:
        return "action_take_complaint"

    async def act(self, turn: Turn) -> list[EventType]:
        case, heard, rulebook = turn.case, turn.heard, turn.services.rulebook
        if wants_review(turn):
            return go("action_want_review")
        claimed = claimed_types(heard.types, case.types, answered=bool(heard.found("merchant_stance")))
        note_problem(case, heard)
        taken = take_facts(case, heard, rulebook.facts)
        note_merchant_silence(turn)
        await offer_person(turn)
        if claimed.ask:
            return ask_type(turn, claimed.ask)
        say_taken(turn, taken)
        if case.types and not (claimed.take or taken.changed or taken.doubts):
            turn.say("utter_heard")
        return open_types(turn, claimed.take)


def note_merchant_silence(turn: Turn) -> None:
    """“商家不理人” tells that the buyer has asked and got no answer."""
    if turn.heard.intent != "seller_unresponsive_or_rude":
        return
    for fact, value in (("contacted_merchant", True), ("merchant_stance", "silent")):
        if fact not in turn.case.facts:
            turn.case.take(
                fact, value, at=turn.now, message_id=turn.heard.message_id, certainty="approximate"
            )


def ask_type(turn: Turn, codes: tuple[str, ...]) -> list[EventType]:
    """Ask which of the readings it is, each as a button."""
    types = turn.services.rulebook.types
    buttons = [
        {"title": types[code].name, "payload": f'/answer_button{{"type": "{code}"}}'}
        for code in codes
        if code in types
    ]
    turn.say("utter_which_type", buttons=buttons)
    return wait("type")


class ActionAskComplaint(CaseAction):
    """Nothing is known yet of what went wrong: ask, with the common troubles as buttons."""

    def name(self) -> str:
        return "action_ask_complaint"

    async def act(self, turn: Turn) -> list[EventType]:
        if "problem" in turn.case.facts or turn.heard.intent in ("return_exchange_request", "cancel_order"):
            return ask_type(turn, _COMMON_TYPES)
        if turn.heard.intent not in ("greeting", "ask_progress", "ask_rule_or_deadline", "ask_evidence"):
            turn.say("utter_tell_me_more")
        return wait("complaint")
