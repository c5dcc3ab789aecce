"""Road, outbox and ownership on a PostgreSQL server, where two processes really meet."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from typing import Any

import pytest
import pytest_asyncio
from sqlalchemy import select

from bot.conversation.messages import Incoming, Reply
from bot.conversation.notices import NoticeBoard
from bot.conversation.outbox import Outcome
from bot.conversation.ownership import change_owner, owner_of
from bot.conversation.relay import OutboxRelay
from bot.conversation.road import Road
from bot.conversation.tables import inbox, outbox
from bot.conversation.turn import Turn
from bot.conversation.voice import Voice
from bot.conversation.worker import RoadLimits
from bot.database.engine import Database

pytestmark = pytest.mark.postgres

HERE = "web-a"
MESSAGES = 50


@pytest.fixture
def db_url(postgres_url: str) -> str:
    return postgres_url


@pytest_asyncio.fixture
async def other_database(db_url: str) -> AsyncIterator[Database]:
    one = Database(db_url)
    await one.connect()
    yield one
    await one.close()


@pytest_asyncio.fixture
async def roads(
    database: Database, other_database: Database, handler: Any, clock: Any
) -> AsyncIterator[list[Road]]:
    """The road as two processes have it; what is said on "wechat" goes through the outbox."""
    limits = RoadLimits(turn_timeout=5.0, retry_pauses=(0.0,), away_pauses=(0.05,))
    made = [
        Road(
            one,
            handler,
            clock=clock,
            voice=Voice(NoticeBoard(), {"wechat": clock.now - clock.now}),
            limits=limits,
        )
        for one in (database, other_database)
    ]
    for one in made:
        await one.start()
    yield made
    for one in made:
        await one.stop(grace=2.0)


async def idle(roads: list[Road], *conversations: str) -> None:
    """Nothing is left to do, whoever accepted it."""
    for one in roads * 2:
        for conversation in conversations:
            one.wake(conversation)
        await one.idle()


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as tx:
        return list((await tx.execute(select(table).order_by(table.c.id))).all())


async def replies(road: Road, conversation: str = HERE) -> list[str | None]:
    return [one.text for one in await road.transcript(conversation) if one.author_type == "bot"]


async def test_duplicates_delivered_to_both_at_once(roads: list[Road], database: Database) -> None:
    same = Incoming(HERE, "web", "m1", text="你好")
    accepted = await asyncio.gather(*(road.accept(same) for road in roads * 5))
    again = await roads[0].accept(same)
    await idle(roads, HERE)

    assert [one.dup for one in accepted].count(False) == 1
    assert again.dup and {one.seq for one in accepted} == {again.seq}
    assert [row.state for row in await rows(database, inbox)] == ["done"]
    assert await replies(roads[0]) == ["收到：你好"]


@pytest.mark.parametrize("at_once", [False, True], ids=["one by one", "all at once"])
async def test_two_processes_on_one_conversation(
    roads: list[Road], handler: Any, database: Database, at_once: bool
) -> None:
    """Each message is answered exactly once, in the order in which they were stored."""
    dice = random.Random(7)

    async def think(turn: Turn) -> None:
        await asyncio.sleep(dice.random() / 200)
        turn.say(turn.message.message_id)

    handler.script = think
    sent = [
        roads[number % 2].accept(Incoming(HERE, "web", f"m{number}", text=str(number)))
        for number in range(MESSAGES)
    ]
    if at_once:
        await asyncio.gather(*sent)
    else:
        for one in sent:
            await one
    await asyncio.wait_for(idle(roads, HERE), 60)

    stored = await rows(database, inbox)
    assert {row.state for row in stored} == {"done"}
    in_order = [row.message_id for row in sorted(stored, key=lambda row: row.log_seq)]
    assert await replies(roads[0]) == in_order
    if not at_once:
        assert in_order == [f"m{number}" for number in range(MESSAGES)]
    assert roads[0].runner.counters.apologies + roads[1].runner.counters.apologies == 0


async def test_two_relays_send_every_line_once_and_in_order(
    roads: list[Road], database: Database, other_database: Database, clock: Any
) -> None:
    got: dict[str, list[str]] = {}

    class Platform:
        async def send(self, conversation_id: str, lines: Any) -> list[Outcome]:
            for line in lines:
                await asyncio.sleep(0.001)
                got.setdefault(conversation_id, []).append(line.entry.text)
            return [Outcome("sent")] * len(lines)

    rooms = [f"wechat-{number}" for number in range(4)]
    for number in range(10):
        for room in rooms:
            await roads[number % 2].accept(Incoming(room, "wechat", f"{room}-{number}", text=str(number)))
    await idle(roads, *rooms)
    relays = [OutboxRelay(one, {"wechat": Platform()}, clock) for one in (database, other_database)]
    sent = await asyncio.gather(*(relay.run_once() for relay in relays for _ in range(5)))

    assert sum(sent) == 40
    assert got == {room: [f"收到：{number}" for number in range(10)] for room in rooms}
    assert Counter(row.state for row in await rows(database, outbox)) == {"sent": 40}


async def test_a_turn_never_ends_after_a_person_has_taken_the_conversation(
    roads: list[Road], handler: Any, other_database: Database, clock: Any
) -> None:
    """Whichever commits first: what the bot says stands before the taking over, or nowhere."""
    taken: list[tuple[str, int]] = []
    agents: list[asyncio.Task[None]] = []

    async def think(turn: Turn) -> None:
        turn.say("机器人的话")
        if turn.message.message_id.startswith("second"):
            after = (0.0, 0.05, 1.5)[len(agents) % 3]  # surely before the turn ends, at its end, surely after
            agents.append(asyncio.create_task(take_over(turn.conversation_id, after)))
            await asyncio.sleep(0.05)

    async def take_over(conversation: str, after: float) -> None:
        await asyncio.sleep(after)
        async with other_database.transaction() as tx:
            await owner_of(tx, conversation, lock=True)
            assert await change_owner(tx, conversation, "human")
            lines = await roads[1].voice.say(
                tx,
                conversation,
                [Reply("人工客服 小王 已接入。")],
                clock.now,
                author_type="system",
                author_name="系统",
            )
            taken.append((conversation, lines[0].seq))

    handler.script = think
    rooms = [f"web-{number}" for number in range(24)]
    for kind in ("first", "second"):
        for room in rooms:
            await roads[0].accept(Incoming(room, "web", f"{kind}-{room}", text="在吗"))
        await roads[0].idle()
    await asyncio.wait_for(asyncio.gather(*agents), 30)
    await idle(roads, *rooms)

    assert len(taken) == len(rooms)
    late = 0
    for room, seq in taken:
        said = [one for one in await roads[0].transcript(room) if one.author_type == "bot"]
        assert all(one.seq < seq for one in said), room
        late += len(said) == 1
        assert await roads[0].answered("web", f"second-{room}")
    assert 0 < late < len(rooms)  # both orders were seen
