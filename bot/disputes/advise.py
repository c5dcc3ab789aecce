"""facts + now -> advice: gates, evidence, burden of proof, deadlines, remedies, warnings, the next step.

The one entrance for whoever asks the rulebook about a case; every item names its sources.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import asdict, dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Any

from bot.disputes.after_ruling import NextAction
from bot.disputes.burden import burden_of
from bot.disputes.cards import Cited
from bot.disputes.catalogue import Source
from bot.disputes.channel_choice import ChannelChoice
from bot.disputes.confirmation import PROMPTS
from bot.disputes.consistency import contradictions
from bot.disputes.escalation import Step
from bot.disputes.evidence import evidence_report
from bot.disputes.facts import SHANGHAI
from bot.disputes.findings import (
    Burden,
    Confirmation,
    Contradiction,
    Deadline,
    EvidenceReport,
    Gate,
    NextStep,
    Remedy,
    Warning,
)
from bot.disputes.gates import gates_of
from bot.disputes.loader import RulebookError
from bot.disputes.model import CaseView
from bot.disputes.new_evidence import NewEvidence
from bot.disputes.out_of_scope import OutOfScope
from bot.disputes.refund_form import RefundForm, refund_form
from bot.disputes.remedies import remedies_of
from bot.disputes.reviews import ReviewReport, about_reviews, review_check
from bot.disputes.rule_notes import older_rules, rule_notes
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import Situation
from bot.disputes.steps import missing_facts, next_step
from bot.disputes.suspension import with_suspension
from bot.disputes.warnings import warnings_of
from bot.disputes.ways import ways_of
from bot.disputes.windows import deadlines_of, safe_deadline

__all__ = ["Advice", "advise"]


@dataclass(frozen=True)
class Advice:
    """Everything the rulebook has to say of a case at one moment."""

    types: tuple[str, ...]
    confirmation: Confirmation
    confirmation_zh: str
    gates: tuple[Gate, ...]
    evidence: EvidenceReport
    burden: Burden
    deadlines: tuple[Deadline, ...]
    remedies: tuple[Remedy, ...]
    warnings: tuple[Warning, ...]
    missing_facts: tuple[str, ...]
    contradictions: tuple[Contradiction, ...]
    next_step: NextStep
    channel: ChannelChoice
    escalation: tuple[Step, ...]
    after_ruling: NextAction | None
    new_evidence: NewEvidence
    out_of_scope: tuple[OutOfScope, ...]
    sources: tuple[Source, ...]
    refund_form: RefundForm
    reviews: ReviewReport | None

    @property
    def safe_deadline(self) -> Deadline | None:
        """The earliest date by which the buyer has to act and still can."""
        return safe_deadline(self.deadlines)

    def to_json(self) -> dict[str, Any]:
        """Plain JSON. Items without a confidence of their own get the weakest of their sources, and the oldest date."""
        table = {source.id: source for source in self.sources}
        data: dict[str, Any] = _plain(asdict(self), table)
        data["evidence"]["missing"] = [item.kind for item in self.evidence.missing]
        data["safe_deadline"] = self.safe_deadline.id if self.safe_deadline else None
        data["sources"] = {source.id: _plain(asdict(source), {}) for source in self.sources}
        return data


def advise(view: CaseView, now: datetime, rulebook: Rulebook) -> Advice:
    """What to do about this case at `now` (aware). Raises RulebookError for a type there is no card for."""
    case = _situation(view, now, rulebook)
    deadlines = deadlines_of(case)
    report = evidence_report(case, deadlines)
    gates = gates_of(case, report)
    remedies = remedies_of(case)
    shown = tuple(remedy for remedy in remedies if remedy.asked)
    clashes = contradictions(view.facts, now, view.types)
    burden = burden_of(case, report)
    ways = ways_of(case, report, gates)
    warnings = with_suspension(case, (*warnings_of(case, report, deadlines), *rule_notes(case)))
    form, reviews = refund_form(case), review_check(case) if about_reviews(case) else None
    cited: list[Cited] = [*gates, *report.items, burden, *deadlines, *shown, *warnings, *ways.cited]
    cited += [*form.cited(), *(reviews.cited() if reviews is not None else ())]
    step = next_step(case, gates, report, remedies, clashes)
    cited.append(step)
    older = older_rules(case, cited)
    return Advice(
        types=tuple(card.code for card in case.cards),
        confirmation=case.confirmation,
        confirmation_zh=PROMPTS[case.confirmation],
        gates=gates,
        evidence=report,
        burden=burden,
        deadlines=deadlines,
        remedies=shown,
        warnings=(*warnings, *older),
        missing_facts=missing_facts(case),
        contradictions=clashes,
        next_step=step,
        channel=ways.channel,
        escalation=ways.escalation,
        after_ruling=ways.after_ruling,
        new_evidence=ways.new_evidence,
        out_of_scope=ways.out_of_scope,
        sources=_sources(rulebook, (*cited, *older)),
        refund_form=form,
        reviews=reviews,
    )


def _situation(view: CaseView, now: datetime, rulebook: Rulebook) -> Situation:
    if not view.types:
        raise RulebookError("types", "a case needs at least one dispute type")
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    return Situation(view, now, rulebook)


def _sources(rulebook: Rulebook, cited: Iterable[Cited]) -> tuple[Source, ...]:
    ids = dict.fromkeys(source for item in cited for source in item.sources)
    return tuple(rulebook.sources[source] for source in ids)


def _plain(value: Any, table: dict[str, Source]) -> Any:
    if isinstance(value, dict):
        plain = {key: _plain(item, table) for key, item in value.items() if not isinstance(item, Source)}
        cited = [table[s] for s in value.get("sources", ()) if isinstance(s, str) and s in table]
        if cited:
            plain.setdefault("confidence", max((s.confidence for s in cited), key="HML".index))
            plain.setdefault("as_of", min(s.as_of for s in cited).isoformat())
        return plain
    if isinstance(value, (list, tuple)):
        return [_plain(item, table) for item in value]
    if isinstance(value, datetime):
        return value.astimezone(SHANGHAI).isoformat()
    if isinstance(value, date):
        return value.isoformat()
    return str(value) if isinstance(value, Decimal) else value
