"""Reading stored dialogue events one by one, and keeping the history that Rasa replays short."""

from __future__ import annotations

import json
import logging
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.shared.core.constants import ACTION_LISTEN_NAME, ACTION_SESSION_START_NAME
from rasa.shared.core.events import (
    ActionExecuted,
    ConversationPaused,
    Event,
    SessionStarted,
    SlotSet,
    UserUttered,
)
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import Text, delete, insert, select, type_coerce

from bot.conversation.tables import tracker_events, tracker_events_quarantine
from bot.conversation.turn import Turn
from bot.database.engine import Database

logger = logging.getLogger(__name__)

ROLL_AT = 300  # events; a turn costs time in proportion to what it replays
KEEP_TURNS = 12  # full turns kept when rolling: more than any policy's max_history


@dataclass
class Loaded:
    """A tracker with the number of its events that are stored and the sequence number of the last one."""

    tracker: DialogueStateTracker
    stored: int
    last_seq: int
    turn: Turn | None = None
    hooked: bool = False


async def load(database: Database, tracker: DialogueStateTracker) -> Loaded:
    """Fill an empty `tracker` with the stored events. Rows that cannot be read go to quarantine.

    Raises whatever the database raises: an unreachable database is never an empty conversation.
    """
    columns = (
        tracker_events.c.id,
        tracker_events.c.seq,
        type_coerce(tracker_events.c.data, Text).label("raw"),  # raw: one bad row must not fail the others
    )
    query = (
        select(*columns)
        .where(tracker_events.c.conversation_id == tracker.sender_id)
        .order_by(tracker_events.c.seq)
    )
    async with database.read() as tx:
        rows = (await tx.execute(query)).all()
    poison: list[tuple[Any, str]] = []
    for row in rows:
        try:
            tracker.update(read_event(row.raw))
        except Exception as error:  # any bad row whatsoever is put aside alone
            poison.append((row, f"{type(error).__name__}: {error}"[:500]))
    if poison:
        await _quarantine(database, tracker.sender_id, poison)
    return Loaded(tracker, stored=len(tracker.events), last_seq=rows[-1].seq if rows else 0)


def read_event(raw: str) -> Event:
    """One stored event. Raises ValueError for anything that is not one."""
    parameters = json.loads(raw)
    if not isinstance(parameters, dict):
        raise ValueError("not an object")
    if parameters.get("event") == UserUttered.type_name and "parse_data" not in parameters:
        raise ValueError("user event without parse_data")
    if parameters.get("event") == SlotSet.type_name and not isinstance(parameters.get("name"), str):
        raise ValueError("slot event without a name")
    event = Event.from_parameters(parameters)
    if event is None:
        raise ValueError(f"no such event: {parameters.get('event')!r}")
    return event


async def _quarantine(database: Database, sender_id: str, poison: list[tuple[Any, str]]) -> None:
    now = datetime.now(ZoneInfo("Asia/Shanghai"))
    # No conversation id: on some channels it holds who the buyer is. The table has it.
    logger.error("%s unreadable dialogue events put into quarantine", len(poison))
    values = [
        {
            "conversation_id": sender_id,
            "seq": row.seq,
            "data": str(row.raw),
            "error": error,
            "created_at": now,
        }
        for row, error in poison
    ]
    async with database.transaction() as tx:
        await tx.execute(insert(tracker_events_quarantine), values)
        await tx.execute(delete(tracker_events).where(tracker_events.c.id.in_([row.id for row, _ in poison])))


def rolled(loaded: Loaded, init_tracker: Callable[[str], DialogueStateTracker]) -> Loaded:
    """`loaded` with its old events replaced by what they add up to, once there are more than ROLL_AT.

    Only the tracker in memory gets shorter (as if a session had begun with all slots carried over); the
    stored events stay. The cut is made between two turns where no form is active.
    """
    events = list(loaded.tracker.events)
    if len(events) <= ROLL_AT:
        return loaded
    cut = _quiet_cut(events, init_tracker(loaded.tracker.sender_id))
    before = init_tracker(loaded.tracker.sender_id)
    for event in events[:cut]:
        before.update(event)
    summary = _summary(before, init_tracker)
    if cut <= len(summary):
        return loaded
    tracker = init_tracker(loaded.tracker.sender_id)
    tracker.model_id, tracker.assistant_id = loaded.tracker.model_id, loaded.tracker.assistant_id
    for event in [*summary, *events[cut:]]:
        tracker.update(event)
    return Loaded(tracker, stored=len(tracker.events), last_seq=loaded.last_seq, turn=loaded.turn)


def _quiet_cut(events: list[Event], state: DialogueStateTracker) -> int:
    """The last place between two turns, KEEP_TURNS before the end or earlier, where no form is active.

    0 when there is none. `state` is an empty tracker to replay on.
    """
    turns = [index for index, event in enumerate(events) if isinstance(event, UserUttered)]
    position = best = 0
    for cut in turns[: 1 - KEEP_TURNS]:
        for event in events[position:cut]:
            state.update(event)
        position = cut
        if state.active_loop is None and state.latest_action_name == ACTION_LISTEN_NAME:
            best = cut
    return best


def _summary(
    tracker: DialogueStateTracker, init_tracker: Callable[[str], DialogueStateTracker]
) -> list[Event]:
    fresh = init_tracker(tracker.sender_id)
    slots: list[Event] = [
        SlotSet(name, slot.value)
        for name, slot in tracker.slots.items()
        if slot.value != fresh.slots[name].value
    ]
    paused: list[Event] = [ConversationPaused()] if tracker.is_paused() else []
    start: list[Event] = [ActionExecuted(ACTION_SESSION_START_NAME), SessionStarted()]
    return [*start, *slots, *paused, ActionExecuted(ACTION_LISTEN_NAME)]
