"""Cases in memory, for tests and for trying things out; forgets everything with the process."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator, Sequence
from contextlib import asynccontextmanager
from copy import deepcopy
from typing import Any

from bot.cases.model import Case
from bot.cases.store import StaleCase


class NoDatabase:
    """Transactions that are none: what `CaseService` needs beside a `MemoryCaseStore`."""

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[None]:
        """Nothing to commit or roll back."""
        yield None

    @asynccontextmanager
    async def read(self) -> AsyncIterator[None]:
        """Nothing to open."""
        yield None


class MemoryCaseStore:
    """Keeps copies, so that a case in someone's hands and the stored one never share a value."""

    def __init__(self) -> None:
        self._cases: dict[str, Case] = {}

    async def lock(self, tx: Any, conversation_id: str) -> None:
        """Nothing to wait for: a save of an older version is refused."""

    async def load(self, tx: Any, conversation_id: str) -> Case | None:
        """The active case of a conversation."""
        return self._copy_of_first(
            case for case in self._cases.values() if case.active and case.conversation_id == conversation_id
        )

    async def by_id(self, tx: Any, case_id: str) -> Case | None:
        """A case by its id, closed ones too."""
        return deepcopy(self._cases.get(case_id))

    async def by_number(self, tx: Any, number: str) -> Case | None:
        """A case by the number of its intervention."""
        return self._copy_of_first(case for case in self._cases.values() if _number(case) == number)

    async def of_conversation(self, tx: Any, conversation_id: str) -> Sequence[Case]:
        """All cases of a conversation, the oldest first."""
        found = [case for case in self._cases.values() if case.conversation_id == conversation_id]
        return [deepcopy(case) for case in sorted(found, key=lambda one: (one.created_at, one.active))]

    async def save(self, tx: Any, case: Case, before: Case | None = None) -> None:
        """As `CaseStore.save`."""
        stored = self._cases.get(case.id)
        if case.version != (stored.version if stored else 0):
            raise StaleCase(f"case {case.id} was changed since version {case.version}")
        others = [one for one in self._cases.values() if one.id != case.id]
        if case.active and any(one.active and one.conversation_id == case.conversation_id for one in others):
            raise StaleCase(f"conversation {case.conversation_id} already has an active case")
        if case.intervention and any(_number(one) == case.intervention.number for one in others):
            raise StaleCase(f"intervention number {case.intervention.number} exists already")
        kept = deepcopy(case)
        kept.dialogue = json.loads(json.dumps(case.dialogue))  # what is no JSON fails here as in a database
        case.version = kept.version = case.version + 1
        self._cases[case.id] = kept

    async def delete(self, tx: Any, case_id: str) -> None:
        """As `CaseStore.delete`."""
        self._cases.pop(case_id, None)

    async def list(self, tx: Any, limit: int = 50, offset: int = 0) -> Sequence[Case]:
        """Cases of all conversations, the one changed last first."""
        newest = sorted(self._cases.values(), key=lambda one: (one.updated_at, one.id), reverse=True)
        return [deepcopy(case) for case in newest[offset : offset + limit]]

    @staticmethod
    def _copy_of_first(cases: Any) -> Case | None:
        return deepcopy(next(iter(cases), None))


def _number(case: Case) -> str | None:
    return case.intervention.number if case.intervention else None
