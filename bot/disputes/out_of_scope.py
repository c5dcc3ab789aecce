"""What the assistant or the platform does not do (不支持/越界, O-01..O-14): what to say, and where to go instead."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from bot.disputes.conditions import holds
from bot.disputes.findings import EvidenceReport
from bot.disputes.procedure import ScopeRule
from bot.disputes.situation import Situation
from bot.disputes.time_gate import seven_days_missed

COLLECTING = ("intake", "evidence")
NOT_SHIPPED = ("unpaid", "paid", "shipped")


@dataclass(frozen=True)
class OutOfScope:
    """One of O-01..O-14. `platform_refuses`: the platform does not take it up."""

    id: str
    name_zh: str
    say_zh: str
    go_zh: str
    platform_refuses: bool
    sources: tuple[str, ...]


def out_of_scope(case: Situation, report: EvidenceReport) -> tuple[OutOfScope, ...]:
    """Everything that applies, in the order of the table."""
    flags = {**FLAGS, "gaps": lambda one: _gaps(one, report)}
    return tuple(
        OutOfScope(rule.id, rule.name, rule.say, rule.go, _refused(rule, case), case.applicable(rule.sources))
        for rule in case.book.procedure.scope
        if holds(rule.when, case, flags)
    )


def refused_by_platform(case: Situation) -> ScopeRule | None:
    """The first reason for which the platform does not take the dispute up (淘宝 6, 京东总则 5)."""
    return next((rule for rule in case.book.procedure.scope if _refused(rule, case)), None)


def no_platform_payment(case: Situation) -> bool:
    """A compensation that neither a rule of the platform nor a promise of the merchant grants (淘宝 6 (6))."""
    facts = case.facts
    if facts.demand != "compensation":
        return False
    if facts.platform == "jd" and facts.force_majeure is True:
        return True
    policy = case.book.policy.gates
    promised = any(cue in (facts.promise or "") for cue in policy.promise_cues)
    marked = facts.service_mark not in (None, "none", "return_freight")
    if promised or facts.promise_times or facts.promised_compensation is not None or marked:
        return False
    granted = policy.compensation_types_jd if facts.platform == "jd" else policy.compensation_types
    return not case.any_type(granted)


def _refused(rule: ScopeRule, case: Situation) -> bool:
    return rule.refused is not None and holds(rule.refused, case, FLAGS)


def _too_late(case: Situation) -> bool:
    """Only changed their mind, and a return without reason is not to be had (any more)."""
    facts = case.facts
    if facts.order_stage in NOT_SHIPPED:
        return False
    excluded = facts.seven_day_supported is False and facts.exclusion_confirmed is True
    return excluded or facts.goods_intact is False or seven_days_missed(case)


def _gaps(case: Situation, report: EvidenceReport) -> bool:
    return bool(report.missing_must) and (case.view.gaps_acknowledged or case.view.stage not in COLLECTING)


FLAGS: dict[str, Callable[[Situation], bool]] = {
    "too_late_for_seven_days": _too_late,
    "no_platform_payment": no_platform_payment,
    "no_effective_ruling": lambda case: case.facts.official_finding is not True,
}
