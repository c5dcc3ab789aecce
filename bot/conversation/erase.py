"""Erasing a conversation when the buyer asks for it (个人信息删除, PIPL article 47)."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from sqlalchemy import delete, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.tables import (
    button_tokens,
    conversations,
    inbox,
    message_log,
    outbox,
    send_grants,
    tracker_events,
    tracker_events_quarantine,
)


class Eraser(Protocol):
    """Another part that keeps personal data of a conversation (cases, uploads)."""

    async def erase(self, conversation_id: str, now: datetime) -> None:
        """Delete it. Must be harmless when repeated: an interrupted request is sent again."""
        ...


async def erase_rows(tx: AsyncConnection, conversation_id: str, now: datetime) -> None:
    """Delete every row with the buyer's words and mark the conversation erased (kept as a bare tombstone)."""
    for table in (
        outbox,
        send_grants,
        button_tokens,
        message_log,
        inbox,
        tracker_events,
        tracker_events_quarantine,
    ):
        await tx.execute(delete(table).where(table.c.conversation_id == conversation_id))
    await tx.execute(update(conversations).where(conversations.c.id == conversation_id).values(erased_at=now))
