"""One move of a handoff, whole or not at all: its row, the owner, the audit trail, the line the buyer sees."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field, replace
from datetime import datetime
from typing import Any

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import inbox
from bot.conversation.messages import Incoming, Reply
from bot.conversation.notices import DESK, Notice
from bot.conversation.ownership import change_owner
from bot.conversation.voice import Voice
from bot.database.engine import Transactions
from bot.handoff import queue, store
from bot.handoff.errors import AlreadyClaimed, NotYours, WrongState
from bot.handoff.model import HELD, MOVES, OWNERS, Agent, Handoff, HandoffEvent, HandoffState

SYSTEM_NAME = "系统"


@dataclass(frozen=True)
class Actor:
    """Who makes a move, as the audit trail names it."""

    type: str
    name: str


BUYER = Actor("buyer", "buyer")
BOT = Actor("bot", "bot")
SYSTEM = Actor("system", "system")


def actor(agent: Agent) -> Actor:
    """An agent in the audit trail."""
    return Actor("agent", agent.name)


@dataclass
class Work:
    """What happens to one conversation in one transaction, and who has to hear of it afterwards."""

    tx: AsyncConnection
    voice: Voice
    conversation_id: str
    channel: str
    now: datetime
    _woken: bool = False
    _queued: list[str] = field(default_factory=list)

    @classmethod
    async def open(cls, tx: AsyncConnection, voice: Voice, conversation_id: str, now: datetime) -> Work:
        """Begin in a transaction; errors as `work_on`."""
        channel, _ = await store.lock_conversation(tx, conversation_id)
        return cls(tx, voice, conversation_id, channel, now)

    async def begin(self, handoff: Handoff, what: str, by: Actor) -> None:
        """Store a new handoff and give the conversation to whom its state says.

        Raises:
            sqlalchemy.exc.IntegrityError: the conversation has an active one already.
        """
        await store.add(self.tx, handoff)
        await self._record(handoff, what, by, {"reason": handoff.reason.value, "to": handoff.state.value})
        if handoff.state in OWNERS:
            await self._give(handoff.state)

    async def move(self, before: Handoff, name: str, by: Actor, **values: Any) -> Handoff:
        """Make one of `model.MOVES`; ``values`` are further columns.

        Raises:
            WrongState: there is no such move from where the handoff is.
            AlreadyClaimed: an agent was faster.
        """
        starts, to = MOVES[name]
        if before.state not in starts:
            raise WrongState()
        if not await store.change(self.tx, before, state=to, **values):
            raise await self._lost(before)
        await self._record(before, name, by, {"from": before.state.value, "to": to.value})
        if before.state in OWNERS or to in OWNERS:
            await self._give(to)
        return replace(before, state=to, version=before.version + 1, **values)

    async def say(self, text: str) -> None:
        """A line of the system that the buyer sees."""
        await self.voice.say(
            self.tx,
            self.conversation_id,
            [Reply(text=text)],
            self.now,
            author_type="system",
            author_name=SYSTEM_NAME,
        )

    async def tell_bot(self, message_id: str, event: str, values: dict[str, Any]) -> None:
        """Have the bot take a turn on what has happened."""
        incoming = Incoming(self.conversation_id, self.channel, message_id, event=event, values=values)
        await inbox.store(self.tx, incoming, self.now)
        self._woken = True

    async def end(self) -> None:
        """The last thing in the transaction: see whose place in the queue may have changed."""
        self._queued = await queue.conversations_queued(self.tx)

    def tell(self) -> None:
        """After the commit: tell the buyer's page, everybody in the queue, and the desk."""
        self.voice.announce(self.conversation_id)
        for conversation_id in dict.fromkeys([self.conversation_id, *self._queued]):
            self.voice.board.publish(conversation_id, Notice("owner"))
        self.voice.board.publish(DESK, Notice("queue"))
        if self._woken:
            self.voice.wake(self.conversation_id)

    async def _lost(self, before: Handoff) -> AlreadyClaimed | WrongState:
        """What has become of a handoff that somebody else changed first."""
        now = await store.load(self.tx, before.id)
        return AlreadyClaimed(now.agent_name or "") if now.state in HELD else WrongState()

    async def _give(self, state: HandoffState) -> None:
        await change_owner(self.tx, self.conversation_id, OWNERS.get(state, "bot"))

    async def _record(self, handoff: Handoff, what: str, by: Actor, detail: dict[str, Any]) -> None:
        event = HandoffEvent(self.now, by.type, by.name, what, detail)
        await store.audit(self.tx, handoff.id, self.conversation_id, event)


@asynccontextmanager
async def work_on(
    database: Transactions, voice: Voice, conversation_id: str, now: datetime, *, quiet: bool = False
) -> AsyncIterator[Work]:
    """A transaction in which a conversation changes hands; whoever watches is told after it.

    Args:
        quiet: it does not change hands: only its own lines are announced.

    Raises:
        UnknownHandoff: no such conversation.
        ConversationErased: the buyer had it deleted.
    """
    async with database.transaction() as tx:
        work = await Work.open(tx, voice, conversation_id, now)
        yield work
        if not quiet:
            await work.end()
    if quiet:
        voice.announce(conversation_id)
    else:
        work.tell()


@asynccontextmanager
async def work_on_handoff(
    database: Transactions, voice: Voice, handoff_id: str, now: datetime, *, quiet: bool = False
) -> AsyncIterator[tuple[Work, Handoff]]:
    """As `work_on`, with the handoff as it is once nobody else can change it.

    Raises:
        UnknownHandoff, ConversationErased: as `work_on`.
    """
    async with database.read() as tx:
        conversation_id = (await store.load(tx, handoff_id)).conversation_id
    async with work_on(database, voice, conversation_id, now, quiet=quiet) as work:
        yield work, await store.load(work.tx, handoff_id)


def check_holder(handoff: Handoff, agent: Agent, *, or_supervisor: bool = False) -> None:
    """Whether this agent has the conversation.

    Args:
        or_supervisor: a supervisor may do it as well, for an agent who is gone.

    Raises:
        WrongState: no agent has it any more.
        NotYours: another one has it.
    """
    if handoff.state not in HELD:
        raise WrongState()
    if handoff.agent_id != agent.id and not (or_supervisor and agent.role == "supervisor"):
        raise NotYours()
