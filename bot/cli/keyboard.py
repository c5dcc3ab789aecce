"""Lines from standard input, one at a time, without holding up the event loop or the end of the program."""

from __future__ import annotations

import asyncio
import os
import threading


class Lines:
    """Reads a line only when it is asked for one.

    A thread of asyncio's pool would keep the program alive until the next line came, so that Ctrl+C seems
    dead; and a buffered reader in a daemon thread would hold a lock that the interpreter needs to end.
    """

    def __init__(self, descriptor: int = 0) -> None:
        self._descriptor = descriptor
        self._read = b""
        self._ended = False

    async def next(self) -> str | None:
        """The next line without its end; None after the last one."""
        loop = asyncio.get_running_loop()
        answer: asyncio.Future[bytes | None] = loop.create_future()

        def deliver(line: bytes | None) -> None:
            if not answer.done():
                answer.set_result(line)

        def wait() -> None:
            line = self._next()
            if not loop.is_closed():
                loop.call_soon_threadsafe(deliver, line)

        threading.Thread(target=wait, name="standard input", daemon=True).start()
        line = await answer
        return None if line is None else line.decode("utf-8", "replace").rstrip("\r\n")

    def _next(self) -> bytes | None:
        while b"\n" not in self._read and not self._ended:
            try:
                piece = os.read(self._descriptor, 65536)
            except OSError:
                piece = b""
            self._ended = not piece
            self._read += piece
        line, end, self._read = self._read.partition(b"\n")
        return line + end or None
