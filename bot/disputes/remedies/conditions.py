"""Preconditions (前提) of remedies: true, false, or unknown with the fact that would settle it.

Most are data (one fact each); those that follow from several facts are computed here under their name. Nothing is
assumed: what nobody knows stays open.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.disputes.findings import Precondition
from bot.disputes.remedies.shipping import SHIPPING, Computed
from bot.disputes.remedy_rules import ConditionRule, ExceptionRule
from bot.disputes.situation import Situation
from bot.disputes.windows import evaluate

FAULT_FREE = frozenset({"seven_day", "remorse"})
"""Types where the seller need not be at fault: no return freight from the seller, no multiples."""
EXCLUDED_BY_LAW = ("custom", "fresh", "live", "virtual")
"""Made to order, perishable, digital once opened: no return without a reason unless the seller promised it."""
EXCLUDED_CATEGORIES = ("fresh", "flowers", "pet", "aquarium")
NO_GOODS = frozenset({"review", "scam", "cs_complaint", "invoice"})
NOT_SENT = ("no_number", "no_pickup")
SHOWS_BAD_FOOD = frozenset({"E08", "E10"})
"""Photo or test: until one is there, that food has gone bad is the buyer's word."""
WHOLE = 100


def condition(case: Situation, name: str) -> Precondition | None:
    """One precondition by its name in remedy_conditions.yml; None when it does not arise in this case."""
    rule = case.book.policy.remedy_tables.conditions[name]
    computed = COMPUTED.get(name)
    return _by_fact(case, rule) if computed is None else computed(case, rule.text)


def excluded(case: Situation, rule: ExceptionRule) -> Precondition | None:
    """An exception as a precondition, once its fact is known (or has to be, by what the buyer told)."""
    if rule.fact is None:
        return None
    value = case.facts.get(rule.fact)
    if value is None:
        told = case.facts.problem or ""
        blocks = any(word in told for word in rule.words)
        return Precondition(rule.positive, None, rule.fact) if blocks else None
    applies = value is True if not rule.when else value in rule.when
    return Precondition(rule.positive, not applies)


def all_hold(states: Iterable[bool | None]) -> bool | None:
    """False when one fails, else None while one is open, else True."""
    known = tuple(states)
    if False in known:
        return False
    return None if None in known else True


def without_reason(case: Situation) -> bool:
    """Only a return without a reason (七天无理由), or only a change of mind."""
    return FAULT_FREE.issuperset(case.view.types)


def fault_shown(case: Situation) -> bool:
    """Has the seller agreed, has somebody who can say so found them at fault, or is fraud made out (消法 55, 退一)."""
    facts = case.facts
    agreed = case.stance == "agree" or facts.agreed_at is not None
    fraud = facts.false_statement is True and facts.fraud_basis in ("intent", "listed")
    price_fraud = facts.price_conduct is True and facts.price_exception is False
    shown = not SHOWS_BAD_FOOD.isdisjoint(item.kind for item in case.view.evidence)
    found = (
        facts.defect_confirmed, facts.official_finding, facts.seller_failed, facts.medicine_fake,
        shown and facts.food_substandard,
    )  # fmt: skip
    return agreed or fraud or price_fraud or facts.ruling == "supported" or True in found


def _by_fact(case: Situation, rule: ConditionRule) -> Precondition:
    assert rule.fact is not None, rule.id
    value = case.facts.get(rule.fact)
    if value is None:
        return Precondition(rule.text, None, rule.fact)
    if rule.known:
        return Precondition(rule.text, True)
    if isinstance(value, bool):
        return Precondition(rule.text, value is rule.wants)
    if value in rule.yes:
        return Precondition(rule.text, True)
    return Precondition(rule.text, None if rule.no and value not in rule.no else False)


def _paid(case: Situation, text: str) -> Precondition:
    facts = case.facts
    if facts.order_stage == "unpaid":
        return Precondition(text, False)
    if facts.amount is not None or facts.paid_at is not None or facts.order_stage is not None:
        return Precondition(text, True)
    return Precondition(text, None, "order_stage")


def _paid_price(case: Situation, text: str) -> Precondition:
    if case.facts.order_stage == "unpaid":
        return Precondition(text, False)
    return Precondition(text, None, "amount") if case.facts.amount is None else Precondition(text, True)


def _about_goods(case: Situation, text: str) -> Precondition:
    return Precondition(text, not NO_GOODS.issuperset(case.view.types))


def _fault(case: Situation, text: str) -> Precondition:
    """Evidence shows it, so it stays open until the seller agrees or somebody finds it."""
    if without_reason(case):
        return Precondition(text, False)
    if fault_shown(case):
        return Precondition(text, True)
    return Precondition(text, None, "merchant_stance" if case.stance is None else None)


def _fault_or_unsent(case: Situation, text: str) -> Precondition:
    """Before the seller ships, a refund needs no fault (平台规则 27)."""
    facts = case.facts
    unsent = facts.order_stage == "paid" or (
        facts.tracking_status in NOT_SENT and facts.order_stage not in ("signed", "confirmed")
    )
    return Precondition(text, True) if unsent else _fault(case, text)


def _within_seven(case: Situation, text: str) -> Precondition:
    """Notice within seven days counts, not the day the goods go back (七日办法 10)."""
    deadline = evaluate(case, case.book.windows["L-01"])
    if deadline is None or deadline.due is None:
        return Precondition(text, None, "signed_at")
    return Precondition(text, _told_at(case) <= deadline.due)


def _told_at(case: Situation) -> datetime:
    told = (case.facts.refund_requested_at, case.facts.contacted_at)
    return min((moment for moment in told if moment is not None), default=case.now)


def _supported(case: Situation, text: str) -> Precondition:
    supported, confirmed_not = case.facts.seven_day_supported, case.facts.exclusion_confirmed
    if supported:
        return Precondition(text, True)
    if confirmed_not or case.any_type(EXCLUDED_BY_LAW) or case.facts.category in EXCLUDED_CATEGORIES:
        return Precondition(text, False)
    if confirmed_not is False:
        return Precondition(text, True)
    return Precondition(text, None, "seven_day_supported" if supported is None else "exclusion_confirmed")


def _open(case: Situation, text: str) -> Precondition:
    """What no fact settles: it is told as a condition and stays open."""
    return Precondition(text, None)


def _breach(case: Situation, text: str) -> Precondition:
    found = _fault(case, text)
    if found.holds is None:
        return Precondition(text, None, "seller_failed" if case.facts.seller_failed is None else None)
    return found


def _not_without_reason(case: Situation, text: str) -> Precondition | None:
    return Precondition(text, False) if without_reason(case) else None


def _business_seller(case: Situation, text: str) -> Precondition | None:
    """Between private persons the consumer law does not apply (法释〔2022〕8号 7)."""
    platform = case.facts.platform
    if platform == "xianyu":
        return Precondition(text, None)
    return (
        Precondition(text, None, "platform") if platform is None and case.any_type(("secondhand",)) else None
    )


def _cannot_clear(case: Situation, text: str) -> Precondition | None:
    """处罚办法 16: for some conduct fraud is presumed unless the seller shows the contrary."""
    if case.facts.fraud_basis != "presumed":
        return None
    if case.facts.official_finding is None:
        return Precondition(text, None, "official_finding")
    return Precondition(text, True if case.facts.official_finding else None)


def _reasonable(case: Situation, text: str) -> Precondition | None:
    if not case.facts.bought_knowingly:
        return None
    known = case.facts.reasonable_amount is not None
    return Precondition(text, True) if known else Precondition(text, None, "reasonable_amount")


def _promise_times(case: Situation, text: str) -> Precondition:
    times = case.facts.promise_times
    return Precondition(text, None, "promise_times") if times is None else Precondition(text, times > 0)


def _promise_platform(case: Situation, text: str) -> Precondition:
    return Precondition(text, None, "platform") if case.facts.platform is None else Precondition(text, True)


def _platform_sum(case: Situation, text: str) -> Precondition | None:
    """JD pays what its own rules say (京东总则 47): open until one of those figures is found for the case."""
    return Precondition(text, None) if case.facts.platform == "jd" else None


def _defective(case: Situation, text: str) -> Precondition:
    facts = case.facts
    if True in (facts.defect_confirmed, facts.official_finding, facts.food_substandard, facts.medicine_fake):
        return Precondition(text, True)
    return (
        Precondition(text, None, "defect_confirmed")
        if facts.defect_confirmed is None
        else Precondition(text, False)
    )


def _shortage(case: Situation, text: str) -> Precondition:
    percent = case.facts.shortage_percent
    if percent is None or percent > WHOLE:
        return Precondition(text, None, "shortage_percent")
    return Precondition(text, percent > 0)


def _not_crab(case: Situation, text: str) -> Precondition | None:
    return Precondition(text, None) if "蟹" in (case.facts.product or "") else None


def _within_24h(case: Situation, text: str) -> Precondition:
    signed = case.facts.signed_at
    if signed is None:
        return Precondition(text, None, "signed_at")
    hours = (_told_at(case) - signed).total_seconds() / 3600
    if hours <= 24:
        return Precondition(text, True)
    unknown = case.facts.contacted_at is None and case.facts.refund_requested_at is None
    return Precondition(text, None, "contacted_at") if unknown else Precondition(text, False)


def _within_90d(case: Situation, text: str) -> Precondition:
    deadline = evaluate(case, case.book.windows["T-24"])
    if deadline is None or deadline.due is None:
        return Precondition(text, None, "shipped_at")
    asked = case.facts.refund_requested_at or case.now
    return Precondition(text, asked <= deadline.due)


def _page_wrong(case: Situation, text: str) -> Precondition:
    stated = case.facts.false_statement
    if stated or fault_shown(case):
        return Precondition(text, True)
    return Precondition(text, None, "false_statement") if stated is None else Precondition(text, False)


COMPUTED: dict[str, Computed] = {
    "paid": _paid, "paid_price": _paid_price, "about_goods": _about_goods, "fault": _fault,
    "fault_or_unsent": _fault_or_unsent, "within_seven": _within_seven, "supported": _supported,
    "guardian": _open, "breach": _breach, "not_without_reason": _not_without_reason,
    "business_seller": _business_seller, "cannot_clear": _cannot_clear, "reasonable": _reasonable,
    "promise_times": _promise_times, "promise_platform": _promise_platform, "platform_sum": _platform_sum,
    "defective": _defective, "shortage": _shortage, "not_crab": _not_crab, "within_24h": _within_24h,
    "within_90d": _within_90d, "page_wrong": _page_wrong, "gift_missing": _fault, "gift_value": _open,
    "fake_sum": _open, **SHIPPING,
}  # fmt: skip
"""The computed preconditions by their name in remedy_conditions.yml."""
