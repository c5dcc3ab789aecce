"""Who answers in a conversation (会话归属): the one place where it is read and changed."""

from __future__ import annotations

from collections.abc import Collection

from sqlalchemy import select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.errors import ConversationErased
from bot.conversation.tables import conversations

OWNERS = ("bot", "queued", "human", "wrap_up", "closed")


async def owner_of(tx: AsyncConnection, conversation_id: str, *, lock: bool = False) -> str:
    """The owner; "bot" for a conversation without a row.

    Args:
        lock: nobody else changes it before the transaction ends.

    Raises:
        ConversationErased: the buyer had it deleted.
    """
    query = select(conversations.c.owner, conversations.c.erased_at).where(
        conversations.c.id == conversation_id
    )
    row = (await tx.execute(query.with_for_update() if lock else query)).first()
    if row is None:
        return "bot"
    if row.erased_at is not None:
        raise ConversationErased()
    return str(row.owner)


async def change_owner(
    tx: AsyncConnection, conversation_id: str, to: str, *, expected: Collection[str] | None = None
) -> bool:
    """Give the conversation to `to`; False when it is not with one of `expected`, or not there.

    Raises:
        ValueError: no such owner.
    """
    if to not in OWNERS:
        raise ValueError(f"unknown owner of a conversation: {to!r}")
    wanted = update(conversations).where(
        conversations.c.id == conversation_id, conversations.c.erased_at.is_(None)
    )
    if expected is not None:
        wanted = wanted.where(conversations.c.owner.in_(list(expected)))
    result = await tx.execute(wanted.values(owner=to))
    return bool(result.rowcount == 1)
