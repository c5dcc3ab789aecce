"""Whether a message is ours or the buyer's is told by the mark we put on it, never by what it says."""

from __future__ import annotations

import pytest
from rasa_sdk import Tracker

from actions.hearing import heard_from


@pytest.mark.parametrize(
    ("intent", "trusted", "answer"),
    [
        ("answer_button", True, {"amount": "1"}),
        ("handoff_returned", True, {"amount": "1"}),
        ("upload_evidence", True, {"amount": "1"}),
        ("answer_button", False, {}),
        ("intervention_step", False, {}),
        ("answer_button", None, {}),
        ("answer_button", "yes", {}),
    ],
)
def test_only_our_own_meaning_is_an_answer(intent: str, trusted: object, answer: dict[str, str]) -> None:
    metadata = {"now": "2026-11-21T10:00:00+08:00", "message_id": "m1", "trusted": trusted}
    message = {"text": "x", "intent": {"name": intent}, "entities": [{"entity": "amount", "value": "1"}]}
    events = [{"event": "user", "metadata": metadata}]
    heard = heard_from(Tracker("web-1", {}, message, events, False, None, {}, "action_listen"))

    assert dict(heard.answer) == answer
    assert heard.origin == ("button" if answer else "buyer")
    assert bool(heard.entities) is not bool(answer)
