"""Cases in the database. ``tx`` is a connection inside a transaction of `bot.database.engine.Database`."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from sqlalchemy import delete, func, insert, select, update
from sqlalchemy.exc import IntegrityError

from bot.cases.model import Case, Stage
from bot.cases.sql_rows import PARTS, Row, case_of, case_row
from bot.cases.sql_write import write_part
from bot.cases.store import StaleCase
from bot.cases.tables import cases, interventions


class SqlCaseStore:
    """As `CaseStore` promises; holds no state of its own."""

    async def lock(self, tx: Any, conversation_id: str) -> None:
        """As `CaseStore.lock`. A write transaction of SQLite is alone from its beginning."""
        if tx.dialect.name == "postgresql":
            key = func.hashtextextended(conversation_id, 0)
            await tx.execute(select(func.pg_advisory_xact_lock(key)))

    async def load(self, tx: Any, conversation_id: str) -> Case | None:
        """The active case of a conversation."""
        return await self._one(
            tx,
            select(cases).where(
                cases.c.conversation_id == conversation_id, cases.c.stage != Stage.CLOSED.value
            ),
        )

    async def by_id(self, tx: Any, case_id: str) -> Case | None:
        """A case by its id, closed ones too."""
        return await self._one(tx, select(cases).where(cases.c.id == case_id))

    async def by_number(self, tx: Any, number: str) -> Case | None:
        """A case by the number of its intervention."""
        return await self._one(tx, select(cases).join(interventions).where(interventions.c.number == number))

    async def of_conversation(self, tx: Any, conversation_id: str) -> Sequence[Case]:
        """All cases of a conversation, the oldest first."""
        query = select(cases).where(cases.c.conversation_id == conversation_id)
        # A case that was begun in the same moment as another was closed comes after it.
        return await self._all(tx, query.order_by(cases.c.created_at, cases.c.stage != Stage.CLOSED.value))

    async def save(self, tx: Any, case: Case, before: Case | None = None) -> None:
        """As `CaseStore.save`; after `StaleCase` the transaction must be rolled back."""
        try:
            await self._write_case(tx, case)
            for part in PARTS:
                known = [] if case.version == 0 else None if before is None else part.rows(before)
                await write_part(tx, part, case.id, part.rows(case), known)
        except IntegrityError as error:
            raise StaleCase(f"case {case.id} collides with a stored one: {error.orig}") from error
        case.version += 1

    async def delete(self, tx: Any, case_id: str) -> None:
        """As `CaseStore.delete`."""
        for part in reversed(PARTS):
            await tx.execute(delete(part.table).where(part.table.c.case_id == case_id))
        await tx.execute(delete(cases).where(cases.c.id == case_id))

    async def list(self, tx: Any, limit: int = 50, offset: int = 0) -> Sequence[Case]:
        """Cases of all conversations, the one changed last first."""
        query = select(cases).order_by(cases.c.updated_at.desc(), cases.c.id.desc())
        return await self._all(tx, query.limit(limit).offset(offset))

    @staticmethod
    async def _write_case(tx: Any, case: Case) -> None:
        row = {**case_row(case), "version": case.version + 1}
        if case.version == 0:
            await tx.execute(insert(cases).values(**row))
            return
        this = update(cases).where(cases.c.id == case.id, cases.c.version == case.version)
        if (await tx.execute(this.values(**row))).rowcount != 1:
            raise StaleCase(f"case {case.id} was changed since version {case.version}")

    async def _one(self, tx: Any, query: Any) -> Case | None:
        found = await self._all(tx, query)
        return found[0] if found else None

    @staticmethod
    async def _all(tx: Any, query: Any) -> Sequence[Case]:
        """The cases of a query on `cases`: one query per table, however many cases there are."""
        rows = [dict(row) for row in (await tx.execute(query)).mappings()]
        ids = [row["id"] for row in rows]
        parts: dict[str, dict[str, list[Row]]] = {case_id: {} for case_id in ids}
        for part in PARTS if ids else ():
            for one in parts.values():
                one[part.table.name] = []
            select_part = select(part.table).where(part.table.c.case_id.in_(ids))
            order = (part.table.c[part.order], part.table.c[part.key])
            for found in (await tx.execute(select_part.order_by(*order))).mappings():
                parts[found["case_id"]][part.table.name].append(dict(found))
        return [case_of(row, parts[row["id"]]) for row in rows]
