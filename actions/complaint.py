"""The buyer says what went wrong: take the type, the facts and the words; ask when two types are close."""

from __future__ import annotations

import re
from dataclasses import asdict
from typing import Any

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.checks import under_way
from actions.intake import open_types, say_taken
from actions.intervention_answers import wants_review
from actions.offers import offer_person
from actions.taken_back import take_back_types
from actions.topics import topic_action
from bot.cases.complaint import Which, claimed_types, told_apart, which_of
from bot.cases.intake import Taken, take_facts
from bot.cases.model import Stage
from bot.cases.problem import note_problem
from bot.zh.open_question import retells_merchant
from bot.zh.proposal import read_proposal
from bot.zh.stance import tells_silence

BEFORE_THE_PLATFORM = (Stage.INTERVENTION_OPEN, Stage.EVIDENCE_PERIOD, Stage.MEDIATION)
"""The platform has the case: what the merchant says now is answered there."""
_ASKED_AT_MOST = 2
_A_BARE_ANSWER = 8  # characters: so little tells no more than which
_SOMETHING_WRONG = re.compile(
    r"(?<!没)(?<!没有)有(?:点|些|大|好多|不少)?(?:问题|毛病)|不对劲|出(?:了)?(?:点)?问题"
)
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
        elsewhere = _belongs_to(turn)
        if elsewhere:
            return go(elsewhere)
        if take_back_types(turn):
            return go(NEXT)
        claimed = claimed_types(heard.types, case.types, answered=bool(heard.found("merchant_stance")))
        account = case.facts.get("problem")
        taken = await _take_in(turn)
        if heard.asked == "type" and case.dialogue.get("which", {}).get("close"):
            return _settle_type(turn)
        if claimed.ask and _may_ask(turn, claimed.ask):
            return ask_type(turn, which_of(claimed.ask, rulebook.types))
        take = claimed.take or claimed.ask[:1]
        if case.types and not (take or taken.changed or taken.doubts or topic_action(turn)):
            turn.say("utter_understood" if case.facts.get("problem") == account else "utter_heard")
            return go("action_ask_again")
        return open_types(turn, take)


def _belongs_to(turn: Turn) -> str | None:
    """Who takes a message that only looks like a complaint: while the platform has the case it may be the merchant's
    answer (商家说…) or a proposal of either (不退货，补我40)."""
    if wants_review(turn):
        return "action_want_review"
    if _answers_the_platform(turn):
        return "action_take_merchant_reply"
    proposed = turn.case.stage in BEFORE_THE_PLATFORM and read_proposal(turn.heard.text) is not None
    return "action_take_offer_answer" if proposed else None


def _answers_the_platform(turn: Turn) -> bool:
    """Whether it is told what the merchant says while the platform has the case: an answer to it, no new trouble."""
    told = turn.heard.intent == "report_dispute" and retells_merchant(turn.heard.text)
    return told and turn.case.stage in BEFORE_THE_PLATFORM


async def _take_in(turn: Turn) -> Taken:
    """Everything that is said; neither a question nor what a check asked for is an account of what happened."""
    told = "problem" in turn.case.facts and (topic_action(turn) or under_way(turn))
    if not told:
        note_problem(turn.case, turn.heard)
    taken = take_facts(turn.case, turn.heard, turn.services.rulebook.facts)
    _keep_guess(turn)
    note_merchant_silence(turn)
    await offer_person(turn)
    say_taken(turn, taken)
    return taken


def _keep_guess(turn: Turn) -> None:
    """The likeliest reading so far, for a buyer who never says which it is."""
    best = max(turn.heard.types, key=lambda one: one[1], default=None)
    if best and best[1] > turn.case.dialogue.get("guess", [None, 0.0])[1]:
        turn.case.dialogue["guess"] = list(best)


def _guessed(turn: Turn) -> str | None:
    """What to go on with, once the question which it is has been talked past twice."""
    asked = turn.case.dialogue["type_asked"] = turn.case.dialogue.get("type_asked", 0) + 1
    guess = turn.case.dialogue.get("guess")
    return str(guess[0]) if guess and asked > _ASKED_AT_MOST else None


def note_merchant_silence(turn: Turn) -> None:
    """“商家不理人” tells that the buyer has asked and got no answer; “客服态度差” only that they have asked."""
    if turn.heard.intent != "seller_unresponsive_or_rude":
        return
    told: list[tuple[str, Any]] = [("contacted_merchant", True)]
    if tells_silence(turn.heard.text):
        told.append(("merchant_stance", "silent"))
    for fact, value in told:
        if fact not in turn.case.facts:
            turn.case.take(
                fact, value, at=turn.now, message_id=turn.heard.message_id, certainty="approximate"
            )


def ask_type(turn: Turn, which: Which) -> list[EventType]:
    """Ask which of the readings it is, each as a button; the question stays noted until it is answered."""
    buttons = [_button(label, code) for code, label in which.options]
    if which.close and len(which.options) == len(which.close):
        buttons.append(_button("两个都有", ",".join(which.close)))
    if which.close:
        buttons.append(_button("都不是", ""))
    turn.case.dialogue["which"] = asdict(which)
    if which.question:
        turn.say("utter_which_of_these", question=which.question, buttons=buttons)
    else:
        turn.say("utter_which_type", buttons=buttons)
    return wait("type")


def _button(title: str, codes: str) -> dict[str, str]:
    return {"title": title, "payload": f'/answer_button{{"type": "{codes}"}}'}


def _pairs(noted: dict[str, Any]) -> tuple[tuple[str, str], ...]:
    """The options of a noted question; JSON made lists of the pairs."""
    return tuple((str(code), str(label)) for code, label in noted["options"])


def _may_ask(turn: Turn, close: tuple[str, ...]) -> bool:
    """Not right after a question of the kind, and not again what has been answered."""
    return turn.heard.asked != "type" and sorted(close) not in turn.case.dialogue.get("told_apart", [])


class ActionTakeType(CaseAction):
    """The answer to “which of these is it”: a button, or words."""

    def name(self) -> str:
        return "action_take_type"

    async def act(self, turn: Turn) -> list[EventType]:
        if "type" not in turn.heard.answer:
            if len(turn.heard.text) > _A_BARE_ANSWER:
                note_problem(turn.case, turn.heard)
            say_taken(turn, take_facts(turn.case, turn.heard, turn.services.rulebook.facts))
        return _settle_type(turn)


def _settle_type(turn: Turn) -> list[EventType]:
    """Take what was chosen. Whoever does not say gets the likelier one, with a word on it: nobody is asked twice."""
    heard, dialogue = turn.heard, turn.case.dialogue
    asked = dialogue.pop("which", None) or {"options": [], "close": []}
    dialogue["told_apart"] = [*dialogue.get("told_apart", []), sorted(asked["close"])]
    codes: tuple[str, ...] | None
    if "type" in heard.answer:
        codes = tuple(filter(None, str(heard.answer["type"]).split(",")))
    else:
        codes = told_apart(heard.text, heard.types, _pairs(asked), asked["close"])
    if codes is None and asked["close"]:
        codes = tuple(asked["close"][:1])
        turn.say("utter_type_assumed", name=turn.services.rulebook.types[codes[0]].name)
    if codes:
        return open_types(turn, codes)
    turn.say("utter_tell_me_more")
    return wait("complaint")


class ActionAskComplaint(CaseAction):
    """Nothing is known yet of what went wrong: ask, with the common troubles as buttons."""

    def name(self) -> str:
        return "action_ask_complaint"

    async def act(self, turn: Turn) -> list[EventType]:
        open_one = turn.case.dialogue.get("which")
        if open_one and open_one["close"]:  # something came in between: the same question, not another one
            return ask_type(turn, Which(open_one["question"], _pairs(open_one), tuple(open_one["close"])))
        wrong = "problem" in turn.case.facts or bool(_SOMETHING_WRONG.search(turn.heard.text))
        if wrong or turn.heard.intent in ("return_exchange_request", "cancel_order"):
            types = turn.services.rulebook.types
            if code := _guessed(turn):
                turn.say("utter_type_assumed", name=types[code].name)
                return open_types(turn, (code,))
            return ask_type(turn, Which(None, tuple((code, types[code].name) for code in _COMMON_TYPES), ()))
        if turn.heard.intent not in ("greeting", "ask_progress", "ask_rule_or_deadline", "ask_evidence"):
            turn.say("utter_tell_me_more")
        return wait("complaint")
