"""Waiting with a limit, and being cancelled at the very moment the wait is over."""

from __future__ import annotations

import asyncio

import pytest

from bot.conversation.waiting import within


async def test_the_result_or_none_when_it_takes_longer() -> None:
    async def soon() -> int:
        return 7

    assert await within(5, soon()) == 7
    assert await within(0.01, asyncio.Event().wait()) is None


async def test_an_error_comes_through() -> None:
    async def fails() -> None:
        raise ValueError("no")

    with pytest.raises(ValueError, match="no"):
        await within(5, fails())


async def test_who_is_cancelled_when_the_wait_ends_stops_all_the_same() -> None:
    event, rounds = asyncio.Event(), 0

    async def loop() -> None:
        nonlocal rounds
        while True:
            await within(5, event.wait())
            event.clear()
            rounds += 1

    task = asyncio.create_task(loop())
    await asyncio.sleep(0.01)
    event.set()
    await asyncio.sleep(0)  # the inner wait is over, the loop has not run yet
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await asyncio.wait_for(asyncio.shield(task), 1)
    assert task.cancelled() and rounds == 0
