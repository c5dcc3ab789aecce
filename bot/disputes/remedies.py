"""The basic remedies R-01..R-04, each with its preconditions as true, false or unknown.

Nothing is assumed: an unknown precondition leaves the remedy open and names the fact that would settle it.
"""

from __future__ import annotations

from collections.abc import Iterable
from decimal import Decimal

from bot.disputes.findings import Precondition, Remedy
from bot.disputes.situation import Situation
from bot.disputes.windows import evaluate

FAULT_FREE = ("seven_day", "remorse")
"""Types where the seller need not be at fault: no return freight from the seller, no choice of repair."""
EXCLUDED_BY_LAW = ("custom", "fresh", "live", "virtual")
"""Made to order, perishable, digital once opened: no return without a reason unless the seller promised it."""
NO_GOODS_REMEDY = ("review", "scam", "cs_complaint", "invoice")


def remedies_of(case: Situation) -> tuple[Remedy, ...]:
    """R-01..R-04 for this case."""
    return (_refund(case), _other_performance(case), _freight(case), _testing(case))


def _remedy(
    case: Situation,
    key: str,
    conditions: list[Precondition],
    amount: Decimal | None = None,
    variant: str | None = None,
) -> Remedy:
    rule = case.book.policy.remedies[variant or key]
    available = _all(condition.holds for condition in conditions)
    return Remedy(
        id=key,
        name_zh=rule.name,
        available=available,
        amount=None if available is False else amount,
        formula_zh=rule.formula,
        preconditions=tuple(conditions),
        channels=rule.channels,
        sources=case.applicable(rule.sources),
        confidence=rule.confidence,
    )


def _all(states: Iterable[bool | None]) -> bool | None:
    known = list(states)
    if False in known:
        return False
    return None if None in known else True


def _paid(case: Situation) -> Precondition:
    if case.facts.order_stage == "unpaid":
        return Precondition("已经付款", False)
    known = (
        case.facts.amount is not None or case.facts.paid_at is not None or case.facts.order_stage is not None
    )
    return Precondition("已经付款", True if known else None, None if known else "order_stage")


def _fault(case: Situation) -> Precondition:
    """Whether the seller is at fault is shown by evidence, so it stays unknown until the seller agrees."""
    text = "商品或履行不符合约定，责任在商家"
    if all(code in FAULT_FREE for code in case.view.types):
        return Precondition(text, False)
    return Precondition(text, True if case.stance == "agree" else None, None)


def _refund(case: Situation) -> Remedy:
    conditions = [_paid(case)]
    if all(code in NO_GOODS_REMEDY for code in case.view.types):
        conditions.append(Precondition("争议涉及商品或服务本身", False))
    elif case.any_type(FAULT_FREE):
        conditions += [_within_seven(case), _intact(case), _supported(case)]
        return _remedy(case, "R-01", conditions, case.facts.amount, "R-01-seven_day")
    else:
        conditions.append(_fault(case))
    return _remedy(case, "R-01", conditions, case.facts.amount)


def _within_seven(case: Situation) -> Precondition:
    deadline = evaluate(case, case.book.windows["L-01"])
    known = deadline is not None and deadline.due is not None
    holds = not deadline.passed if deadline is not None and known else None
    return Precondition("签收次日起七日内", holds, None if known else "signed_at")


def _intact(case: Situation) -> Precondition:
    intact = case.facts.goods_intact
    return Precondition("商品和配件完好", intact, "goods_intact" if intact is None else None)


def _supported(case: Situation) -> Precondition:
    text = "商品支持七天无理由，或下单时没有单独确认过不支持"
    supported, excluded = case.facts.seven_day_supported, case.facts.exclusion_confirmed
    if supported:
        return Precondition(text, True)
    if excluded or case.any_type(EXCLUDED_BY_LAW):
        return Precondition(text, False)
    if excluded is False:
        return Precondition(text, True)
    return Precondition(text, None, "seven_day_supported" if supported is None else "exclusion_confirmed")


def _other_performance(case: Situation) -> Remedy:
    if case.any_type(NO_GOODS_REMEDY) and len(case.view.types) == 1:
        return _remedy(case, "R-02", [Precondition("争议涉及商品或服务本身", False)])
    return _remedy(case, "R-02", [_paid(case), _fault(case)])


def _freight(case: Situation) -> Remedy:
    """Return freight on the seller: only where the seller is at fault."""
    return _remedy(case, "R-03", [_fault(case), Precondition("保留实际支付运费的凭证", _held(case, "E14"))])


def _testing(case: Situation) -> Remedy:
    conditions = [
        Precondition("平台要求检测", None),
        Precondition("检测结论证实质量问题", None),
        Precondition("保留实际支付检测费的凭证", None),
    ]
    if not any(card.family in ("quality", "counterfeit", "not_as_described") for card in case.cards):
        conditions.append(Precondition("争议需要检测才能判断", False))
    return _remedy(case, "R-04", conditions)


def _held(case: Situation, kind: str) -> bool | None:
    return True if any(item.kind == kind for item in case.view.evidence) else None
