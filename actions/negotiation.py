"""Talking with the merchant: reading what came back, advice on an offer."""

from __future__ import annotations

from dataclasses import replace
from decimal import Decimal

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.complaint import BEFORE_THE_PLATFORM
from actions.intake import say_taken, still_worth_asking
from actions.intervention_answers import proposal_open
from actions.offer_wording import weighed_lines
from actions.platform_word import OFFER_OF
from actions.topics import topic_action
from actions.wording import sources
from bot.cases.intake import take_facts
from bot.cases.model import NegotiationRound, Stage
from bot.cases.view import view_of
from bot.disputes.model import MerchantReply
from bot.disputes.negotiation import Verdict, judge_reply
from bot.zh.asking import asks_in_words
from bot.zh.proposal import read_proposal
from bot.zh.sums import lone_sum
from bot.zh.wishes import read_wish
from bot.zh.yes_no import agrees

_THEN = "\n下面这段话可以发给商家，再有回复时贴给我；谈不拢就申请客服介入。"
_THEN_OPEN = "\n介入还在进行，谈不谈都不影响它；商家的新说法请截图，交到介入的举证里。"


class ActionAwaitMerchant(CaseAction):
    """The message is with the merchant; nothing to do but wait for the answer."""

    def name(self) -> str:
        return "action_await_merchant"

    async def act(self, turn: Turn) -> list[EventType]:
        turn.say("utter_await_merchant")
        return wait("message_sent")


class ActionJudgeReply(CaseAction):
    """Say what to do with the merchant's answer: accept, counter, wait, refuse, or ask the platform in."""

    def name(self) -> str:
        return "action_judge_reply"

    async def act(self, turn: Turn) -> list[EventType]:
        verdict = _judged(turn)
        wanted = _wanted(turn, verdict)
        then = _THEN if turn.case.intervention is None else _THEN_OPEN
        _say_verdict(turn, verdict, then="" if wanted else then)
        return _act_on(turn, verdict, wanted)


class ActionWeighOffer(CaseAction):
    """“你觉得行不行” while there are still questions: what to make of the offer so far, and back to the questions."""

    def name(self) -> str:
        return "action_weigh_offer"

    async def act(self, turn: Turn) -> list[EventType]:
        _say_verdict(turn, _judged(turn), then="")
        return go("action_ask_again")


def _judged(turn: Turn) -> Verdict:
    """The newest answer of the merchant, judged; the judgement is kept with it."""
    last = _last_round(turn)
    reply = MerchantReply(last.stance, last.theirs or "", last.offer)
    verdict = judge_reply(view_of(turn.case), reply, turn.now, turn.services.rulebook)
    turn.case.update_round(last.no, turn.now, verdict=verdict.advice)
    return verdict


def _say_verdict(turn: Turn, verdict: Verdict, *, then: str) -> None:
    turn.say(
        f"utter_judged_{verdict.advice}",
        why=verdict.why_zh.rstrip("。") + "。",
        weighed=weighed_lines(verdict),
        then=then,
        sources=sources(verdict.sources, turn.services.rulebook),
    )


def _act_on(turn: Turn, verdict: Verdict, wanted: str | None) -> list[EventType]:
    """Ask what would make the offer comparable, go to the platform, or give the answer to send."""
    draft, before_it = verdict.counter_text, turn.case.intervention is None
    if verdict.advice == "intervene" and before_it:
        turn.case.move_to(Stage.INTERVENTION_READY, turn.now, verdict.why_zh)
        return go(NEXT)
    if before_it:
        turn.case.move_to(Stage.NEGOTIATING, turn.now, "继续协商")
    if wanted:
        turn.say(f"utter_ask_{wanted}")
        return wait(f"fact:{wanted}")
    if draft and verdict.advice != "accept":
        card = {"type": "draft", "title": "可以这样回商家", "text": draft}
        turn.say(f"utter_draft_{verdict.advice}" if before_it else "utter_draft_open", draft=draft, card=card)
        turn.case.add_round(turn.now, ours=draft, message_id=turn.heard.message_id)
    return wait("offer" if verdict.advice == "accept" else "message_sent")


def _wanted(turn: Turn, verdict: Verdict) -> str | None:
    """The first fact without which offer and demand cannot be compared, while it is worth asking."""
    if verdict.advice != "counter" or verdict.report is None:
        return None
    open_facts = (fact for fact in verdict.report.needs if fact not in turn.case.declined)
    return next((fact for fact in open_facts if still_worth_asking(turn, fact)), None)


def _last_round(turn: Turn) -> NegotiationRound:
    """The newest answer; a stance told before any round was written down becomes one."""
    answered = [one for one in turn.case.rounds if one.theirs is not None or one.stance is not None]
    if answered:
        return answered[-1]
    facts = view_of(turn.case).facts
    offer: Decimal | None = facts.offer_amount
    return turn.case.add_round(
        turn.now,
        theirs=facts.merchant_reply,
        stance=facts.merchant_stance,
        offer=offer,
        message_id=turn.heard.message_id,
    )


class ActionTakeOfferAnswer(CaseAction):
    """The buyer decides on the merchant's offer."""

    def name(self) -> str:
        return "action_take_offer_answer"

    async def act(self, turn: Turn) -> list[EventType]:
        chosen = str(turn.heard.answer.get("offer") or "")
        elsewhere = None if chosen else _belongs_to(turn)
        if elsewhere:
            return go(elsewhere)
        if not chosen and _nobody_named(turn):
            return _ask_whose(turn)
        if not turn.case.types or not (chosen or _has_offer(turn)):
            if not _note_demand(turn):
                turn.say("utter_understood")
            return go(NEXT if not turn.case.types else "action_ask_again")
        if chosen == "intervene":
            return go("action_want_intervention")
        agreed = turn.heard.intent in ("accept_seller_offer", "affirm") and not _asks_for_other(turn)
        if chosen == "accept" or (agreed and not chosen):
            return go("action_say_resolved")
        _note_refusal(turn)
        return go("action_counter_again" if turn.case.rounds else NEXT)


def _asks_for_other(turn: Turn) -> bool:
    """“那就退货退款” after 只肯赔20, “60就算了” after 40: another remedy or sum than was offered is no agreement."""
    facts, text = turn.case.facts, turn.heard.text
    if agrees(text):
        return False
    offer = view_of(turn.case).facts.offer_amount
    if offer is None or "merchant_stance" not in facts or facts["merchant_stance"].value != "partial":
        return False
    wanted = lone_sum(text)
    return read_wish(text) is not None or (wanted is not None and wanted != offer)


def _note_refusal(turn: Turn) -> None:
    """What the buyer turns down is no agreement to their demand, however the merchant put it (同意退，但要扣钱)."""
    agreed = next((one for one in reversed(turn.case.rounds) if one.stance == "agree"), None)
    if agreed is not None:
        turn.case.update_round(agreed.no, turn.now, stance="partial")
        turn.case.take("merchant_stance", "partial", at=turn.now, message_id=turn.heard.message_id)
    _note_demand(turn)


def _note_demand(turn: Turn) -> bool:
    """“不要，我要全退” refuses and says what is wanted instead; False when it says nothing of the kind."""
    named = tuple(turn.heard.found("remedy"))
    wish = replace(turn.heard, entities=named, asked=None, intent="return_exchange_request")
    taken = take_facts(turn.case, wish, turn.services.rulebook.facts)
    say_taken(turn, taken)
    return bool(taken.changed)


def _belongs_to(turn: Turn) -> str | None:
    """“我能拿到什么补偿” is a question, though read as an answer; while an offer is open, a bare demand answers it."""
    answers = turn.heard.asked in ("offer", "proposal") and not asks_in_words(turn.heard.text)
    topic = None if answers else topic_action(turn)
    return topic or ("action_take_proposal_answer" if proposal_open(turn) else None)


def _nobody_named(turn: Turn) -> bool:
    """“说不要退货 补我40” while the platform has the case: it may be the platform's or the merchant's."""
    case = turn.case
    return (
        bool(case.types) and case.stage in BEFORE_THE_PLATFORM and read_proposal(turn.heard.text) is not None
    )


def _ask_whose(turn: Turn) -> list[EventType]:
    turn.case.dialogue[OFFER_OF] = turn.heard.text
    turn.say("utter_ask_offer_of")
    return wait(None)


def _has_offer(turn: Turn) -> bool:
    """Whether there is anything of the merchant to accept or refuse."""
    return turn.heard.asked == "offer" or turn.case.has_offer


class ActionCounterAgain(CaseAction):
    """The buyer does not take the offer: treat it as refused terms and propose the counter."""

    def name(self) -> str:
        return "action_counter_again"

    async def act(self, turn: Turn) -> list[EventType]:
        if turn.case.stage in BEFORE_THE_PLATFORM:
            return go(NEXT)
        turn.say("utter_rejected_offer")
        return wait("offer")


class ActionSayResolved(CaseAction):
    """Settled by talk: keep the record, say what to watch."""

    def name(self) -> str:
        return "action_say_resolved"

    async def act(self, turn: Turn) -> list[EventType]:
        turn.case.move_to(Stage.RESOLVED_BY_TALK, turn.now, "买家接受商家方案", actor="buyer")
        turn.say("utter_resolved")
        return wait(None)
