"""The event stream: what the log gains, the moment it gains it, resumable by sequence number."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from datetime import datetime
from typing import Any

from bot.conversation.messages import Entry
from bot.conversation.notices import Subscription
from bot.conversation.road import Road

PING_EVERY = 15.0  # seconds; also how late a line written by another process can be
HEADERS = {
    "Cache-Control": "no-store, no-transform",
    "X-Accel-Buffering": "no",  # nginx must not collect the stream
    "X-Content-Type-Options": "nosniff",
}

Send = Callable[[str], Awaitable[None]]
Shown = Callable[[Entry], dict[str, Any]]


def frame(event: str, data: object, seq: int | None = None) -> str:
    """One server-sent event."""
    number = "" if seq is None else f"id: {seq}\n"
    text = json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return f"event: {event}\n{number}data: {text}\n\n"


class EventStream:
    """Writes the events of one conversation until the buyer leaves, the token ends or the program ends."""

    def __init__(
        self, road: Road, conversation_id: str, shown: Shown, clock: Callable[[], datetime], until: datetime
    ) -> None:
        self._road = road
        self._conversation_id = conversation_id
        self._shown = shown
        self._clock = clock
        self._until = until

    async def run(self, after_seq: int, send: Send, ping_every: float = PING_EVERY) -> None:
        """Send everything after `after_seq`, then what comes. Raises ConversationErased before the start."""
        with self._road.subscribe(self._conversation_id) as watcher:
            owner, last_seq = await self._road.state(self._conversation_id)
            confirm = {"session_id": self._conversation_id, "owner": owner, "last_seq": last_seq}
            await send(frame("session_confirm", confirm))
            # A client ahead of us (another database) starts over rather than never hearing anything again.
            position = after_seq if after_seq <= last_seq else 0
            await self._follow(watcher, position, send, ping_every)

    async def _follow(self, watcher: Subscription, position: int, send: Send, ping_every: float) -> None:
        position = await self._catch_up(position, send)
        while self._clock() < self._until:
            notice = await watcher.next(ping_every)
            if notice is None:
                await send(": ping\n\n")
                position = await self._catch_up(position, send)
            elif notice.kind == "messages":
                position = await self._catch_up(position, send)
            elif notice.kind == "typing":
                await send(frame("typing", {"on": notice.on}))
            elif notice.kind == "error":
                await send(frame("error", {"code": notice.code, "message": notice.message}))
            elif notice.kind == "erased":
                await send(frame("error", {"code": "session_erased", "message": "这个会话已删除。"}))
                return
            else:
                return

    async def _catch_up(self, position: int, send: Send) -> int:
        more = True
        while more:
            entries, more = await self._road.history(self._conversation_id, after_seq=position, limit=200)
            for entry in entries:
                await send(frame("message", self._shown(entry), entry.seq))
                position = entry.seq
        return position
