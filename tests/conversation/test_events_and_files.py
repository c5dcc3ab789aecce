"""Things that happen without the buyer's words, files that have to be fetched, numbers that press buttons."""

from __future__ import annotations

import pytest
from sqlalchemy.exc import IntegrityError

from bot.conversation.errors import MediaLost
from bot.conversation.messages import Incoming, Reply
from bot.conversation.ownership import change_owner
from bot.conversation.road import Road

HERE = "wechat:main:o1"
FILE = {"evidence_id": "e1", "name": "图.jpg", "mime": "image/jpeg", "size": 3, "sha256": "00"}


def incoming(message_id: str, **fields) -> Incoming:
    return Incoming(HERE, "wechat", message_id, **fields)


async def log(road) -> list[tuple[str, str | None]]:
    return [(entry.author_type, entry.text) for entry in await road.transcript(HERE)]


async def test_an_event_has_a_turn_and_no_line_of_the_buyer(road, handler):
    accepted = await road.accept(incoming("e1", event="welcome", values={"from": "qr"}))
    assert (accepted.seq, accepted.dup) == (0, False)
    await road.idle()
    assert (await road.accept(incoming("e1", event="welcome"))).dup
    await road.idle()
    (turn,) = handler.turns
    assert (turn.message.kind, turn.message.body) == (
        "event",
        {"intent": "welcome", "entities": {"from": "qr"}},
    )
    assert [author for author, _ in await log(road)] == ["bot"]


async def test_an_event_with_words_shows_them(road):
    await road.accept(incoming("e1", event="unsupported", values={"kind": "location"}, text="［位置］杭州"))
    await road.idle()
    assert (await log(road))[0] == ("buyer", "［位置］杭州")


class Keeper:
    def __init__(self, *results) -> None:
        self.results = list(results)
        self.asked: list[dict] = []

    async def keep(self, message, now):
        self.asked.append(message.body["media"])
        result = self.results.pop(0)
        if isinstance(result, Exception):
            raise result
        return result


async def media_road(database, handler, clock, keeper) -> Road:
    one = Road(database, handler, clock=clock, media=keeper)
    await one.start()
    return one


PICTURE = {"account": "main", "media_id": "M1", "kind": "image"}


@pytest.mark.parametrize("owner", ["bot", "human"])
async def test_a_file_is_fetched_whoever_owns_the_conversation(database, handler, clock, owner):
    keeper = Keeper(FILE)
    road = await media_road(database, handler, clock, keeper)
    await road.accept(incoming("m0", text="你好"))
    await road.idle()
    async with database.transaction() as tx:
        await change_owner(tx, HERE, owner)
    await road.accept(incoming("m1", media=PICTURE, text="［图片］"))
    await road.idle()
    assert keeper.asked == [PICTURE]
    entry = [one for one in await road.transcript(HERE) if one.author_type == "buyer"][-1]
    assert (entry.text, entry.attachment) == ("［图片］", FILE)
    assert len(handler.turns) == (2 if owner == "bot" else 1)
    if owner == "bot":
        assert (handler.turns[-1].message.kind, handler.turns[-1].message.body) == (
            "upload",
            {"attachment": FILE},
        )
    await road.stop()


async def test_a_file_that_needs_a_second_try_is_stored_once(database, handler, clock):
    keeper = Keeper(ConnectionError("away"), FILE)
    road = await media_road(database, handler, clock, keeper)
    await road.accept(incoming("m1", media=PICTURE, text="［图片］"))
    await road.idle()
    assert len(keeper.asked) == 2
    assert len(handler.turns) == 1
    await road.stop()


async def test_a_file_that_is_gone_is_said(database, handler, clock):
    road = await media_road(database, handler, clock, Keeper(MediaLost("image")))
    await road.accept(incoming("m1", media=PICTURE, text="［图片］"))
    await road.idle()
    (turn,) = handler.turns
    assert turn.message.body == {"intent": "media_lost", "entities": {"kind": "image", "why": ""}}
    await road.stop()


def two_buttons(turn) -> None:
    one, two = ({"title": name, "payload": f'/pick{{"name": "{name}"}}'} for name in ("甲", "乙"))
    turn.replies.append(Reply("选一个", [one, two]))


@pytest.mark.parametrize(
    ("words", "picked"),
    [
        ("1", "甲"),
        ("2", "乙"),
        ("２", "乙"),
        ("二", "乙"),
        ("选2", "乙"),
        ("2.", "乙"),
        ("第二个", "乙"),
        ("甲", "甲"),
        ("3", None),
        ("12", None),
        ("2件", None),
        ("0", None),
    ],
)
async def test_a_number_presses_a_button_of_a_numbered_list(road, handler, words, picked):
    async def script(turn) -> None:
        two_buttons(turn)

    handler.script = script
    await road.accept(incoming("m1", text="你好"))
    await road.idle()
    await road.accept(incoming("m2", text=words, numbered=True))
    await road.idle()
    message = handler.turns[-1].message
    assert (message.body["entities"]["name"] if message.kind == "button" else None) == picked


async def test_a_number_is_a_number_when_no_list_was_shown_or_another_question_came_after(road, handler):
    async def script(turn) -> None:
        if len(handler.turns) == 1:
            two_buttons(turn)
        else:
            turn.say("几件？")

    handler.script = script
    await road.accept(incoming("m1", text="你好"))
    await road.idle()
    await road.accept(incoming("m2", text="2"))  # a page with real buttons: nobody numbered them
    await road.idle()
    assert handler.turns[-1].message.kind == "text"
    await road.accept(incoming("m3", text="2", numbered=True))
    await road.idle()
    assert handler.turns[-1].message.kind == "text"


async def test_two_processes_on_one_conversation_is_no_failure(road, handler):
    beaten = 5

    async def loses_sometimes(turn) -> None:
        nonlocal beaten
        beaten -= 1
        if beaten >= 0:
            raise IntegrityError("insert", {}, Exception("UNIQUE"))
        turn.say("轮到我了")

    handler.script = loses_sometimes
    await road.accept(incoming("m1", text="你好"))
    await road.idle()
    assert (await log(road))[-1] == ("bot", "轮到我了")
    assert road.runner.counters.apologies == 0
