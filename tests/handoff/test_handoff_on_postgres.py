"""The same races on a PostgreSQL server, where writers really meet."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import suppress
from typing import Any

import pytest
import pytest_asyncio

from bot.conversation.messages import Incoming
from bot.conversation.notices import NoticeBoard
from bot.conversation.tables import inbox
from bot.conversation.voice import Voice
from bot.database.engine import Database
from bot.handoff.errors import AlreadyClaimed, HandoffError
from bot.handoff.model import Disposition, Reason, Settlement
from bot.handoff.tables import handoff_events, handoffs

pytestmark = pytest.mark.postgres

CONVERSATION = "web-a"
AGENTS, PROCESSES = 50, 4


@pytest.fixture
def db_url(postgres_url: str) -> str:
    return postgres_url


@pytest_asyncio.fixture
async def services(desk: Any, service_of: Any) -> AsyncIterator[list[Any]]:
    """The service as several processes have it."""
    databases = [Database(desk.database.url) for _ in range(PROCESSES)]
    for one in databases:
        await one.connect()
    yield [service_of(one, Voice(NoticeBoard())) for one in databases]
    for one in databases:
        await one.close()


@pytest.fixture
async def crowd(desk: Any, hire: Any) -> list[Any]:
    """Fifty agents."""
    names = {f"agent{number}": f"客服{number}" for number in range(AGENTS)}
    return list((await hire(desk.database, names)).values())


async def test_fifty_agents_claim_one_conversation(desk: Any, services: Any, crowd: Any) -> None:
    found = await desk.queued()
    tries = [services[at % PROCESSES].claim(found.id, agent, desk.now) for at, agent in enumerate(crowd)]
    done = await asyncio.gather(*tries, return_exceptions=True)

    won = [one for one in done if not isinstance(one, BaseException)]
    lost = [one for one in done if isinstance(one, AlreadyClaimed)]
    assert (len(won), len(lost)) == (1, AGENTS - 1)
    assert {one.agent_name for one in lost} == {won[0].agent_name}
    assert await desk.handoffs.get(found.id) == won[0]
    assert await desk.audit(found.id) == ["request", "claim"]
    assert await desk.owner() == "human"


async def test_one_wish_however_often_it_is_made(desk: Any, services: Any) -> None:
    await desk.buyer_says("你好")
    wishes = [one.request(CONVERSATION, Reason.USER_REQUEST, now=desk.now) for one in services * 5]
    done = Counter(one.status for one in await asyncio.gather(*wishes))

    assert done == {"queued": 1, "already": 5 * PROCESSES - 1}
    assert len(await desk.rows(handoffs)) == 1


async def test_nobody_blocks_and_the_bot_never_talks_over_a_person(
    desk: Any, services: Any, crowd: Any
) -> None:
    """Turns that ask for a person, agents who claim, step in, put back and hand back: all at once."""
    rooms, dice = ["web-1", "web-2"], random.Random(7)

    async def ask_or_echo(turn: Any) -> None:
        await asyncio.sleep(dice.random() / 100)
        if turn.message.body.get("text") == "转人工":
            await desk.handoffs.request(turn.conversation_id, Reason.USER_REQUEST, now=turn.now)
        event = turn.message.kind == "event"
        turn.say(f"回来了 {turn.message.message_id}" if event else "小助手在")

    async def buyer(room: str) -> None:
        for number in range(25):
            text = dice.choice(["转人工", "在吗"])
            await desk.road.accept(Incoming(room, "web", f"{room}-{number}", text=text))
            await asyncio.sleep(dice.random() / 50)

    async def agent_works(service: Any, agent: Any) -> None:
        for _ in range(12):
            with suppress(HandoffError):
                found = await service.take_over(dice.choice(rooms), agent, desk.now)
                await service.say(found.id, agent, "您好", desk.now)
                end = dice.choice(["release", "hand_back", "close"])
                if end == "release":
                    await service.release(found.id, agent, desk.now)
                elif end == "hand_back":
                    await service.hand_back(found.id, agent, Settlement("好了"), desk.now)
                else:
                    await service.close(found.id, agent, Disposition.RESOLVED, Settlement(""), desk.now)
            await asyncio.sleep(dice.random() / 50)

    for room in rooms:
        await desk.buyer_says("你好", room)
    desk.bot.script = ask_or_echo
    agents = [agent_works(services[at % PROCESSES], crowd[at]) for at in range(8)]
    await asyncio.wait_for(asyncio.gather(*map(buyer, rooms), *agents), 60)
    for room in rooms:
        desk.road.wake(room)
    await desk.road.idle()

    said = [line for room in rooms for line in await desk.lines(room)]
    answers = Counter(text for author, text in said if author == "bot" and "回来了" in str(text))
    assert set(answers.values()) <= {1}
    for room in rooms:
        assert bot_lines_beside_a_person(await desk.lines(room)) == []
        active = await desk.handoffs.active(room)
        assert await desk.owner(room) in ({active.state.value} if active else {"bot", "closed"})
    returned = [row for row in await desk.rows(inbox) if row.kind == "event"]
    trail = Counter(row.what for row in await desk.rows(handoff_events))
    assert {row.state for row in returned} == {"done"}
    assert len(returned) == trail["hand_back"] > 0
    assert desk.road.runner.counters.apologies == 0


def bot_lines_beside_a_person(lines: list[tuple[str, str | None]]) -> list[int]:
    """Where the bot spoke between the coming and the going of an agent."""
    wrong, person = [], False
    for at, (author, text) in enumerate(lines):
        if author == "system":
            person = str(text).endswith("已接入。")
        elif author == "bot" and person:
            wrong.append(at)
    return wrong
