"""One turn: one message in, everything it changes collected in memory, one short transaction at the end."""

from __future__ import annotations

from collections.abc import Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.session import CaseSession
from bot.conversation import buttons, inbox, message_log, outbox
from bot.conversation.errors import TurnSuperseded
from bot.conversation.messages import BOT_NAME, Entry, InboxMessage, Reply
from bot.conversation.tables import tracker_events


@dataclass
class NewTrackerEvents:
    """Dialogue events of this turn; `base` is the sequence number of the last one already stored."""

    base: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)


@dataclass
class Turn:
    """The work on one inbox message. Nothing in here is true before `commit` has returned."""

    conversation_id: str
    channel: str
    message: InboxMessage
    now: datetime
    context: str | None = None  # what the bot said last
    cases: CaseSession | None = None
    replies: list[Reply] = field(default_factory=list)
    tracker: NewTrackerEvents = field(default_factory=NewTrackerEvents)
    silent: bool = False  # True: no reply is the right answer (a human has the conversation)
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def say(self, text: str, **fields: Any) -> None:
        """Add one line of the bot."""
        self.replies.append(Reply(text=text, **fields))

    async def commit(self, tx: AsyncConnection, *, push: bool) -> list[Entry]:
        """Write everything; `push` also queues the replies in the outbox. Returns the new log lines.

        Raises TurnSuperseded when the message is no longer ours to answer, and lets StaleCase or a
        uniqueness error through when somebody else moved first: the transaction is rolled back whole.
        """
        if not await inbox.finish(tx, self.message.id, self.now):
            raise TurnSuperseded(self.conversation_id)
        await self._store_tracker(tx)
        if self.cases is not None:
            await self.cases.flush(tx)
        return await store_replies(tx, self.conversation_id, self.channel, self.replies, self.now, push=push)

    async def _store_tracker(self, tx: AsyncConnection) -> None:
        rows = [
            {
                "conversation_id": self.conversation_id,
                "seq": self.tracker.base + offset,
                "event_type": str(event["event"]),
                "data": event,
                "created_at": self.now,
            }
            for offset, event in enumerate(self.tracker.events, start=1)
        ]
        if rows:
            await tx.execute(insert(tracker_events), rows)


async def store_replies(
    tx: AsyncConnection,
    conversation_id: str,
    channel: str,
    replies: list[Reply],
    now: datetime,
    *,
    push: bool,
) -> list[Entry]:
    """Log the bot's lines with their button tokens and, for a channel that we push to, queue them."""
    drafts = []
    for reply in replies:
        draft_id = message_log.new_id()
        tokens = await buttons.issue(tx, conversation_id, reply.buttons, draft_id, now)
        drafts.append(
            Entry(
                seq=0,
                id=draft_id,
                conversation_id=conversation_id,
                created_at=now,
                author_type="bot",
                author_name=BOT_NAME,
                text=reply.text,
                buttons=tokens or None,
                card=reply.card,
                attachment=reply.attachment,
            )
        )
    entries = await message_log.append(tx, drafts)
    if push:
        await outbox.queue(tx, channel, entries, now)
    return entries


class TurnHandler(Protocol):
    """Whatever understands a message and decides the answer (the Rasa agent; a fake in tests)."""

    async def handle(self, turn: Turn) -> None:
        """Fill in `turn.replies` and the rest; raise to have the turn retried from the stored message."""
        ...


active_turn: ContextVar[Turn | None] = ContextVar("active_turn", default=None)
