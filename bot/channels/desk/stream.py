"""The desk's event streams: one conversation as it goes on, and the lists as they change."""

from __future__ import annotations

from collections import Counter
from collections.abc import Awaitable, Callable
from dataclasses import asdict

from sanic.request import Request

from bot.channels.desk import lists
from bot.channels.desk.answers import as_desk_error
from bot.channels.desk.auth import DeskAuth, Route, SignedIn
from bot.channels.desk.parts import DeskParts
from bot.channels.desk.reach import Reach
from bot.channels.desk.views import entry_view
from bot.channels.web.answers import ApiError, whole_number
from bot.channels.web.stream import HEADERS, PING_EVERY, frame
from bot.conversation.notices import DESK, Notice
from bot.handoff.model import Agent, Status

LISTS_EVERY = 5.0  # seconds; how late the lists hear of what another process changed
_ERASED = {"code": "conversation_erased", "message": "买家已经删除了这个会话。"}

Send = Callable[[str], Awaitable[None]]


class DeskStreams:
    """Server-sent events by cookie; a stream ends with the session."""

    def __init__(self, parts: DeskParts, auth: DeskAuth, most: int) -> None:
        self._parts = parts
        self._auth = auth
        self._most = most
        self._open: Counter[int] = Counter()
        self._reach = Reach(parts.database)

    def routes(self) -> list[Route]:
        """What this part answers."""
        return [
            ("/events", "GET", self._lists),
            ("/conversations/<conversation:str>/events", "GET", self._conversation),
        ]

    async def _lists(self, request: Request, who: SignedIn) -> None:
        async def write(send: Send) -> None:
            await self.follow_lists(who, send, LISTS_EVERY)

        await self._stream(request, who, write)

    async def _conversation(self, request: Request, who: SignedIn, conversation: str) -> None:
        after_seq = whole_number(request, "after_seq") or 0
        conversation_id, _ = await self._reach.open(conversation, who.agent)

        async def check() -> None:
            await self._still_signed_in(who)

        async def write(send: Send) -> None:
            await ConversationStream(self._parts, conversation_id, who.agent, send, check).run(after_seq)

        await self._stream(request, who, write)

    async def _stream(
        self, request: Request, who: SignedIn, write: Callable[[Send], Awaitable[None]]
    ) -> None:
        key = who.agent.id
        if self._open[key] >= self._most:
            raise ApiError(429, "too_many_streams", "同时打开的页面太多了，请关掉一些再试。", 30)
        self._open[key] += 1
        try:
            response = await request.respond(content_type="text/event-stream", headers=dict(HEADERS))
            try:
                await write(response.send)
            except Exception as error:  # the head is sent: say it in the stream, then end it
                said = as_desk_error(error)
                await response.send(frame("error", {"code": said.code, "message": said.message_zh}))
            await response.eof()
        finally:
            self._open[key] -= 1
            if not self._open[key]:
                del self._open[key]

    async def _still_signed_in(self, who: SignedIn) -> None:
        # Asked before anything is sent: who was disabled must not read on over an open stream.
        if await self._auth.find(who.cookie) is None:
            raise ApiError(401, "unauthorized", "登录已结束，请重新登录。")

    async def follow_lists(self, who: SignedIn, send: Send, every: float) -> None:
        """Send ``queue`` whenever the lists have to be read again; once at the beginning."""
        with self._parts.road.subscribe(DESK) as watcher:
            mark = await self._mark()
            await send(frame("queue", {}))
            while True:
                notice = await watcher.next(every)
                if notice is not None and notice.kind == "closing":
                    return
                await self._still_signed_in(who)
                before, mark = mark, await self._mark()
                told = notice is not None or mark != before
                await send(frame("queue", {}) if told else ": ping\n\n")

    async def _mark(self) -> tuple[object, ...]:
        async with self._parts.database.read() as tx:
            return await lists.desk_mark(tx)


class ConversationStream:
    """Writes who answers in one conversation, its lines, and what comes."""

    def __init__(
        self,
        parts: DeskParts,
        conversation_id: str,
        agent: Agent,
        send: Send,
        still_signed_in: Callable[[], Awaitable[None]],
    ) -> None:
        self._parts = parts
        self._reach = Reach(parts.database)
        self._id = conversation_id
        self._agent = agent
        self._send = send
        self._still_signed_in = still_signed_in
        self._position = 0
        self._status: Status | None = None

    async def run(self, after_seq: int, ping_every: float = PING_EVERY) -> None:
        """Send everything after ``after_seq``, then what comes, until the session or the program ends."""
        with self._parts.road.subscribe(self._id) as watcher:
            _, last_seq = await self._parts.road.state(self._id)
            # A page ahead of us (another database) starts over rather than never hearing anything again.
            self._position = after_seq if after_seq <= last_seq else 0
            await self._tell_owner()
            await self._catch_up()
            while True:
                notice = await watcher.next(ping_every)
                await self._still_signed_in()
                if notice is None:
                    await self._send(": ping\n\n")
                elif notice.kind in ("erased", "closing"):
                    return await self._say_goodbye(notice)
                await self._pass_on(notice)

    async def _pass_on(self, notice: Notice | None) -> None:
        kind = notice.kind if notice is not None else "ping"
        if kind in ("ping", "owner", "messages"):
            # A crowded watcher hears "messages" for everything, and another process tells nothing at all.
            await self._tell_owner()
            await self._catch_up()
        elif kind == "typing" and notice is not None:
            await self._send(frame("typing", {"on": notice.on}))

    async def _say_goodbye(self, notice: Notice) -> None:
        if notice.kind == "erased":
            await self._send(frame("error", _ERASED))

    async def _tell_owner(self) -> None:
        status = await self._parts.handoffs.status(self._id)
        if status != self._status:
            self._status = status
            await self._send(frame("owner_changed", asdict(status)))

    async def _catch_up(self) -> None:
        # Asked anew each time: with the handoff in hand the agent reads the words as they are.
        _, mask = await self._reach.open(self._id, self._agent)
        more = True
        while more:
            entries, more = await self._parts.road.history(self._id, after_seq=self._position, limit=200)
            for entry in entries:
                await self._send(frame("message", entry_view(entry, mask), entry.seq))
                self._position = entry.seq
