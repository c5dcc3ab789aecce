"""The evidence report: what the cards ask for, what is held, a score and a grade, and what can still be had.

score = Σ(held × weight) / Σ weight × 100 with must (★) 3, should (☆) 2, nice (○) 1; a missing ★ caps the grade at C.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from typing import Literal

from bot.disputes.cards import CardEvidence
from bot.disputes.catalogue import EvidenceKind
from bot.disputes.findings import Deadline, EvidenceNeed, EvidenceReport
from bot.disputes.model import Facts
from bot.disputes.situation import Situation

WEIGHTS = {"must": 3, "should": 2, "nice": 1}
THRESHOLDS = (85, 65, 40)
"""The least score for A, B and C."""
GOODS_HERE = ("signed", "confirmed")
PROOF_WINDOW = "T-14"
"""双方举证: after it the platform decides on what it has."""
MOMENTS = {
    "unboxing": "要在拆开包裹之前开始拍",
    "before_use": "要在使用、清洗或剪标之前拍",
    "before_return": "要在寄回商品之前准备好",
}


def evidence_report(case: Situation, deadlines: Sequence[Deadline] = ()) -> EvidenceReport:
    """What to collect for all types together: per kind the highest level any card asks for.

    `deadlines` = those of the case, to say until when a missing piece can still be had.
    """
    held = {item.kind for item in case.view.evidence if item.kind}
    dates = {item.id: item for item in deadlines}
    items = tuple(_need(case, need, need.id in held, dates) for need in _merged(case))
    total = sum(WEIGHTS[item.level] for item in items)
    reached = sum(WEIGHTS[item.level] for item in items if item.have)
    complete = all(item.have for item in items if item.level == "must")
    score = _score(reached, total)
    return EvidenceReport(_grade(score, complete), score, items)


def _score(reached: int, total: int) -> int:
    """The share in percent, rounded half up, but never up to a threshold that is not reached."""
    if not total:
        return 0
    score = (200 * reached + total) // (2 * total)
    return score - 1 if score in THRESHOLDS and 100 * reached < score * total else score


def _grade(score: int, musts_complete: bool) -> Literal["A", "B", "C", "D"]:
    best, good, fair = THRESHOLDS
    if score < fair:
        return "D"
    if score < good or not musts_complete:
        return "C"
    return "A" if score >= best else "B"


def _merged(case: Situation) -> list[CardEvidence]:
    merged: dict[str, CardEvidence] = {}
    for card in case.cards:
        for asked in card.evidence:
            need = _levelled(asked, case.facts)
            known = merged.get(need.id)
            if known is None or WEIGHTS[need.level] > WEIGHTS[known.level]:
                merged[need.id] = need
    return sorted(merged.values(), key=lambda need: -WEIGHTS[need.level])


def _levelled(need: CardEvidence, facts: Facts) -> CardEvidence:
    """A piece that only some cases need is a must once the fact says so: true, a date, or more than none."""
    if need.must_if is None or need.level == "must" or not facts.get(need.must_if):
        return need
    return replace(need, level="must")


def _need(case: Situation, need: CardEvidence, have: bool, dates: dict[str, Deadline]) -> EvidenceNeed:
    kind = case.book.evidence[need.id]
    possible = have or not _too_late(kind, case.facts)
    due = None if have or not possible else _due(kind, dates)
    until = _until(kind, due) if possible and not have else ""
    return EvidenceNeed(
        kind=need.id,
        name_zh=kind.name,
        level=need.level,
        have=have,
        why_zh=need.why,
        how_zh=need.how or kind.how,
        substitute_zh=need.substitute,
        still_possible=possible,
        still_zh=_still(have, possible, need.substitute, until),
        sources=case.applicable(need.sources),
        pitfalls_zh=kind.pitfalls,
        until=None if due is None else due.due,
        until_zh=until,
    )


def _still(have: bool, possible: bool, substitute: str | None, until: str) -> str:
    if have:
        return "已经有了"
    if possible:
        return f"现在还来得及，{until}" if until else "现在还来得及"
    return (
        f"已经无法补拍，可以用这些代替：{substitute}" if substitute else "已经无法补拍，请用其他证据相互印证"
    )


def _due(kind: EvidenceKind, dates: dict[str, Deadline]) -> Deadline | None:
    """The earliest date ahead: the end of the time for proof, or of what others have to keep."""
    ahead = [dates[key] for key in (PROOF_WINDOW, *kind.kept) if key in dates and not dates[key].passed]
    known = [(item.due, item.id) for item in ahead if item.due is not None]
    return dates[min(known)[1]] if known else None


def _until(kind: EvidenceKind, due: Deadline | None) -> str:
    said = [MOMENTS[moment] for moment in kind.once]
    if due is not None and due.id == PROOF_WINDOW:
        said.append(f"请在 {due.due_zh} 之前提交（{due.name_zh}）")
    elif due is not None:
        said.append(f"在 {due.due_zh} 之前可以要求提供（{due.name_zh}）")
    return "，".join(said)


def _too_late(kind: EvidenceKind, facts: Facts) -> bool:
    over = {
        "unboxing": _opened(facts),
        "before_use": facts.goods_intact is False
        or (facts.goods_used is True and facts.goods_intact is None),
        "before_return": facts.returned_at is not None or facts.return_signed_at is not None,
    }
    return any(over[moment] for moment in kind.once)


def _opened(facts: Facts) -> bool:
    """Whoever has the goods has opened the parcel; a parcel that only "shows as signed for" nobody has opened."""
    if facts.goods_used is True or facts.returned_at is not None:
        return True
    if facts.tracking_status == "delivered_not_received":
        return False
    return facts.order_stage in GOODS_HERE or facts.signed_at is not None or facts.confirmed_at is not None
