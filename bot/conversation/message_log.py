"""The message log: who said what, exactly as seen, in order. Source of every transcript and of resume."""

from __future__ import annotations

import uuid
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.messages import Entry
from bot.conversation.tables import conversations, message_log

MAX_PAGE = 200


def new_id() -> str:
    """A random id for a log line."""
    return uuid.uuid4().hex


async def append(tx: AsyncConnection, drafts: list[Entry]) -> list[Entry]:
    """Store `drafts` (all of one conversation) at its end and return them with their real `seq`.

    The counter row is updated first, so on a database with row locks two writers queue up here.
    """
    if not drafts:
        return []
    conversation_id = drafts[0].conversation_id
    await tx.execute(
        update(conversations)
        .where(conversations.c.id == conversation_id)
        .values(last_seq=conversations.c.last_seq + len(drafts))
    )
    row = (
        await tx.execute(select(conversations.c.last_seq).where(conversations.c.id == conversation_id))
    ).one()
    first = int(row.last_seq) - len(drafts) + 1
    entries = [replace(draft, seq=first + offset) for offset, draft in enumerate(drafts)]
    await tx.execute(insert(message_log), [_values(entry) for entry in entries])
    return entries


def _values(entry: Entry) -> dict[str, Any]:
    return {
        "id": entry.id,
        "conversation_id": entry.conversation_id,
        "seq": entry.seq,
        "author_type": entry.author_type,
        "author_name": entry.author_name,
        "text": entry.text,
        "buttons": entry.buttons,
        "card": entry.card,
        "attachment": entry.attachment,
        "in_reply_to": entry.in_reply_to,
        "client_msg_id": entry.client_msg_id,
        "created_at": entry.created_at,
    }


def _entry(row: Any) -> Entry:
    return Entry(**dict(row._mapping))


async def page(
    tx: AsyncConnection,
    conversation_id: str,
    *,
    after_seq: int | None = None,
    before_seq: int | None = None,
    limit: int = 50,
) -> tuple[list[Entry], bool]:
    """One page in ascending order, and whether more lie beyond it.

    With `after_seq` the page starts right after it; otherwise it is the newest lines (before `before_seq`).
    """
    limit = max(1, min(limit, MAX_PAGE))
    forward = after_seq is not None
    query = select(message_log).where(message_log.c.conversation_id == conversation_id)
    if after_seq is not None:
        query = query.where(message_log.c.seq > after_seq)
    if before_seq is not None:
        query = query.where(message_log.c.seq < before_seq)
    order = message_log.c.seq.asc() if forward else message_log.c.seq.desc()
    rows = list((await tx.execute(query.order_by(order).limit(limit + 1))).all())
    has_more = len(rows) > limit
    entries = [_entry(row) for row in rows[:limit]]
    return (entries if forward else entries[::-1]), has_more


async def everything(tx: AsyncConnection, conversation_id: str) -> list[Entry]:
    """The whole log of a conversation in order."""
    query = (
        select(message_log)
        .where(message_log.c.conversation_id == conversation_id)
        .order_by(message_log.c.seq)
    )
    return [_entry(row) for row in (await tx.execute(query)).all()]


async def last_seq(tx: AsyncConnection, conversation_id: str) -> int:
    """The newest sequence number, 0 for an unknown conversation."""
    query = select(func.coalesce(func.max(conversations.c.last_seq), 0)).where(
        conversations.c.id == conversation_id
    )
    return int((await tx.execute(query)).scalar_one())


async def last_bot_text(tx: AsyncConnection, conversation_id: str, before_seq: int) -> str | None:
    """What the bot said last before `before_seq`: the context in which a short answer is read."""
    query = (
        select(message_log.c.text)
        .where(
            message_log.c.conversation_id == conversation_id,
            message_log.c.author_type == "bot",
            message_log.c.text.is_not(None),
            message_log.c.seq < before_seq,
        )
        .order_by(message_log.c.seq.desc())
        .limit(1)
    )
    value: str | None = (await tx.execute(query)).scalar_one_or_none()
    return value


async def attach(tx: AsyncConnection, conversation_id: str, seq: int, attachment: dict[str, Any]) -> None:
    """Put the fetched file where its placeholder stands."""
    await tx.execute(
        update(message_log)
        .where(message_log.c.conversation_id == conversation_id, message_log.c.seq == seq)
        .values(attachment=attachment)
    )


def draft(conversation_id: str, at: datetime, **fields: Any) -> Entry:
    """A log line that has no place yet (`append` gives it one)."""
    return Entry(seq=0, id=new_id(), conversation_id=conversation_id, created_at=at, **fields)
