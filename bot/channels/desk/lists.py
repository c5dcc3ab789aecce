"""What the desk looks up across conversations, in one query each: reading only."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.tables import case_deadlines, case_facts, cases, intervention_history, interventions
from bot.conversation.tables import conversations, outbox
from bot.handoff.model import ACTIVE, HELD
from bot.handoff.tables import handoff_events, handoffs
from bot.intervention.states import State

MOST = 200  # rows of a list: more cannot be worked through on one page


@dataclass(frozen=True)
class Nearest:
    """The clock that runs out first."""

    name: str
    due: datetime


@dataclass(frozen=True)
class ListedIntervention:
    """One intervention as the list shows it. ``amount`` in yuan as text."""

    number: str
    state: str
    conversation_id: str
    case_id: str
    types: list[str]
    opened_at: datetime
    updated_at: datetime
    amount: str | None
    nearest: Nearest | None
    handoff_id: str | None


async def holder_of(tx: AsyncConnection, conversation_id: str) -> tuple[bool, int | None]:
    """(whether the conversation was ever handed over, id of the agent who has it now)."""
    query = select(handoffs.c.state, handoffs.c.agent_id).where(handoffs.c.conversation_id == conversation_id)
    rows = (await tx.execute(query)).all()
    held = [int(row.agent_id) for row in rows if row.state in HELD and row.agent_id is not None]
    return bool(rows), held[0] if held else None


async def has_open_intervention(tx: AsyncConnection, conversation_id: str) -> bool:
    """Whether a case of the conversation has an intervention that is not closed."""
    query = (
        select(interventions.c.number)
        .join(cases)
        .where(cases.c.conversation_id == conversation_id, interventions.c.state != State.CLOSED.value)
        .limit(1)
    )
    return (await tx.execute(query)).first() is not None


async def channel_of(tx: AsyncConnection, conversation_id: str) -> str:
    """The channel on which the conversation began."""
    query = select(conversations.c.channel).where(conversations.c.id == conversation_id)
    return str((await tx.execute(query)).scalar_one_or_none() or "")


async def open_interventions(tx: AsyncConnection, now: datetime) -> list[ListedIntervention]:
    """Every intervention that is not closed: the one whose clock runs out first comes first."""
    columns = (
        interventions.c.number,
        interventions.c.state,
        interventions.c.opened_at,
        cases.c.id.label("case_id"),
        cases.c.conversation_id,
        cases.c.types,
        cases.c.updated_at,
    )
    query = select(*columns).join(cases).where(interventions.c.state != State.CLOSED.value)
    rows = (await tx.execute(query.order_by(interventions.c.opened_at).limit(MOST))).mappings().all()
    ids = [str(row["case_id"]) for row in rows]
    amounts, clocks = await _amounts(tx, ids), await _clocks(tx, ids, now)
    held = await active_handoffs(tx, [str(row["conversation_id"]) for row in rows])
    found = [
        ListedIntervention(
            **row,
            amount=amounts.get(row["case_id"]),
            nearest=clocks.get(row["case_id"]),
            handoff_id=held.get(row["conversation_id"]),
        )
        for row in rows
    ]
    return sorted(found, key=lambda one: (one.nearest is None, one.nearest.due if one.nearest else now))


async def _amounts(tx: AsyncConnection, case_ids: list[str]) -> dict[str, str]:
    query = select(case_facts.c.case_id, case_facts.c.value).where(
        case_facts.c.case_id.in_(case_ids), case_facts.c.name == "amount"
    )
    return {str(row.case_id): str(row.value) for row in (await tx.execute(query)).all()}


async def _clocks(tx: AsyncConnection, case_ids: list[str], now: datetime) -> dict[str, Nearest]:
    query = (
        select(case_deadlines.c.case_id, case_deadlines.c.name, case_deadlines.c.due)
        .where(case_deadlines.c.case_id.in_(case_ids), case_deadlines.c.due > now)
        .order_by(case_deadlines.c.due.desc())
    )
    # In descending order the nearest is written last and stays.
    return {str(row.case_id): Nearest(row.name, row.due) for row in (await tx.execute(query)).all()}


async def active_handoffs(tx: AsyncConnection, conversation_ids: list[str]) -> dict[str, str]:
    """The id of the handoff that is going on in each of these conversations."""
    query = select(handoffs.c.conversation_id, handoffs.c.id).where(
        handoffs.c.conversation_id.in_(conversation_ids), handoffs.c.state.in_([one.value for one in ACTIVE])
    )
    return {str(row.conversation_id): str(row.id) for row in (await tx.execute(query)).all()}


async def deliveries(tx: AsyncConnection, log_ids: list[str]) -> dict[str, str]:
    """How far the platform has taken each of these lines; lines that no platform is told of are left out."""
    query = select(outbox.c.log_id, outbox.c.state).where(outbox.c.log_id.in_(log_ids))
    return {str(row.log_id): str(row.state) for row in (await tx.execute(query)).all()}


async def desk_mark(tx: AsyncConnection) -> tuple[Any, ...]:
    """A value that changes whenever a handoff or an intervention does, also in another process."""
    marks = []
    for count in (
        select(func.max(handoff_events.c.id)),
        select(func.sum(handoffs.c.version), func.count()).select_from(handoffs),
        select(func.count()).select_from(interventions),
        select(func.count()).select_from(intervention_history),
    ):
        marks += list((await tx.execute(count)).one())
    return tuple(marks)
