"""What the buyer should hear now: safety first, then what could be lost, then the cards' own warnings."""

from __future__ import annotations

from datetime import timedelta

from bot.disputes.findings import Deadline, EvidenceReport, Warning
from bot.disputes.situation import Situation

SOON = timedelta(hours=48)
MULTIPLES = ("xf-55", "sa-148", "gy-144")
"""Statutory multiples: a card that rests on one must say that the platform does not normally rule on it."""
NOTHING_TO_RETURN = ("counterfeit", "not_received", "virtual")
FACTUAL = ("quality", "not_as_described", "counterfeit")


def warnings_of(
    case: Situation, report: EvidenceReport, deadlines: tuple[Deadline, ...]
) -> tuple[Warning, ...]:
    """All warnings that apply, most urgent first, no text twice."""
    own = {
        key: case.book.policy.warnings[key] for key in (*_safety(case), *_general(case, report, deadlines))
    }
    found = [Warning(key, cited.text, case.applicable(cited.sources)) for key, cited in own.items()]
    position = len(_safety(case))
    for card in case.cards:
        cards = [
            Warning(f"{card.code}-{no}", cited.text, case.applicable(cited.sources))
            for no, cited in enumerate(card.warnings, start=1)
        ]
        if card.family == "safety":  # a danger is told before anything about money
            found[position:position] = cards
        else:
            found += cards
    return tuple({item.text_zh: item for item in reversed(found)}.values())[::-1]


def _safety(case: Situation) -> list[str]:
    keys = []
    if case.any_type(("injury",)):
        keys.append("injury_first")
    if case.any_type(("scam",)):
        keys += ["fake_service", "off_platform"]
    if case.stance == "off_platform":
        keys.append("off_platform")
    if case.stance == "bribe_review":
        keys.append("bribe_review")
    if case.stance == "hostile":
        keys.append("hostile")
    return keys


def _general(case: Situation, report: EvidenceReport, deadlines: tuple[Deadline, ...]) -> list[str]:
    facts, keys = case.facts, []
    by_id = {item.id: item for item in deadlines}
    if case.confirmation == "before" and facts.order_stage != "unpaid":
        if _soon(case, by_id.get("T-08")):
            keys.append("auto_confirm_soon")
        keys.append("dont_confirm")
    if case.confirmation == "after":
        if facts.induced_confirmation:
            keys.append("induced")
        after_sale = by_id.get("T-11")
        if after_sale is not None and after_sale.passed:
            keys.append("late")
        elif _soon(case, after_sale):
            keys.append("after_sale_soon")
    if facts.demand == "compensation" or any(set(card.legal_basis) & set(MULTIPLES) for card in case.cards):
        keys.append("multiples")
    has_goods = facts.order_stage in ("signed", "confirmed") and facts.returned_at is None
    if facts.demand == "refund_only" and has_goods and not case.any_type(NOTHING_TO_RETURN):
        keys.append("refund_only")
    if report.missing_must and case.view.stage not in ("intake", "closed", "resolved_by_talk"):
        keys.append("gaps")
    if any(card.family in FACTUAL for card in case.cards):
        keys.append("honest_reason")
    if case.view.stage in ("intervention_open", "evidence_period", "mediation"):
        keys.append("no_court_yet")
    if not case.on_taobao:
        keys.append("other_platform")
    return keys


def _soon(case: Situation, deadline: Deadline | None) -> bool:
    return deadline is not None and deadline.due is not None and case.now < deadline.due <= case.now + SOON
