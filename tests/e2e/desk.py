"""The other side of a conversation: an agent at the desk, and what a channel reports. For conversations/*.yml:

- desk: open            somebody works at the desk from now on (until the conversation's end)
- desk: claim           the agent takes the conversation from the queue
- desk: expire          nobody came in time
- desk: { say: 您好 }
- desk: { hand_back: { text: …, outcome: …, amount: … } }
- desk: { step: { kind: propose, note: …, amount: … } }
- event: { channel_unsupported: { kind: voice } }
"""

from __future__ import annotations

import uuid
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

from bot.cli.terminal import CHANNEL, Terminal
from bot.conversation.messages import Incoming
from bot.handoff.model import Agent, Settlement

DISPLAY = "小王"
LONG_AFTER = timedelta(hours=1)


class Desk:
    """One agent for one conversation."""

    def __init__(self, terminal: Terminal, now: datetime) -> None:
        self._terminal = terminal
        self._services = terminal._services
        self._road = terminal._road
        self._now = now
        self._agent: Agent | None = None
        self._handoff = ""

    async def play(self, turn: dict[str, Any]) -> list[dict[str, Any]]:
        """Do what the turn says; the lines that the buyer sees because of it."""
        if "event" in turn:
            ((name, values),) = turn["event"].items()
            await self._event(name, values or {})
        else:
            doing = turn["desk"]
            name, values = (doing, {}) if isinstance(doing, str) else next(iter(doing.items()))
            await getattr(self, f"_{name}")(values)
        return await self._seen()

    async def leave(self) -> None:
        """Nobody works at the desk any more."""
        if self._agent is not None:
            await self._services.agents.deactivate(self._agent.name)

    async def _seen(self) -> list[dict[str, Any]]:
        """As `Terminal.turn` ends: the new lines, the terminal's mark moved behind them."""
        await self._road.idle()
        entries, _ = await self._road.history(
            self._terminal.conversation_id, after_seq=self._terminal._seen, limit=200
        )
        self._terminal._seen = max((entry.seq for entry in entries), default=self._terminal._seen)
        shown = [entry.to_json() for entry in entries if entry.author_type != "buyer"]
        return [{**one, "buttons": [button["title"] for button in one.get("buttons", [])]} for one in shown]

    async def _event(self, name: str, values: dict[str, Any], *, always: bool = False) -> None:
        incoming = Incoming(
            self._terminal.conversation_id,
            CHANNEL,
            f"event-{uuid.uuid4().hex}",
            event=name,
            values=values,
            always=always,
        )
        await self._road.accept(incoming)

    async def _open(self, _: Any) -> None:
        name = f"agent-{uuid.uuid4().hex[:8]}"
        self._agent = await self._services.agents.create(
            name, uuid.uuid4().hex, now=self._now, display_name=DISPLAY
        )

    async def _claim(self, _: Any) -> None:
        active = await self._services.handoffs.active(self._terminal.conversation_id)
        assert active is not None and self._agent is not None
        await self._services.handoffs.claim(active.id, self._agent, self._now)
        self._handoff = active.id

    async def _say(self, text: str) -> None:
        assert self._agent is not None
        await self._services.handoffs.say(self._handoff, self._agent, text, self._now)

    async def _hand_back(self, given: dict[str, Any]) -> None:
        assert self._agent is not None
        amount = Decimal(given["amount"]) if "amount" in given else None
        settled = Settlement(given.get("text", ""), given.get("outcome", ""), amount)
        await self._services.handoffs.hand_back(self._handoff, self._agent, settled, self._now)

    async def _expire(self, _: Any) -> None:
        assert await self._services.handoffs.expire(self._now + LONG_AFTER) == 1

    async def _step(self, values: dict[str, Any]) -> None:
        case = await self._terminal.case()
        assert case is not None and case.intervention is not None
        whole = {**values, "number": case.intervention.number, "agent_name": DISPLAY}
        await self._event("intervention_step", whole, always=True)
