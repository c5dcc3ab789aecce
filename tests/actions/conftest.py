"""One conversation for actions: a case in memory, a desk that can be told what to answer, no Rasa around it."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime, timedelta, timezone
from decimal import Decimal
from typing import Any

import pytest
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

from bot.cases.memory_store import MemoryCaseStore, NoDatabase
from bot.cases.model import Case
from bot.cases.service import CaseService
from bot.disputes.rulebook import load_rulebook
from bot.handoff.hours import DeskPolicy, OfficeHours
from bot.handoff.model import Reason, Requested, Status
from bot.intervention.builtin_desk import BuiltinDesk
from bot.wiring import Services

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=timezone(timedelta(hours=8)))
POLICY = DeskPolicy(OfficeHours.parse("always"), timedelta(minutes=3), Decimal(3000))


class FakeHandoffs:
    """Answers as told, and remembers what it was asked."""

    policy = POLICY
    somebody = False  # works at the desk

    def __init__(self) -> None:
        self.answer = Requested("no_desk")
        self.owner = "bot"
        self.takes = True  # whether leaving the queue, or a message, succeeds
        self.calls: list[tuple[Any, ...]] = []

    async def request(self, conversation_id: str, reason: Reason, **more: Any) -> Requested:
        self.calls.append(("request", conversation_id, reason.value, more["message_id"]))
        return self.answer

    async def cancel(self, conversation_id: str, now: datetime) -> bool:
        self.calls.append(("cancel", conversation_id))
        return self.takes

    async def leave_message(self, conversation_id: str, text: str, now: datetime) -> bool:
        self.calls.append(("leave_message", conversation_id, text))
        return self.takes

    async def staffed(self) -> bool:
        return self.somebody

    async def status(self, conversation_id: str) -> Status:
        return Status(self.owner)


def services_of(cases: CaseService, gateway: Any = None, handoffs: Any = None) -> Services:
    return Services(
        settings=None,  # type: ignore[arg-type]
        database=NoDatabase(),  # type: ignore[arg-type]
        rulebook=load_rulebook(),
        cases=cases,
        evidence=None,  # type: ignore[arg-type]
        interventions=gateway or BuiltinDesk(cases),
        voice=None,  # type: ignore[arg-type]
        handoffs=handoffs or FakeHandoffs(),
        agents=None,  # type: ignore[arg-type]
    )


@dataclass
class Said:
    """What one action said, and where it goes."""

    keys: list[str] = field(default_factory=list)
    spoken: list[dict[str, Any]] = field(default_factory=list)
    values: dict[str, dict[str, Any]] = field(default_factory=dict)
    slots: dict[str, Any] = field(default_factory=dict)
    next: str | None = None


class Scene:
    """The conversation "web-1"."""

    def __init__(self) -> None:
        self.handoffs = FakeHandoffs()
        self.cases = CaseService(MemoryCaseStore(), NoDatabase())
        self.services = services_of(self.cases, handoffs=self.handoffs)

    async def case(self) -> Case:
        found = await self.cases.find("web-1")
        assert found is not None
        return found

    async def run(
        self,
        action: type[Any],
        *,
        text: str = "",
        intent: str = "ask_human",
        answer: dict[str, Any] | None = None,
        asked: str | None = None,
        before: list[dict[str, Any]] | None = None,
        types: dict[str, float] | None = None,
        found: list[dict[str, Any]] | None = None,
        now: datetime = NOW,
    ) -> Said:
        """Run one action on one message; ``answer`` makes it one of our own (a button, an event).

        ``types`` (surest first) and ``found`` are what the language part would have read in a typed one.
        """
        metadata = {"now": now.isoformat(), "message_id": "m1", "trusted": answer is not None}
        entities = [{"entity": key, "value": value} for key, value in (answer or {}).items()] or found or []
        read = [{"type": code, "confidence": share} for code, share in (types or {}).items()]
        message = {"text": text, "intent": {"name": intent}, "entities": entities, "dispute_types": read}
        events = [*(before or []), {"event": "user", "metadata": metadata}]
        tracker = Tracker("web-1", {"asked": asked}, message, events, False, None, {}, "action_listen")
        dispatcher = CollectingDispatcher()
        given = await action(self.services).run(dispatcher, tracker, {})
        said = Said()
        for one in dispatcher.messages:
            said.keys.append(one["response"])
            said.spoken.append(one)
            said.values[one["response"]] = one
        said.slots = {one["name"]: one["value"] for one in given if one["event"] == "slot"}
        said.next = next((one["name"] for one in given if one["event"] == "followup"), None)
        return said


@pytest.fixture
def scene() -> Scene:
    return Scene()


@pytest.fixture
def with_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Somebody works at the desk."""
    monkeypatch.setattr(FakeHandoffs, "somebody", True)


@pytest.fixture
def without_desk(monkeypatch: pytest.MonkeyPatch) -> None:
    """Nobody works at the desk."""
    monkeypatch.setattr(FakeHandoffs, "somebody", False)
