"""The one door to handoffs (转人工): for the dialogue, for the desk, and for the clock."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import datetime

from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.service import CaseService
from bot.conversation.messages import Entry, InboxMessage
from bot.conversation.notices import DESK, Notice
from bot.conversation.voice import Voice
from bot.database.engine import Transactions
from bot.disputes.rulebook import Rulebook
from bot.handoff import queue, store
from bot.handoff.claims import Claims
from bot.handoff.hours import DeskPolicy
from bot.handoff.model import (
    Agent,
    Disposition,
    Handoff,
    HandoffEvent,
    Note,
    QueueItem,
    Reason,
    Requested,
    Settlement,
    Status,
)
from bot.handoff.requests import Requests
from bot.handoff.settling import Settling


class HandoffService:
    """Who answers a buyer, bot or person, is decided here and nowhere else.

    Every method that changes something is one transaction with its entry in the audit trail; whoever watches
    is told after it. All raise UnknownHandoff for an id nobody knows and ConversationErased for a
    conversation the buyer had deleted.
    """

    def __init__(
        self,
        database: Transactions,
        cases: CaseService,
        voice: Voice,
        *,
        rulebook: Rulebook,
        policy: DeskPolicy,
    ) -> None:
        self.policy = policy
        self._database = database
        self._voice = voice
        self._requests = Requests(database, cases, voice, rulebook=rulebook, policy=policy)
        self._claims = Claims(database, voice, self._requests, rulebook=rulebook)
        self._settling = Settling(database, voice)

    # The buyer's side. Inside a turn of the conversation these join the turn's transaction.

    async def request(
        self,
        conversation_id: str,
        reason: Reason,
        *,
        now: datetime,
        detail: str = "",
        message_id: str | None = None,
    ) -> Requested:
        """Put the conversation in the queue; from then on the bot is silent in it.

        Args:
            detail: what gave the reason, in a few Chinese words for the agent.
            message_id: the message that led to it; without one that of the running turn.
        """
        return await self._requests.request(
            conversation_id, reason, now=now, detail=detail, message_id=message_id
        )

    async def cancel(self, conversation_id: str, now: datetime) -> bool:
        """The buyer leaves the queue and is with the bot again; False when not in it."""
        return await self._requests.cancel(conversation_id, now)

    async def leave_message(self, conversation_id: str, text: str, now: datetime) -> bool:
        """Keep what the buyer wants to tell a person who is not there now; the bot goes on meanwhile.

        False, and nothing is kept, for an empty text, when nobody works here who could read it, and when an
        agent has the conversation and reads it anyway.
        """
        return await self._requests.leave_message(conversation_id, text, now)

    async def staffed(self) -> bool:
        """Whether anybody works at the desk at all, now or at another hour."""
        async with self._database.read() as tx:
            return await store.has_desk(tx)

    async def status(self, conversation_id: str) -> Status:
        """Who answers the buyer now; the bot in a conversation nobody knows."""
        async with self._database.read() as tx:
            return await queue.status_of(tx, conversation_id)

    async def own_move(self, tx: AsyncConnection, message: InboxMessage, now: datetime | None = None) -> bool:
        """As `bot.conversation.turn.OwnMove`: a wish or a change of mind that this message has brought."""
        return await store.moved_by(tx, message.conversation_id, message.message_id, now)

    async def expire(self, now: datetime) -> int:
        """Give back to the bot who has waited longer than `DeskPolicy.patience`; returns how many."""
        return await self._requests.expire(now)

    # The agent's side.

    async def claim(self, handoff_id: str, agent: Agent, now: datetime) -> Handoff:
        """Take a conversation from the queue, or a message that was left.

        Of many who try at once one gets it; who has it already gets it again, without a second announcement.

        Raises:
            AlreadyClaimed: somebody else has it.
            WrongState: it is neither waiting nor a message.
        """
        return await self._claims.claim(handoff_id, agent, now)

    async def take_over(self, conversation_id: str, agent: Agent, now: datetime) -> Handoff:
        """Step into a conversation unasked; one that is queued is claimed.

        Raises:
            AlreadyClaimed: somebody else has it.
        """
        return await self._claims.take_over(conversation_id, agent, now)

    async def say(
        self,
        handoff_id: str,
        agent: Agent,
        text: str,
        now: datetime,
        *,
        client_msg_id: str | None = None,
    ) -> Entry:
        """A line of the agent to the buyer; the same ``client_msg_id`` again is the line already said.

        Raises:
            NotYours, WrongState: the agent does not have the conversation, or is wrapping up.
            EmptyMessage, MessageTooLong: as for buyers.
        """
        return await self._claims.say(handoff_id, agent, text, now, client_msg_id=client_msg_id)

    async def release(self, handoff_id: str, agent: Agent, now: datetime) -> Handoff:
        """Put the conversation back in the queue, at its old place. A supervisor may do so for others.

        Raises:
            NotYours, WrongState: the agent does not have it, or is wrapping up.
        """
        return await self._claims.release(handoff_id, agent, now)

    async def wrap_up(self, handoff_id: str, agent: Agent, now: datetime) -> Handoff:
        """Stop talking and write things down; the bot stays silent. Errors as `release`."""
        return await self._claims.wrap_up(handoff_id, agent, now)

    async def resume(self, handoff_id: str, agent: Agent, now: datetime) -> Handoff:
        """Talk again after `wrap_up`. Errors as `release`."""
        return await self._claims.resume(handoff_id, agent, now)

    async def hand_back(
        self, handoff_id: str, agent: Agent, settlement: Settlement, now: datetime
    ) -> Handoff:
        """Give the conversation back to the bot, which goes on from what was settled.

        Raises:
            NotYours, WrongState: the agent does not have it (a supervisor may do so for others).
            BadSettlement: an amount that cannot be right, or too long a text.
        """
        return await self._settling.hand_back(handoff_id, agent, settlement, now)

    async def close(
        self,
        handoff_id: str,
        agent: Agent,
        disposition: Disposition,
        settlement: Settlement,
        now: datetime,
    ) -> Handoff:
        """End the conversation; the bot speaks again when the buyer does. Errors as `hand_back`."""
        return await self._settling.close(handoff_id, agent, disposition, settlement, now)

    async def note(self, handoff_id: str, agent: Agent, text: str, now: datetime) -> None:
        """Write something down for colleagues. Raises EmptyMessage, MessageTooLong."""
        await self._claims.note(handoff_id, agent, text, now)

    # Looking.

    async def queue(self, now: datetime) -> Sequence[QueueItem]:
        """What waits or is with an agent, and messages left in the last days: urgent first, then oldest."""
        async with self._database.read() as tx:
            return await queue.items(tx, now)

    async def waiting(self) -> int:
        """How many buyers are in the queue."""
        async with self._database.read() as tx:
            return len(await queue.conversations_queued(tx))

    async def item(self, handoff_id: str, now: datetime) -> QueueItem:
        """One handoff, in any state, as the queue shows it."""
        async with self._database.read() as tx:
            return await queue.item(tx, await store.load(tx, handoff_id), now)

    async def get(self, handoff_id: str) -> Handoff:
        """One handoff, in any state."""
        async with self._database.read() as tx:
            return await store.load(tx, handoff_id)

    async def active(self, conversation_id: str) -> Handoff | None:
        """The handoff of the conversation that is queued or with an agent."""
        async with self._database.read() as tx:
            return await store.active_of(tx, conversation_id)

    async def notes(self, handoff_id: str) -> Sequence[Note]:
        """What agents wrote down, the oldest first."""
        async with self._database.read() as tx:
            return await store.notes_of(tx, handoff_id)

    async def events(self, handoff_id: str) -> Sequence[HandoffEvent]:
        """The audit trail, the oldest first."""
        async with self._database.read() as tx:
            return await store.events_of(tx, handoff_id)

    async def record_event(self, handoff_id: str, event: HandoffEvent) -> None:
        """Add something else to the audit trail (a masked detail that was revealed, an export)."""
        async with self._database.transaction() as tx:
            handoff = await store.load(tx, handoff_id)
            await store.audit(tx, handoff.id, handoff.conversation_id, event)

    async def erase(self, conversation_id: str, now: datetime) -> None:
        """Delete what handoffs hold of a buyer; that they took place, and who worked on them, stays."""
        async with self._database.transaction() as tx:
            for handoff_id in await store.forget(tx, conversation_id):
                event = HandoffEvent(now, "system", "system", "erase", {})
                await store.audit(tx, handoff_id, conversation_id, event)
        self._voice.board.publish(DESK, Notice("queue"))
