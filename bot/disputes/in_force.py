"""Which rule counts on a case's own date (法不溯及既往): not yet in force -> what stood before, repealed -> what came after.

The day a source is judged by is the first known fact of its `judged_by` (by default the day of payment), else now.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from datetime import date, datetime

from bot.disputes.catalogue import Source
from bot.disputes.facts import SHANGHAI
from bot.disputes.model import Facts

RuleGroup = tuple[tuple[str, ...], date | None, date | None, frozenset[str]]
"""(judged_by, in force from, until, ids): the sources whose dates are the same, so that a case asks once for all."""


def in_force_at(source: Source, day: date) -> bool:
    """Does the source count on `day`? Both ends belong to it; an end that is not known is open."""
    return _within(source.in_force, source.until, day)


def rule_groups(sources: Mapping[str, Source]) -> tuple[RuleGroup, ...]:
    """The sources that have a date at all, by judged_by and dates."""
    groups: dict[tuple[tuple[str, ...], date | None, date | None], set[str]] = {}
    for source in sources.values():
        if source.in_force is not None or source.until is not None:
            groups.setdefault((source.judged_by, source.in_force, source.until), set()).add(source.id)
    return tuple((*key, frozenset(ids)) for key, ids in groups.items())


def successors(sources: Mapping[str, Source]) -> dict[str, tuple[str, ...]]:
    """old source -> the sources that replace it, read backwards from `replaces`."""
    found: dict[str, list[str]] = {}
    for source in sources.values():
        for old in source.replaces:
            found.setdefault(old, []).append(source.id)
    return {old: tuple(new) for old, new in found.items()}


def judged_on(judged_by: tuple[str, ...], facts: Facts, now: datetime) -> date:
    """The day (Asia/Shanghai) that decides which version of a rule counts."""
    known = (moment for name in judged_by if (moment := facts.time(name)) is not None)
    return next(known, now).astimezone(SHANGHAI).date()


def out_of_force(groups: Iterable[RuleGroup], facts: Facts, now: datetime) -> frozenset[str]:
    """The sources that do not count for this case: too new for it, or repealed before it."""
    stale = [
        ids
        for judged_by, start, end, ids in groups
        if not _within(start, end, judged_on(judged_by, facts, now))
    ]
    return frozenset().union(*stale)


def in_time(
    ids: tuple[str, ...],
    stale: frozenset[str],
    sources: Mapping[str, Source],
    newer: Mapping[str, tuple[str, ...]],
) -> tuple[str, ...]:
    """`ids` without what does not count, replaced by its predecessor or successor where one counts.

    All of them stay when nothing else would be left: whoever shows them says that the rule of that time may differ.
    """
    if stale.isdisjoint(ids):
        return ids
    kept = dict.fromkeys(found for one in ids for found in _counting(one, stale, sources, newer, set()))
    return tuple(kept) or ids


def _counting(
    one: str,
    stale: frozenset[str],
    sources: Mapping[str, Source],
    newer: Mapping[str, tuple[str, ...]],
    seen: set[str],
) -> list[str]:
    if one not in stale:
        return [one]
    seen.add(one)
    linked = (*sources[one].replaces, *newer.get(one, ()))
    return [
        found
        for other in linked
        if other not in seen
        for found in _counting(other, stale, sources, newer, seen)
    ]


def _within(start: date | None, end: date | None, day: date) -> bool:
    return (start is None or start <= day) and (end is None or day <= end)
