"""The cases one turn works on: loaded once, changed in memory, written at the end with everything else."""

from __future__ import annotations

from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from datetime import datetime
from typing import Any

from bot.cases.model import Case, Stage
from bot.cases.snapshot import Snapshot
from bot.cases.store import CaseStore, UnknownCase
from bot.database.engine import Transactions

NEW_DISPUTE = "买家要求重新开始"


class CaseSession:
    """For one turn only; after a failed `flush` throw it away and run the turn again with a new one."""

    def __init__(self, store: CaseStore, database: Transactions, *, alone_for: str | None = None) -> None:
        """`alone_for`: outside a turn, the conversation of the edit at whose end everything is written."""
        self.alone_for = alone_for
        self.in_commit: list[Callable[[Any], Awaitable[None]]] = []
        self.after_commit: list[Callable[[], None]] = []
        self._store = store
        self._database = database
        self._active: dict[str, Case | None] = {}  # by conversation; None: looked, there is none
        self._originals: dict[str, Case] = {}  # by case id, as loaded or as begun
        self._cases: dict[str, Case] = {}  # in the order they must be written

    @property
    def cases(self) -> list[Case]:
        """Every case this turn has had in its hands."""
        return list(self._cases.values())

    async def get_or_create(self, conversation_id: str, now: datetime) -> Case:
        """The active case of the conversation, a new one when there is none."""
        return await self.find(conversation_id) or self._begin(conversation_id, now)

    async def find(self, conversation_id: str) -> Case | None:
        """The active case of the conversation, None when there is none."""
        if conversation_id not in self._active:
            async with self._database.read() as tx:
                loaded = await self._store.load(tx, conversation_id)
            self._active[conversation_id] = self._keep(loaded) if loaded is not None else None
        case = self._active[conversation_id]
        return case if case is not None and case.active else None

    async def take(self, case_id: str) -> Case:
        """A stored case by its id, closed ones too.

        Raises:
            UnknownCase: there is none.
        """
        if case_id not in self._cases:
            async with self._database.read() as tx:
                loaded = await self._store.by_id(tx, case_id)
            if loaded is None:
                raise UnknownCase(case_id)
            self._keep(loaded)
        return self._cases[case_id]

    async def start_over(self, conversation_id: str, now: datetime) -> Case | None:
        """Close the active case, so that the next `get_or_create` begins another; returns the closed one."""
        case = await self.find(conversation_id)
        if case is not None:
            case.move_to(Stage.CLOSED, now, NEW_DISPUTE, actor="buyer")
        return case

    async def flush(self, tx: Any) -> None:
        """Write what changed, in the transaction of the turn. A case in which nothing happened is not kept.

        Raises:
            StaleCase: someone else changed a case meanwhile; roll back and run the turn again.
        """
        for case in self.cases:
            if case != self._originals[case.id]:
                await self._store.save(tx, case, self._originals[case.id])
                self._originals[case.id] = Snapshot(case).restored()

    def _begin(self, conversation_id: str, now: datetime) -> Case:
        case = Case.new(conversation_id, now)
        self._active[conversation_id] = case
        self._keep(case)
        return case

    def _keep(self, case: Case) -> Case:
        """The one copy of the case that this turn works on: this one, or the one it has already."""
        if case.id not in self._cases:
            self._cases[case.id] = case
            self._originals[case.id] = Snapshot(case).restored()
        return self._cases[case.id]


active_session: ContextVar[CaseSession | None] = ContextVar("active_session", default=None)
"""The session of the running turn; None outside a turn."""


@contextmanager
def turn_of(session: CaseSession) -> Iterator[CaseSession]:
    """Make ``session`` the one that `CaseService` works on inside the block."""
    token = active_session.set(session)
    try:
        yield session
    finally:
        active_session.reset(token)
