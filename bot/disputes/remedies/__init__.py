"""Remedies (救济): what can be asked for, on which conditions, how much, and who can grant it.

`remedies_of` weighs R-01..R-08, R-11..R-16 and the platforms' payouts (P-..) for a case; `next_precondition` names the
fact to ask for next. The tables are remedies.yml, payouts.yml and remedy_conditions.yml; nothing is assumed.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import replace

from bot.disputes.findings import Remedy
from bot.disputes.remedies.conditions import FAULT_FREE, without_reason
from bot.disputes.remedies.weighing import asked, weigh, weigh_promise
from bot.disputes.remedy_rules import RemedyTables
from bot.disputes.situation import Situation

__all__ = ["next_precondition", "remedies_of"]

REFUND, SEVEN_DAY, MINOR, PROMISE = "R-01", "R-01-seven_day", "R-01-minor", "R-06"


def remedies_of(case: Situation) -> tuple[Remedy, ...]:
    """The remedies that matter in this case (`asked`), and always R-01, in the order of the tables."""
    tables = case.book.policy.remedy_tables
    found = {REFUND: _refund(case, tables)}
    for key, rule in tables.rules.items():
        if key not in (REFUND, SEVEN_DAY, MINOR, PROMISE) and asked(case, rule):
            found[key] = weigh(case, rule, shown=True)
    if asked(case, tables.rules[PROMISE]):
        found[PROMISE] = weigh_promise(case, tables.rules[PROMISE], found, shown=True)
    ordered = tuple(found[key] for key in tables.rules if key in found)
    return _either_or(ordered, tables)


def next_precondition(remedy: Remedy, declined: frozenset[str] = frozenset()) -> str | None:
    """The fact to ask next for this remedy: what leaves it open, then what could still exclude it.

    None when it is out of the question, when nothing is left to ask, or what is left was `declined`.
    """
    if remedy.available is False:
        return None
    wanted = [one.needs for one in remedy.preconditions if one.holds is None]
    wanted += remedy.also_ask
    return next((fact for fact in wanted if fact is not None and fact not in declined), None)


def _refund(case: Situation, tables: RemedyTables) -> Remedy:
    """R-01 by the road that fits: without a reason, for a minor, or because the seller is at fault."""
    shown = asked(case, tables.rules[REFUND])
    if without_reason(case):
        return weigh(case, tables.rules[SEVEN_DAY], shown)
    if case.any_type(FAULT_FREE):
        found = weigh(case, tables.rules[SEVEN_DAY], shown)
        if found.available:
            return found
    if case.view.types == ("minor",):
        return weigh(case, tables.rules[MINOR], shown)
    return weigh(case, tables.rules[REFUND], shown)


def _either_or(remedies: Iterable[Remedy], tables: RemedyTables) -> tuple[Remedy, ...]:
    """Marks what cannot be had together; the highest of them is the one to choose (承诺高于法定从承诺)."""
    found = {remedy.id: remedy for remedy in remedies}
    for group in tables.either_or:
        ids = [
            key for key in group if key in found and found[key].available and found[key].amount is not None
        ]
        if len(ids) > 1:
            best = max(ids, key=lambda key: found[key].amount or 0)
            for key in ids:
                others = tuple(other for other in ids if other != key)
                found[key] = replace(found[key], instead_of=others, highest=key == best)
    return tuple(found.values())
