"""The road: accept (= store), run one turn per conversation at a time, tell the watchers.

Nothing is done before it is stored and nothing is half done: a turn is one transaction, so after a crash at
any moment the stored message simply gets its turn again.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Sequence
from contextlib import AbstractAsyncContextManager
from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.session import CaseSession
from bot.conversation import inbox, message_log
from bot.conversation.erase import Eraser, erase_rows
from bot.conversation.errors import ConversationErased
from bot.conversation.messages import Accepted, Entry, Incoming
from bot.conversation.notices import Notice, NoticeBoard, Subscription
from bot.conversation.ownership import owner_of
from bot.conversation.serial import ConversationLocks
from bot.conversation.turn import OwnMove, TurnHandler
from bot.conversation.voice import Voice
from bot.conversation.worker import MediaKeeper, RoadLimits, TurnRunner
from bot.database.engine import Database

logger = logging.getLogger(__name__)


class Road:
    """The only way in for messages and the only way out for replies."""

    def __init__(
        self,
        database: Database,
        handler: TurnHandler,
        *,
        clock: Callable[[], datetime],
        voice: Voice | None = None,
        case_session: Callable[[], CaseSession] | None = None,
        erasers: Sequence[Eraser] = (),
        media: MediaKeeper | None = None,
        own_move: OwnMove | None = None,
        limits: RoadLimits | None = None,
    ) -> None:
        """`clock` gives aware datetimes (Asia/Shanghai); `case_session` makes the case session of one turn;

        `voice` says the replies; `media` fetches the files that a platform only names; `own_move` knows what
        the actions of a turn have stored before it, when they run in another process.
        """
        self._database = database
        self._clock = clock
        self._erasers = erasers
        self.voice = voice or Voice(NoticeBoard())
        self.voice.on_work.append(self.wake)
        self.board = self.voice.board
        self.locks = ConversationLocks()
        self.runner = TurnRunner(
            database,
            handler,
            self.voice,
            clock=clock,
            case_session=case_session,
            media=media,
            own_move=own_move,
            limits=limits or RoadLimits(),
        )
        self._workers: dict[str, asyncio.Task[None]] = {}
        self._again: set[str] = set()
        self._running = False

    async def start(self) -> None:
        """Begin to work, with every message that an earlier process accepted and did not answer."""
        async with self._database.transaction() as tx:
            await inbox.count_crash(tx)
            waiting = await inbox.conversations_waiting(tx)
        self._running = True
        for conversation_id in waiting:
            self.wake(conversation_id)

    async def stop(self, grace: float = 10.0) -> None:
        """Let running turns finish for `grace` seconds; what is left stays pending for the next start."""
        self._running = False
        self.board.close()
        workers = list(self._workers.values())
        if not workers:
            return
        _, late = await asyncio.wait(workers, timeout=grace)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)

    async def accept(
        self, incoming: Incoming, beside: Callable[[AsyncConnection], Awaitable[None]] | None = None
    ) -> Accepted:
        """Store the message and its log line in one transaction; a duplicate gets the first answer again.

        `beside` writes more in that transaction, when the message is new. Raises RoadError when it cannot be
        accepted; any other error means that nothing was stored.
        """
        try:
            accepted, entry = await self._store(incoming, beside)
        except IntegrityError:
            # On a database with many writers the same message, or the conversation's first one, may come
            # twice in one moment. The other one stands now, so that the second look finds it.
            accepted, entry = await self._store(incoming, beside)
        if entry is not None:
            self.board.publish(incoming.conversation_id, Notice("messages"))
        self.wake(incoming.conversation_id)
        return accepted

    async def _store(
        self, incoming: Incoming, beside: Callable[[AsyncConnection], Awaitable[None]] | None
    ) -> tuple[Accepted, Entry | None]:
        async with self._database.transaction() as tx:
            accepted, entry = await inbox.store(tx, incoming, self._clock())
            if beside is not None and not accepted.dup:
                await beside(tx)
        return accepted, entry

    async def answered(self, channel: str, message_id: str) -> bool:
        """Whether the turn of that message is over (or there is no such message)."""
        async with self._database.read() as tx:
            stored = await inbox.state_of(tx, channel, message_id)
        return stored != "pending"

    async def known(self, channel: str, message_id: str, conversation_id: str) -> Entry | None:
        """The log line of a message that was accepted before (the answer to a repeated upload)."""
        async with self._database.read() as tx:
            stored = await inbox.find(tx, channel, message_id)
            if stored is None or stored.conversation_id != conversation_id:
                return None
            entries, _ = await message_log.page(
                tx, conversation_id, after_seq=stored.log_seq - 1, before_seq=stored.log_seq + 1
            )
        return entries[0] if entries else None

    async def accept_upload(
        self, incoming: Incoming, keep: Callable[[], Awaitable[dict[str, Any]]]
    ) -> tuple[Accepted, dict[str, Any]]:
        """Accept a file: `keep` stores it (and its case row) and returns the attachment shown in the log.

        No turn of the conversation runs meanwhile, so the case is not changed from two sides. A repeated
        delivery gets the first attachment again. What `keep` raises goes through; nothing is accepted then.
        """
        conversation_id = incoming.conversation_id
        async with self.locks.hold(conversation_id):
            before = await self.known(incoming.channel, incoming.message_id, conversation_id)
            if before is not None:
                return Accepted(before.seq, dup=True), before.attachment or {}
            await self.state(conversation_id)  # an erased conversation takes no file
            attachment = await keep()
            accepted = await self.accept(replace(incoming, attachment=attachment))
        return accepted, attachment

    def exclusive(self, conversation_id: str) -> AbstractAsyncContextManager[None]:
        """Keep turns of this conversation out while its case is changed from outside a turn."""
        return self.locks.hold(conversation_id)

    def wake(self, conversation_id: str) -> None:
        """See to it that a worker looks at the conversation's queue."""
        if not self._running:
            return
        if conversation_id in self._workers:
            self._again.add(conversation_id)
            return
        task = asyncio.create_task(self._work(conversation_id), name=f"turns {conversation_id}")
        self._workers[conversation_id] = task

    async def _work(self, conversation_id: str) -> None:
        try:
            while self._running:
                self._again.discard(conversation_id)
                async with self.locks.hold(conversation_id):
                    more = await self.runner.run_next(conversation_id)
                if not more and conversation_id not in self._again:
                    return
        except Exception:
            logger.exception("worker of a conversation ended; its messages stay pending")
        finally:
            del self._workers[conversation_id]
            if conversation_id in self._again:
                self._again.discard(conversation_id)
                self.wake(conversation_id)

    def works_on(self, conversation_id: str) -> bool:
        """Whether this process has a turn of the conversation running or waiting."""
        return conversation_id in self._workers

    @property
    def at_work(self) -> int:
        """How many conversations have a turn running or waiting in this process."""
        return len(self._workers)

    async def idle(self) -> None:
        """Wait until no accepted message is without its turn (terminals and tests)."""
        while self._workers:
            await asyncio.wait(list(self._workers.values()))

    def subscribe(self, conversation_id: str) -> Subscription:
        """Watch a conversation: subscribe first, then read the log, and nothing is missed."""
        return self.board.subscribe(conversation_id)

    async def history(
        self,
        conversation_id: str,
        *,
        after_seq: int | None = None,
        before_seq: int | None = None,
        limit: int = 50,
    ) -> tuple[list[Entry], bool]:
        """A page of the log in ascending order, and whether more lie beyond it."""
        async with self._database.read() as tx:
            return await message_log.page(
                tx, conversation_id, after_seq=after_seq, before_seq=before_seq, limit=limit
            )

    async def transcript(self, conversation_id: str) -> list[Entry]:
        """The whole log."""
        async with self._database.read() as tx:
            return await message_log.everything(tx, conversation_id)

    async def state(self, conversation_id: str) -> tuple[str, int]:
        """(owner, last seq) of a conversation; ("bot", 0) before its first message.

        Raises ConversationErased.
        """
        async with self._database.read() as tx:
            return await owner_of(tx, conversation_id), await message_log.last_seq(tx, conversation_id)

    async def erase(self, conversation_id: str) -> None:
        """Delete the buyer's words, uploads and case data; a running turn ends first and goes too."""
        now = self._clock()
        async with self.locks.hold(conversation_id):
            for eraser in self._erasers:
                await eraser.erase(conversation_id, now)
            async with self._database.transaction() as tx:
                try:
                    await inbox.ensure_conversation(tx, conversation_id, "", now)
                except ConversationErased:
                    return
                await erase_rows(tx, conversation_id, now)
            self.runner.forget(conversation_id)
        self.board.publish(conversation_id, Notice("erased"))
