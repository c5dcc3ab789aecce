"""Handoffs, their notes and their audit trail as rows. Every function works in the caller's transaction."""

from __future__ import annotations

from collections.abc import Collection
from dataclasses import asdict
from datetime import datetime
from enum import Enum
from typing import Any
from uuid import uuid4

from sqlalchemy import delete, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.errors import ConversationErased
from bot.conversation.tables import conversations
from bot.handoff.errors import UnknownHandoff
from bot.handoff.model import ACTIVE, MOVES, Disposition, Handoff, HandoffEvent, HandoffState, Note, Reason
from bot.handoff.tables import desk_agents, handoff_events, handoff_notes, handoffs

_MOVES = frozenset({"request", "take_over", *MOVES})


def new_id() -> str:
    """A random id for a handoff."""
    return f"h_{uuid4().hex}"


async def lock_conversation(tx: AsyncConnection, conversation_id: str) -> tuple[str, str]:
    """(channel, owner); nobody else changes hands in the conversation until the transaction ends.

    Every move takes this lock before it touches a handoff, as a turn does, so two of them never wait for
    each other in a circle. SQLite has one writer anyway.

    Raises:
        UnknownHandoff: no such conversation.
        ConversationErased: the buyer had it deleted.
    """
    query = select(conversations.c.channel, conversations.c.owner, conversations.c.erased_at).where(
        conversations.c.id == conversation_id
    )
    row = (await tx.execute(query.with_for_update())).first()
    if row is None:
        raise UnknownHandoff()
    if row.erased_at is not None:
        raise ConversationErased()
    return str(row.channel), str(row.owner)


async def load(tx: AsyncConnection, handoff_id: str) -> Handoff:
    """One handoff.

    Raises:
        UnknownHandoff: there is none of that id.
    """
    row = (await tx.execute(select(handoffs).where(handoffs.c.id == handoff_id))).first()
    if row is None:
        raise UnknownHandoff()
    return handoff_of(row)


async def active_of(tx: AsyncConnection, conversation_id: str) -> Handoff | None:
    """The handoff of the conversation that is queued or with an agent."""
    wanted = handoffs.c.state.in_([state.value for state in ACTIVE])
    query = select(handoffs).where(handoffs.c.conversation_id == conversation_id, wanted)
    row = (await tx.execute(query)).first()
    return None if row is None else handoff_of(row)


async def newest_of(tx: AsyncConnection, conversation_id: str) -> Handoff | None:
    """The handoff of the conversation that was asked for last, in any state."""
    query = (
        select(handoffs)
        .where(handoffs.c.conversation_id == conversation_id)
        .order_by(handoffs.c.requested_at.desc(), handoffs.c.id.desc())
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return None if row is None else handoff_of(row)


async def has_desk(tx: AsyncConnection) -> bool:
    """Whether anybody works at the desk at all, now or later."""
    query = select(desk_agents.c.id).where(desk_agents.c.active.is_(True)).limit(1)
    return (await tx.execute(query)).first() is not None


async def add(tx: AsyncConnection, handoff: Handoff) -> None:
    """Store a new handoff; a second active one of a conversation is a uniqueness error."""
    await tx.execute(insert(handoffs).values(**_plain(asdict(handoff))))


async def change(tx: AsyncConnection, before: Handoff, **values: Any) -> bool:
    """Change a handoff; False, and nothing changed, when it is no longer as it was in ``before``."""
    as_it_was = [
        handoffs.c.id == before.id,
        handoffs.c.state == before.state.value,
        handoffs.c.version == before.version,
    ]
    if before.agent_id is not None:
        as_it_was.append(handoffs.c.agent_id == before.agent_id)
    new = {**_plain(values), "version": before.version + 1}
    result = await tx.execute(update(handoffs).where(*as_it_was).values(**new))
    return bool(result.rowcount == 1)


async def audit(
    tx: AsyncConnection,
    handoff_id: str | None,
    conversation_id: str | None,
    event: HandoffEvent,
) -> None:
    """Add to the audit trail, which is never changed."""
    await tx.execute(
        insert(handoff_events).values(
            handoff_id=handoff_id,
            conversation_id=conversation_id,
            at=event.at,
            actor_type=event.actor_type,
            actor=event.actor,
            what=event.what,
            detail=event.detail,
        )
    )


async def events_of(tx: AsyncConnection, handoff_id: str) -> list[HandoffEvent]:
    """The audit trail of a handoff, the oldest first."""
    query = (
        select(handoff_events).where(handoff_events.c.handoff_id == handoff_id).order_by(handoff_events.c.id)
    )
    rows = (await tx.execute(query)).all()
    return [HandoffEvent(row.at, row.actor_type, row.actor, row.what, row.detail) for row in rows]


async def moved_by(
    tx: AsyncConnection, conversation_id: str, message_id: str, turn_at: datetime | None
) -> bool:
    """Whether the last move of the conversation was made for its buyer, by the turn of this message.

    Only a request is kept with its message; what else a turn did is known by the turn's moment.
    """
    newest = await newest_of(tx, conversation_id)
    if newest is None:
        return False
    moves = [event for event in await events_of(tx, newest.id) if event.what in _MOVES]
    if not moves or moves[-1].actor_type not in ("buyer", "bot"):
        return False
    asked = moves[-1].what == "request" and newest.trigger_message_id == message_id
    return asked or moves[-1].at == turn_at


async def add_note(
    tx: AsyncConnection, handoff: Handoff, agent_id: int, agent_name: str, text: str, now: datetime
) -> None:
    """Keep what an agent wrote down."""
    await tx.execute(
        insert(handoff_notes).values(
            handoff_id=handoff.id,
            conversation_id=handoff.conversation_id,
            at=now,
            agent_id=agent_id,
            agent_name=agent_name,
            text=text,
        )
    )


async def notes_of(tx: AsyncConnection, handoff_id: str) -> list[Note]:
    """The notes of a handoff, the oldest first."""
    query = select(handoff_notes).where(handoff_notes.c.handoff_id == handoff_id).order_by(handoff_notes.c.id)
    return [Note(row.at, row.agent_name, row.text) for row in (await tx.execute(query)).all()]


async def forget(tx: AsyncConnection, conversation_id: str) -> list[str]:
    """Delete what handoffs of a conversation hold of the buyer; returns their ids.

    The audit trail stays, without its details: who had the data in hand must remain provable.
    """
    ids = [
        str(row.id)
        for row in await tx.execute(
            select(handoffs.c.id).where(handoffs.c.conversation_id == conversation_id)
        )
    ]
    await tx.execute(delete(handoff_notes).where(handoff_notes.c.conversation_id == conversation_id))
    await tx.execute(delete(handoffs).where(handoffs.c.conversation_id == conversation_id))
    await tx.execute(
        update(handoff_events).where(handoff_events.c.conversation_id == conversation_id).values(detail={})
    )
    return ids


def columns() -> Collection[Any]:
    """The columns `handoff_of` reads, for queries that join other tables."""
    return tuple(handoffs.c)


def handoff_of(row: Any) -> Handoff:
    """The handoff in a row that holds its columns, and perhaps others."""
    values = {column.name: row._mapping[column] for column in handoffs.c}
    values["state"] = HandoffState(values["state"])
    values["reason"] = Reason(values["reason"])
    if values["disposition"] is not None:
        values["disposition"] = Disposition(values["disposition"])
    return Handoff(**values)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: one.value if isinstance(one, Enum) else one for name, one in values.items()}
