"""The outbox: lines for platforms that we push to, sent at least once, retried with growing pauses.

The web widget and the terminal read the message log themselves and need no rows here.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from sqlalchemy import insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.messages import Entry
from bot.conversation.tables import message_log, outbox
from bot.database.engine import Database

logger = logging.getLogger(__name__)

MAX_ATTEMPTS = 8  # pauses 1, 2, 4 … s: a little over two minutes of a platform being away


class Sender(Protocol):
    """The sending half of a push channel."""

    async def send(self, conversation_id: str, entry: Mapping[str, Any]) -> str | None:
        """Deliver one log line; return the platform's message id. Raise to have it retried."""
        ...


async def queue(tx: AsyncConnection, channel: str, entries: list[Entry], now: datetime) -> None:
    """Queue log lines for delivery, in the transaction that stored them."""
    rows = [
        {
            "conversation_id": entry.conversation_id,
            "log_id": entry.id,
            "channel": channel,
            "state": "pending",
            "attempts": 0,
            "next_try_at": now,
            "created_at": now,
        }
        for entry in entries
    ]
    if rows:
        await tx.execute(insert(outbox), rows)


class OutboxRelay:
    """Sends what is due, in order within a conversation. `run_once` does one sweep; `run` repeats it."""

    def __init__(
        self,
        database: Database,
        senders: Mapping[str, Sender],
        clock: Callable[[], datetime],
        every: float = 1.0,
    ) -> None:
        self._database = database
        self._senders = senders
        self._clock = clock
        self._every = every

    async def run(self) -> None:
        """Sweep for ever; a database that is away only delays the next sweep."""
        while True:
            try:
                await self.run_once()
            except Exception:
                logger.exception("outbox sweep failed")
            await asyncio.sleep(self._every)

    async def run_once(self) -> int:
        """One sweep; returns how many lines were delivered."""
        sent = 0
        blocked: set[str] = set()  # a line that fails holds back the later ones of its conversation
        async with self._database.read() as tx:
            query = (
                select(
                    outbox.c.id.label("row_id"),
                    outbox.c.channel,
                    outbox.c.attempts,
                    outbox.c.next_try_at,
                    message_log,
                )
                .join(message_log, message_log.c.id == outbox.c.log_id)
                .where(outbox.c.state == "pending")
                .order_by(outbox.c.id)
                .limit(100)
            )
            rows = (await tx.execute(query)).all()
        for row in rows:
            conversation_id = str(row.conversation_id)
            sender = self._senders.get(str(row.channel))
            if sender is None or conversation_id in blocked:
                continue
            if row.next_try_at > self._clock() or not await self._deliver(sender, row):
                blocked.add(conversation_id)
                continue
            sent += 1
        return sent

    async def _deliver(self, sender: Sender, row: Any) -> bool:
        row_id, attempts = int(row.row_id), int(row.attempts) + 1
        entry = {
            "seq": row.seq,
            "id": row.id,
            "text": row.text,
            "buttons": row.buttons,
            "card": row.card,
            "attachment": row.attachment,
        }
        now = self._clock()
        values: dict[str, Any]
        try:
            platform_id = await sender.send(str(row.conversation_id), entry)
            values = {"state": "sent", "sent_at": now, "platform_message_id": platform_id}
        except Exception as error:
            logger.warning("outbox row %s was not delivered: %s", row_id, type(error).__name__)
            values = {
                "state": "failed" if attempts >= MAX_ATTEMPTS else "pending",
                "error": f"{type(error).__name__}: {error}"[:500],
                "next_try_at": now + timedelta(seconds=2 ** (attempts - 1)),
            }
        async with self._database.transaction() as tx:
            await tx.execute(update(outbox).where(outbox.c.id == row_id).values(attempts=attempts, **values))
        return bool(values["state"] == "sent")
