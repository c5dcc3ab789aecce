"""Noting what the merchant answered, retold or pasted, and what it amounts to."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go
from actions.complaint import BEFORE_THE_PLATFORM
from actions.wording import noted
from bot.cases.intake import take_facts
from bot.cases.model import Stage
from bot.cases.view import view_of
from bot.disputes.model import MerchantReply
from bot.zh.open_question import is_merchants_words
from bot.zh.stance import StanceReading, read_stance

# “商家说：…”: the record keeps what the merchant said, not who tells it.
_RETOLD = re.compile(
    r"^(?:商家|卖家|客服|店家|老板|对方|他们?)(?:说|回复|答复|回|表示|讲)(?:的是|我(?=[:：，, ]))?[:：，, ]?"
)


class ActionTakeMerchantReply(CaseAction):
    """Note what the merchant answered: in their words where the buyer pasted them."""

    def name(self) -> str:
        return "action_take_merchant_reply"

    async def act(self, turn: Turn) -> list[EventType]:
        case, heard = turn.case, turn.heard
        if case.types and not _is_merchants(turn):
            return go("action_take_answer")
        take_facts(case, heard, turn.services.rulebook.facts)
        reply = _reply_in(turn)
        if reply.stance is None and not case.types:
            return go(NEXT)
        _note(turn, reply)
        if case.types and case.stage in BEFORE_THE_PLATFORM and not _is_offer(reply):
            case.dialogue["letter"] = {"kind": "rebuttal", "back": heard.asked}
            return go("action_draft_letter")
        if case.types and case.stage is not Stage.INTAKE:
            return go("action_judge_reply")
        _say_noted(turn, reply)
        return go(NEXT)


def _is_merchants(turn: Turn) -> bool:
    """Whether the words are the merchant's at all: with a stance, retold, pasted, or what the buyer was asked for."""
    awaited = turn.heard.asked in ("message_sent", "offer", "fact:merchant_reply", "fact:merchant_stance")
    return awaited or _reply_in(turn).stance is not None or is_merchants_words(turn.heard.text)


def _is_offer(reply: MerchantReply) -> bool:
    return reply.stance in ("agree", "partial") or reply.offer is not None


def _reply_in(turn: Turn) -> MerchantReply:
    heard = turn.heard
    if heard.origin == "button":
        return MerchantReply(stance=str(heard.answer.get("merchant_stance") or "") or None, text="")
    read = _unless_part(turn, read_stance(heard.text))
    if heard.intent == "seller_unresponsive_or_rude" and read.stance is None:
        return MerchantReply(stance="silent", text=heard.text)
    return MerchantReply(stance=read.stance, text=heard.text, offer=read.offer)


def _unless_part(turn: Turn, read: StanceReading) -> StanceReading:
    """“给退30” of 299 paid is no agreement, though it sounds like one."""
    paid = view_of(turn.case).facts.amount
    whole = read.offer is None or (paid is not None and read.offer >= paid)
    return replace(read, stance="partial") if read.stance == "agree" and not whole else read


def _note(turn: Turn, reply: MerchantReply) -> None:
    case, now, message_id = turn.case, turn.now, turn.heard.message_id
    case.take("contacted_merchant", True, at=now, message_id=message_id)
    if turn.heard.origin == "buyer":
        case.take("merchant_reply", turn.heard.text, at=now, message_id=message_id)
    if reply.stance:
        case.take("merchant_stance", reply.stance, at=now, message_id=message_id)
    if reply.offer is not None:
        case.take("offer_amount", reply.offer, at=now, message_id=message_id)
    answered: dict[str, Any] = {
        "theirs": _RETOLD.sub("", reply.text),
        "stance": reply.stance,
        "offer": reply.offer,
    }
    if case.rounds and case.rounds[-1].theirs is None:
        case.update_round(case.rounds[-1].no, now, **answered)
    else:
        case.add_round(now, message_id=message_id, **answered)


def _say_noted(turn: Turn, reply: MerchantReply) -> None:
    """While there are still questions the answer is kept for later, and the buyer is told so."""
    given = (("merchant_stance", reply.stance), ("offer_amount", reply.offer))
    told = noted(turn.case, [name for name, value in given if value is not None], turn.services.rulebook)
    if told:
        turn.say("utter_noted", noted=told)
