"""The end of an agent's work: back to the bot with what was settled, or closed."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal
from typing import Any

from bot.conversation.sanitise import clean_text
from bot.conversation.voice import Voice
from bot.database.engine import Transactions
from bot.handoff.errors import HandoffError
from bot.handoff.model import Agent, Disposition, Handoff, Settlement
from bot.handoff.moves import actor, check_holder, work_on_handoff

HANDED_BACK = "人工客服 {name} 已结束服务，接下来由小助手继续跟进。"
CLOSED = "人工客服 {name} 已结束本次服务。之后有任何问题，直接在这里发消息，小助手会继续帮您。"
LONGEST_TEXT = 2000  # characters
LARGEST_AMOUNT = Decimal(100_000_000)  # yuan


class BadSettlement(HandoffError):
    """What was settled cannot be stored as it is written."""

    code = "bad_settlement"


class Settling:
    """Part of `HandoffService`; the methods promise what it says there."""

    def __init__(self, database: Transactions, voice: Voice) -> None:
        self._database = database
        self._voice = voice

    async def hand_back(
        self, handoff_id: str, agent: Agent, settlement: Settlement, now: datetime
    ) -> Handoff:
        settled = _checked(settlement)
        async with work_on_handoff(self._database, self._voice, handoff_id, now) as (work, found):
            check_holder(found, agent, or_supervisor=True)
            returned = await work.move(found, "hand_back", actor(agent), settled=settled, ended_at=now)
            await work.say(HANDED_BACK.format(name=found.agent_name))
            values = {**settled, "agent_name": found.agent_name}
            await work.tell_bot(f"handoff:{found.id}:returned", "handoff_returned", values)
            return returned

    async def close(
        self,
        handoff_id: str,
        agent: Agent,
        disposition: Disposition,
        settlement: Settlement,
        now: datetime,
    ) -> Handoff:
        ending: dict[str, Any] = {"disposition": disposition, "settled": _checked(settlement)}
        async with work_on_handoff(self._database, self._voice, handoff_id, now) as (work, found):
            check_holder(found, agent, or_supervisor=True)
            closed = await work.move(found, "close", actor(agent), ended_at=now, **ending)
            await work.say(CLOSED.format(name=found.agent_name))
            return closed


def _checked(settlement: Settlement) -> dict[str, str]:
    """The settlement as it is stored."""
    amount = settlement.amount
    if amount is not None and not (amount.is_finite() and 0 <= amount < LARGEST_AMOUNT):
        raise BadSettlement("金额不正确，请填写不小于 0 的数字。")
    if amount is not None and amount != amount.quantize(Decimal("0.01")):
        raise BadSettlement("金额最多写到分（小数点后两位）。")
    if max(len(settlement.text), len(settlement.outcome)) > LONGEST_TEXT:
        raise BadSettlement(f"处理结果请写在 {LONGEST_TEXT} 字以内。")
    return Settlement(clean_text(settlement.text), clean_text(settlement.outcome), amount).to_json()
