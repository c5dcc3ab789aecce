"""Lines for push channels: queued with what they talk about, sent in order, held or given up in the open."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.conversation import outbox
from bot.conversation.messages import Incoming, Reply
from bot.conversation.notices import NoticeBoard
from bot.conversation.outbox import LEASE, MAX_ATTEMPTS, Outcome
from bot.conversation.relay import OutboxRelay
from bot.conversation.road import Road
from bot.conversation.tables import outbox as outbox_table
from bot.conversation.voice import Voice

HERE = "wechat-a"
WINDOW = timedelta(seconds=4)


class Platform:
    """Takes what it gets; `verdict` decides otherwise."""

    def __init__(self) -> None:
        self.got: list[str] = []
        self.verdict = "sent"
        self.error: Exception | None = None

    async def send(self, conversation_id, lines):
        if self.error:
            raise self.error
        outcomes = []
        for line in lines:
            if self.verdict == "sent":
                self.got.append(line.entry.text)
            outcomes.append(
                Outcome(self.verdict, f"p{len(self.got)}", "" if self.verdict == "sent" else "why")
            )
        return outcomes


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def relay(database, platform, clock) -> OutboxRelay:
    return OutboxRelay(database, {"wechat": platform}, clock)


@pytest_asyncio.fixture
async def push_road(database, handler, clock):
    one = Road(database, handler, clock=clock, voice=Voice(NoticeBoard(), {"wechat": WINDOW}))
    await one.start()
    yield one
    await one.stop()


async def ask(road, channel: str, *texts: str, first: int = 0) -> None:
    for number, text in enumerate(texts, start=first):
        await road.accept(Incoming(f"{channel}-a", channel, f"m{number}", text=text))
    await road.idle()


async def rows(database):
    async with database.read() as tx:
        return (await tx.execute(select(outbox_table).order_by(outbox_table.c.id))).all()


async def states(database) -> list[str]:
    return [row.state for row in await rows(database)]


async def agent_says(road, database, clock, text: str) -> None:
    async with database.transaction() as tx:
        await road.voice.say(tx, HERE, [Reply(text)], clock.now, author_type="agent", author_name="小王")
    road.voice.announce(HERE)


async def test_a_pull_channel_needs_no_rows(push_road, database):
    await ask(push_road, "web", "一")
    assert await rows(database) == []


async def test_answers_wait_for_the_channels_own_answer_and_then_go_in_order(
    push_road, database, relay, platform, clock
):
    await ask(push_road, "wechat", "一", "二")
    assert await relay.run_once() == 0
    clock.move(WINDOW)
    assert await relay.run_once() == 2
    assert await relay.run_once() == 0
    assert platform.got == ["收到：一", "收到：二"]
    assert [(row.state, row.platform_message_id) for row in await rows(database)] == [
        ("sent", "p1"),
        ("sent", "p2"),
    ]


async def test_a_persons_line_goes_at_once_but_never_overtakes(push_road, database, relay, platform, clock):
    await ask(push_road, "wechat", "一")
    await agent_says(push_road, database, clock, "我是小王")
    assert await relay.run_once() == 0  # the bot's answer before it is not due yet
    clock.move(WINDOW)
    assert await relay.run_once() == 2
    await agent_says(push_road, database, clock, "还在吗")
    assert await relay.run_once() == 1
    assert platform.got == ["收到：一", "我是小王", "还在吗"]


async def test_the_channel_takes_what_is_not_due_and_what_was_held(
    push_road, database, relay, platform, clock
):
    await ask(push_road, "wechat", "一")
    clock.move(WINDOW)
    platform.verdict = "held"
    assert await relay.run_once() == 0
    assert await states(database) == ["held"]
    await ask(push_road, "wechat", "二", first=1)
    async with database.transaction() as tx:
        lines = await outbox.take(tx, HERE, clock.now, everything=True)
    assert [line.entry.text for line in lines] == ["收到：一", "收到：二"]
    async with database.transaction() as tx:
        assert await outbox.take(tx, HERE, clock.now, everything=True) == []  # somebody is at it
        await outbox.settle(tx, [(line, Outcome("sent")) for line in lines], clock.now)
    assert await states(database) == ["sent", "sent"]


async def test_a_new_grant_lets_held_lines_go(push_road, database, relay, platform, clock):
    await ask(push_road, "wechat", "一")
    clock.move(WINDOW)
    platform.verdict = "held"
    await relay.run_once()
    platform.verdict = "sent"
    assert await relay.run_once() == 0
    async with database.transaction() as tx:
        assert await outbox.release(tx, HERE, clock.now, due=clock.now) == 1
    assert await relay.run_once() == 1
    assert platform.got == ["收到：一"]


async def test_a_sender_that_died_is_replaced_when_its_lease_is_over(
    push_road, database, relay, platform, clock
):
    await ask(push_road, "wechat", "一")
    clock.move(WINDOW)
    async with database.transaction() as tx:
        assert len(await outbox.take(tx, HERE, clock.now)) == 1
    assert await relay.run_once() == 0
    clock.move(LEASE)
    assert await relay.run_once() == 1


async def test_lines_given_back_go_at_once(push_road, database, relay, clock):
    await ask(push_road, "wechat", "一")
    async with database.transaction() as tx:
        lines = await outbox.take(tx, HERE, clock.now, everything=True)
        await outbox.give_back(tx, lines, clock.now)
    assert await relay.run_once() == 1


async def test_a_platform_that_is_away_is_tried_again_later_and_in_order(
    push_road, database, relay, platform, clock
):
    platform.error = ConnectionError("secret-token in a message")
    await ask(push_road, "wechat", "一", "二")
    clock.move(WINDOW)
    await relay.run_once()
    assert [(row.state, row.attempts, row.error) for row in await rows(database)] == [
        ("pending", 1, "ConnectionError")
    ] * 2
    platform.error = None
    assert await relay.run_once() == 0  # not due yet
    clock.move(timedelta(seconds=1))
    assert await relay.run_once() == 2
    assert platform.got == ["收到：一", "收到：二"]


async def test_it_is_given_up_in_the_end_and_counted(push_road, database, relay, platform, clock):
    platform.error = ConnectionError("away")
    await ask(push_road, "wechat", "一")
    for _ in range(MAX_ATTEMPTS):
        clock.move(timedelta(minutes=10))
        await relay.run_once()
    (row,) = await rows(database)
    assert (row.state, row.attempts) == ("failed", MAX_ATTEMPTS)
    async with database.read() as tx:
        assert await outbox.counts(tx) == {("wechat", "failed"): 1}


async def test_a_channel_that_was_turned_off_holds_its_lines(push_road, database, clock):
    await ask(push_road, "wechat", "一")
    clock.move(WINDOW)
    await OutboxRelay(database, {}, clock).run_once()
    assert await states(database) == ["held"]


async def test_two_relays_send_every_line_once(push_road, database, platform, clock):
    await ask(push_road, "wechat", *"一二三四五六")
    clock.move(WINDOW)
    relays = [OutboxRelay(database, {"wechat": platform}, clock) for _ in range(2)]
    sent = await asyncio.gather(*(relay.run_once() for relay in relays for _ in range(3)))
    assert sum(sent) == 6
    assert platform.got == [f"收到：{text}" for text in "一二三四五六"]


async def test_the_running_relay_sends_as_soon_as_a_line_is_due(push_road, database, relay, platform, clock):
    push_road.voice.on_lines.append(relay.wake)
    task = asyncio.create_task(relay.run())
    try:
        await ask(push_road, "wechat", "一")
        clock.move(WINDOW)
        await agent_says(push_road, database, clock, "二")
        for _ in range(100):
            await asyncio.sleep(0.01)
            if len(platform.got) == 2:
                break
        assert platform.got == ["收到：一", "二"]
    finally:
        task.cancel()
