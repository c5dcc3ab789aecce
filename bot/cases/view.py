"""A case as the rulebook sees it, and what the rulebook's time limits become in the case."""

from __future__ import annotations

from collections.abc import Iterable

from bot.cases.model import Case, DeadlineRecord
from bot.disputes.findings import Deadline
from bot.disputes.model import CaseView, Facts, HeldEvidence, Round


def view_of(case: Case) -> CaseView:
    """The case as a frozen value for the rulebook.

    ``opened_at`` is when the intervention was accepted, None before: the rulebook counts the platform's
    evidence and decision times from it.
    """
    return CaseView(
        types=tuple(case.types),
        facts=Facts.from_json({record.name: record.value for record in case.facts.values()}),
        evidence=tuple(
            HeldEvidence(item.id, item.kind, item.sha256, item.uploaded_at, item.name)
            for item in case.evidence
        ),
        rounds=tuple(Round(one.at, one.ours, one.theirs, one.stance, one.offer) for one in case.rounds),
        declined=frozenset(case.declined),
        gaps_acknowledged=case.gaps_acknowledged,
        opened_at=case.intervention.opened_at if case.intervention else None,
        stage=case.stage.value,
    )


def deadline_records(deadlines: Iterable[Deadline]) -> list[DeadlineRecord]:
    """The rulebook's time limits in the form `Case.set_deadlines` keeps."""
    return [
        DeadlineRecord(
            one.id, one.name_zh, one.kind, one.due, one.base_fact, one.consequence_zh, tuple(one.sources)
        )
        for one in deadlines
    ]
