"""Rasa's tracker store over `tracker_events`: part of the turn's transaction, never silently empty.

Differences from the stock SQL store, each for a fault seen on it:
new events are committed together with the turn (not before, not after); rows are ordered by our own sequence,
never by the clock; a row that cannot be read is put aside alone; a database error is never a new tracker.
"""

from __future__ import annotations

import logging
from collections import OrderedDict
from collections.abc import Iterable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.trackers import DialogueStateTracker
from sqlalchemy import insert, select
from sqlalchemy.exc import IntegrityError

from bot.conversation.tables import tracker_events
from bot.conversation.turn import Turn, active_turn
from bot.database.engine import Database
from bot.rasa import tracker_rows
from bot.rasa.tracker_rows import Loaded

logger = logging.getLogger(__name__)

CACHED_TRACKERS = 500
DEFAULT_URL = "sqlite+aiosqlite:///var/bot.db"


class LostEvents(Exception):
    """A tracker is to be saved that is not the one that was loaded: saving could drop events."""


class TurnTrackerStore(TrackerStore):
    """Keeps dialogue state. Inside a turn it only collects; outside (`rasa shell`) it writes at once."""

    def __init__(
        self,
        domain: Domain | None = None,
        event_broker: Any = None,
        *,
        database: Database | None = None,
        host: str | None = None,
        **kwargs: Any,
    ) -> None:
        """`database` from our wiring, or (endpoints.yml) `url` / `db` with its address."""
        super().__init__(domain, event_broker)
        self._database = database or Database(str(host or kwargs.get("db") or DEFAULT_URL))
        self._cache: OrderedDict[str, Loaded] = OrderedDict()
        self._open: dict[str, Loaded] = {}  # handed out and not yet committed

    async def retrieve(self, sender_id: str) -> DialogueStateTracker | None:
        """The dialogue state, None for a new conversation. Raises on any database error."""
        turn = _turn_of(sender_id)
        opened = self._open.get(sender_id)
        if turn is not None and opened is not None and opened.turn is turn:
            return opened.tracker
        # What is handed out leaves the cache: if the turn fails, its half-changed tracker is gone with it.
        loaded = self._cache.pop(sender_id, None)
        if loaded is None:
            loaded = tracker_rows.rolled(await self._load(sender_id), self.init_tracker)
        loaded.turn = turn
        self._open[sender_id] = loaded
        if turn is not None:
            turn.tracker.base = loaded.last_seq
        return loaded.tracker if loaded.tracker.events else None

    async def _load(self, sender_id: str) -> Loaded:
        await self._database.connect()
        return await tracker_rows.load(self._database, self.init_tracker(sender_id))

    async def save(self, tracker: DialogueStateTracker) -> None:
        """Collect the events that are new since `retrieve` into the turn. Raises LostEvents."""
        sender_id = tracker.sender_id
        opened = self._open.get(sender_id)
        turn = _turn_of(sender_id)
        if opened is None or opened.turn is not turn or len(tracker.events) < opened.stored:
            raise LostEvents(f"tracker of {sender_id} was not loaded in this turn")
        if opened.tracker is not tracker:
            if opened.stored:
                raise LostEvents(f"tracker of {sender_id} is not the one that was loaded")
            opened.tracker = tracker
        new = [event.as_dict() for event in list(tracker.events)[opened.stored :]]
        if turn is None:
            await self._write_now(opened, new)
            return
        if not opened.hooked:
            opened.hooked = True
            turn.after_commit.append(lambda: self._committed(turn, opened))
        turn.tracker.events = new

    def _committed(self, turn: Turn, opened: Loaded) -> None:
        opened.stored += len(turn.tracker.events)
        opened.last_seq = turn.tracker.base + len(turn.tracker.events)
        if self.event_broker is not None:
            for event in turn.tracker.events:
                self.event_broker.publish({"sender_id": turn.conversation_id, **event})
        opened.turn, opened.hooked = None, False
        self._open.pop(turn.conversation_id, None)
        self._cache[turn.conversation_id] = tracker_rows.rolled(opened, self.init_tracker)
        while len(self._cache) > CACHED_TRACKERS:
            self._cache.popitem(last=False)

    async def _write_now(self, opened: Loaded, new: list[dict[str, Any]]) -> None:
        sender_id = opened.tracker.sender_id
        now = datetime.now(ZoneInfo("Asia/Shanghai"))
        rows = [
            {
                "conversation_id": sender_id,
                "seq": opened.last_seq + offset,
                "event_type": event["event"],
                "data": event,
                "created_at": now,
            }
            for offset, event in enumerate(new, start=1)
        ]
        if rows:
            try:
                async with self._database.transaction() as tx:
                    await tx.execute(insert(tracker_events), rows)
            except IntegrityError:
                self.forget(sender_id)
                raise
        opened.stored += len(rows)
        opened.last_seq += len(rows)

    async def retrieve_full_tracker(self, conversation_id: str) -> DialogueStateTracker | None:
        """Every stored event, a copy for reading only."""
        loaded = await self._load(conversation_id)
        return loaded.tracker if loaded.tracker.events else None

    async def keys(self) -> Iterable[str]:
        """The conversations with dialogue state."""
        await self._database.connect()
        async with self._database.read() as tx:
            rows = await tx.execute(select(tracker_events.c.conversation_id).distinct())
            return [str(row.conversation_id) for row in rows.all()]

    def forget(self, sender_id: str) -> None:
        """Drop what is kept in memory (after an erase, a failed turn or a conflict)."""
        self._cache.pop(sender_id, None)
        self._open.pop(sender_id, None)


def _turn_of(sender_id: str) -> Turn | None:
    turn = active_turn.get()
    return turn if turn is not None and turn.conversation_id == sender_id else None
