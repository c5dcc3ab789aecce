"""A line of the bot's that must not be said is replaced; a person's line goes out as it was written."""

from __future__ import annotations

import logging

import pytest

from bot.conversation.messages import Incoming, Reply
from bot.conversation.voice import guarded
from bot.disputes.safety import read_safety

HERE = "web-a"
UNSAFE = "请加我微信，先转账100元。"


def test_an_unsafe_line_is_replaced_and_logged_without_its_words(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        reply = guarded(Reply(text=UNSAFE, card={"type": "draft", "text": UNSAFE}))

    assert reply == Reply(text=read_safety().safe_line)
    (record,) = caplog.records
    assert record.levelno == logging.ERROR and "微信" not in record.getMessage()


@pytest.mark.parametrize("text", ["请不要加微信，也不要转账。", None, ""])
def test_a_warning_and_an_empty_line_stay(text: str | None) -> None:
    reply = Reply(text=text, card={"type": "evidence"})
    assert guarded(reply) is reply


@pytest.mark.parametrize("author", ["bot", "agent"])
async def test_only_the_bots_own_lines_are_guarded(road, database, clock, author: str) -> None:
    await road.accept(Incoming(HERE, "web", "m0", text="你好"))
    await road.idle()
    async with database.transaction() as tx:
        (entry,) = await road.voice.say(tx, HERE, [Reply(text=UNSAFE)], clock(), author_type=author)

    assert entry.text == (UNSAFE if author == "agent" else read_safety().safe_line)
