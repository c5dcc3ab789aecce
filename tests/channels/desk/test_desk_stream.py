"""The event streams of the desk: who hears what, masked for whom, and when it ends."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.channels.desk import stream
from bot.channels.desk.parts import DeskLimits
from bot.conversation.notices import Notice
from tests.channels.desk.world import PHONE, error_of

EVENTS = "conversations/web-1/events"


async def test_the_desk_hears_that_somebody_joined_the_queue(site, agent):
    async with agent.listen("events") as reader:
        assert reader.kind.startswith("text/event-stream")
        assert reader.events == [("queue", {}, None)]
        await site.handed_over()
        await reader.until(lambda: len(reader.of("queue")) > 1)


async def test_the_desk_hears_of_what_nobody_announced(site, agent, monkeypatch):
    monkeypatch.setattr(stream, "LISTS_EVERY", 0.1)
    async with agent.listen("events") as reader:
        await reader.until(lambda: reader.pings > 0)
        heard = len(reader.of("queue"))
        await site.with_case()  # an intervention stored by another process
        await reader.until(lambda: len(reader.of("queue")) == heard + 1)
        quiet = reader.pings
        await reader.until(lambda: reader.pings > quiet + 1)
        assert len(reader.of("queue")) == heard + 1


async def test_who_answers_then_the_lines_then_what_comes(site, agent):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    async with agent.listen(EVENTS) as reader:
        assert reader.events[0][:2] == (
            "owner_changed",
            {"owner": "human", "queue_position": None, "agent_name": "小wang"},
        )
        await reader.until(lambda: len(reader.texts()) == 3)
        await site.buyer_says("在吗")
        await reader.until(lambda: reader.texts()[-1] == "在吗")
        assert reader.of("message")[-1]["author"]["type"] == "buyer"
        assert [identity for kind, _, identity in reader.events if kind == "message"] == ["1", "2", "3", "4"]
        body = {"text": "我在", "client_msg_id": "a1"}
        await agent.post(f"handoffs/{handoff_id}/messages", body)
        await reader.until(lambda: reader.texts()[-1] == "我在")
        await agent.post(f"handoffs/{handoff_id}/return", {"text": "已处理"})
        await reader.until(lambda: reader.of("owner_changed")[-1]["owner"] == "bot")
        await site.road.idle()
        site.road.board.publish("web-1", Notice("typing", on=True))
        await reader.until(lambda: {"on": True} in reader.of("typing"))


async def test_resume_repeats_nothing_and_a_page_ahead_is_brought_back(site, agent):
    await site.handed_over()
    await site.buyer_says("第三句")
    for after_seq, first in ((2, "3"), (999, "1")):
        async with agent.listen(f"{EVENTS}?after_seq={after_seq}") as reader:
            await reader.until(lambda reader=reader: "第三句" in reader.texts())
            heard = [identity for kind, _, identity in reader.events if kind == "message"]
            assert heard[0] == first


async def test_lines_are_masked_until_the_agent_has_the_conversation(site, agent):
    handoff_id = await site.handed_over()
    async with agent.listen(EVENTS) as reader:
        await reader.until(lambda: len(reader.texts()) == 2)
        assert PHONE not in str(reader.events)
        await agent.claim(handoff_id)
        await site.buyer_says(f"再说一次，{PHONE}")
        await reader.until(lambda: f"再说一次，{PHONE}" in reader.texts())


@pytest.mark.parametrize("end", ["disable", "log out", "expire"])
async def test_who_may_not_work_here_any_more_hears_nothing_more(site, agent, end):
    await site.handed_over()
    async with agent.listen(EVENTS) as talk, agent.listen("events") as lists:
        await talk.until(lambda: len(talk.texts()) == 2)
        if end == "disable":
            await site.accounts.deactivate("wang")
        elif end == "log out":
            await agent.post("logout")
        else:
            site.move(timedelta(hours=13))
        await site.buyer_says("只给在岗的人听")
        site.road.board.publish("desk", Notice("queue"))
        for reader in (talk, lists):
            await reader.until(lambda reader=reader: reader.ended)
            assert reader.events[-1][:1] == ("error",)
            assert reader.events[-1][1]["code"] == "unauthorized"
        assert "只给在岗的人听" not in talk.texts()


async def test_erasing_ends_the_stream(site, agent):
    await site.handed_over()
    async with agent.listen(EVENTS) as reader:
        await site.road.erase("web-1")
        await reader.until(lambda: reader.ended)
        assert reader.events[-1][1]["code"] == "conversation_erased"


async def test_a_foreign_conversation_is_not_heard(site, agent):
    await site.buyer_says("私密", "web-9")
    await site.handed_over()
    answer = await agent.get("conversations/web-9/events")
    assert (answer.status_code, error_of(answer)) == (404, "not_found")
    async with agent.listen(EVENTS) as reader:
        await site.buyer_says("更私密", "web-9")
        await asyncio.sleep(0.2)
        assert "私密" not in str(reader.events)


async def test_open_streams_are_limited_and_given_back(make_site):
    site = await make_site(DeskLimits(streams_per_agent=2))
    agent = await site.agent()
    async with agent.listen("events"), agent.listen("events"):
        refused = await agent.get("events")
        assert (refused.status_code, error_of(refused)) == (429, "too_many_streams")
    for _ in range(200):  # a closed connection is noticed at the next write
        site.road.board.publish("desk", Notice("queue"))
        await asyncio.sleep(0.02)
        if site.road.board.watching() == 0:
            break
    async with agent.listen("events") as reader:
        assert reader.status == 200
