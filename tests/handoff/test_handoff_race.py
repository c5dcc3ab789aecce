"""Fifty agents press the same button: exactly one has the conversation, the others learn who."""

from __future__ import annotations

import asyncio
from collections import Counter
from dataclasses import replace
from typing import Any

import pytest
from sqlalchemy.exc import IntegrityError

from bot.conversation.notices import NoticeBoard
from bot.conversation.voice import Voice
from bot.database.engine import Database
from bot.handoff import store
from bot.handoff.errors import AlreadyClaimed, NotYours, WrongState
from bot.handoff.model import Disposition, HandoffState, Reason, Settlement
from bot.handoff.moves import actor, work_on
from bot.handoff.tables import handoff_events, handoffs

CONVERSATION = "web-a"
AGENTS, PROCESSES = 50, 5


@pytest.fixture
async def services(desk: Any, service_of: Any) -> Any:
    """The service as several processes have it, each with its own connections to the same file."""
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


async def outcomes(tries: list[Any]) -> tuple[list[Any], list[Exception]]:
    """What came back from all of them at once, and what was raised."""
    done = await asyncio.gather(*tries, return_exceptions=True)
    failed = [one for one in done if isinstance(one, Exception)]
    return [one for one in done if not isinstance(one, Exception)], failed


async def test_fifty_agents_claim_one_conversation(desk: Any, services: Any, crowd: Any) -> None:
    found = await desk.queued()
    won, lost = await outcomes(
        [services[at % PROCESSES].claim(found.id, agent, desk.now) for at, agent in enumerate(crowd)]
    )

    (winner,) = won
    assert len(lost) == AGENTS - 1
    assert {type(one) for one in lost} == {AlreadyClaimed}
    assert {one.agent_name for one in lost} == {winner.agent_name}
    assert await desk.handoffs.get(found.id) == winner
    assert await desk.audit(found.id) == ["request", "claim"]
    joined = [text for author, text in await desk.lines() if author == "system"]
    assert joined == [f"人工客服 {winner.agent_name} 已接入。"]


async def test_fifty_agents_step_in_unasked(desk: Any, services: Any, crowd: Any) -> None:
    await desk.buyer_says("你好")
    won, lost = await outcomes(
        [services[at % PROCESSES].take_over(CONVERSATION, agent, desk.now) for at, agent in enumerate(crowd)]
    )

    assert len(won) == 1
    assert Counter(type(one) for one in lost) == {AlreadyClaimed: AGENTS - 1}
    assert [row.state for row in await desk.rows(handoffs)] == ["human"]


async def test_one_wish_however_often_it_is_made(desk: Any, services: Any) -> None:
    await desk.buyer_says("你好")
    won, lost = await outcomes(
        [one.request(CONVERSATION, Reason.USER_REQUEST, now=desk.now) for one in services * 4]
    )

    assert lost == []
    assert Counter(one.status for one in won) == {"queued": 1, "already": 4 * PROCESSES - 1}
    assert [row.what for row in await desk.rows(handoff_events)] == ["request"]


@pytest.mark.parametrize("attempt", range(3))
async def test_claim_cancel_and_expiry_at_once_end_in_one_of_them(
    desk: Any, services: Any, crowd: Any, attempt: int
) -> None:
    found = await desk.queued()
    late = desk.clock.move(minutes=10)
    first, second, third = services[:3]
    await outcomes(
        [
            first.expire(late),
            second.cancel(CONVERSATION, late),
            third.claim(found.id, crowd[0], late),
            second.expire(late),
        ]
    )

    state = (await desk.handoffs.get(found.id)).state.value
    trail = await desk.audit(found.id)
    assert (state, trail[1:]) in [("timed_out", ["expire"]), ("cancelled", ["cancel"]), ("human", ["claim"])]
    assert await desk.owner() == ("human" if state == "human" else "bot")
    desk.road.wake(CONVERSATION)
    await desk.road.idle()
    assert len(desk.bot.events()) == (1 if state == "timed_out" else 0)


async def test_the_end_comes_once(desk: Any, services: Any, crowd: Any) -> None:
    found = await desk.queued()
    agent = crowd[0]
    await services[0].claim(found.id, agent, desk.now)
    settled = Settlement("退款")
    won, lost = await outcomes(
        [
            *(one.hand_back(found.id, agent, settled, desk.now) for one in services),
            *(one.close(found.id, agent, Disposition.RESOLVED, settled, desk.now) for one in services),
            *(one.release(found.id, agent, desk.now) for one in services),
        ]
    )

    assert len(won) == 1
    assert {type(one) for one in lost} <= {WrongState, NotYours}
    assert len(await desk.audit(found.id)) == 3
    assert len([one for one in await desk.lines() if one[0] == "system"]) == 2


async def test_a_line_sent_again_before_the_first_answer_is_said_once(
    desk: Any, services: Any, crowd: Any
) -> None:
    found = await desk.queued()
    await services[0].claim(found.id, crowd[0], desk.now)
    entries, lost = await outcomes(
        [one.say(found.id, crowd[0], "您好", desk.now, client_msg_id="c1") for one in services]
    )

    assert lost == []
    assert len({entry.seq for entry in entries}) == 1
    assert [text for author, text in await desk.lines() if author == "agent"] == ["您好"]


async def test_a_move_from_what_is_no_longer_true_is_refused(desk: Any, crowd: Any) -> None:
    """Without the lock of the conversation, the row itself would still say no."""
    found = await desk.queued()
    await desk.handoffs.claim(found.id, crowd[0], desk.now)
    for stale, refused in (
        (found, AlreadyClaimed),
        (replace(found, state=HandoffState.HUMAN), AlreadyClaimed),
    ):
        with pytest.raises(refused, match=crowd[0].display_name):
            async with work_on(desk.database, desk.road.voice, CONVERSATION, desk.now) as work:
                name = "claim" if stale.state is HandoffState.QUEUED else "release"
                await work.move(stale, name, actor(crowd[1]), agent_id=crowd[1].id)
    await desk.handoffs.release(found.id, crowd[0], desk.now)
    await desk.handoffs.cancel(CONVERSATION, desk.now)
    with pytest.raises(WrongState):
        async with work_on(desk.database, desk.road.voice, CONVERSATION, desk.now) as work:
            await work.move(found, "claim", actor(crowd[1]), agent_id=crowd[1].id)
    assert (await desk.handoffs.get(found.id)).state is HandoffState.CANCELLED
    assert await desk.audit(found.id) == ["request", "claim", "release", "cancel"]


async def test_a_second_active_handoff_cannot_be_stored(desk: Any) -> None:
    found = await desk.queued()
    with pytest.raises(IntegrityError):
        async with desk.database.transaction() as tx:
            await store.add(tx, replace(found, id=store.new_id()))
    assert len(await desk.rows(handoffs)) == 1
