"""Going through something question by question (逐项核对): the remedies' preconditions, the five points of a review.

A check lives in `case.dialogue["check"]` while its own question is the open one. Each answer is a fact of the case like
any other; then the check goes on, and at its end the question that was open before it comes back. A buyer who turns to
something else has left it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any

from rasa_sdk.events import EventType

from actions.base import CaseAction, Turn, back_to, wait
from actions.intake import give_up
from actions.patience import note_asked, times_asked
from bot.disputes.findings import Contradiction

_ACTIONS = {"remedies": "action_explain_remedies", "reviews": "action_explain_reviews"}
# What is no answer to a question and no question in between: the buyer goes on with the dispute itself.
_LEAVING = frozenset(
    {
        "ask_intervention",
        "accept_seller_offer",
        "reject_seller_offer",
        "merchant_reply",
        "cancel_order",
        "evidence_ready",
        "start_over",
        "thanks_or_bye",
    }
)
_ASKED_AT_MOST = 2
_STOP = {"title": "先不问了", "payload": '/answer_button{"check": "stop"}'}


def current(turn: Turn, of: str | None = None) -> dict[str, Any] | None:
    """The check that this message belongs to (of one kind when `of` is given); one that was left is forgotten."""
    check: dict[str, Any] | None = turn.case.dialogue.get("check")
    if check is None:
        return None
    asked = turn.heard.asked or ""
    # A file that comes in between is labelled first.
    open_still = asked == f"fact:{check.get('fact')}" or asked.startswith("label:")
    if not open_still or turn.heard.intent in _LEAVING:
        del turn.case.dialogue["check"]
        return None
    return check if of in (None, check["of"]) else None


def under_way(turn: Turn) -> str | None:
    """The action that goes on with the check; None when there is none to go on with."""
    check = current(turn)
    return _ACTIONS[check["of"]] if check else None


def begin(turn: Turn, of: str) -> dict[str, Any]:
    """Start a check, remembering the question that is open now; one within another goes back to where that began."""
    running = current(turn)
    back = running["back"] if running else turn.heard.asked
    check: dict[str, Any] = {"of": of, "fact": None, "back": back}
    turn.case.dialogue["check"] = check
    return check


def next_fact(
    turn: Turn, wanted: Callable[[], Iterable[str | None]], clashes: Iterable[Contradiction]
) -> str | None:
    """The first fact to ask, one that contradicts another before all.

    What was asked twice and talked past, whatever else was answered in between, is left open, with a word on what
    hangs on it; `wanted` is asked again then.
    """
    known_wrong = [clash.fact for clash in clashes]
    while True:
        facts = [fact for fact in (*known_wrong, *wanted()) if fact and fact not in turn.case.declined]
        if not facts or times_asked(turn, "check", facts[0]) < _ASKED_AT_MOST:
            return facts[0] if facts else None
        kind = turn.services.rulebook.facts[facts[0]]
        turn.say("utter_check_left_open", label=kind.label, why=kind.why.rstrip("。"))
        give_up(turn, facts[0])


def ask(turn: Turn, fact: str, clashes: Iterable[Contradiction] = ()) -> list[EventType]:
    """Ask one thing, with a way out; why again, where it contradicts something."""
    turn.case.dialogue["check"]["fact"] = fact
    note_asked(turn, "check", fact)
    for clash in clashes:
        if clash.fact == fact:
            turn.say("utter_doubt", doubts=clash.reason_zh)
    turn.say(f"utter_ask_{fact}", buttons=[_STOP])
    return wait(f"fact:{fact}")


def end(turn: Turn) -> list[EventType]:
    """Back to what was open before the check."""
    check = turn.case.dialogue.pop("check", None) or {}
    return back_to(check.get("back"))


class ActionLeaveCheck(CaseAction):
    """The buyer does not want to be asked any further."""

    def name(self) -> str:
        return "action_leave_check"

    async def act(self, turn: Turn) -> list[EventType]:
        turn.say("utter_check_left")
        return end(turn)
