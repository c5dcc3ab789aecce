"""Telling whoever watches a conversation that something happened, without ever being the record of it."""

from __future__ import annotations

import asyncio
from collections import defaultdict
from dataclasses import dataclass
from types import TracebackType
from typing import Literal

from bot.conversation.waiting import within

MAX_WAITING = 100
DESK = "desk"  # the topic of who works at the desk, beside the conversations


@dataclass(frozen=True)
class Notice:
    """`messages`: the log has grown, read it. `typing`: the bot starts or stops working. `error`: bad news.

    `owner`: who answers, or the place in the queue, has changed. `queue` (topic DESK): the desk's lists have.
    `erased`: the conversation is gone, `closing`: the program ends; stop watching.
    """

    kind: Literal["messages", "typing", "error", "owner", "queue", "erased", "closing"]
    on: bool = False
    code: str = ""
    message: str = ""


class Subscription:
    """One watcher. Use as a context manager; a slow watcher loses typing notices, never a message."""

    def __init__(self, board: NoticeBoard, conversation_id: str) -> None:
        self._board = board
        self._conversation_id = conversation_id
        self._queue: asyncio.Queue[Notice] = asyncio.Queue(MAX_WAITING)

    def __enter__(self) -> Subscription:
        self._board._watchers[self._conversation_id].add(self)
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        watchers = self._board._watchers
        watchers[self._conversation_id].discard(self)
        if not watchers[self._conversation_id]:
            del watchers[self._conversation_id]

    def put(self, notice: Notice) -> None:
        """Hand over a notice; when the queue is full a single "messages" says it all."""
        if self._queue.full():
            while not self._queue.empty():
                self._queue.get_nowait()
            notice = notice if notice.kind in ("erased", "closing") else Notice("messages")
        self._queue.put_nowait(notice)

    async def next(self, timeout: float) -> Notice | None:
        """The next notice, or None after `timeout` seconds of silence."""
        return await within(timeout, self._queue.get())


class NoticeBoard:
    """All watchers of this process, by conversation."""

    def __init__(self) -> None:
        self._watchers: dict[str, set[Subscription]] = defaultdict(set)

    def subscribe(self, conversation_id: str) -> Subscription:
        """A watcher that starts at its `with`."""
        return Subscription(self, conversation_id)

    def publish(self, conversation_id: str, notice: Notice) -> None:
        """Tell every watcher of the conversation; never waits."""
        for subscription in list(self._watchers.get(conversation_id, ())):
            subscription.put(notice)

    def close(self) -> None:
        """Tell every watcher that the program ends."""
        for conversation_id in list(self._watchers):
            self.publish(conversation_id, Notice("closing"))

    def watching(self) -> int:
        """How many watchers there are (a metric)."""
        return sum(len(group) for group in self._watchers.values())
