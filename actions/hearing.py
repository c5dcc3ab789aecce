"""From Rasa's tracker to the message as the case work sees it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta, timezone
from typing import Any

from rasa_sdk import Tracker

from bot.cases.heard import Heard
from bot.zh.ruled_out import ruled_out

NOT_UNDERSTOOD = ("utter_not_understood", "utter_nothing_to_read", "utter_skipped_unclear")
_SAID_AS = "utter_action"  # where Rasa notes in a bot event which response it was

_SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def heard_from(tracker: Tracker) -> Heard:
    """The newest message of the buyer, with the question that was open when it came."""
    said = tracker.latest_message
    intent = str((said.get("intent") or {}).get("name") or "nlu_fallback")
    entities = tuple(said.get("entities") or ())
    metadata = _metadata(tracker)
    pressed = metadata.get("trusted") is True  # a meaning of our own making: a button, an upload, an event
    return Heard(
        text=str(said.get("text") or ""),
        intent=intent,
        message_id=str(metadata.get("message_id") or said.get("message_id") or ""),
        at=_moment(metadata.get("now")),
        types=_claimed(str(said.get("text") or ""), said.get("dispute_types") or ()),
        entities=() if pressed else entities,
        asked=tracker.get_slot("asked"),
        origin="button" if pressed else "buyer",
        answer={str(one["entity"]): one.get("value") for one in entities} if pressed else {},
    )


def _claimed(text: str, read: Iterable[Mapping[str, Any]]) -> tuple[tuple[str, float], ...]:
    """The dispute types of the reading, without those that the words name and do not claim."""
    types = tuple((str(t["type"]), float(t["confidence"])) for t in read)
    out = ruled_out(text) if types else ()
    return tuple(one for one in types if one[0] not in out)


def not_understood_before(tracker: Tracker) -> int:
    """How many messages just before this one, without a break, were answered with “没看懂”."""
    count, lost = 0, False
    events = reversed(tracker.events)
    for event in events:
        if event.get("event") == "user":
            break
    for event in events:
        if event.get("event") == "bot":
            said = (event.get("metadata") or {}).get(_SAID_AS)
            lost = lost or said in NOT_UNDERSTOOD
        elif event.get("event") == "user":
            if not lost:
                break
            count, lost = count + 1, False
    return count


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
