"""One turn: one message in, everything it changes collected in memory, one short transaction at the end."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextvars import ContextVar
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy import insert
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.session import CaseSession
from bot.conversation import inbox
from bot.conversation.errors import OwnerChanged, TurnSuperseded
from bot.conversation.messages import Entry, InboxMessage, Reply
from bot.conversation.ownership import change_owner, owner_of
from bot.conversation.tables import tracker_events
from bot.conversation.voice import Voice


@dataclass
class NewTrackerEvents:
    """Dialogue events of this turn; `base` is the sequence number of the last one already stored."""

    base: int = 0
    events: list[dict[str, Any]] = field(default_factory=list)


class OwnMove(Protocol):
    """Tells the moves of a conversation that its own turn has made, elsewhere, from those of other people.

    Actions that run in another process cannot join the turn's transaction: what they store is there before it.
    """

    async def __call__(self, tx: AsyncConnection, message: InboxMessage, now: datetime | None = None) -> bool:
        """Whether the conversation changed hands last because of this message; `now` is its turn's moment."""
        ...


@dataclass
class Turn:
    """The work on one inbox message. Nothing in here is true before `commit` has returned."""

    conversation_id: str
    channel: str
    message: InboxMessage
    now: datetime
    context: str | None = None  # what the bot said last
    owner: str = "bot"  # who owned the conversation when the turn began
    cases: CaseSession | None = None
    replies: list[Reply] = field(default_factory=list)
    tracker: NewTrackerEvents = field(default_factory=NewTrackerEvents)
    own_move: OwnMove | None = None
    moved: bool = False  # it has changed hands during this turn, and because of it
    silent: bool = False  # True: no reply is the right answer (a human has the conversation)
    in_commit: list[Callable[[AsyncConnection], Awaitable[None]]] = field(default_factory=list)
    """More to write in the turn's transaction (a handoff); runs after everything else of the turn."""
    after_commit: list[Callable[[], None]] = field(default_factory=list)

    def say(self, text: str, **fields: Any) -> None:
        """Add one line of the bot."""
        self.replies.append(Reply(text=text, **fields))

    async def commit(self, tx: AsyncConnection, voice: Voice) -> list[Entry]:
        """Write everything. Returns the new log lines.

        Raises TurnSuperseded when the message is no longer ours to answer, OwnerChanged when a person took
        the conversation meanwhile, and lets StaleCase or a uniqueness error through when somebody else moved
        first: the transaction is rolled back whole.
        """
        if not await inbox.finish(tx, self.message.id, self.now):
            raise TurnSuperseded(self.conversation_id)
        await self._keep_ownership(tx)
        await self._store_tracker(tx)
        if self.cases is not None:
            await self.cases.flush(tx)
        entries = await voice.say(tx, self.conversation_id, self.replies, self.now, answering=self.message)
        for write in self.in_commit:
            await write(tx)
        return entries

    async def _keep_ownership(self, tx: AsyncConnection) -> None:
        """The bot never talks over a person: its words count only while nothing has changed hands."""
        owner = await owner_of(tx, self.conversation_id, lock=True)
        if owner != self.owner and not self.message.body.get("always"):
            if self.own_move is None or not await self.own_move(tx, self.message, self.now):
                raise OwnerChanged(self.conversation_id)
            self.moved = True
        if self.owner == owner == "closed":
            await change_owner(tx, self.conversation_id, "bot")
            self.moved = True

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


class TurnHandler(Protocol):
    """Whatever understands a message and decides the answer (the Rasa agent; a fake in tests)."""

    async def handle(self, turn: Turn) -> None:
        """Fill in `turn.replies` and the rest; raise to have the turn retried from the stored message."""
        ...


active_turn: ContextVar[Turn | None] = ContextVar("active_turn", default=None)
