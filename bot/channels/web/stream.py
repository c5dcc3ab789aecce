"""The event stream: what the log gains, the moment it gains it, resumable by sequence number."""

from __future__ import annotations

import json
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

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


class Status(Protocol):
    """Who answers in a conversation: bot, queued, human, wrap_up or closed."""

    @property
    def owner(self) -> str: ...

    @property
    def queue_position(self) -> int | None:
        """From 1, which is the next one; None outside the queue, or when it is not known."""

    @property
    def agent_name(self) -> str | None:
        """What the buyer may call the agent."""


AskStatus = Callable[[str], Awaitable[Status]]


@dataclass(frozen=True)
class _OwnerAlone:
    owner: str
    queue_position: int | None = None
    agent_name: str | None = None


def asks_road(road: Road) -> AskStatus:
    """The status as far as the road knows it. Asking raises ConversationErased."""

    async def ask(conversation_id: str) -> Status:
        owner, _ = await road.state(conversation_id)
        return _OwnerAlone(owner)

    return ask


def frame(event: str, data: object, seq: int | None = None) -> str:
    """One server-sent event."""
    number = "" if seq is None else f"id: {seq}\n"
    text = json.dumps(data, ensure_ascii=False).encode("utf-8", "backslashreplace").decode()
    return f"event: {event}\n{number}data: {text}\n\n"


class EventStream:
    """Writes the events of one conversation until the buyer leaves, the token ends or the program ends."""

    def __init__(
        self,
        road: Road,
        conversation_id: str,
        shown: Shown,
        clock: Callable[[], datetime],
        until: datetime,
        status: AskStatus | None = None,
    ) -> None:
        self._road = road
        self._conversation_id = conversation_id
        self._shown = shown
        self._clock = clock
        self._until = until
        self._status = status or asks_road(road)
        self._told: dict[str, Any] | None = None  # the last owner_changed

    async def run(self, after_seq: int, send: Send, ping_every: float = PING_EVERY) -> None:
        """Send everything after `after_seq`, then what comes. Raises ConversationErased before the start."""
        with self._road.subscribe(self._conversation_id) as watcher:
            owner, last_seq = await self._road.state(self._conversation_id)
            confirm = {"session_id": self._conversation_id, "owner": owner, "last_seq": last_seq}
            await send(frame("session_confirm", confirm))
            await self._tell_owner(send)
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
                await self._tell_owner(send, only_news=True)
            elif notice.kind == "messages":
                position = await self._catch_up(position, send)
            elif notice.kind == "owner":
                await self._tell_owner(send)
            elif notice.kind == "typing":
                await send(frame("typing", {"on": notice.on}))
            elif notice.kind == "error":
                await send(frame("error", {"code": notice.code, "message": notice.message}))
            elif notice.kind == "erased":
                await send(frame("error", {"code": "session_erased", "message": "这个会话已删除。"}))
                return
            else:
                return

    async def _tell_owner(self, send: Send, *, only_news: bool = False) -> None:
        """`only_news`: nothing when it is what was told last (a look for what another process changed)."""
        status = await self._status(self._conversation_id)
        body = {
            "owner": status.owner,
            "queue_position": status.queue_position,
            "agent_name": status.agent_name,
        }
        if only_news and body == self._told:
            return
        self._told = body
        await send(frame("owner_changed", body))

    async def _catch_up(self, position: int, send: Send) -> int:
        more = True
        while more:
            entries, more = await self._road.history(self._conversation_id, after_seq=position, limit=200)
            for entry in entries:
                await send(frame("message", self._shown(entry), entry.seq))
                position = entry.seq
        return position
