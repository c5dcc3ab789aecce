"""Which time limits concern a case: what cards list, what is general, what its category, mark or events bring in."""

from __future__ import annotations

from typing import Literal

from bot.disputes.situation import Situation
from bot.disputes.window_rules import Window

Concern = Literal["no", "dated", "always"]
"""no · only once it has a date · also while the fact that dates it is still missing."""

DEFAULT_PLATFORM = "taobao"
"""Whose defaults stand in while nobody has named the platform."""
NOT_YET = {
    "unpaid": ("paid_at", "shipped_at", "signed_at", "confirmed_at", "returned_at"),
    "paid": ("shipped_at", "signed_at", "confirmed_at", "returned_at"),
    "shipped": ("signed_at", "confirmed_at", "returned_at"),
    "signed": ("confirmed_at",),
}
"""By order stage, the dates that lie ahead."""


def concern(case: Situation, window: Window, listed: bool) -> Concern:
    """Does this window concern the case, and is it worth showing before its date is known?"""
    scope = window.scope
    if not _in_phase(case, window) or not _allowed(case, window):
        return "no"
    by_category, by_mark = _by_category(case, window), _by_mark(case, window)
    if by_category is False or by_mark is False:
        return "no"
    if scope.types and not listed and not case.any_type(scope.types):
        return "no"
    if listed or by_category or by_mark:
        return "always"
    if scope.categories or scope.marks:
        return "no"
    return "dated" if window.general or window.event or scope.types else "no"


def not_yet(case: Situation, fact: str) -> bool:
    """An event the case has not come to cannot be asked for."""
    facts = case.facts
    if fact == "return_signed_at":
        return facts.returned_at is None
    if fact == "agreed_at":
        return case.stance != "agree"
    if fact == "installed_at":
        return True  # asked by nobody: most goods need no installing, and the day of receipt stands in
    if fact == "repair_sent_at":
        return not case.any_type(("aftersale_broken",)) and not facts.repair_count
    if fact == "returned_at" and facts.agreed_at is None and case.stance != "agree":
        return not case.any_type(("refund_withheld", "freight"))
    return fact in NOT_YET.get(facts.order_stage or "", ())


def _in_phase(case: Situation, window: Window) -> bool:
    scope = window.scope
    if scope.phase == "before" and case.confirmation == "after":
        return False
    if scope.phase == "after" and case.confirmation != "after":
        return False
    return not scope.stages or case.facts.order_stage in scope.stages


def _allowed(case: Situation, window: Window) -> bool:
    scope, facts = window.scope, case.facts
    if scope.platforms and (facts.platform or DEFAULT_PLATFORM) not in scope.platforms:
        return False
    for name, least in scope.at_least:
        value = facts.get(name)
        if not isinstance(value, int) or value < least:
            return False
    return not any(facts.get(name) is True for name in scope.unless)


def _by_category(case: Situation, window: Window) -> bool | None:
    scope, category = window.scope, case.facts.category
    if not scope.categories:
        return None
    if category is not None:
        return category in scope.categories
    return True if case.any_type(scope.implied_by) else None


def _by_mark(case: Situation, window: Window) -> bool | None:
    marks, mark = window.scope.marks, case.facts.service_mark
    return None if not marks or mark is None else mark in marks
