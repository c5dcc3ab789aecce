"""Facts that cannot all be right: the future, events in an impossible order, sums and stages that exclude each other.

Every finding has a name (`code`) and exactly one fact to ask again. What is wrong by itself (an amount of 0, a date
before 2000) never becomes a fact: `facts.parse_fact` refuses it, with a name too.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime, time, timedelta

from bot.disputes.counting import day_of
from bot.disputes.facts import SHANGHAI, fact_kinds
from bot.disputes.findings import Contradiction
from bot.disputes.model import Facts

CLOCK_SLACK = timedelta(minutes=5)
ORDERED = (  # first, second, name of the error; the second one is asked again
    ("paid_at", "shipped_at", "shipped_before_paid"),
    ("paid_at", "signed_at", "signed_before_paid"),
    ("paid_at", "confirmed_at", "confirmed_before_paid"),
    ("paid_at", "refund_requested_at", "refund_before_paid"),
    ("paid_at", "refused_at", "refused_before_paid"),
    ("paid_at", "agreed_at", "agreed_before_paid"),
    ("paid_at", "returned_at", "returned_before_paid"),
    ("paid_at", "intervention_accepted_at", "accepted_before_paid"),
    ("paid_at", "ruled_at", "ruled_before_paid"),
    ("shipped_at", "signed_at", "signed_before_shipped"),
    ("shipped_at", "confirmed_at", "confirmed_before_shipped"),
    ("refund_requested_at", "refused_at", "refused_before_requested"),
    ("signed_at", "returned_at", "returned_before_signed"),
    ("returned_at", "return_signed_at", "return_signed_before_returned"),
    ("signed_at", "installed_at", "installed_before_signed"),
    ("signed_at", "repair_sent_at", "repaired_before_signed"),
    ("intervention_accepted_at", "ruled_at", "ruled_before_accepted"),
    ("complaint_filed_at", "complaint_accepted_at", "complaint_accepted_before_filed"),
    ("complaint_accepted_at", "mediation_ended_at", "mediation_ended_before_accepted"),
    ("suit_filed_at", "suit_accepted_at", "suit_accepted_before_filed"),
    ("suit_accepted_at", "judgment_at", "judgment_before_suit"),
)
AUTOMATIC = timedelta(days=7)
"""An order may confirm itself before the goods arrive; never sooner than this after shipping."""
TROUBLED = ("no_number", "no_pickup", "stalled", "in_transit", "delivered_not_received")
"""Parcels that may be on their way still when the order confirms itself."""
IN_HAND = frozenset({"quality_visible", "quality_hidden", "wrong_item", "missing_part", "fresh", "live"})
"""Disputes about goods that one has to hold to find the problem."""
AT_MOST = (  # part, whole, name of the error; the part is asked again
    ("deposit_amount", "contract_amount", "deposit_above_contract"),
    ("reasonable_amount", "amount", "reasonable_above_paid"),
)


def contradictions(facts: Facts, now: datetime, types: Iterable[str] = ()) -> tuple[Contradiction, ...]:
    """Everything impossible in these facts at `now`, each naming the fact to ask again, no fact twice."""
    found = [*_ahead_of_now(facts, now), *_wrong_order(facts), *_found_early(facts, frozenset(types))]
    found += [*_confirmed_early(facts), *_stage(facts), *_sums(facts)]
    return tuple({item.fact: item for item in reversed(found)}.values())[::-1]


def check_facts(facts: Facts, now: datetime, types: Iterable[str] = ()) -> None:
    """Raises the first contradiction as a FactError."""
    for found in contradictions(facts, now, types):
        raise found.as_error()


def _label(fact: str) -> str:
    return fact_kinds()[fact].label


def _ahead_of_now(facts: Facts, now: datetime) -> list[Contradiction]:
    found = []
    for name, kind in fact_kinds().items():
        moment = facts.time(name) if kind.kind == "datetime" and not kind.future else None
        if moment is not None and moment > now + CLOCK_SLACK:
            text = f"“{kind.label}”晚于现在，请再核对一下日期。"
            said = f"{moment.isoformat()} lies in the future"
            found.append(Contradiction(name, text, said, "date_in_future"))
    return found


def _wrong_order(facts: Facts) -> list[Contradiction]:
    return [_order(first, second, code) for first, second, code in ORDERED if _before(facts, second, first)]


def _order(first: str, second: str, code: str) -> Contradiction:
    text = f"“{_label(second)}”早于“{_label(first)}”，请再核对一下日期。"
    return Contradiction(second, text, f"{second} is before {first}", code)


def _before(facts: Facts, first: str, second: str) -> bool:
    """Most dates are known by the day only; two of one day are compared when both have a time of day."""
    earlier, later = facts.time(first), facts.time(second)
    if earlier is None or later is None:
        return False
    if day_of(earlier) != day_of(later):
        return earlier < later
    return earlier < later and _timed(earlier) and _timed(later)


def _timed(moment: datetime) -> bool:
    return moment.astimezone(SHANGHAI).time() != time()


def _found_early(facts: Facts, types: frozenset[str]) -> list[Contradiction]:
    if types and types <= IN_HAND and _before(facts, "found_at", "signed_at"):
        return [_order("signed_at", "found_at", "found_before_signed")]
    return []


def _confirmed_early(facts: Facts) -> list[Contradiction]:
    """Confirmed by hand before it was there: impossible, unless the seller talked the buyer into it."""
    if not _before(facts, "confirmed_at", "signed_at") or facts.confirmed_at is None:
        return []
    if facts.induced_confirmation or facts.tracking_status in TROUBLED:
        return []
    if facts.shipped_at is not None and facts.confirmed_at - facts.shipped_at >= AUTOMATIC:
        return []
    return [_order("signed_at", "confirmed_at", "confirmed_before_signed")]


def _stage(facts: Facts) -> list[Contradiction]:
    confirmed = facts.confirmed_at is not None or facts.order_stage == "confirmed"
    never_shipped = (
        facts.tracking_status == "no_number" and facts.shipped_at is None and facts.signed_at is None
    )
    if confirmed and (never_shipped or facts.order_stage in ("unpaid", "paid")):
        text = "前面说订单还没有发货，又说已经确认收货，请核对订单页面现在显示的状态。"
        return [Contradiction("order_stage", text, "confirmed but never shipped", "confirmed_not_shipped")]
    if facts.order_stage in ("unpaid", "paid") and facts.signed_at is not None:
        text = "前面说已经签收，又说订单还没有发货，请核对订单页面现在显示的状态。"
        return [Contradiction("order_stage", text, "signed but not shipped", "signed_not_shipped")]
    if facts.order_stage == "unpaid" and facts.paid_at is not None and facts.deposit_amount is None:
        text = "前面说已经付款，又说订单还没有付款，请核对订单页面现在显示的状态。"
        return [Contradiction("order_stage", text, "paid but the order is unpaid", "paid_but_unpaid")]
    return []


def _sums(facts: Facts) -> list[Contradiction]:
    found = []
    for part, whole, code in AT_MOST:
        less, more = facts.get(part), facts.get(whole)
        if less is not None and more is not None and less > more:  # type: ignore[operator]
            text = f"“{_label(part)}”比“{_label(whole)}”还多，请再核对一下金额。"
            found.append(Contradiction(part, text, f"{part} is more than {whole}", code))
    if facts.shortage_percent is not None and facts.shortage_percent > 100:
        text = f"“{_label('shortage_percent')}”不会超过 100，请再核对一下。"
        found.append(Contradiction("shortage_percent", text, "more than 100 percent", "percent_above_100"))
    return found
