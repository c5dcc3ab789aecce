"""From Rasa's tracker to the message as the case work sees it."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Tracker

from bot.cases.heard import Heard

_SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def heard_from(tracker: Tracker) -> Heard:
    """The newest message of the buyer, with the question that was open when it came."""
    said = tracker.latest_message
    intent = str((said.get("intent") or {}).get("name") or "nlu_fallback")
    entities = tuple(said.get("entities") or ())
    metadata = _metadata(tracker)
    pressed = intent in ("answer_button", "upload_evidence")
    return Heard(
        text=str(said.get("text") or ""),
        intent=intent,
        message_id=str(metadata.get("message_id") or said.get("message_id") or ""),
        at=_moment(metadata.get("now")),
        types=tuple((str(t["type"]), float(t["confidence"])) for t in said.get("dispute_types") or ()),
        entities=() if pressed else entities,
        asked=tracker.get_slot("asked"),
        origin="button" if pressed else "buyer",
        answer={str(one["entity"]): one.get("value") for one in entities} if pressed else {},
    )


def _metadata(tracker: Tracker) -> Mapping[str, Any]:
    for event in reversed(tracker.events):
        if event.get("event") == "user":
            return event.get("metadata") or {}
    return {}


def _moment(given: object) -> datetime:
    # Outside our own server (rasa shell) nobody stamps the message.
    if isinstance(given, str):
        return datetime.fromisoformat(given)
    return datetime.now(_SHANGHAI)
