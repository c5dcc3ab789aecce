"""The event stream: confirm, replay, live lines, typing, pings, resume."""

from __future__ import annotations

import asyncio

import pytest

from bot.channels.web import stream


async def test_confirm_replay_and_live(site, buyer):
    await buyer.say("第一")
    async with buyer.listen() as reader:
        assert reader.kind.startswith("text/event-stream")
        kind, confirm, _ = reader.events[0]
        assert kind == "session_confirm"
        assert confirm == {"session_id": buyer.session_id, "owner": "bot", "last_seq": 2}
        await reader.until(lambda: len(reader.messages()) == 2)
        await buyer.say("第二")
        await reader.until(lambda: len(reader.messages()) == 4)
        assert [identity for identity, _ in reader.messages()] == ["1", "2", "3", "4"]
        await reader.until(lambda: ("typing", {"on": False}, None) in reader.events)
        assert ("typing", {"on": True}, None) in reader.events


async def test_resume_after_a_sequence_number_misses_nothing_and_repeats_nothing(site, buyer):
    await buyer.say("第一")
    await buyer.say("第二")
    async with buyer.listen(after_seq=3) as reader:
        await reader.until(lambda: len(reader.messages()) == 1)
        assert reader.messages()[0][0] == "4"


async def test_a_client_ahead_of_the_log_is_brought_back(site, buyer):
    await buyer.say("第一")
    async with buyer.listen(after_seq=99) as reader:
        await reader.until(lambda: len(reader.messages()) == 2)


async def test_two_tabs_hear_the_same(site, buyer):
    async with buyer.listen() as one, buyer.listen() as two:
        await buyer.say("你好")
        for reader in (one, two):
            await reader.until(lambda reader=reader: len(reader.messages()) == 2)
        assert one.messages() == two.messages()


async def test_a_stranger_hears_nothing(site, buyer):
    stranger = await site.buyer()
    async with stranger.listen() as ears:
        await buyer.say("私密")
        await asyncio.sleep(0.1)
        assert [kind for kind, _, _ in ears.events] == ["session_confirm", "owner_changed"]


async def test_erasing_ends_the_stream(site, buyer):
    await buyer.say("你好")
    async with buyer.listen() as reader:
        await site.client.delete("/webhooks/web/session", headers=buyer.headers)
        await reader.until(lambda: reader.events[-1][0] == "error")
        assert reader.events[-1][1]["code"] == "session_erased"
        await asyncio.wait_for(reader._task, 5)


async def test_silence_is_filled_with_pings_and_lines_of_another_process_arrive(site, buyer):
    sent: list[str] = []

    async def send(text: str) -> None:
        sent.append(text)

    events = stream.EventStream(
        site.road,
        buyer.session_id,
        lambda entry: entry.to_json(),
        lambda: site.now[0],
        site.now[0].replace(year=2027),
    )
    await buyer.say("你好")
    task = asyncio.create_task(events.run(2, send, ping_every=0.05))
    await asyncio.sleep(0.12)
    site.road.board._watchers.clear()  # from now on this process hears of nothing by itself
    await buyer.say("再来")
    await asyncio.sleep(0.2)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    assert ": ping\n\n" in sent
    assert sum(text.startswith("event: message\nid: ") for text in sent) == 2


@pytest.mark.parametrize("query", ["after_seq=-1", "after_seq=x"])
async def test_a_bad_position_is_refused(site, buyer, query):
    assert (await buyer.get("events?" + query)).status_code == 400


async def test_open_streams_are_limited_and_given_back(site, buyer):
    readers = [buyer.listen() for _ in range(9)]
    for reader in readers:
        await reader.__aenter__()
    assert [reader.status for reader in readers] == [200] * 8 + [429]
    for reader in readers:
        await reader.__aexit__()
    for _ in range(100):
        if site.road.board.watching() == 0:
            break
        await buyer.say("推一下")  # a closed connection is noticed at the next write
        await asyncio.sleep(0.02)
    async with buyer.listen() as again:
        assert again.status == 200
