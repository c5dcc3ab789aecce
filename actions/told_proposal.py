"""A proposal of the platform that only the buyer tells of: weighed like the desk's, the buyer's word on it noted."""

from __future__ import annotations

from actions.base import Turn
from actions.wording import button
from bot.cases.view import view_of
from bot.intervention.proposal import weigh
from bot.intervention.told import note_told_answer, told_proposal


def weighed(turn: Turn) -> str:
    """What to make of the proposal told; empty without one."""
    told = told_proposal(turn.case)
    if told is None:
        return ""
    return weigh(view_of(turn.case), told.words, told.amount, turn.now, turn.services.rulebook)


def answer_told(turn: Turn, accepted: bool) -> None:
    """Note the buyer's word on it, and say what has to be done with it."""
    note_told_answer(turn.case, accepted, turn.now, message_id=turn.heard.message_id)
    say_answer(turn, accepted)


def say_answer(turn: Turn, accepted: bool) -> None:
    """The answer is the buyer's to give: we are not the platform."""
    turn.say("utter_told_proposal_accepted" if accepted else "utter_told_proposal_rejected")


def say_no_hurry(turn: Turn) -> None:
    """Once more what it comes to, for who is not sure yet."""
    choose = [button("我接受", proposal="accept"), button("我不接受", proposal="reject")]
    turn.say("utter_told_proposal_no_hurry", advice=weighed(turn), buttons=choose)
