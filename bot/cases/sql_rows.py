"""A case as rows of its tables, and back. No statement is run here."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from bot.cases import tables
from bot.cases.model import (
    AuditEntry,
    Case,
    DeadlineRecord,
    EvidenceItem,
    FactRecord,
    Intervention,
    NegotiationRound,
    Stage,
)

Row = dict[str, Any]


@dataclass(frozen=True)
class Part:
    """One table that holds rows of a case.

    Attributes:
        key: the column that tells the rows of one case apart.
        rows: the rows that a case should have.
        grows: rows are only ever added, so that stored ones need not be compared.
        order: the column that keeps the order of the rows.
    """

    table: Any
    key: str
    rows: Callable[[Case], list[Row]]
    grows: bool = False
    order: str = "no"


def case_row(case: Case) -> Row:
    """The row of the case itself, without its version."""
    return {
        "id": case.id,
        "conversation_id": case.conversation_id,
        "created_at": case.created_at,
        "updated_at": case.updated_at,
        "stage": case.stage.value,
        "types": case.types,
        "declined": sorted(case.declined),
        "gaps_acknowledged": case.gaps_acknowledged,
        "dialogue": case.dialogue,
    }


def case_of(row: Mapping[str, Any], parts: Mapping[str, Sequence[Row]]) -> Case:
    """The case of its row and of the rows in the other tables, by table name and in order."""
    return Case(
        id=row["id"],
        conversation_id=row["conversation_id"],
        created_at=row["created_at"],
        updated_at=row["updated_at"],
        version=row["version"],
        stage=Stage(row["stage"]),
        types=list(row["types"]),
        declined=set(row["declined"]),
        gaps_acknowledged=bool(row["gaps_acknowledged"]),
        dialogue=dict(row["dialogue"]),
        facts={one["name"]: FactRecord(**_own(one)) for one in parts["case_facts"]},
        evidence=[EvidenceItem(**_own(one, "no")) for one in parts["case_evidence"]],
        rounds=[NegotiationRound(**_own(one)) for one in parts["case_rounds"]],
        intervention=_intervention(parts),
        deadlines=[_deadline(_own(one, "no")) for one in parts["case_deadlines"]],
        audit=[AuditEntry(**_own(one, "no")) for one in parts["case_audit"]],
    )


def _intervention(parts: Mapping[str, Sequence[Row]]) -> Intervention | None:
    for row in parts["interventions"]:
        history = [(one["state"], one["at"], one["note"]) for one in parts["intervention_history"]]
        return Intervention(**_own(row), history=history)
    return None


def _deadline(row: Row) -> DeadlineRecord:
    return DeadlineRecord(**{**row, "sources": tuple(row["sources"])})


def _own(row: Row, *dropped: str) -> Row:
    return {name: value for name, value in row.items() if name != "case_id" and name not in dropped}


def _plain(item: Any, **more: Any) -> Row:
    return {**vars(item), **more}


def _numbered(items: Sequence[Any]) -> list[Row]:
    return [_plain(item, no=no) for no, item in enumerate(items, start=1)]


def _intervention_rows(case: Case) -> list[Row]:
    found = case.intervention
    return [{name: value for name, value in vars(found).items() if name != "history"}] if found else []


def _history_rows(case: Case) -> list[Row]:
    history = case.intervention.history if case.intervention else []
    return [
        {"no": no, "state": state, "at": at, "note": note}
        for no, (state, at, note) in enumerate(history, start=1)
    ]


def _deadline_rows(case: Case) -> list[Row]:
    return [{**row, "sources": list(row["sources"])} for row in _numbered(case.deadlines)]


PARTS: tuple[Part, ...] = (
    Part(tables.case_facts, "name", lambda case: [_plain(one) for one in case.facts.values()], order="at"),
    Part(tables.case_evidence, "id", lambda case: _numbered(case.evidence)),
    Part(tables.case_rounds, "no", lambda case: [_plain(one) for one in case.rounds]),
    Part(tables.interventions, "number", _intervention_rows, order="number"),
    Part(tables.intervention_history, "no", _history_rows, grows=True),
    Part(tables.case_deadlines, "id", _deadline_rows),
    Part(tables.case_audit, "no", lambda case: _numbered(case.audit), grows=True),
)
