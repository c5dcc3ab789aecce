"""The handoff inside turns: it is stored with the turn or not at all, and a paused bot never talks."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from bot.conversation import message_log
from bot.conversation.messages import Incoming
from bot.conversation.notices import Notice
from bot.conversation.turn import Turn
from bot.handoff import store
from bot.handoff.model import Disposition, Reason, Requested, Settlement
from bot.handoff.tables import handoff_events, handoffs

CONVERSATION = "web-a"


async def test_a_wish_in_a_turn_is_stored_with_the_turn(desk: Any) -> None:
    answers: list[Requested] = []

    async def hand_over(turn: Turn) -> None:
        for _ in range(2):
            answers.append(await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=turn.now))
        assert await desk.rows(handoffs) == []  # nothing is true before the turn is stored
        turn.say("已为您排队")

    desk.bot.script = hand_over
    with desk.road.subscribe(CONVERSATION) as watcher:
        await desk.buyer_says("转人工")
        kinds = [notice.kind for notice in [await watcher.next(0.01) for _ in range(9)] if notice]

    assert answers == [Requested("queued", 1), Requested("already", 1)]
    (row,) = await desk.rows(handoffs)
    assert (row.state, row.trigger_message_id) == ("queued", "m1")
    assert await desk.owner() == "queued"
    assert (await desk.lines())[-1] == ("bot", "已为您排队")
    assert Notice("owner").kind in kinds


async def test_a_turn_that_fails_leaves_no_handoff(desk: Any) -> None:
    async def fails_once(turn: Turn) -> None:
        await desk.handoffs.request(CONVERSATION, Reason.REPEAT_FAILURE, now=turn.now)
        turn.say("已为您排队")
        if len(desk.bot.turns) == 1:
            raise RuntimeError("boom")

    desk.bot.script = fails_once
    await desk.buyer_says("转人工")

    assert len(desk.bot.turns) == 2
    assert len(await desk.rows(handoffs)) == 1
    assert [row.actor_type for row in await desk.rows(handoff_events)] == ["bot"]
    assert [line for line in await desk.lines() if line[0] == "bot"] == [("bot", "已为您排队")]


async def test_a_case_begun_in_the_same_turn_is_the_one_of_the_handoff(desk: Any) -> None:
    async def complain(turn: Turn) -> None:
        async with desk.cases.edit(CONVERSATION, turn.now) as case:
            case.take("amount", "8000", at=turn.now, message_id=turn.message.message_id)
        await desk.handoffs.request(CONVERSATION, Reason.HIGH_AMOUNT, now=turn.now)

    desk.bot.script = complain
    await desk.buyer_says("买了八千块的电脑是坏的")

    (row,) = await desk.rows(handoffs)
    case = await desk.cases.find(CONVERSATION)
    assert (row.case_id, row.priority) == (case.id, "high")


async def test_who_thinks_better_of_it_in_the_same_turn_is_not_queued(desk: Any) -> None:
    async def to_and_fro(turn: Turn) -> None:
        await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=turn.now)
        assert await desk.handoffs.cancel(CONVERSATION, turn.now)
        turn.say("好的，继续")

    desk.bot.script = to_and_fro
    await desk.buyer_says("转人工，算了不用了")

    assert await desk.rows(handoffs) == []
    assert await desk.owner() == "bot"


@pytest.mark.parametrize(("choice", "state"), [("cancel", "cancelled"), ("leave_message", "left_message")])
async def test_a_button_in_the_queue_still_reaches_the_bot(desk: Any, choice: str, state: str) -> None:
    async def offer(turn: Turn) -> None:
        await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=turn.now)
        payload = f'/handoff_choice{{"choice": "{choice}"}}'
        turn.say("正在排队", buttons=[{"title": "选我", "payload": payload}])

    async def obey(turn: Turn) -> None:
        chosen = turn.message.body["entities"]["choice"]
        if chosen == "cancel":
            assert await desk.handoffs.cancel(CONVERSATION, turn.now)
        else:
            assert await desk.handoffs.leave_message(CONVERSATION, "请回电", turn.now)
        turn.say("好的")

    desk.bot.script = offer
    await desk.buyer_says("转人工")
    desk.bot.script = obey
    (button,) = (await desk.road.transcript(CONVERSATION))[-1].buttons
    await desk.road.accept(Incoming(CONVERSATION, "web", "press", button=button["token"]))
    await desk.road.idle()

    (row,) = await desk.rows(handoffs)
    assert row.state == state
    assert await desk.owner() == "bot"
    assert (await desk.lines())[-1] == ("bot", "好的")


async def test_the_bots_words_are_dropped_when_a_person_was_faster(desk: Any) -> None:
    async def slow(turn: Turn) -> None:
        await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=turn.now)
        turn.say("我来说一句")
        if len(desk.bot.turns) == 2:
            await _outside_the_turn(desk)

    async def _outside_the_turn(desk: Any) -> None:
        await desk.handoffs.take_over(CONVERSATION, desk.agents["wang"], desk.now)

    await desk.buyer_says("你好")
    desk.bot.script = slow
    await desk.buyer_says("在吗")

    assert await desk.owner() == "human"
    assert await desk.lines() == [
        ("buyer", "你好"),
        ("bot", "收到：你好"),
        ("buyer", "在吗"),
        ("system", "人工客服 小王 已接入。"),
    ]
    assert [row.state for row in await desk.rows(handoffs)] == ["human"]


@pytest.mark.parametrize("state", ["queued", "human", "wrap_up"])
@pytest.mark.parametrize(
    "words", ["在吗", "/restart", "/session_start", "/action_restart", "转人工", "/handoff_returned{}"]
)
@pytest.mark.parametrize("pause", [timedelta(), timedelta(days=3)])
async def test_a_paused_bot_never_talks(desk: Any, state: str, words: str, pause: timedelta) -> None:
    found = await desk.queued()
    if state != "queued":
        await desk.handoffs.claim(found.id, desk.agents["wang"], desk.now)
    if state == "wrap_up":
        await desk.handoffs.wrap_up(found.id, desk.agents["wang"], desk.now)
    turns, before = len(desk.bot.turns), await desk.lines()
    desk.clock.now += pause
    await desk.buyer_says(words)

    assert len(desk.bot.turns) == turns
    assert await desk.lines() == [*before, ("buyer", words.replace("/", "／", 1))]
    assert await desk.owner() == state


async def test_what_was_said_to_the_person_is_no_turn_after_the_return(desk: Any) -> None:
    found = await desk.claimed()
    await desk.buyer_says("只说给小王")
    turns = len(desk.bot.turns)
    settled = Settlement("已处理")
    await desk.handoffs.hand_back(found.id, desk.agents["wang"], settled, desk.now)
    await desk.road.idle()

    assert len(desk.bot.turns) == turns + 1
    assert desk.bot.events() == [
        ("handoff_returned", {"text": "已处理", "outcome": "", "agent_name": "小王"})
    ]


@pytest.mark.parametrize("place", ["audit", "say", "tell_bot", "end"])
async def test_a_failure_in_the_middle_leaves_nothing(
    desk: Any, monkeypatch: pytest.MonkeyPatch, place: str
) -> None:
    found = await desk.claimed()
    before = (await desk.lines(), await desk.audit(found.id), await desk.owner())

    async def boom(*_: Any, **__: Any) -> None:
        raise RuntimeError("power cut")

    where: Any = store if place == "audit" else message_log if place == "say" else None
    if where is not None:
        monkeypatch.setattr(where, "audit" if place == "audit" else "append", boom)
    else:
        monkeypatch.setattr(f"bot.handoff.moves.Work.{place}", boom)
    with pytest.raises(RuntimeError, match="power cut"):
        await desk.handoffs.hand_back(found.id, desk.agents["wang"], Settlement("退款"), desk.now)
    monkeypatch.undo()
    await desk.road.idle()

    assert await desk.handoffs.get(found.id) == found
    assert (await desk.lines(), await desk.audit(found.id), await desk.owner()) == before
    assert desk.bot.events() == []
    await desk.handoffs.close(found.id, desk.agents["wang"], Disposition.UNRESOLVED, Settlement(""), desk.now)
    assert await desk.owner() == "closed"


async def test_the_return_is_told_once_even_when_the_page_asks_twice(desk: Any) -> None:
    found = await desk.claimed()
    await desk.handoffs.hand_back(found.id, desk.agents["wang"], Settlement("退款"), desk.now)
    with pytest.raises(Exception, match="状态已经变了"):
        await desk.handoffs.hand_back(found.id, desk.agents["wang"], Settlement("退款"), desk.now)
    await desk.road.idle()
    restarted = type(desk.road)(desk.database, desk.bot, clock=desk.clock)
    await restarted.start()
    await restarted.idle()

    assert [name for name, _ in desk.bot.events()] == ["handoff_returned"]
