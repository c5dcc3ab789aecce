"""A case as the rulebook sees it, and what the rulebook's time limits become in the case."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from bot.cases.model import Case, DeadlineRecord, EvidenceItem
from bot.disputes.findings import Deadline
from bot.disputes.model import CaseView, Facts, HeldEvidence, Round

DECIDED = "判决"
"""The state of an intervention in which the platform has ruled."""
REVIEWED = "复审结果"
"""How the history notes the decision on a review; what was there by then has been seen as well."""


def view_of(case: Case) -> CaseView:
    """The case as a frozen value for the rulebook.

    ``opened_at`` is when the intervention was accepted, None before: the rulebook counts the platform's
    evidence and decision times from it.
    """
    facts = Facts.from_json({record.name: record.value for record in case.facts.values()})
    unsure = (record.name for record in case.facts.values() if record.certainty == "approximate")
    return CaseView(
        types=tuple(case.types),
        facts=facts,
        evidence=tuple(_held(item) for item in case.evidence),
        rounds=tuple(Round(one.at, one.ours, one.theirs, one.stance, one.offer) for one in case.rounds),
        declined=frozenset(case.declined),
        gaps_acknowledged=case.gaps_acknowledged,
        opened_at=case.intervention.opened_at if case.intervention else None,
        stage=case.stage.value,
        filed=tuple(_held(item) for item in case.evidence if _was_filed(item, case)),
        about=frozenset(name for name in unsure if facts.time(name) is not None),
    )


def _held(item: EvidenceItem) -> HeldEvidence:
    return HeldEvidence(item.id, item.kind, item.sha256, item.uploaded_at, item.name)


def _was_filed(item: EvidenceItem, case: Case) -> bool:
    """Did the platform have it: numbered in the statement, or there before it decided, the review last (until then, the opening)."""
    found = case.intervention
    if found is None:
        return False
    numbered = {one.get("evidence_id") for one in found.evidence_numbers if isinstance(one, Mapping)}
    decided = [at for state, at, _ in found.history if state == DECIDED][:1]
    decided += [at for _, at, note in found.history if note.startswith(REVIEWED)]
    return item.id in numbered or item.uploaded_at <= max(decided, default=found.opened_at)


def deadline_records(deadlines: Iterable[Deadline]) -> list[DeadlineRecord]:
    """The rulebook's time limits in the form `Case.set_deadlines` keeps."""
    return [
        DeadlineRecord(
            one.id, one.name_zh, one.kind, one.due, one.base_fact, one.consequence_zh, tuple(one.sources)
        )
        for one in deadlines
    ]
