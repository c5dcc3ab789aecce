"""Facts that cannot all be right: the future, and events in an impossible order."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.disputes.counting import day_of
from bot.disputes.facts import fact_kinds
from bot.disputes.findings import Contradiction
from bot.disputes.model import Facts

CLOCK_SLACK = timedelta(minutes=5)
ORDERED = (  # the later one is asked again; days are compared, because most dates are known by the day
    ("paid_at", "shipped_at"),
    ("paid_at", "signed_at"),
    ("paid_at", "confirmed_at"),
    ("paid_at", "returned_at"),
    ("shipped_at", "signed_at"),
    ("shipped_at", "confirmed_at"),
    ("refund_requested_at", "refused_at"),
    ("signed_at", "returned_at"),
    ("returned_at", "return_signed_at"),
)


def contradictions(facts: Facts, now: datetime) -> tuple[Contradiction, ...]:
    """Everything impossible in these facts at `now`, each naming the fact to ask again."""
    found = [*_ahead_of_now(facts, now), *_wrong_order(facts), *_stage(facts)]
    return tuple({item.fact: item for item in reversed(found)}.values())[::-1]


def check_facts(facts: Facts, now: datetime) -> None:
    """Raises the first contradiction as a FactError."""
    for found in contradictions(facts, now):
        raise found.as_error()


def _label(fact: str) -> str:
    return fact_kinds()[fact].label


def _ahead_of_now(facts: Facts, now: datetime) -> list[Contradiction]:
    found = []
    for name, kind in fact_kinds().items():
        moment = facts.time(name)
        if moment is not None and not kind.future and moment > now + CLOCK_SLACK:
            text = f"“{kind.label}”晚于现在，请再核对一下日期。"
            found.append(Contradiction(name, text, f"{moment.isoformat()} lies in the future"))
    return found


def _wrong_order(facts: Facts) -> list[Contradiction]:
    found = []
    for first, second in ORDERED:
        earlier, later = facts.time(first), facts.time(second)
        if earlier is not None and later is not None and day_of(later) < day_of(earlier):
            text = f"“{_label(second)}”早于“{_label(first)}”，请再核对一下日期。"
            found.append(Contradiction(second, text, f"{second} is before {first}"))
    return found


def _stage(facts: Facts) -> list[Contradiction]:
    confirmed = facts.confirmed_at is not None or facts.order_stage == "confirmed"
    never_shipped = (
        facts.tracking_status == "no_number" and facts.shipped_at is None and facts.signed_at is None
    )
    if confirmed and (never_shipped or facts.order_stage in ("unpaid", "paid")):
        text = "前面说订单还没有发货，又说已经确认收货，请核对订单页面现在显示的状态。"
        return [Contradiction("order_stage", text, "confirmed but never shipped")]
    if facts.order_stage in ("unpaid", "paid") and facts.signed_at is not None:
        text = "前面说已经签收，又说订单还没有发货，请核对订单页面现在显示的状态。"
        return [Contradiction("order_stage", text, "signed but not shipped")]
    return []
