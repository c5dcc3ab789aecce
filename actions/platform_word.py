"""What the platform did, in the buyer's words: a proposal to be weighed, a ruling and what follows from it.

It is noted as the buyer's statement and said back as that; the intervention's record stays the desk's.
"""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from rasa_sdk.events import EventType

from actions.after_ruling import TOLD, ruled
from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.intake import open_types, say_taken
from actions.told_proposal import say_answer, weighed
from actions.wording import button
from bot.cases.complaint import claimed_types
from bot.cases.intake import take_facts
from bot.cases.view import view_of
from bot.disputes.letters import AMOUNT_DEMANDS
from bot.disputes.offer_reading import read_offer
from bot.intervention.steps import RESULTS, newest
from bot.intervention.told import note_proposal, note_ruling, note_told_answer, told_proposal, told_ruling
from bot.zh.proposal import Proposal, answer_in, read_proposal
from bot.zh.ruling import Ruling, read_ruling

OFFER_OF = "offer_of"
"""The question whose offer it is that was told without a name; the words are kept under this key."""
_ABOUT_RULINGS = "cs_complaint"


class ActionTakePlatformWord(CaseAction):
    """Note the proposal or the ruling that the buyer tells of; what is neither is taken as told of the matter."""

    def name(self) -> str:
        return "action_take_platform_word"

    async def act(self, turn: Turn) -> list[EventType]:
        if OFFER_OF in turn.heard.answer:
            return _settle_whose(turn)
        ruling = _ruling_in(turn)
        if ruling is not None:
            return _take_ruling(turn, ruling)
        found = read_proposal(turn.heard.text, open_already=turn.heard.asked == "proposal")
        if found is not None and found.named and not ruled(turn.case):
            return _take_proposal(turn, found)
        return go("action_take_complaint")


def _ruling_in(turn: Turn) -> Ruling | None:
    chosen = str(turn.heard.answer.get("ruling") or "")
    if chosen in RESULTS:
        return Ruling(chosen)  # type: ignore[arg-type]
    return read_ruling(turn.heard.text, asked=turn.heard.asked == "fact:ruling")


def _take_ruling(turn: Turn, ruling: Ruling) -> list[EventType]:
    case, heard = turn.case, turn.heard
    if (
        newest(case, "rule") is not None
    ):  # what the desk has decided stands; what follows from it is said again
        case.dialogue.pop(TOLD, None)
        return go("action_after_ruling")
    result = ruling.result or _result_of_sum(turn, ruling.amount)
    if result is None and told_ruling(case) is not None:
        _note_day(turn, ruling)  # “昨天判的” adds to what was told before
        return go("action_after_ruling")
    if result is None:
        turn.say("utter_ruling_told_unclear")
        turn.say("utter_ask_ruling")
        return wait("fact:ruling")
    origin = "button" if heard.origin == "button" else "buyer"
    if told_ruling(case) != result:
        note_ruling(case, result, turn.now, message_id=heard.message_id, origin=origin)
    case.dialogue.pop(TOLD, None)
    number = f"，介入 {case.intervention.number} 里也注明了是您转述的" if case.intervention else ""
    turn.say("utter_ruling_told", result=RESULTS[result], number=number)
    _note_day(turn, ruling)
    return go("action_after_ruling") if case.types else _begin(turn, result)


def _result_of_sum(turn: Turn, amount: Decimal | None) -> str | None:
    """“判退80”: all or a part, by what was paid; unknown where something else than the price is asked for."""
    facts = view_of(turn.case).facts
    if amount is None or facts.amount is None or facts.demand not in AMOUNT_DEMANDS:
        return None
    return "supported" if amount >= facts.amount else "partly"


def _note_day(turn: Turn, ruling: Ruling) -> None:
    """The day, where the message tells one and does not tell it of something else."""
    days = [one for one in turn.heard.found("date_time") if not (one.get("resolved") or {}).get("role")]
    beside = [one for one in days if str(one.get("value")) in ruling.clause]
    if not turn.case.types and not beside:
        return  # an account of the whole matter tells other days
    if len(beside or days) == 1:
        told = replace(
            turn.heard,
            intent="provide_order_info",
            asked="fact:ruled_at",
            entities=tuple((beside or days)[:1]),
        )
        say_taken(turn, take_facts(turn.case, told, turn.services.rulebook.facts))


def _begin(turn: Turn, result: str) -> list[EventType]:
    """A matter that comes to us after it was decided; with nothing else told it is about the ruling itself."""
    heard = turn.heard
    claimed = claimed_types(heard.types, ()) if heard.origin == "buyer" else None
    if result == "supported" or (claimed and (claimed.take or claimed.ask)):
        return go("action_take_complaint" if heard.origin == "buyer" else NEXT)
    return open_types(turn, (_ABOUT_RULINGS,))


def _take_proposal(turn: Turn, found: Proposal) -> list[EventType]:
    case, heard = turn.case, turn.heard
    before = told_proposal(case)
    if before is None or before.words != found.words:
        note_proposal(case, found.words, _sum_of(turn, found.words), turn.now, message_id=heard.message_id)
    if not case.types:
        turn.say("utter_told_proposal_first", proposal=found.words)
        return go("action_take_complaint")
    answer = answer_in(heard.text)
    choose = [] if answer else [button("我接受", proposal="accept"), button("我不接受", proposal="reject")]
    turn.say("utter_told_proposal", proposal=found.words, advice=weighed(turn), buttons=choose)
    if answer:
        note_told_answer(case, answer == "accept", turn.now, message_id=heard.message_id)
        say_answer(turn, answer == "accept")
    return wait("proposal")


def _sum_of(turn: Turn, words: str) -> Decimal | None:
    rulebook, facts = turn.services.rulebook, view_of(turn.case).facts
    value = read_offer(None, words, facts.amount, rulebook.policy.negotiation)
    return value.cash + value.coupon if value.stated else None


def _settle_whose(turn: Turn) -> list[EventType]:
    """The answer to “whose offer is that”."""
    words = str(turn.case.dialogue.pop(OFFER_OF, "") or "")
    if turn.heard.answer[OFFER_OF] == "platform" and words:
        return _take_proposal(turn, Proposal(words))
    turn.say("utter_offer_of_merchant")
    return wait(None)
