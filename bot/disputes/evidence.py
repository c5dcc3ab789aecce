"""The evidence report: what the cards ask for, what is held, a score and a grade.

score = Σ(held × weight) / Σ weight × 100 with must 3, should 2, nice 1; a missing must (★) caps the grade at C.
"""

from __future__ import annotations

from typing import Literal

from bot.disputes.cards import CardEvidence
from bot.disputes.catalogue import EvidenceKind
from bot.disputes.findings import EvidenceNeed, EvidenceReport
from bot.disputes.model import Facts
from bot.disputes.situation import Situation

WEIGHTS = {"must": 3, "should": 2, "nice": 1}
GOODS_HERE = ("signed", "confirmed")


def evidence_report(case: Situation) -> EvidenceReport:
    """What to collect for all types together: per kind the highest level any card asks for."""
    held = {item.kind for item in case.view.evidence if item.kind}
    items = tuple(_need(case, need, need.id in held) for need in _merged(case))
    total = sum(WEIGHTS[item.level] for item in items)
    score = round(100 * sum(WEIGHTS[item.level] for item in items if item.have) / total) if total else 0
    complete = all(item.have for item in items if item.level == "must")
    return EvidenceReport(_grade(score, complete), score, items)


def _grade(score: int, musts_complete: bool) -> Literal["A", "B", "C", "D"]:
    if score < 40:
        return "D"
    if score < 65 or not musts_complete:
        return "C"
    return "A" if score >= 85 else "B"


def _merged(case: Situation) -> list[CardEvidence]:
    merged: dict[str, CardEvidence] = {}
    for card in case.cards:
        for need in card.evidence:
            known = merged.get(need.id)
            if known is None or WEIGHTS[need.level] > WEIGHTS[known.level]:
                merged[need.id] = need
    return sorted(merged.values(), key=lambda need: -WEIGHTS[need.level])


def _need(case: Situation, need: CardEvidence, have: bool) -> EvidenceNeed:
    kind = case.book.evidence[need.id]
    possible = have or not _too_late(kind, case.facts)
    return EvidenceNeed(
        kind=need.id,
        name_zh=kind.name,
        level=need.level,
        have=have,
        why_zh=need.why,
        how_zh=need.how or kind.how,
        substitute_zh=need.substitute,
        still_possible=possible,
        still_zh=_still(have, possible, need.substitute),
        sources=case.applicable(need.sources),
    )


def _still(have: bool, possible: bool, substitute: str | None) -> str:
    if have:
        return "已经有了"
    if possible:
        return "现在还来得及"
    return (
        f"已经无法补拍，可以用这些代替：{substitute}" if substitute else "已经无法补拍，请用其他证据相互印证"
    )


def _too_late(kind: EvidenceKind, facts: Facts) -> bool:
    if (
        kind.once == "unboxing"
    ):  # whoever has the goods has opened the parcel, or soon will: only using it proves so
        return facts.order_stage in GOODS_HERE or facts.confirmed_at is not None or facts.goods_used is True
    if kind.once == "before_use":
        return facts.goods_used is True
    return kind.once == "before_return" and facts.returned_at is not None
