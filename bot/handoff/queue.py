"""The queue: who waits, in which place, and what the desk shows of it."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

from sqlalchemy import case, or_, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.tables import interventions
from bot.conversation.ownership import owner_of
from bot.handoff import store
from bot.handoff.model import ACTIVE, HELD, Handoff, HandoffState, Priority, QueueItem, Status
from bot.handoff.tables import handoffs

KEEP_MESSAGES = timedelta(days=7)
"""How long the desk lists a message that a buyer left."""

_ORDER = (case((handoffs.c.priority == "high", 0), else_=1), handoffs.c.requested_at, handoffs.c.id)


async def _queued(tx: AsyncConnection) -> list[Any]:
    query = select(handoffs.c.id, handoffs.c.conversation_id, handoffs.c.priority)
    return list(
        (await tx.execute(query.where(handoffs.c.state == HandoffState.QUEUED.value).order_by(*_ORDER))).all()
    )


async def conversations_queued(tx: AsyncConnection) -> list[str]:
    """The conversations in the queue, in its order."""
    return [str(row.conversation_id) for row in await _queued(tx)]


async def place_of(tx: AsyncConnection, conversation_id: str) -> int | None:
    """The place of a conversation in the queue from 1; None when it is not in it."""
    queued = await conversations_queued(tx)
    return queued.index(conversation_id) + 1 if conversation_id in queued else None


async def next_place(tx: AsyncConnection, priority: Priority) -> int:
    """The place that somebody who comes now would get."""
    ahead = [row for row in await _queued(tx) if priority == "normal" or row.priority == "high"]
    return len(ahead) + 1


async def status_of(tx: AsyncConnection, conversation_id: str) -> Status:
    """Who answers in a conversation; errors as `owner_of`."""
    owner = await owner_of(tx, conversation_id)
    if owner == "queued":
        return Status(owner, queue_position=await place_of(tx, conversation_id))
    if owner in ("human", "wrap_up"):
        active = await store.active_of(tx, conversation_id)
        return Status(owner, agent_name=active.agent_name if active else None)
    return Status(owner)


async def items(tx: AsyncConnection, now: datetime) -> list[QueueItem]:
    """What waits for agents or is with one: urgent ones first, then the oldest.

    Messages that buyers left stay for `KEEP_MESSAGES`.
    """
    listed = or_(
        handoffs.c.state.in_([state.value for state in ACTIVE]),
        (handoffs.c.state == HandoffState.LEFT_MESSAGE.value)
        & (handoffs.c.requested_at >= now - KEEP_MESSAGES),
    )
    rows = (await tx.execute(_with_intervention().where(listed).order_by(*_ORDER))).all()
    places = {row.id: place for place, row in enumerate(await _queued(tx), start=1)}
    return [_item(row, places.get(row.id), now) for row in rows]


async def item(tx: AsyncConnection, handoff: Handoff, now: datetime) -> QueueItem:
    """One handoff as the queue shows it, in any state."""
    row = (await tx.execute(_with_intervention().where(handoffs.c.id == handoff.id))).one()
    queued = handoff.state is HandoffState.QUEUED
    return _item(row, await place_of(tx, handoff.conversation_id) if queued else None, now)


def _with_intervention() -> Any:
    joined = handoffs.outerjoin(interventions, interventions.c.case_id == handoffs.c.case_id)
    return select(*store.columns(), interventions.c.number.label("intervention_number")).select_from(joined)


def _item(row: Any, place: int | None, now: datetime) -> QueueItem:
    handoff = store.handoff_of(row)
    waits_until = now
    if handoff.state in HELD:
        waits_until = handoff.claimed_at or now
    elif handoff.ended_at is not None:
        waits_until = handoff.claimed_at or handoff.ended_at
    waiting = max(0, int((waits_until - handoff.requested_at).total_seconds()))
    return QueueItem(handoff, waiting, place, row.intervention_number)
