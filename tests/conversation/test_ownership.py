"""A paused bot never talks over a person, whatever comes and whenever the person came."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation.errors import ConversationErased
from bot.conversation.messages import Incoming, Reply
from bot.conversation.notices import Notice
from bot.conversation.ownership import OWNERS, change_owner, owner_of
from bot.conversation.worker import QUEUE_CHOICE

HERE = "web-a"


def said(message_id: str, words: str = "你好", **fields) -> Incoming:
    return Incoming(HERE, "web", message_id, text=words, **fields)


def happened(message_id: str, **fields) -> Incoming:
    return Incoming(HERE, "web", message_id, event="step", values={"kind": "accept"}, **fields)


async def lines(road) -> list[tuple[str, str | None]]:
    return [(entry.author_type, entry.text) for entry in await road.transcript(HERE)]


async def give(database, owner: str) -> None:
    async with database.transaction() as tx:
        assert await change_owner(tx, HERE, owner)


async def begin(road) -> None:
    await road.accept(said("m0"))
    await road.idle()


@pytest.mark.parametrize(
    ("owner", "message", "answered"),
    [
        ("bot", said("m1"), True),
        ("closed", said("m1"), True),
        ("queued", said("m1"), False),
        ("human", said("m1"), False),
        ("wrap_up", said("m1"), False),
        ("human", said("m1", "/restart"), False),
        ("human", said("m1", "/session_start"), False),
        ("human", happened("m1"), False),
        ("queued", happened("m1"), False),
        ("human", happened("m1", always=True), True),
        ("queued", happened("m1", always=True), True),
        ("bot", happened("m1"), True),
        ("bot", happened("m1", silent=True), False),
    ],
)
async def test_who_answers(road, handler, database, owner, message, answered):
    await begin(road)
    await give(database, owner)
    await road.accept(message)
    await road.idle()
    assert len(handler.turns) == (2 if answered else 1)
    assert await road.answered("web", "m1")


async def test_weeks_later_the_person_still_has_it(road, handler, database, clock):
    await begin(road)
    await give(database, "human")
    clock.move(timedelta(days=30))
    await road.accept(said("m1", "还在吗"))
    await road.idle()
    assert len(handler.turns) == 1
    assert (await lines(road))[-1] == ("buyer", "还在吗")


async def test_words_said_while_a_person_takes_over_are_dropped(road, handler, database):
    async def slow(turn) -> None:
        turn.say("机器人的话")
        await give(database, "human")

    await begin(road)
    handler.script = slow
    await road.accept(said("m1", "在吗"))
    await road.idle()
    assert (await lines(road))[-1] == ("buyer", "在吗")
    assert await road.answered("web", "m1")


async def test_a_closed_conversation_wakes_up_with_the_bot(road, database):
    await begin(road)
    await give(database, "closed")
    with road.subscribe(HERE) as watcher:
        await road.accept(said("m1", "又来了"))
        await road.idle()
        kinds = []
        while (notice := await watcher.next(0.01)) is not None:
            kinds.append(notice)
    async with database.read() as tx:
        assert await owner_of(tx, HERE) == "bot"
    assert Notice("owner") in kinds


async def test_the_button_of_the_queue_works_in_the_queue_only(road, handler, database):
    async def with_button(turn) -> None:
        turn.replies.append(
            Reply("排队中", [{"title": "取消排队", "payload": f'/{QUEUE_CHOICE}{{"choice": "cancel"}}'}])
        )

    handler.script = with_button
    await begin(road)
    await give(database, "queued")
    await road.accept(said("m1", "取消排队"))  # typing a button's words presses it
    await road.idle()
    assert len(handler.turns) == 2
    await give(database, "human")
    await road.accept(said("m2", "取消排队"))
    await road.idle()
    assert len(handler.turns) == 2


async def test_what_a_turn_adds_to_its_transaction_stands_or_falls_with_it(road, handler, database):
    failing = True

    async def joins(turn) -> None:
        async def write(tx) -> None:
            await change_owner(tx, HERE, "queued", expected=("bot",))
            if failing:
                raise RuntimeError("boom")

        turn.say("已转人工")
        turn.in_commit.append(write)

    await begin(road)
    handler.script = joins
    await road.accept(said("m1", "转人工"))
    await road.idle()
    async with database.read() as tx:
        assert await owner_of(tx, HERE) == "bot"
    assert "已转人工" not in [text for _, text in await lines(road)]
    failing = False
    await road.accept(said("m2", "转人工"))
    await road.idle()
    async with database.read() as tx:
        assert await owner_of(tx, HERE) == "queued"
    assert (await lines(road))[-1] == ("bot", "已转人工")


async def test_changing_hands(road, database):
    await begin(road)
    async with database.transaction() as tx:
        assert await change_owner(tx, HERE, "human", expected=("queued",)) is False
        assert await change_owner(tx, HERE, "queued", expected=("bot", "closed"))
        assert await owner_of(tx, HERE) == "queued"
        assert await change_owner(tx, "nobody", "human") is False
        assert await owner_of(tx, "nobody") == "bot"
        with pytest.raises(ValueError, match="unknown owner"):
            await change_owner(tx, HERE, "robot")
    await road.erase(HERE)
    async with database.transaction() as tx:
        assert await change_owner(tx, HERE, "human") is False
        with pytest.raises(ConversationErased):
            await owner_of(tx, HERE)
    assert "bot" in OWNERS
