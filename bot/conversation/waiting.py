"""Waiting for something or for a while, so that whoever is cancelled meanwhile stops.

`asyncio.wait_for` of Python before 3.12 gives the result back and forgets the cancellation when both come at the same moment
(https://github.com/python/cpython/issues/86296): a loop that waits in it then runs on for ever, and so does the shutdown
that waits for the loop.
"""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from typing import Any, TypeVar

Result = TypeVar("Result")


async def within(seconds: float, what: Coroutine[Any, Any, Result]) -> Result | None:
    """The result of `what`, or None when it takes longer; it is cancelled then, and when the caller is."""
    task = asyncio.ensure_future(what)
    try:
        await asyncio.wait({task}, timeout=seconds)
        return task.result() if task.done() else None
    finally:
        task.cancel()
