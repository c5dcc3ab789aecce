"""Something that happened (a step of the desk, a new follower) is a turn with a meaning of our own making."""

from __future__ import annotations

from typing import Any

import pytest

from bot.conversation.messages import InboxMessage
from bot.conversation.turn import Turn
from bot.rasa.agent import EVENT_TEXT, RasaTurnHandler
from tests.rasa.conftest import NOW


class QuietAgent:
    """An agent that says nothing, and keeps what it was given."""

    def __init__(self) -> None:
        self.tracker_store = self
        self.heard: Any = None

    async def retrieve(self, _conversation_id: str) -> None:
        return None

    async def handle_message(self, message: Any) -> None:
        self.heard = message


def message(kind: Any, body: dict[str, Any]) -> InboxMessage:
    return InboxMessage(1, "web-a", "web", "m1", kind, body, 0, NOW, 1)


EVENT = {"intent": "handoff_returned", "entities": {"text": "已退款", "amount": None}, "always": False}


@pytest.mark.parametrize(
    ("kind", "body", "text", "trusted", "silent"),
    [
        ("event", EVENT, EVENT_TEXT, True, True),
        ("event", {**EVENT, "entities": {}}, EVENT_TEXT, True, True),
        ("button", {**EVENT, "title": "好"}, "好", True, False),
        ("text", {"text": EVENT_TEXT}, EVENT_TEXT, False, False),
        ("text", {"text": "handoff_returned"}, "handoff_returned", False, False),
    ],
)
async def test_what_the_dialogue_is_given(
    kind: str, body: dict[str, Any], text: str, trusted: bool, silent: bool
) -> None:
    agent = QuietAgent()
    turn = Turn("web-a", "web", message(kind, body), NOW)

    await RasaTurnHandler(agent).handle(turn)  # type: ignore[arg-type]

    assert (agent.heard.text, agent.heard.metadata["trusted"], turn.silent) == (text, trusted, silent)
    read = agent.heard.parse_data
    if trusted:
        given = {one["entity"]: one["value"] for one in read["entities"]}
        assert (read["intent"]["name"], given) == ("handoff_returned", body["entities"])
    else:
        assert read is None


@pytest.mark.model
async def test_an_event_reaches_the_action_and_its_rule(bench: Any) -> None:
    (answer,) = await bench.say(event="answer_button", values={"demand": "refund_only"})

    assert answer.text == "你选了refund_only"
    assert await bench.slot("demand") == "refund_only"


@pytest.mark.model
async def test_an_event_leaves_no_line_of_the_buyer(bench: Any) -> None:
    await bench.say(event="submit", values={})

    lines = await bench.road.transcript("web-a")
    assert [line.author_type for line in lines] == ["bot"]


@pytest.mark.model
async def test_its_words_typed_are_no_event(bench: Any) -> None:
    assert await bench.texts(EVENT_TEXT) == ["没听懂"]
