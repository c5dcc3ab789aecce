"""The buyer's answer to a mediation proposal of the desk; and whether a message is about having a decision reviewed."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.intervention_steps import due_line
from actions.named_case import answered_case
from bot.intervention.clocks import DECISION
from bot.intervention.states import NotAllowed, State, note_answer
from bot.intervention.steps import newest

_REVIEW_WORDS = re.compile(r"申诉|复审|不服")
REASON = "review_reason"  # the open question: what the decision got wrong


class ActionTakeProposalAnswer(CaseAction):
    """The buyer takes the mediation proposal or does not; the desk reads it in the history."""

    def name(self) -> str:
        return "action_take_proposal_answer"

    async def act(self, turn: Turn) -> list[EventType]:
        accepted = _accepted(turn)
        if accepted is None:
            turn.say("utter_proposal_no_hurry", number=_number(turn))
            return wait("proposal")
        async with answered_case(turn) as meant:
            if meant is None:
                turn.say("utter_proposal_over")
                return go(NEXT)
            after = _take_answer(meant, accepted)
            return after if meant.case is turn.case else wait(turn.heard.asked)


def _take_answer(turn: Turn, accepted: bool) -> list[EventType]:
    try:
        note_answer(turn.case, accepted, turn.now)
    except NotAllowed:
        turn.say("utter_proposal_over")
        return go(NEXT)
    if accepted:
        turn.say("utter_proposal_accepted", number=_number(turn))
    else:
        turn.say("utter_proposal_rejected", number=_number(turn), decision=due_line(turn, DECISION, ""))
    return wait("proposal")


def _number(turn: Turn) -> str:
    return turn.case.intervention.number if turn.case.intervention else ""


def _accepted(turn: Turn) -> bool | None:
    chosen = turn.heard.answer.get("proposal") or turn.heard.intent
    if chosen in ("accept", "accept_seller_offer", "affirm"):
        return True
    return False if chosen in ("reject", "reject_seller_offer", "deny") else None


def proposal_open(turn: Turn) -> bool:
    """Whether a mediation proposal waits for the buyer's word."""
    found = turn.case.intervention
    proposed = found is not None and found.state == State.MEDIATION.value
    return proposed and newest(turn.case, "propose") is not None


def wants_review(turn: Turn) -> bool:
    """Whether the buyer speaks of having a decision reviewed (申诉复审), or says why; and there is one."""
    found, heard = turn.case.intervention, turn.heard
    if found is None or found.state not in (State.DECIDED.value, State.REVIEW.value) or heard.answer:
        return False
    return heard.asked == REASON or bool(_REVIEW_WORDS.search(heard.text))
