"""What the shipping payouts hang on: was it late, which promise was made, is it out of stock or a fake shipment."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta

from bot.disputes.findings import Precondition
from bot.disputes.situation import Situation
from bot.disputes.windows import evaluate

Computed = Callable[[Situation, str], "Precondition | None"]
"""(case, text) -> the precondition with this text; None when it does not arise."""

SHORT_PROMISE = timedelta(hours=48)
"""Up to here (inclusive) the lower rate of the payouts counts; also the default promise (T-01)."""
PICKUP_WAIT = timedelta(hours=24)
NOT_PICKED_UP = ("no_number", "no_pickup")
ON_ITS_WAY = ("shipped", "signed", "confirmed")


def promised_soon(case: Situation) -> bool | None:
    """Was shipping promised within 48 hours of payment? No other promise known = the default of 48 hours."""
    promised, paid = case.facts.promised_ship_at, case.facts.paid_at
    if promised is None:
        return None if case.any_type(("presale",)) else True
    return None if paid is None else promised - paid <= SHORT_PROMISE


def _figures_known(case: Situation, text: str) -> Precondition | None:
    """Only Taobao's figures were read; Tmall and the others may differ."""
    if case.facts.platform == "taobao":
        return None
    return Precondition(text, None, "platform" if case.facts.platform is None else None)


def _due(case: Situation) -> datetime | None:
    deadline = evaluate(case, case.book.windows["T-01"])
    return deadline.due if deadline is not None else None


def _sent(case: Situation) -> tuple[datetime | None, str | None]:
    """(when the goods left, or now while they have not; the fact needed). 承运人的记录为准 (平台规则 25)."""
    facts = case.facts
    if facts.order_stage == "paid" or facts.tracking_status in NOT_PICKED_UP:
        return case.now, None
    if facts.shipped_at is not None:
        return facts.shipped_at, None
    return None, "shipped_at" if facts.order_stage in ON_ITS_WAY else "order_stage"


def _late(case: Situation, text: str) -> Precondition:
    if case.facts.order_stage == "unpaid":
        return Precondition(text, False)
    due = _due(case)
    if due is None:
        return Precondition(text, None, "paid_at")
    moment, needs = _sent(case)
    return Precondition(text, None, needs) if moment is None else Precondition(text, moment > due)


def _tier_known(case: Situation, text: str) -> Precondition | None:
    if promised_soon(case) is not None:
        return None
    return Precondition(text, None, "promised_ship_at" if case.facts.promised_ship_at is None else "paid_at")


def _out_of_stock(case: Situation, text: str) -> Precondition:
    """The dispute is that the goods are not there; once they are on their way they are."""
    facts = case.facts
    on_its_way = facts.order_stage in ON_ITS_WAY and facts.tracking_status not in NOT_PICKED_UP
    return Precondition(text, not on_its_way)


def _out_of_stock_tier(case: Situation, text: str) -> Precondition | None:
    """Nobody confirmed the figure for longer promises."""
    return Precondition(text, None) if promised_soon(case) is False else None


def _fake(case: Situation, text: str) -> Precondition:
    facts = case.facts
    if facts.tracking_status is None:
        return Precondition(text, None, "tracking_status")
    if facts.tracking_status != "no_pickup":
        return Precondition(text, False if facts.tracking_status == "in_transit" else None)
    if facts.shipped_at is None:
        return Precondition(text, None, "shipped_at")
    return Precondition(text, case.now > facts.shipped_at + PICKUP_WAIT)


SHIPPING: dict[str, Computed] = {
    "figures_known": _figures_known, "late": _late, "tier_known": _tier_known, "oos": _out_of_stock,
    "oos_tier": _out_of_stock_tier, "fake": _fake,
}  # fmt: skip
"""Computed preconditions of shipping by their name in remedy_conditions.yml."""
