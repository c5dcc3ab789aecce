"""How long the others take (要等多久): the windows of seller, platform and authority that run, and those that come next."""

from __future__ import annotations

from dataclasses import dataclass

from bot.disputes.deadlines import Term
from bot.disputes.findings import Deadline
from bot.disputes.situation import Situation
from bot.disputes.window_rules import Length, Window
from bot.disputes.windows import deadlines_of, safe_deadline, term_of

RECORDS = frozenset({"L-13", "L-14", "T-10"})
"""What the platform has to keep, and what stops by itself: nobody waits for these."""
UNSENT, ANSWER, RETURN, PAYBACK, PROOF, RULING = "T-04", "T-05", "T-07", "L-02", "T-14", "T-16"
KEEPS_GOODS = frozenset({"refund_only", "compensation", "price_difference", "apology", "invoice", "reship"})
_UNITS = {"hours": "小时", "days": "天", "working_days": "个工作日", "months": "个月", "years": "年"}


@dataclass(frozen=True)
class Step:
    """One step that has not begun: what starts it, and how long it takes then (None = this platform names none)."""

    name_zh: str
    starts_zh: str
    length_zh: str | None
    consequence_zh: str
    sources: tuple[str, ...]
    configurable: bool


@dataclass(frozen=True)
class Waits:
    """`running` and `over` = windows of the others, soonest first; `own` = the buyer's own next one."""

    running: tuple[Deadline, ...]
    over: tuple[Deadline, ...]
    ahead: tuple[Step, ...]
    own: Deadline | None


def waits_of(case: Situation) -> Waits:
    """What the buyer waits for in this case, from the time limits alone."""
    found = deadlines_of(case)
    answered = (UNSENT, ANSWER) if case.facts.refused_at is not None else ()
    dated = {one.id for one in found if one.due is not None}
    theirs = [
        one
        for one in found
        if one.who != "buyer" and one.id in dated and one.id not in RECORDS and one.id not in answered
    ]
    ahead = [_step(case, case.book.windows[key]) for key in _course(case) if key not in dated]
    return Waits(
        running=tuple(one for one in theirs if not one.passed),
        over=tuple(one for one in theirs if one.passed),
        ahead=tuple(ahead),
        own=safe_deadline(found),
    )


def length_zh(length: Length) -> str:
    """48 小时, 6 个工作日."""
    return f"{length.amount} {_UNITS[length.unit]}"


def _course(case: Situation) -> list[str]:
    """The steps of a refund that are still to come, in order, as far as the case goes that way."""
    facts = case.facts
    if case.view.opened_at is not None or facts.intervention_accepted_at is not None:
        return [RULING] if facts.ruled_at is None else []
    before = facts.order_stage in ("unpaid", "paid")
    steps: list[str] = []
    if facts.refund_requested_at is None and facts.returned_at is None:
        steps.append(UNSENT if before else ANSWER)
    refused = facts.refused_at is not None
    if not before and not refused and facts.demand not in KEEPS_GOODS and facts.return_signed_at is None:
        steps.append(RETURN)
        steps += [PAYBACK] if case.any_type(case.book.windows[PAYBACK].scope.types) else []
    return [*steps, PROOF, RULING]


def _step(case: Situation, window: Window) -> Step:
    term: Term = term_of(case, window)
    length = term.length if term.known else None
    return Step(
        name_zh=window.name,
        starts_zh=_start(case, window),
        length_zh=None if length is None else length_zh(length),
        consequence_zh=term.consequence or window.consequence,
        sources=case.in_time(term.sources),
        configurable=window.configurable,
    )


def _start(case: Situation, window: Window) -> str:
    """“申请退款后”, “平台受理介入后”, “双方举证期满后”."""
    if window.after is not None:
        return f"{case.book.windows[window.after].name}期满后"
    if window.event:
        return f"{window.event}后"
    return case.book.facts[window.base[0]].label.removesuffix("的时间") + "后"
