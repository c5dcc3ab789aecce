"""Rasa's lock store without polling: waiting conversations go on the moment the lock is free.

Stock: looks again once a second (one conversation manages about one message a second) and lets a second turn
in when the first has run for 60 s. Here a lock ends when its holder ends; turns have their own time limit.
"""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from typing import Any

from rasa.core.lock import TicketLock
from rasa.core.lock_store import LockStore

from bot.conversation.serial import ConversationLocks


class InProcessLockStore(LockStore):
    """Locks of one process. Named in endpoints.yml; the road serialises turns before they get here."""

    def __init__(self, endpoint_config: Any = None, **_: Any) -> None:
        self._locks = ConversationLocks()
        super().__init__()

    @asynccontextmanager
    async def lock(
        self, conversation_id: str, lock_lifetime: float = 0, wait_time_in_seconds: float = 0
    ) -> AsyncIterator[TicketLock]:
        """Hold the conversation; lifetime and waiting time of the stock interface have no meaning here."""
        async with self._locks.hold(conversation_id):
            yield TicketLock(conversation_id)

    def get_lock(self, conversation_id: str) -> TicketLock | None:
        """Nothing is stored."""
        return None

    def delete_lock(self, conversation_id: str) -> None:
        """Nothing is stored."""

    def save_lock(self, lock: TicketLock) -> None:
        """Nothing is stored."""
