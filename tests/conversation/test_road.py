"""Accepted means stored; one turn at a time, in order; a reply or an apology for every message."""

from __future__ import annotations

import asyncio
import random
from datetime import timedelta

import pytest
from sqlalchemy import select, text

from bot.conversation import errors, inbox
from bot.conversation.messages import Entry, Incoming, Reply
from bot.conversation.notices import Notice
from bot.conversation.road import Road
from bot.conversation.tables import button_tokens, message_log, tracker_events
from bot.conversation.tables import inbox as inbox_table
from bot.conversation.turn import Turn
from bot.conversation.worker import NO_REPLY


def said(message_id: str, words: str = "你好", conversation: str = "web-a", **fields) -> Incoming:
    return Incoming(conversation, "web", message_id, text=words, **fields)


async def lines(road: Road, conversation: str = "web-a") -> list[tuple[str, str | None]]:
    return [(entry.author_type, entry.text) for entry in await road.transcript(conversation)]


async def rows(database, table) -> list:
    async with database.read() as tx:
        return list((await tx.execute(select(table))).all())


async def test_a_message_gets_one_turn_and_one_reply(road, database):
    accepted = await road.accept(said("m1", "你好"))
    assert (accepted.seq, accepted.dup) == (1, False)
    await road.idle()
    assert await lines(road) == [("buyer", "你好"), ("bot", "收到：你好")]
    (row,) = await rows(database, inbox_table)
    assert (row.state, row.attempts) == ("done", 0)


async def test_it_is_stored_before_the_answer_even_when_nobody_works(database, handler, clock):
    idle_road = Road(database, handler, clock=clock)  # never started
    await idle_road.accept(said("m1"))
    assert [row.state for row in await rows(database, inbox_table)] == ["pending"]
    assert await lines(idle_road) == [("buyer", "你好")]


@pytest.mark.parametrize("copies", [2, 4])
async def test_duplicates_delivered_at_once_and_later_run_once(road, handler, copies):
    answers = await asyncio.gather(*(road.accept(said("m1")) for _ in range(copies)))
    await road.idle()
    again = await road.accept(said("m1"))
    await road.idle()
    assert sorted(one.dup for one in answers) == [False] + [True] * (copies - 1)
    assert {one.seq for one in answers} == {again.seq} == {1}
    assert again.dup
    assert len(handler.turns) == 1
    assert len(await lines(road)) == 2


async def test_a_message_id_of_another_conversation_is_no_way_in(road):
    await road.accept(said("m1"))
    with pytest.raises(errors.BadIdentifier):
        await road.accept(said("m1", conversation="web-b"))
    assert await lines(road, "web-b") == []


async def test_turns_of_a_conversation_run_one_by_one_in_the_order_accepted(road, handler):
    async def slow(turn: Turn) -> None:
        await asyncio.sleep(random.random() / 100)
        turn.say(turn.message.body["text"])

    handler.script = slow
    for number in range(20):
        for who in ("web-a", "web-b", "web-c"):
            await road.accept(said(f"{who}-{number}", str(number), who))
    await road.idle()
    for who in ("web-a", "web-b", "web-c"):
        replies = [words for author, words in await lines(road, who) if author == "bot"]
        assert replies == [str(number) for number in range(20)]
    assert handler.most_at_once == 1


async def test_a_burst_of_twenty_is_answered_without_polling(road):
    started = asyncio.get_running_loop().time()
    await asyncio.gather(*(road.accept(said(f"m{number}")) for number in range(20)))
    await road.idle()
    assert asyncio.get_running_loop().time() - started < 2.0
    assert len(await lines(road)) == 40


async def test_a_failing_turn_is_retried_and_leaves_nothing_behind(road, handler, database):
    async def twice_bad(turn: Turn) -> None:
        turn.say("半途")
        turn.tracker.events = [{"event": "restart"}]
        if len(handler.turns) < 3:
            raise RuntimeError("boom")
        turn.replies[:] = [Reply("好了")]

    handler.script = twice_bad
    await road.accept(said("m1"))
    await road.idle()
    assert await lines(road) == [("buyer", "你好"), ("bot", "好了")]
    assert len(await rows(database, tracker_events)) == 1
    assert road.runner.counters.retries == 2


async def test_after_three_failures_the_buyer_gets_an_apology_with_a_number(road, handler, database):
    async def bad(turn: Turn) -> None:
        raise RuntimeError("boom")

    handler.script = bad
    await road.accept(said("m1"))
    await road.accept(said("m2", "还在吗"))
    await road.idle()
    log = await lines(road)
    assert [author for author, _ in log] == ["buyer", "buyer", "bot", "bot"]
    assert "E1121-00001" in log[2][1]
    assert "E1121-00002" in log[3][1]
    assert "没有丢失" in log[2][1]
    assert len(handler.turns) == 6
    for row in await rows(database, inbox_table):
        assert (row.state, row.attempts) == ("failed", 3)
        assert "boom" in row.error


async def test_a_turn_that_hangs_is_cut_off(database, clock, handler):
    from bot.conversation.worker import RoadLimits

    async def hang(turn: Turn) -> None:
        await asyncio.sleep(60)

    handler.script = hang
    road = Road(database, handler, clock=clock, limits=RoadLimits(turn_timeout=0.05, retry_pauses=(0.0,)))
    await road.start()
    await road.accept(said("m1"))
    await road.idle()
    assert [author for author, _ in await lines(road)] == ["buyer", "bot"]
    assert road.runner.counters.apologies == 1


async def test_no_message_is_left_without_a_word(road, handler):
    async def mute(turn: Turn) -> None:
        return

    handler.script = mute
    await road.accept(said("m1"))
    await road.idle()
    assert (await lines(road))[-1] == ("bot", NO_REPLY)


async def test_pending_rows_of_a_dead_process_are_run_at_start(database, handler, clock):
    before = Road(database, handler, clock=clock)
    await before.accept(said("m1"))
    await before.accept(said("m2", "第二条"))
    after = Road(database, handler, clock=clock)
    await after.start()
    await after.idle()
    assert [words for author, words in await lines(after) if author == "bot"] == [
        "收到：你好",
        "收到：第二条",
    ]


async def test_a_message_that_ends_every_process_is_given_up(database, handler, clock):
    road = Road(database, handler, clock=clock)
    await road.accept(said("m1"))
    for _ in range(4):
        async with database.transaction() as tx:
            await inbox.count_crash(tx)
    await road.start()
    await road.idle()
    assert handler.turns == []
    assert "问题编号" in (await lines(road))[-1][1]


async def test_the_row_closed_elsewhere_is_not_answered_twice(road, handler, database):
    async def other_worker_wins(turn: Turn) -> None:
        turn.say("来晚了")
        async with database.transaction() as tx:
            await inbox.finish(tx, turn.message.id, turn.now)

    handler.script = other_worker_wins
    await road.accept(said("m1"))
    await road.idle()
    assert await lines(road) == [("buyer", "你好")]


async def test_a_database_that_is_away_delays_and_loses_nothing(road, handler, database, monkeypatch):
    real = inbox.next_pending
    calls = 0

    async def flaky(tx, conversation_id):
        nonlocal calls
        calls += 1
        if calls <= 2:
            await tx.execute(text("select * from no_such_table"))
        return await real(tx, conversation_id)

    monkeypatch.setattr(inbox, "next_pending", flaky)
    with road.subscribe("web-a") as watcher:
        await road.accept(said("m1"))
        await road.idle()
        kinds = set()
        while (notice := await watcher.next(0.01)) is not None:
            kinds.add(notice.kind)
    assert await lines(road) == [("buyer", "你好"), ("bot", "收到：你好")]
    assert kinds == {"messages", "typing", "error"}


async def test_watchers_hear_of_typing_and_of_new_lines(road):
    with road.subscribe("web-a") as watcher:
        await road.accept(said("m1"))
        await road.idle()
        heard = []
        while (notice := await watcher.next(0.01)) is not None:
            heard.append(notice)
    assert heard[0] == Notice("messages")
    assert Notice("typing", on=True) in heard
    assert heard.index(Notice("typing", on=True)) < heard.index(Notice("typing", on=False))
    assert heard[-1] == Notice("messages")
    assert road.board.watching() == 0


async def test_the_turn_knows_what_the_bot_said_last(road, handler):
    await road.accept(said("m1", "我要退货"))
    await road.idle()
    await road.accept(said("m2", "是的"))
    await road.idle()
    assert [turn.context for turn in handler.turns] == [None, "收到：我要退货"]


async def test_history_pages_both_ways(road):
    for number in range(5):
        await road.accept(said(f"m{number}", str(number)))
        await road.idle()

    def seqs(page: tuple[list[Entry], bool]) -> tuple[list[int], bool]:
        return [entry.seq for entry in page[0]], page[1]

    assert seqs(await road.history("web-a", limit=3)) == ([8, 9, 10], True)
    assert seqs(await road.history("web-a", before_seq=8, limit=10)) == (list(range(1, 8)), False)
    assert seqs(await road.history("web-a", after_seq=4, limit=2)) == ([5, 6], True)
    assert seqs(await road.history("web-a", after_seq=10)) == ([], False)


async def test_erasing_removes_every_word_and_closes_the_door(road, handler, database):
    erased = []

    class Others:
        async def erase(self, conversation_id, now):
            erased.append(conversation_id)

    road._erasers = [Others()]

    async def with_buttons(turn: Turn) -> None:
        turn.say("选一个", buttons=[{"title": "是", "payload": "/affirm"}])
        turn.tracker.events = [{"event": "restart"}]

    handler.script = with_buttons
    await road.accept(said("m1", "私密"))
    await road.accept(said("m1b", "别人的", "web-b"))
    await road.idle()
    await road.erase("web-a")
    await road.erase("web-a")
    assert erased[0] == "web-a"
    for table in (message_log, inbox_table, tracker_events, button_tokens):
        assert {row.conversation_id for row in await rows(database, table)} == {"web-b"}
    with pytest.raises(errors.ConversationErased):
        await road.accept(said("m2"))
    with pytest.raises(errors.ConversationErased):
        await road.state("web-a")


async def test_the_reply_is_not_older_than_the_question(road, clock):
    await road.accept(said("m1"))
    clock.move(timedelta(seconds=3))
    await road.idle()
    question, answer = await road.transcript("web-a")
    assert answer.created_at >= question.created_at
