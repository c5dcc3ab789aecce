"""Write one table of a case: only the rows that differ from the stored ones."""

from __future__ import annotations

from typing import Any

from sqlalchemy import delete, func, insert, select, update

from bot.cases.sql_rows import Part, Row


async def write_part(
    tx: Any, part: Part, case_id: str, rows: list[Row], before: list[Row] | None = None
) -> None:
    """Make the stored rows of ``part`` equal to ``rows``; rows that grow are only added to.

    ``before`` are the rows as they are stored, where the caller knows them (the version of the case has been
    checked); without it they are read.
    """
    rows = [{"case_id": case_id, **row} for row in rows]
    stored = None if before is None else [{"case_id": case_id, **row} for row in before]
    if part.grows:
        await _append(tx, part, case_id, rows, stored)
    else:
        await _replace(tx, part, case_id, rows, stored)


async def _append(tx: Any, part: Part, case_id: str, rows: list[Row], before: list[Row] | None) -> None:
    if before is None:
        stored = select(func.count()).select_from(part.table).where(part.table.c.case_id == case_id)
        have = int((await tx.execute(stored)).scalar_one())
    else:
        have = len(before)
    if rows[have:]:
        await tx.execute(insert(part.table), rows[have:])


async def _replace(tx: Any, part: Part, case_id: str, rows: list[Row], before: list[Row] | None) -> None:
    table, key = part.table, part.table.c[part.key]
    if before is None:
        result = await tx.execute(select(table).where(table.c.case_id == case_id))
        before = [dict(row) for row in result.mappings()]
    stored = {row[part.key]: row for row in before}
    wanted = {row[part.key]: row for row in rows}
    gone = [one for one in stored if one not in wanted]
    if gone:
        await tx.execute(delete(table).where(table.c.case_id == case_id, key.in_(gone)))
    for name, row in wanted.items():
        if name in stored and stored[name] != row:
            await tx.execute(update(table).where(table.c.case_id == case_id, key == name).values(**row))
    new = [row for name, row in wanted.items() if name not in stored]
    if new:
        await tx.execute(insert(table), new)
