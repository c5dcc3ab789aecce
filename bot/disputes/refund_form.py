"""The refund form (退款单): which type and which reason fit this case, with what speaks for and against each.

Consequences are shown and the buyer chooses by the facts (R-REASON-1: never a nudge to fabricate). Where the facts
speak of a defect and the seven days still run, the factual reason is suggested and the other way told (R-REASON-2).
The amount is what was paid (R-REASON-3). Rules and words: refund_form.yml.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace
from decimal import ROUND_HALF_UP, Decimal

from bot.disputes.conditions import Flags, holds
from bot.disputes.form_rules import Choice, FitRow, FormRules
from bot.disputes.remedies.conditions import all_hold, condition, without_reason
from bot.disputes.situation import Situation

CENT = Decimal("0.01")
SEVEN = ("within_seven", "intact", "supported")
"""Preconditions of a return without a reason, by their names in remedy_conditions.yml."""
PROVED_BY_SIGHT = ("quality", "misdescribed", "damaged", "missing_wrong")
SHOWING = ("E07", "E08", "E10", "E11")
"""Evidence that shows the problem at all (初步凭证)."""
TWICE = 2


@dataclass(frozen=True)
class RefundType:
    """One refund type. `fits` None = depends on `needs`; `most` = most that can be asked for in yuan, if limited."""

    id: str
    name_zh: str
    fits: bool | None
    why_zh: str
    pros_zh: str
    cons_zh: str
    needs: str | None
    sources: tuple[str, ...]
    most: Decimal | None = None


@dataclass(frozen=True)
class RefundReason:
    """One reason. `suggested` = the one the facts speak for; the choice stays the buyer's."""

    id: str
    name_zh: str
    fits: bool | None
    suggested: bool
    why_zh: str
    pros_zh: str
    cons_zh: str
    needs: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class FormNote:
    """Something to know before choosing."""

    id: str
    text_zh: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class RefundForm:
    """What to fill in. `amount` in yuan = what was paid, None while unknown."""

    types: tuple[RefundType, ...]
    reasons: tuple[RefundReason, ...]
    suggested_reason: str | None
    alternative_reason: str | None
    amount: Decimal | None
    notes: tuple[FormNote, ...]

    def cited(self) -> tuple[RefundType | RefundReason | FormNote, ...]:
        """Every item that rests on sources."""
        return (*self.types, *self.reasons, *self.notes)


def refund_form(case: Situation) -> RefundForm:
    """Types, reasons, the suggestion and what to know about them."""
    rules, flags = case.book.policy.form, _flags(case)
    listed = reasons(case, flags)
    suggested = next((item.id for item in listed if item.suggested), None)
    seven = next(item for item in listed if item.id == "seven_day")
    alternative = "seven_day" if suggested not in (None, "seven_day") and seven.fits else None
    return RefundForm(
        types=refund_options(case, flags),
        reasons=listed,
        suggested_reason=suggested,
        alternative_reason=alternative,
        amount=case.facts.amount,
        notes=_notes(case, rules, suggested, alternative),
    )


def refund_options(case: Situation, flags: Flags | None = None) -> tuple[RefundType, ...]:
    """Every refund type (仅退款 … 赔偿) for this case."""
    rules, flags = case.book.policy.form, flags or _flags(case)
    over = _row(case, rules.common, flags)
    return tuple(_type(case, rules, choice, flags, over) for choice in rules.types)


def reasons(case: Situation, flags: Flags | None = None) -> tuple[RefundReason, ...]:
    """Every reason; the suggested one is that of the first dispute type whose own reason fits."""
    rules, flags = case.book.policy.form, flags or _flags(case)
    over = _row(case, rules.common, flags)
    found = [_reason(case, rules, choice, flags, over) for choice in rules.reasons]
    suggested = _suggested(case, rules, found)
    return tuple(replace(item, suggested=True) if item.id == suggested else item for item in found)


def _type(case: Situation, rules: FormRules, choice: Choice, flags: Flags, over: FitRow | None) -> RefundType:
    row = over or _row(case, choice.rows, flags) or choice.open
    assert row is not None, choice.id
    return RefundType(
        id=choice.id,
        name_zh=choice.name,
        fits=row.fits,
        why_zh=row.why,
        pros_zh=choice.pros,
        cons_zh=choice.cons,
        needs=_needs(case, row),
        sources=case.applicable(dict.fromkeys((*row.sources, *choice.sources))),
        most=_most(case, rules, row),
    )


def _reason(
    case: Situation, rules: FormRules, choice: Choice, flags: Flags, over: FitRow | None
) -> RefundReason:
    row = over or _row(case, choice.rows, flags) or choice.open
    if row is None:
        about = case.any_type(choice.about)
        said = rules.texts["about" if about else "not_about"]
        row = FitRow((), about, said.text, (), None, said.sources)
    return RefundReason(
        id=choice.id,
        name_zh=choice.name,
        fits=row.fits,
        suggested=False,
        why_zh=row.why,
        pros_zh=choice.pros,
        cons_zh=choice.cons,
        needs=_needs(case, row),
        sources=case.applicable(dict.fromkeys((*row.sources, *choice.sources))),
    )


def _row(case: Situation, rows: tuple[FitRow, ...], flags: Flags) -> FitRow | None:
    return next((row for row in rows if _may(row, case, flags) and holds(row.when, case, flags)), None)


def _may(row: FitRow, case: Situation, flags: Flags) -> bool:
    """A cheap look before the whole condition: most rows fail by a reading or by the order's stage."""
    if len(row.when) != 1:
        return True
    when = row.when[0]
    if when.flags and not all(flags[name](case) for name in when.flags):
        return False
    return (
        not (when.facts and when.facts[0][0] == "order_stage") or case.facts.order_stage in when.facts[0][1]
    )


def _needs(case: Situation, row: FitRow) -> str | None:
    """The fact to ask next: the first that is neither known nor declined."""
    if row.fits is not None:
        return None
    known = case.facts.known()
    return next((fact for fact in row.needs if fact not in known and fact not in case.view.declined), None)


def _most(case: Situation, rules: FormRules, row: FitRow) -> Decimal | None:
    paid = case.facts.amount
    if row.cap is None or paid is None:
        return None
    cap = rules.caps[row.cap]
    return min(paid * cap.percent / 100, cap.most).quantize(CENT, ROUND_HALF_UP)


def _suggested(case: Situation, rules: FormRules, found: list[RefundReason]) -> str | None:
    fitting = {item.id for item in found if item.fits}
    for code in case.view.types:
        own = next((choice.id for choice in rules.reasons if code in choice.about), None)
        if own in fitting:
            return own
    return next((key for key in ("seven_day", "not_wanted") if key in fitting and without_reason(case)), None)


def _notes(
    case: Situation, rules: FormRules, suggested: str | None, alternative: str | None
) -> tuple[FormNote, ...]:
    facts, held = case.facts, {item.kind for item in case.view.evidence}
    keys = ["honest"]
    if alternative is not None:
        keys.append("alternative")
    if suggested in PROVED_BY_SIGHT and held.isdisjoint(SHOWING):
        keys.append("no_proof")
    if suggested == "misdescribed" and facts.goods_used is True:
        keys.append("used")
    if suggested in ("damaged", "missing_wrong") and case.confirmation == "after":
        keys.append("confirmed")
    keys += ["amount" if facts.amount is not None else "amount_unknown", "page"]
    paid = f"{facts.amount:.2f}" if facts.amount is not None else ""
    return tuple(
        FormNote(key, rules.texts[key].text.replace("{amount}", paid), case.applicable(rules.texts[key].sources))
        for key in keys
    )  # fmt: skip


def _flags(case: Situation) -> Flags:
    """The readings a row may name, each worked out once."""
    facts = case.facts
    missing = facts.tracking_status == "delivered_not_received" or case.any_type(("not_received",))
    received = not missing and (facts.order_stage in ("signed", "confirmed") or facts.signed_at is not None)
    on_the_way = case.any_type(("logistics_stalled", "fake_ship")) and not received
    seven = {name: _holds(case, name) for name in SEVEN}
    read = {
        "returned": facts.returned_at is not None,
        "not_received": missing or on_the_way,
        "received": received,
        "within_seven": all_hold(seven.values()) is True,
        "past_seven": seven["within_seven"] is False,
        "not_seven": seven["intact"] is False or seven["supported"] is False,
        "repaired_twice": (facts.repair_count or 0) >= TWICE,
        "agreed_refund_only": case.stance == "agree" and facts.demand == "refund_only",
        "promised": _promised(case),
        "offered": case.stance == "partial" or facts.offer_amount is not None,
        "late_paid": case.any_type(("not_shipped", "out_of_stock", "fake_ship")),
        "only_no_fault": without_reason(case),
    }
    return {name: _always(value) for name, value in read.items()}


def _always(value: bool) -> Callable[[Situation], bool]:
    return lambda case: value


def _holds(case: Situation, name: str) -> bool | None:
    found = condition(case, name)
    return None if found is None else found.holds


def _promised(case: Situation) -> bool:
    facts = case.facts
    marked = facts.service_mark not in (None, "none", "return_freight")
    return marked or any(
        fact is not None for fact in (facts.promise, facts.promise_times, facts.promised_compensation)
    )
