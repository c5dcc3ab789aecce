"""Sending what is in the outbox: in order within a conversation, several conversations side by side."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Protocol

from bot.conversation import outbox
from bot.conversation.outbox import Outcome, Outgoing
from bot.conversation.waiting import within
from bot.database.engine import Database

logger = logging.getLogger(__name__)

SWEEP = 100  # conversations looked at in one go
SIDE_BY_SIDE = 8


class Sender(Protocol):
    """The sending half of a push channel."""

    async def send(self, conversation_id: str, lines: Sequence[Outgoing]) -> list[Outcome]:
        """Deliver the lines in order; one outcome for each. What it raises has them all tried again."""
        ...


class OutboxRelay:
    """Sends what is due. `run_once` does one sweep; `run` repeats it until `stop`."""

    def __init__(
        self,
        database: Database,
        senders: Mapping[str, Sender],
        clock: Callable[[], datetime],
        every: float = 1.0,
    ) -> None:
        """`every`: seconds between two looks when nobody calls `wake` (another process may have queued)."""
        self._database = database
        self._senders = senders
        self._clock = clock
        self._every = every
        self._woken = asyncio.Event()
        self._slots = asyncio.Semaphore(SIDE_BY_SIDE)

    def wake(self) -> None:
        """There are new lines."""
        self._woken.set()

    async def run(self) -> None:
        """Sweep for ever; a database that is away only delays the next sweep."""
        while True:
            pause = self._every
            try:
                self._woken.clear()
                if await self.run_once():
                    continue
                pause = await self._until_due()
            except Exception:
                logger.exception("outbox sweep failed")
            await within(pause, self._woken.wait())

    async def _until_due(self) -> float:
        async with self._database.read() as tx:
            due = await outbox.next_due(tx)
        if due is None:
            return self._every
        return min(self._every, max(0.02, (due - self._clock()).total_seconds()))

    async def run_once(self) -> int:
        """One sweep; returns how many lines were delivered."""
        async with self._database.read() as tx:
            waiting = await outbox.conversations_due(tx, self._clock(), SWEEP)
        sent = await asyncio.gather(*(self._send(conversation_id) for conversation_id in waiting))
        return sum(sent)

    async def _send(self, conversation_id: str) -> int:
        async with self._slots:
            async with self._database.transaction() as tx:
                lines = await outbox.take(tx, conversation_id, self._clock())
            if not lines:
                return 0
            outcomes = await self._outcomes(lines[0].channel, conversation_id, lines)
            async with self._database.transaction() as tx:
                await outbox.settle(tx, list(zip(lines, outcomes, strict=True)), self._clock())
            return sum(outcome.state == "sent" for outcome in outcomes)

    async def _outcomes(self, channel: str, conversation_id: str, lines: Sequence[Outgoing]) -> list[Outcome]:
        sender = self._senders.get(channel)
        if sender is None:  # the operator turned the channel off: nothing is thrown away meanwhile
            return [Outcome("held", error=f"channel {channel} is off")] * len(lines)
        try:
            outcomes = await sender.send(conversation_id, lines)
        except Exception as error:
            logger.warning("%s lines were not delivered: %s", channel, type(error).__name__)
            return [Outcome("retry", error=type(error).__name__)] * len(lines)
        for outcome in outcomes:
            if outcome.state in ("held", "failed"):
                logger.warning("a line for %s is %s: %s", channel, outcome.state, outcome.error)
        return outcomes
