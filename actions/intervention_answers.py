"""The buyer's answer to a mediation proposal of the desk; and whether a message is about having a decision reviewed."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.intervention_steps import due_line
from actions.named_case import answered_case
from actions.told_proposal import answer_told, say_no_hurry
from bot.intervention.clocks import DECISION
from bot.intervention.states import NotAllowed, State, note_answer
from bot.intervention.steps import newest
from bot.intervention.told import told_proposal, told_ruling

_REVIEW_WORDS = re.compile(
    r"(?<!商家)(?<!卖家)(?<!对方)(?:申诉|复审|上诉)(?!结果)|不服|(?:重新|改|再)判|翻案|推翻"
)
_NEW_EVIDENCE = re.compile(r"新(?:的)?(?:证据|凭证|材料)")
REASON = "review_reason"  # the open question: what the decision got wrong


class ActionTakeProposalAnswer(CaseAction):
    """The buyer takes the mediation proposal or does not; the desk reads it in the history."""

    def name(self) -> str:
        return "action_take_proposal_answer"

    async def act(self, turn: Turn) -> list[EventType]:
        accepted = _accepted(turn)
        told = "number" not in turn.heard.answer and told_proposal(turn.case) is not None
        if told:
            say_no_hurry(turn) if accepted is None else answer_told(turn, accepted)
            return wait("proposal")
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
    """Whether a mediation proposal, the desk's or one that was told, waits for the buyer's word."""
    if told_proposal(turn.case) is not None and turn.heard.asked != "offer":
        return True
    found = turn.case.intervention
    proposed = found is not None and found.state == State.MEDIATION.value
    return proposed and newest(turn.case, "propose") is not None


def wants_review(turn: Turn) -> bool:
    """Whether the buyer speaks of having a decision reviewed (申诉复审), or says why; and there is one, or may be."""
    found, heard = turn.case.intervention, turn.heard
    if heard.answer or not turn.case.types:
        return False
    decided = found is not None and found.state in (State.DECIDED.value, State.REVIEW.value)
    if decided or told_ruling(turn.case) is not None:
        about = _REVIEW_WORDS.search(heard.text) or asks_what_is_new(heard.text)
        return heard.asked == REASON or bool(about)
    # nothing decided that we know of: the platform may have, and the buyer speaks of it first now
    return found is not None and found.state in _OPEN and bool(_REVIEW_WORDS.search(heard.text))


_OPEN = (State.ACCEPTED.value, State.EVIDENCE.value, State.MEDIATION.value)
_ASKS_NEW = re.compile(
    r"算不算|算是|算(?:新|什么)|算吗|什么(?:样的?|才)?(?:叫|算|是)|哪些|怎么算|能不能|可以吗|行吗|有用吗"
)


def asks_what_is_new(text: str) -> bool:
    """Whether a message asks what counts as new evidence."""
    return bool(_NEW_EVIDENCE.search(text) and _ASKS_NEW.search(text))
