"""The one way to a case: within a turn it is the turn's own copy, outside it a transaction of its own."""

from __future__ import annotations

from collections.abc import AsyncIterator, Iterator, Sequence
from contextlib import asynccontextmanager, contextmanager, nullcontext
from datetime import datetime
from typing import Any

from bot.cases.model import Case
from bot.cases.session import CaseSession, active_session, turn_of
from bot.cases.snapshot import Snapshot
from bot.cases.store import CaseStore, UnknownCase
from bot.database.engine import Transactions


class CaseService:
    """Cases for actions, evidence, intervention, handoff and the command line."""

    def __init__(self, store: CaseStore, database: Transactions) -> None:
        self._store = store
        self._database = database

    def session(self) -> CaseSession:
        """A fresh session for one turn."""
        return CaseSession(self._store, self._database)

    @asynccontextmanager
    async def edit(self, conversation_id: str, now: datetime, tx: Any = None) -> AsyncIterator[Case]:
        """The active case of the conversation (a new one when there is none), to be changed in the block.

        Inside a turn nothing is written here: the turn writes at its end. Outside, the change is committed
        when the block ends; do nothing slow in it. An exception undoes the change in both.

        Args:
            tx: outside a turn, a transaction of the caller to write in instead of one of its own.

        Raises:
            StaleCase: outside a turn, someone else changed the case meanwhile.
        """
        async with self._turn(conversation_id, tx) as session:
            case = await session.get_or_create(conversation_id, now)
            with _all_or_nothing(case):
                yield case

    @asynccontextmanager
    async def edit_case(self, number_or_id: str) -> AsyncIterator[Case]:
        """One stored case, closed ones too, to be changed in the block; otherwise as `edit`.

        Raises:
            UnknownCase: there is no case of that id or with an intervention of that number.
            StaleCase: outside a turn, someone else changed the case meanwhile.
        """
        found = await self.show(number_or_id)
        if found is None:
            raise UnknownCase(number_or_id)
        async with self._turn(found.conversation_id) as session:
            case = await session.take(found.id)
            with _all_or_nothing(case):
                yield case

    async def find(self, conversation_id: str) -> Case | None:
        """The active case of the conversation to look at; changes to it are lost outside a turn."""
        session = active_session.get()
        if session is not None:
            return await session.find(conversation_id)
        async with self._database.read() as tx:
            return await self._store.load(tx, conversation_id)

    async def show(self, number_or_id: str) -> Case | None:
        """A case by the number of its intervention or by its id; None when there is neither."""
        session = active_session.get()
        for case in session.cases if session else ():
            if number_or_id in (case.id, case.intervention.number if case.intervention else None):
                return case
        async with self._database.read() as tx:
            found = await self._store.by_number(tx, number_or_id)
            return found or await self._store.by_id(tx, number_or_id)

    async def of_conversation(self, conversation_id: str) -> Sequence[Case]:
        """All stored cases of the conversation, the oldest first, closed ones too."""
        async with self._database.read() as tx:
            return await self._store.of_conversation(tx, conversation_id)

    async def start_over(self, conversation_id: str, now: datetime) -> Case | None:
        """Close the active case, so that the next message begins another; returns the closed one."""
        async with self._turn(conversation_id) as session:
            return await session.start_over(conversation_id, now)

    async def erase(self, conversation_id: str) -> Sequence[Case]:
        """Remove every case of the conversation for good (个人信息删除); returns what was removed."""
        async with self._database.transaction() as tx:
            removed = await self._store.of_conversation(tx, conversation_id)
            for case in removed:
                await self._store.delete(tx, case.id)
        return removed

    async def list(self, limit: int = 50, offset: int = 0) -> Sequence[Case]:
        """Cases of all conversations, the one changed last first."""
        async with self._database.read() as tx:
            return await self._store.list(tx, limit, offset)

    @asynccontextmanager
    async def _turn(self, conversation_id: str, tx: Any = None) -> AsyncIterator[CaseSession]:
        """The session of the running turn, or one for this block alone, written when the block ends."""
        running = active_session.get()
        if running is not None:
            yield running
            return
        async with nullcontext(tx) if tx is not None else self._database.transaction() as own:
            await self._store.lock(own, conversation_id)
            session = CaseSession(self._store, self._database, alone_for=conversation_id)
            with turn_of(session):
                yield session
            await session.flush(own)
            for write in session.in_commit:
                await write(own)
        for step in session.after_commit:
            step()


@contextmanager
def _all_or_nothing(case: Case) -> Iterator[None]:
    """A failed action must not leave half of its change to the turn that goes on."""
    before = Snapshot(case)
    try:
        yield
    except BaseException:
        vars(case).update(vars(before.restored()))
        raise
