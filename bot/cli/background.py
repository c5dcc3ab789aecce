"""Work that goes on beside the requests: begun with the server, ended before its database closes."""

from __future__ import annotations

import asyncio
from collections.abc import Callable, Coroutine
from typing import Any

Work = Callable[[], Coroutine[Any, Any, None]]


class Background:
    """Tasks that run until the server stops."""

    def __init__(self) -> None:
        self._work: dict[str, Work] = {}
        self._tasks: list[asyncio.Task[None]] = []

    def add(self, name: str, work: Work) -> None:
        """`work` is begun at `start`; it sees to its own errors."""
        self._work[name] = work

    async def start(self) -> None:
        """Begin everything."""
        self._tasks = [asyncio.create_task(work(), name=name) for name, work in self._work.items()]

    async def stop(self) -> None:
        """End everything, and wait for it."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        self._tasks = []
