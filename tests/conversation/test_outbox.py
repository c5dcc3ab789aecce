"""Lines for push channels: sent in order, at least once, given up on in the end."""

from __future__ import annotations

from datetime import timedelta

import pytest_asyncio
from sqlalchemy import select

from bot.conversation.messages import Incoming
from bot.conversation.outbox import MAX_ATTEMPTS, OutboxRelay
from bot.conversation.road import Road
from bot.conversation.tables import outbox


class Platform:
    def __init__(self) -> None:
        self.got: list[str] = []
        self.down = False

    async def send(self, conversation_id, entry):
        if self.down:
            raise ConnectionError("platform is away")
        self.got.append(entry["text"])
        return f"p{len(self.got)}"


@pytest_asyncio.fixture
async def push_road(database, handler, clock):
    one = Road(database, handler, clock=clock, push_channels={"wechat"})
    await one.start()
    yield one
    await one.stop()


async def ask(road, channel: str, *texts: str) -> None:
    for number, text in enumerate(texts):
        await road.accept(Incoming(f"{channel}-a", channel, f"m{number}", text=text))
    await road.idle()


async def rows(database):
    async with database.read() as tx:
        return (await tx.execute(select(outbox).order_by(outbox.c.id))).all()


async def test_a_pull_channel_needs_no_rows(push_road, database):
    await ask(push_road, "web", "一")
    assert await rows(database) == []


async def test_lines_are_sent_once_and_in_order(push_road, database, clock):
    platform = Platform()
    relay = OutboxRelay(database, {"wechat": platform}, clock)
    await ask(push_road, "wechat", "一", "二")
    assert await relay.run_once() == 2
    assert await relay.run_once() == 0
    assert platform.got == ["收到：一", "收到：二"]
    assert [(row.state, row.platform_message_id) for row in await rows(database)] == [
        ("sent", "p1"),
        ("sent", "p2"),
    ]


async def test_a_platform_that_is_away_is_tried_again_later_and_in_order(push_road, database, clock):
    platform = Platform()
    platform.down = True
    relay = OutboxRelay(database, {"wechat": platform}, clock)
    await ask(push_road, "wechat", "一", "二")
    await relay.run_once()
    assert [row.attempts for row in await rows(database)] == [1, 0]  # the second waits behind the first
    platform.down = False
    assert await relay.run_once() == 0  # not due yet
    clock.move(timedelta(seconds=1))
    assert await relay.run_once() == 2
    assert platform.got == ["收到：一", "收到：二"]


async def test_it_is_given_up_in_the_end_and_the_next_line_goes_on(push_road, database, clock):
    platform = Platform()
    platform.down = True
    relay = OutboxRelay(database, {"wechat": platform}, clock)
    await ask(push_road, "wechat", "一", "二")
    for _ in range(MAX_ATTEMPTS):
        await relay.run_once()
        clock.move(timedelta(minutes=10))
    platform.down = False
    await relay.run_once()
    first, second = await rows(database)
    assert (first.state, first.attempts) == ("failed", MAX_ATTEMPTS)
    assert "away" in first.error
    assert second.state == "sent"
