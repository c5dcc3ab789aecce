"""From the bot to a person and back: every move, who may make it, and what the buyer sees of it."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from bot.cases.model import DeadlineRecord, Intervention
from bot.conversation.errors import ConversationErased, EmptyMessage
from bot.conversation.notices import DESK, Notice
from bot.handoff.errors import AlreadyClaimed, NotYours, UnknownHandoff, WrongState
from bot.handoff.model import (
    EVENT_NAMES,
    MOVES,
    Disposition,
    Handoff,
    HandoffState,
    Reason,
    Requested,
    Settlement,
    Status,
)
from bot.handoff.settling import BadSettlement
from bot.handoff.tables import handoff_events, handoff_notes, handoffs

CONVERSATION = "web-a"
DONE = Settlement("商家同意全额退款", "同意", Decimal("299"))
NOTHING = Settlement("")


async def in_state(desk: Any, state: str) -> Handoff:
    """A handoff of agent wang in that state."""
    found = await desk.queued()
    wang = desk.agents["wang"]
    if state in ("human", "wrap_up", "returned", "closed"):
        found = await desk.handoffs.claim(found.id, wang, desk.now)
    if state == "wrap_up":
        found = await desk.handoffs.wrap_up(found.id, wang, desk.now)
    elif state == "returned":
        found = await desk.handoffs.hand_back(found.id, wang, DONE, desk.now)
    elif state == "closed":
        found = await desk.handoffs.close(found.id, wang, Disposition.RESOLVED, DONE, desk.now)
    elif state == "cancelled":
        assert await desk.handoffs.cancel(found.conversation_id, desk.now)
    elif state in ("timed_out", "left_message"):
        assert await desk.handoffs.expire(desk.clock.move(minutes=10)) == 1
        await desk.road.idle()
    if state == "left_message":
        assert await desk.handoffs.leave_message(found.conversation_id, "请回电", desk.now)
    found = await desk.handoffs.get(found.id)
    assert found.state.value == state
    return found


def move(desk: Any, name: str, found: Handoff, who: str = "wang") -> Awaitable[Any]:
    """The service's call for a move of `MOVES` by an agent or by the buyer."""
    agent, now, service = desk.agents[who], desk.now, desk.handoffs
    by_buyer: dict[str, Callable[[], Awaitable[Any]]] = {
        "cancel": lambda: service.cancel(found.conversation_id, now),
        "leave_message": lambda: service.leave_message(found.conversation_id, "麻烦联系我", now),
        "expire": lambda: service.expire(desk.clock.move(minutes=20)),
        "hand_back": lambda: service.hand_back(found.id, agent, DONE, now),
        "close": lambda: service.close(found.id, agent, Disposition.RESOLVED, DONE, now),
    }
    if name in by_buyer:
        return by_buyer[name]()
    return getattr(service, name)(found.id, agent, now)


# State, and where each move leads from there; what is not named is refused.
WAYS = {
    "queued": {
        "cancel": "cancelled",
        "expire": "timed_out",
        "leave_message": "left_message",
        "claim": "human",
    },
    "human": {
        "claim": "human",  # a button pressed twice
        "release": "queued",
        "wrap_up": "wrap_up",
        "hand_back": "returned",
        "close": "closed",
    },
    "wrap_up": {"claim": "wrap_up", "resume": "human", "hand_back": "returned", "close": "closed"},
    "timed_out": {"leave_message": "left_message"},
    "left_message": {"leave_message": "left_message", "claim": "human"},
    "cancelled": {},
    "returned": {},
    "closed": {},
}
OWNER = {"queued": "queued", "human": "human", "wrap_up": "wrap_up", "closed": "closed"}


def test_the_table_names_every_state_and_every_move() -> None:
    assert set(WAYS) == {state.value for state in HandoffState}
    assert {name for ways in WAYS.values() for name in ways} == set(MOVES)
    assert set(MOVES) <= set(EVENT_NAMES)


@pytest.mark.parametrize("state", WAYS)
@pytest.mark.parametrize("name", MOVES)
async def test_every_move_from_every_state(desk: Any, state: str, name: str) -> None:
    found = await in_state(desk, state)
    before, owner = await desk.audit(found.id), await desk.owner()
    to = WAYS[state].get(name)
    if to is None:
        if name in ("cancel", "expire", "leave_message"):
            begins_another = name == "leave_message" and state in ("cancelled", "returned", "closed")
            assert bool(await move(desk, name, found)) is begins_another
        else:
            with pytest.raises(WrongState):
                await move(desk, name, found)
        assert await desk.handoffs.get(found.id) == found
        assert await desk.audit(found.id) == before
        assert await desk.owner() == owner
        return
    await move(desk, name, found)
    after = await desk.handoffs.get(found.id)
    twice = name == "claim" and state in ("human", "wrap_up")
    assert after.state.value == to
    assert await desk.owner() == OWNER.get(to, "bot")
    assert await desk.audit(found.id) == before + ([] if twice else [name])
    assert after.version == found.version + (0 if twice else 1)


@pytest.mark.parametrize("name", ["release", "wrap_up", "hand_back", "close"])
async def test_only_the_holder_may(desk: Any, name: str) -> None:
    found = await in_state(desk, "human")
    with pytest.raises(NotYours):
        await move(desk, name, found, "li")
    assert await desk.handoffs.get(found.id) == found


@pytest.mark.parametrize(
    ("name", "may"), [("release", True), ("hand_back", True), ("close", True), ("wrap_up", False)]
)
async def test_a_supervisor_ends_what_a_lost_agent_left(desk: Any, name: str, may: bool) -> None:
    found = await in_state(desk, "human")
    if may:
        await move(desk, name, found, "chen")
    else:
        with pytest.raises(NotYours):
            await move(desk, name, found, "chen")
    events = await desk.handoffs.events(found.id)
    assert (events[-1].what, events[-1].actor) == ((name, "chen") if may else ("claim", "wang"))


async def test_from_the_wish_to_the_return_the_buyer_sees_who_speaks(desk: Any) -> None:
    found = await desk.queued()
    wang = desk.agents["wang"]
    await desk.buyer_says("有人吗")
    await desk.handoffs.claim(found.id, wang, desk.now)
    line = await desk.handoffs.say(found.id, wang, "  您好，我是小王  ", desk.now)
    await desk.buyer_says("杯子碎了")
    await desk.handoffs.hand_back(found.id, wang, DONE, desk.now)
    await desk.road.idle()

    assert (line.author_type, line.author_name, line.text) == ("agent", "小王", "您好，我是小王")
    assert (await desk.lines())[:-1] == [
        ("buyer", "你好"),
        ("bot", "收到：你好"),
        ("buyer", "有人吗"),
        ("system", "人工客服 小王 已接入。"),
        ("agent", "您好，我是小王"),
        ("buyer", "杯子碎了"),
        ("system", "人工客服 小王 已结束服务，接下来由小助手继续跟进。"),
    ]
    assert desk.bot.events() == [
        (
            "handoff_returned",
            {"text": "商家同意全额退款", "outcome": "同意", "amount": "299.00", "agent_name": "小王"},
        )
    ]
    returned = await desk.handoffs.get(found.id)
    assert returned.settled == {"text": "商家同意全额退款", "outcome": "同意", "amount": "299.00"}
    assert (returned.agent_name, returned.ended_at) == ("小王", desk.now)
    await desk.buyer_says("谢谢")
    assert (await desk.lines())[-1] == ("bot", "收到：谢谢")


async def test_the_queue_is_urgent_first_then_by_time(desk: Any) -> None:
    for number, reason in enumerate((Reason.USER_REQUEST, Reason.LOW_CONFIDENCE, Reason.SAFETY)):
        await desk.queued(f"web-{number}", reason)
        desk.clock.move(seconds=30)
    items = await desk.handoffs.queue(desk.now)

    assert [(one.handoff.conversation_id, one.position, one.waiting_s) for one in items] == [
        ("web-2", 1, 30),
        ("web-0", 2, 90),
        ("web-1", 3, 60),
    ]
    assert await desk.handoffs.status("web-1") == Status("queued", queue_position=3)
    await desk.handoffs.claim(items[0].handoff.id, desk.agents["li"], desk.now)
    assert await desk.handoffs.status("web-1") == Status("queued", queue_position=2)
    assert await desk.handoffs.status("web-2") == Status("human", agent_name="小李")
    assert await desk.handoffs.status("web-new") == Status("bot")
    waited = {one.handoff.conversation_id: one.waiting_s for one in await desk.handoffs.queue(desk.now)}
    assert waited == {"web-2": 30, "web-0": 90, "web-1": 60}


async def test_the_answer_to_a_wish_names_the_place(desk: Any) -> None:
    await desk.queued("web-1")
    desk.clock.move(seconds=1)
    await desk.queued("web-2")
    await desk.buyer_says("你好")
    ask = desk.handoffs.request

    assert await ask(CONVERSATION, Reason.LEGAL_THREAT, now=desk.now) == Requested("queued", 1)
    assert await ask(CONVERSATION, Reason.USER_REQUEST, now=desk.now) == Requested("already", 1)
    assert await ask("web-2", Reason.USER_REQUEST, now=desk.now) == Requested("already", 3)
    active = await desk.handoffs.active(CONVERSATION)
    await desk.handoffs.claim(active.id, desk.agents["li"], desk.now)
    assert await ask(CONVERSATION, Reason.USER_REQUEST, now=desk.now) == Requested("already", 0)
    assert len(await desk.rows(handoffs)) == 3


async def test_everybody_in_the_queue_hears_when_somebody_leaves_it(desk: Any, heard: Any) -> None:
    first = await desk.queued("web-1")
    await desk.queued("web-2")
    watch = desk.road.subscribe
    with watch("web-1") as one, watch("web-2") as two, watch(DESK) as at_desk:
        await desk.handoffs.claim(first.id, desk.agents["wang"], desk.now)
        assert await heard(one) == [Notice("messages"), Notice("owner")]
        assert await heard(two) == [Notice("owner")]
        assert await heard(at_desk) == [Notice("queue")]
        await desk.handoffs.say(first.id, desk.agents["wang"], "您好", desk.now)
        assert (await heard(one), await heard(two)) == ([Notice("messages")], [])


async def test_a_nearest_time_limit_and_the_case_are_in_the_handoff(desk: Any) -> None:
    await desk.buyer_says("你好")
    async with desk.cases.edit(CONVERSATION, desk.now) as case:
        dues = {"过去的": -1, "寄回商品": 30, "商家处理": 26, "无期限": None}
        records = [
            DeadlineRecord(name, name, "platform", None if h is None else desk.now + timedelta(hours=h))
            for name, h in dues.items()
        ]
        case.set_deadlines(records, desk.now)
    found = (await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=desk.now)).status
    item = (await desk.handoffs.queue(desk.now))[0]

    assert found == "queued"
    assert (item.handoff.nearest_name, item.handoff.nearest_due) == (
        "商家处理",
        desk.now + timedelta(hours=26),
    )
    assert (item.handoff.priority, item.handoff.case_id) == ("normal", case.id)
    assert "买家要求" in item.handoff.summary
    await desk.handoffs.cancel(CONVERSATION, desk.now)
    desk.clock.move(hours=3)
    await desk.handoffs.request(
        CONVERSATION, Reason.USER_REQUEST, now=desk.now, detail="催了三次", message_id="m9"
    )
    later = (await desk.handoffs.active(CONVERSATION)) or item.handoff
    assert (later.priority, later.reason_detail, later.trigger_message_id) == ("high", "催了三次", "m9")


async def test_nobody_works_here(empty_desk: Any) -> None:
    await empty_desk.buyer_says("你好")
    asked = await empty_desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=empty_desk.now)

    assert asked == Requested("no_desk")
    assert not await empty_desk.handoffs.leave_message(CONVERSATION, "请回电", empty_desk.now)
    assert await empty_desk.rows(handoffs) == []
    assert await empty_desk.owner() == "bot"


async def test_outside_office_hours_nothing_is_queued_but_a_message_may_be_left(desk: Any) -> None:
    await desk.buyer_says("你好")
    night = desk.clock.move(hours=12)
    asked = await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=night)

    assert (asked.status, asked.position) == ("closed_hours", 0)
    assert asked.opens.isoformat() == "2026-11-22T09:00:00+08:00"
    assert await desk.rows(handoffs) == []
    assert not await desk.handoffs.leave_message(CONVERSATION, "  ", night)
    assert await desk.handoffs.leave_message(CONVERSATION, "请明天回电", night)
    assert await desk.handoffs.leave_message(CONVERSATION, "下午也行", desk.clock.move(minutes=1))
    (item,) = await desk.handoffs.queue(desk.now)
    assert (item.handoff.state.value, item.handoff.left_text) == ("left_message", "请明天回电\n下午也行")
    assert item.position is None
    assert await desk.owner() == "bot"
    claimed = await desk.handoffs.claim(item.handoff.id, desk.agents["li"], desk.clock.move(hours=11))
    assert (claimed.left_text, await desk.owner()) == ("请明天回电\n下午也行", "human")
    assert await desk.handoffs.leave_message(CONVERSATION, "还有", desk.now) is False


async def test_messages_left_stay_a_week_at_the_desk(desk: Any) -> None:
    found = await in_state(desk, "left_message")
    desk.clock.move(days=6, hours=23)
    assert [one.handoff.id for one in await desk.handoffs.queue(desk.now)] == [found.id]
    assert await desk.handoffs.leave_message(CONVERSATION, "又来问问", desk.now)
    desk.clock.move(hours=1)
    (item,) = await desk.handoffs.queue(desk.now)
    assert (item.handoff.id != found.id, item.handoff.left_text) == (True, "又来问问")


async def test_a_message_left_is_not_taken_up_beside_a_new_wish(desk: Any) -> None:
    left = await in_state(desk, "left_message")
    await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=desk.now)
    with pytest.raises(WrongState, match="又在排队"):
        await desk.handoffs.claim(left.id, desk.agents["wang"], desk.now)
    await desk.handoffs.take_over(CONVERSATION, desk.agents["li"], desk.now)
    with pytest.raises(AlreadyClaimed, match="小李"):
        await desk.handoffs.claim(left.id, desk.agents["wang"], desk.now)


async def test_who_waits_too_long_is_told_once(desk: Any) -> None:
    found = await desk.queued()
    assert await desk.handoffs.expire(desk.clock.move(minutes=9, seconds=59)) == 0
    assert await desk.handoffs.expire(desk.clock.move(seconds=1)) == 1
    assert await desk.handoffs.expire(desk.clock.move(minutes=30)) == 0
    await desk.road.idle()

    assert desk.bot.events() == [("handoff_timed_out", {})]
    assert await desk.owner() == "bot"
    assert (await desk.handoffs.get(found.id)).ended_at is not None
    with pytest.raises(WrongState):
        await desk.handoffs.claim(found.id, desk.agents["wang"], desk.now)


async def test_put_back_keeps_the_place_and_gets_new_patience(desk: Any) -> None:
    found = await desk.claimed()
    desk.clock.move(minutes=1)
    await desk.queued("web-b")
    desk.clock.move(minutes=30)
    assert await desk.handoffs.expire(desk.now) == 1  # web-b
    await desk.queued("web-c")
    released = await desk.handoffs.release(found.id, desk.agents["wang"], desk.now)
    places = [one.handoff.conversation_id for one in await desk.handoffs.queue(desk.now)]

    assert (released.agent_id, released.agent_name, released.claimed_at) == (None, None, None)
    assert places == [CONVERSATION, "web-c"]
    assert "小王 暂时离开" in (await desk.lines())[-1][1]
    assert await desk.handoffs.expire(desk.clock.move(minutes=9)) == 0
    again = await desk.handoffs.claim(found.id, desk.agents["li"], desk.now)
    assert (again.agent_name, await desk.owner()) == ("小李", "human")
    await desk.handoffs.release(found.id, desk.agents["li"], desk.now)
    assert await desk.handoffs.expire(desk.clock.move(minutes=10)) == 2
    await desk.road.idle()
    assert len(desk.bot.events()) == 3


async def test_an_agent_steps_in_unasked(desk: Any) -> None:
    await desk.buyer_says("你好")
    found = await desk.handoffs.take_over(CONVERSATION, desk.agents["wang"], desk.now)

    assert (found.state.value, found.reason, await desk.owner()) == ("human", Reason.AGENT, "human")
    assert await desk.handoffs.get(found.id) == found
    assert await desk.audit(found.id) == ["take_over"]
    assert await desk.handoffs.take_over(CONVERSATION, desk.agents["wang"], desk.now) == found
    with pytest.raises(AlreadyClaimed, match="小王"):
        await desk.handoffs.take_over(CONVERSATION, desk.agents["li"], desk.now)
    queued = await desk.queued("web-b")
    taken = await desk.handoffs.take_over("web-b", desk.agents["li"], desk.now)
    assert (taken.id, await desk.audit(queued.id)) == (queued.id, ["request", "claim"])
    with pytest.raises(UnknownHandoff):
        await desk.handoffs.take_over("web-unknown", desk.agents["li"], desk.now)


async def test_a_line_is_said_once_and_only_by_the_holder(desk: Any) -> None:
    found = await desk.claimed()
    wang, li = desk.agents["wang"], desk.agents["li"]
    first = await desk.handoffs.say(found.id, wang, "您好", desk.now, client_msg_id="c1")
    again = await desk.handoffs.say(found.id, wang, "您好", desk.clock.move(seconds=1), client_msg_id="c1")
    other = await desk.handoffs.say(found.id, wang, "您好", desk.now, client_msg_id="c2")

    assert (again.seq, other.seq) == (first.seq, first.seq + 1)
    assert [one for one in await desk.lines() if one[0] == "agent"] == [("agent", "您好")] * 2
    with pytest.raises(NotYours):
        await desk.handoffs.say(found.id, li, "我来", desk.now)
    with pytest.raises(EmptyMessage):
        await desk.handoffs.say(found.id, wang, " \x00 ", desk.now)
    await desk.handoffs.wrap_up(found.id, wang, desk.now)
    with pytest.raises(WrongState):
        await desk.handoffs.say(found.id, wang, "等等", desk.now)


@pytest.mark.parametrize("amount", ["-1", "NaN", "Infinity", "1.234", "100000000"])
async def test_an_amount_that_cannot_be_right_is_refused(desk: Any, amount: str) -> None:
    found = await desk.claimed()
    with pytest.raises(BadSettlement, match="金额"):
        await desk.handoffs.hand_back(
            found.id, desk.agents["wang"], Settlement("退款", amount=Decimal(amount)), desk.now
        )
    assert await desk.owner() == "human"


async def test_closed_is_open_again_when_the_buyer_speaks(desk: Any) -> None:
    found = await desk.claimed()
    await desk.handoffs.close(found.id, desk.agents["wang"], Disposition.REFERRED, NOTHING, desk.now)
    closed = await desk.handoffs.get(found.id)

    assert (closed.disposition, await desk.owner()) == (Disposition.REFERRED, "closed")
    assert "已结束本次服务" in (await desk.lines())[-1][1]
    await desk.buyer_says("还有一件事")
    assert (await desk.lines())[-1] == ("bot", "收到：还有一件事")
    assert await desk.owner() == "bot"
    assert desk.bot.events() == []
    assert (await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=desk.now)).status == "queued"


async def test_notes_are_for_colleagues(desk: Any) -> None:
    found = await desk.claimed()
    await desk.handoffs.note(found.id, desk.agents["li"], "上次也碎了", desk.now)

    (note,) = await desk.handoffs.notes(found.id)
    assert (note.at, note.agent_name, note.text) == (desk.now, "小李", "上次也碎了")
    assert all("上次也碎了" not in str(text) for _, text in await desk.lines())
    assert (await desk.audit(found.id))[-1] == "note"


async def test_an_unknown_handoff_is_said_to_be_one(desk: Any) -> None:
    for call in ("claim", "release", "wrap_up", "resume"):
        with pytest.raises(UnknownHandoff):
            await getattr(desk.handoffs, call)("h_0", desk.agents["wang"], desk.now)
    with pytest.raises(UnknownHandoff):
        await desk.handoffs.request("web-unknown", Reason.USER_REQUEST, now=desk.now)
    with pytest.raises(UnknownHandoff):
        await desk.handoffs.item("h_0", desk.now)


async def test_what_the_buyer_had_erased_is_gone_and_the_trail_stays(desk: Any) -> None:
    found = await desk.claimed()
    await desk.handoffs.note(found.id, desk.agents["wang"], "手机 13800000000", desk.now)
    await desk.handoffs.erase(CONVERSATION, desk.now)
    await desk.handoffs.erase(CONVERSATION, desk.now)
    await desk.road.erase(CONVERSATION)

    assert await desk.rows(handoffs) == await desk.rows(handoff_notes) == []
    events = await desk.rows(handoff_events)
    assert [row.what for row in events] == ["request", "claim", "note", "erase"]
    assert all(row.detail == {} for row in events)
    assert await desk.handoffs.queue(desk.now) == []
    with pytest.raises(ConversationErased):
        await desk.handoffs.take_over(CONVERSATION, desk.agents["wang"], desk.now)


async def test_the_intervention_of_the_case_is_named(desk: Any) -> None:
    found = await desk.queued()
    item = await desk.handoffs.item(found.id, desk.now)
    assert (item.intervention_number, item.position, item.waiting_s) == (None, 1, 0)
    await desk.handoffs.cancel(CONVERSATION, desk.clock.move(seconds=7))
    async with desk.cases.edit(CONVERSATION, desk.now) as case:
        case.attach_intervention(
            Intervention("JR20261121-K7QX4M", "受理", desk.now, "", [], [], ""), desk.now
        )
    await desk.handoffs.request(CONVERSATION, Reason.USER_REQUEST, now=desk.clock.move(hours=1))

    (item,) = await desk.handoffs.queue(desk.now)
    assert item.intervention_number == "JR20261121-K7QX4M"
    assert (await desk.handoffs.item(found.id, desk.now)).waiting_s == 7
