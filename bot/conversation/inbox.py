"""The inbox: a message is stored here, once, before anybody is told that it was accepted."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from sqlalchemy import func, insert, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import buttons, message_log
from bot.conversation.errors import (
    BadIdentifier,
    ButtonRefused,
    ConversationErased,
    EmptyMessage,
    MessageTooLong,
)
from bot.conversation.messages import Accepted, Entry, InboxMessage, Incoming, Kind
from bot.conversation.sanitise import MAX_STORED, clean_json, clean_text, is_identifier
from bot.conversation.tables import conversations, inbox

LONGEST_TITLE = 40


@dataclass(frozen=True)
class _Read:
    """An incoming message after checking: what the log shows and what the turn gets."""

    kind: Kind
    body: dict[str, Any]
    shown: dict[str, Any]


async def store(tx: AsyncConnection, incoming: Incoming, now: datetime) -> tuple[Accepted, Entry | None]:
    """Write the inbox row and the log line. The entry is None for a duplicate and for an event without words.

    Raises a RoadError, with nothing stored, for a message that cannot be accepted.
    """
    if not is_identifier(incoming.conversation_id) or not is_identifier(incoming.message_id):
        raise BadIdentifier()
    known = await find(tx, incoming.channel, incoming.message_id)
    if known is not None:
        if known.conversation_id != incoming.conversation_id:
            raise BadIdentifier()
        return Accepted(known.log_seq, dup=True), None
    await ensure_conversation(tx, incoming.conversation_id, incoming.channel, now)
    read = await _read(tx, incoming, now)
    draft = message_log.draft(
        incoming.conversation_id,
        now,
        author_type="buyer",
        author_name=incoming.author_name,
        client_msg_id=incoming.client_msg_id or incoming.message_id,
        **read.shown,
    )
    entry = (await message_log.append(tx, [draft]))[0] if read.shown else None
    log_seq = entry.seq if entry else await message_log.last_seq(tx, incoming.conversation_id)
    await tx.execute(
        insert(inbox).values(
            conversation_id=incoming.conversation_id,
            channel=incoming.channel,
            message_id=incoming.message_id,
            kind=read.kind,
            body=read.body,
            state="pending",
            attempts=0,
            received_at=now,
            log_seq=log_seq,
        )
    )
    return Accepted(log_seq, dup=False), entry


async def _read(tx: AsyncConnection, incoming: Incoming, now: datetime) -> _Read:
    if incoming.attachment is not None:
        attachment = clean_json(incoming.attachment)
        return _Read("upload", {"attachment": attachment}, {"attachment": attachment})
    if incoming.event is not None or incoming.media is not None:
        return _made_by_us(incoming)
    token = incoming.button
    if incoming.title is not None:
        token = await buttons.token_by_title(tx, incoming.conversation_id, incoming.title)
        if token is None:
            raise ButtonRefused()
    if token is not None:
        press = await buttons.resolve(tx, incoming.conversation_id, token, now)
        log_id = press.pop("log_id")
        title = clean_text(press["title"])
        return _Read("button", {**press, "title": title}, {"text": title, "in_reply_to": log_id})
    text = clean_text(incoming.text or "")
    if not text:
        raise EmptyMessage()
    if len(text) > MAX_STORED:
        raise MessageTooLong()
    return await _typed_button(tx, incoming, text, now) or _Read("text", {"text": text}, {"text": text})


def _made_by_us(incoming: Incoming) -> _Read:
    """An event, or a file still to be fetched: the meaning is ours, the words are only what the log shows."""
    text = clean_text(incoming.text or "")[:MAX_STORED]
    shown = {"text": text} if text else {}
    if incoming.media is not None:
        return _Read("media", {"media": clean_json(incoming.media)}, shown or {"text": "［文件］"})
    flags = {name: True for name in ("always", "silent") if getattr(incoming, name)}
    body = {"intent": incoming.event, "entities": clean_json(incoming.values or {}), **flags}
    return _Read("event", body, shown)


async def _typed_button(tx: AsyncConnection, incoming: Incoming, text: str, now: datetime) -> _Read | None:
    """Who types a button's words means the button. Its payload is still ours: the words only choose it."""
    if len(text) > LONGEST_TITLE:
        return None
    token = await buttons.token_by_title(tx, incoming.conversation_id, text)
    if token is None and incoming.numbered:
        token = await buttons.token_by_number(tx, incoming.conversation_id, text)
    if token is None:
        return None
    try:
        return await _read(tx, replace(incoming, text=None, button=token), now)
    except ButtonRefused:
        return None


async def ensure_conversation(tx: AsyncConnection, conversation_id: str, channel: str, now: datetime) -> None:
    """Create the conversation row if needed. Raises ConversationErased for one the buyer erased."""
    row = (
        await tx.execute(select(conversations.c.erased_at).where(conversations.c.id == conversation_id))
    ).first()
    if row is None:
        await tx.execute(insert(conversations).values(id=conversation_id, channel=channel, created_at=now))
    elif row.erased_at is not None:
        raise ConversationErased()


async def find(tx: AsyncConnection, channel: str, message_id: str) -> InboxMessage | None:
    """The stored message with this platform id, in any state."""
    query = select(inbox).where(inbox.c.channel == channel, inbox.c.message_id == message_id)
    row = (await tx.execute(query)).first()
    return None if row is None else _message(row)


async def state_of(tx: AsyncConnection, channel: str, message_id: str) -> str | None:
    """pending, done or failed; None for a message that was never stored."""
    query = select(inbox.c.state).where(inbox.c.channel == channel, inbox.c.message_id == message_id)
    state: str | None = (await tx.execute(query)).scalar_one_or_none()
    return state


async def next_pending(tx: AsyncConnection, conversation_id: str) -> InboxMessage | None:
    """The oldest message of the conversation that has had no turn yet."""
    query = (
        select(inbox)
        .where(inbox.c.state == "pending", inbox.c.conversation_id == conversation_id)
        .order_by(inbox.c.id)
        .limit(1)
    )
    row = (await tx.execute(query)).first()
    return None if row is None else _message(row)


async def conversations_waiting(tx: AsyncConnection) -> list[str]:
    """Every conversation with a pending message, oldest first: what a crash left behind."""
    query = (
        select(inbox.c.conversation_id)
        .where(inbox.c.state == "pending")
        .group_by(inbox.c.conversation_id)
        .order_by(func.min(inbox.c.id))
    )
    return [str(row.conversation_id) for row in (await tx.execute(query)).all()]


async def count_crash(tx: AsyncConnection) -> None:
    """Count one attempt for the head of every queue: it may be what ended the last process."""
    heads = select(func.min(inbox.c.id)).where(inbox.c.state == "pending").group_by(inbox.c.conversation_id)
    await tx.execute(update(inbox).where(inbox.c.id.in_(heads)).values(attempts=inbox.c.attempts + 1))


async def finish(
    tx: AsyncConnection, row_id: int, now: datetime, *, state: str = "done", error: str | None = None
) -> bool:
    """Close a pending row; False when it is pending no more (run elsewhere, or erased)."""
    result = await tx.execute(
        update(inbox)
        .where(inbox.c.id == row_id, inbox.c.state == "pending")
        .values(state=state, done_at=now, error=error)
    )
    return bool(result.rowcount == 1)


async def media_kept(
    tx: AsyncConnection, message: InboxMessage, kind: Kind, body: dict[str, Any]
) -> InboxMessage:
    """The file of a media message was fetched (or is lost): from now on the message is what it has become."""
    await tx.execute(update(inbox).where(inbox.c.id == message.id).values(kind=kind, body=body))
    attachment = body.get("attachment")
    if attachment is not None:
        await message_log.attach(tx, message.conversation_id, message.log_seq, attachment)
    return replace(message, kind=kind, body=body)


async def count_failure(tx: AsyncConnection, row_id: int, error: str) -> None:
    """Remember that one more attempt failed, and why."""
    await tx.execute(
        update(inbox).where(inbox.c.id == row_id).values(attempts=inbox.c.attempts + 1, error=error)
    )


def _message(row: Any) -> InboxMessage:
    return InboxMessage(
        id=row.id,
        conversation_id=row.conversation_id,
        channel=row.channel,
        message_id=row.message_id,
        kind=row.kind,
        body=row.body,
        attempts=row.attempts,
        received_at=row.received_at,
        log_seq=row.log_seq,
    )
