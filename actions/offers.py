"""Offering a person where the matter or the conversation calls for one: one sentence, never in the way."""

from __future__ import annotations

from actions.base import Turn
from bot.handoff.model import Reason
from bot.handoff.reasons import is_high_amount, legal_threat, misunderstood


async def offer_person(turn: Turn) -> None:
    """Offer a person for a large sum or where the buyer speaks of suing; once each for a case."""
    if legal_threat(turn.heard.text) and await _may_offer(turn, Reason.LEGAL_THREAT):
        turn.say("utter_offer_person_legal")
    if is_high_amount(turn.case, turn.services.handoffs.policy) and await _may_offer(
        turn, Reason.HIGH_AMOUNT
    ):
        turn.say("utter_offer_person_amount")


async def say_not_understood(turn: Turn, hint: str, *, readable: bool = True) -> None:
    """Ask once more."""
    turn.say("utter_not_understood" if readable else "utter_nothing_to_read", hint=hint)
    await offer_to_the_lost(turn)


async def offer_to_the_lost(turn: Turn) -> None:
    """Offer a person to a buyer who, this message included, was not understood several times in a row."""
    if misunderstood(turn.not_understood + 1, turn.services.handoffs.policy) and await staffed(turn):
        turn.say("utter_offer_person_lost")


async def staffed(turn: Turn) -> bool:
    """Whether anybody works at the desk at all: nobody is offered a person who does not exist."""
    return await turn.services.handoffs.staffed()


async def _may_offer(turn: Turn, reason: Reason) -> bool:
    """Whether this offer has not been made in this case, and there is somebody to offer."""
    offered = turn.case.dialogue.get("person_offered", [])
    if reason.value in offered or not await staffed(turn):
        return False
    turn.case.dialogue["person_offered"] = [*offered, reason.value]
    return True
