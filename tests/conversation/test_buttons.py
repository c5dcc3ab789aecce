"""A payload never leaves the server, and only a token that we issued to this conversation brings it back."""

from __future__ import annotations

from datetime import timedelta

import pytest

from bot.conversation import buttons
from bot.conversation.errors import ButtonRefused
from bot.conversation.messages import Incoming


@pytest.mark.parametrize(
    ("payload", "meaning"),
    [
        ("/affirm", {"intent": "affirm", "entities": {}}),
        (
            '/answer_button{"demand": "refund_only", "n": [1, true]}',
            {"intent": "answer_button", "entities": {"demand": "refund_only", "n": [1, True]}},
        ),
        ("/report_dispute/damaged", {"intent": "report_dispute/damaged", "entities": {}}),
        ("转人工", {"text": "转人工"}),
    ],
)
def test_payloads(payload, meaning):
    assert buttons.read_payload(payload) == meaning


@pytest.mark.parametrize("payload", ["/", "/a b", "/x{", "/x{'a': 1}", "/x[1]", "/中文"])
def test_a_broken_payload_is_a_fault_of_ours(payload):
    with pytest.raises(buttons.BadPayload):
        buttons.read_payload(payload)


async def offer(road, handler, titles: list[str]) -> list[dict[str, str]]:
    async def script(turn) -> None:
        turn.say("选", buttons=[{"title": title, "payload": f'/pick{{"x":"{title}"}}'} for title in titles])

    handler.script = script
    await road.accept(Incoming("web-a", "web", f"ask-{len(handler.turns)}", text="?"))
    await road.idle()
    return (await road.transcript("web-a"))[-1].buttons


async def test_tokens_are_opaque_and_all_different(road, handler):
    offered = await offer(road, handler, ["甲", "乙"]) + await offer(road, handler, ["甲", "乙"])
    tokens = [button["token"] for button in offered]
    assert len(set(tokens)) == 4
    assert all(len(token) >= 24 and "pick" not in token for token in tokens)


async def test_a_button_may_be_pressed_again_until_it_expires(road, handler, clock):
    (button,) = await offer(road, handler, ["甲"])
    clock.move(buttons.LIFETIME - timedelta(seconds=1))
    for number in range(2):
        await road.accept(Incoming("web-a", "web", f"p{number}", button=button["token"]))
    await road.idle()
    assert [turn.message.body["entities"] for turn in handler.turns[1:]] == [{"x": "甲"}] * 2
    clock.move(timedelta(seconds=1))
    with pytest.raises(ButtonRefused):
        await road.accept(Incoming("web-a", "web", "p9", button=button["token"]))


async def test_the_terminal_presses_by_title_of_the_newest_buttons_only(road, handler, clock):
    await offer(road, handler, ["旧的", "都有"])
    clock.move(timedelta(seconds=1))
    newest = await offer(road, handler, ["都有"])
    with pytest.raises(ButtonRefused):
        await road.accept(Incoming("web-a", "terminal", "t1", title="旧的"))
    await road.accept(Incoming("web-a", "terminal", "t2", title="都有"))
    await road.idle()
    pressed = [entry for entry in await road.transcript("web-a") if entry.author_type == "buyer"][-1]
    assert pressed.text == "都有"
    assert newest[0]["title"] == "都有"


async def test_the_press_is_logged_with_what_it_answers(road, handler):
    (button,) = await offer(road, handler, ["甲"])
    question = (await road.transcript("web-a"))[-1]
    await road.accept(Incoming("web-a", "web", "p", button=button["token"]))
    await road.idle()
    answer = (await road.transcript("web-a"))[2]
    assert (answer.text, answer.in_reply_to) == ("甲", question.id)
