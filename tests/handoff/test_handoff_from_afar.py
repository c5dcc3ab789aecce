"""Actions in another process: what they store is there before the turn, and the turn still says so."""

from __future__ import annotations

import asyncio
from collections.abc import Awaitable, Callable
from contextvars import Context
from typing import Any

import pytest

from bot.conversation.messages import Incoming
from bot.conversation.turn import Turn
from bot.handoff.model import Reason
from bot.handoff.tables import handoffs

CONVERSATION = "web-a"


async def elsewhere(work: Callable[[], Awaitable[Any]]) -> Any:
    """Run something as an action server does: it knows nothing of the turn that asked for it."""
    return await Context().run(asyncio.ensure_future, work())


@pytest.fixture
def remote(desk: Any) -> Any:
    """`remote(turn, "request")`: one call of the handoff within an edit of the case, as actions make it."""

    def call(turn: Turn, name: str) -> Awaitable[Any]:
        async def act() -> Any:
            async with desk.cases.edit(CONVERSATION, turn.now) as case:
                case.take("shop", f"小店{len(desk.bot.turns)}", at=turn.now, message_id="m1")
                if name == "request":
                    return await desk.handoffs.request(
                        CONVERSATION,
                        Reason.USER_REQUEST,
                        now=turn.now,
                        message_id=turn.message.message_id,
                    )
                if name == "cancel":
                    return await desk.handoffs.cancel(CONVERSATION, turn.now)
                return await desk.handoffs.leave_message(CONVERSATION, "请回电", turn.now)

        return elsewhere(act)

    desk.road.runner._own_move = desk.handoffs.own_move
    return call


async def test_the_turn_says_what_its_action_has_stored(desk: Any, remote: Any) -> None:
    async def hand_over(turn: Turn) -> None:
        assert (await remote(turn, "request")).status == "queued"
        turn.say("已为您转人工")

    desk.bot.script = hand_over
    await desk.buyer_says("转人工")

    assert await desk.owner() == "queued"
    assert await desk.lines() == [("buyer", "转人工"), ("bot", "已为您转人工")]
    (row,) = await desk.rows(handoffs)
    assert (row.state, row.trigger_message_id) == ("queued", "m1")
    case = await desk.cases.find(CONVERSATION)
    assert row.case_id == case.id and case.facts["shop"].value == "小店1"


@pytest.mark.parametrize(("name", "state"), [("cancel", "cancelled"), ("leave_message", "left_message")])
async def test_a_button_in_the_queue(desk: Any, remote: Any, name: str, state: str) -> None:
    async def offer(turn: Turn) -> None:
        await remote(turn, "request")
        turn.say("正在排队", buttons=[{"title": "选我", "payload": f'/handoff_choice{{"choice": "{name}"}}'}])

    async def obey(turn: Turn) -> None:
        assert await remote(turn, name)
        turn.say("好的")

    desk.bot.script = offer
    await desk.buyer_says("转人工")
    desk.bot.script = obey
    desk.clock.move(seconds=30)
    (button,) = (await desk.road.transcript(CONVERSATION))[-1].buttons
    await desk.road.accept(Incoming(CONVERSATION, "web", "press", button=button["token"]))
    await desk.road.idle()

    assert [row.state for row in await desk.rows(handoffs)] == [state]
    assert await desk.owner() == "bot"
    assert (await desk.lines())[-1] == ("bot", "好的")


async def test_a_failure_after_the_action_was_stored(desk: Any, remote: Any) -> None:
    """The buyer is in the queue already; the second attempt tells them."""

    async def fails_once(turn: Turn) -> None:
        status = (await remote(turn, "request")).status
        if len(desk.bot.turns) == 1:
            raise RuntimeError("the answer got lost")
        turn.say("已为您转人工" if status == "queued" else "您已经在排队了")

    desk.bot.script = fails_once
    await desk.buyer_says("转人工")

    assert await desk.owner() == "queued"
    assert (await desk.lines())[-1] == ("bot", "您已经在排队了")
    assert len(await desk.rows(handoffs)) == 1


async def test_a_person_who_was_faster_is_not_talked_over(desk: Any, remote: Any) -> None:
    async def slow(turn: Turn) -> None:
        await remote(turn, "request")
        active = await desk.handoffs.active(CONVERSATION)
        await desk.handoffs.claim(active.id, desk.agents["wang"], desk.now)
        turn.say("已为您转人工")

    desk.bot.script = slow
    await desk.buyer_says("转人工")

    assert await desk.owner() == "human"
    assert await desk.lines() == [("buyer", "转人工"), ("system", "人工客服 小王 已接入。")]


async def test_the_next_message_in_the_queue_is_not_the_bots(desk: Any, remote: Any) -> None:
    async def hand_over(turn: Turn) -> None:
        await remote(turn, "request")
        turn.say("已为您转人工")

    desk.bot.script = hand_over
    await desk.buyer_says("转人工")
    desk.clock.move(seconds=5)
    await desk.buyer_says("在吗")

    assert len(desk.bot.turns) == 1
    assert (await desk.lines())[-1] == ("buyer", "在吗")


async def test_a_failed_action_stores_no_handoff(desk: Any) -> None:
    async def act() -> None:
        async with desk.cases.edit(CONVERSATION, desk.now) as case:
            case.take("shop", "小店", at=desk.now, message_id="m1")
            await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=desk.now)
            raise RuntimeError("boom")

    await desk.buyer_says("你好")
    with pytest.raises(RuntimeError, match="boom"):
        await elsewhere(act)

    assert (await desk.owner(), await desk.rows(handoffs)) == ("bot", [])
