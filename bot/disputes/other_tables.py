"""Where a platform has no table for a kind of goods (生鲜, 鲜花, 活体): what the tables of others say, as a warning to hurry."""

from __future__ import annotations

from dataclasses import dataclass

from bot.disputes.situation import Situation
from bot.disputes.waiting import length_zh
from bot.disputes.window_rules import Window

HOURS = "hours"
"""The limits that can be missed before anybody looks them up; longer ones need no hurry."""


@dataclass(frozen=True)
class OtherTable:
    """The shortest time other platforms give for telling of it, with what they want then; never this platform's own."""

    length_zh: str
    notes_zh: tuple[str, ...]
    sources: tuple[str, ...]


def other_tables(case: Situation) -> OtherTable | None:
    """None where the platform is not named, has a table of its own, or the goods are of no kind with one."""
    platform = case.facts.platform
    if platform is None:
        return None
    fitting = [one for one in case.book.windows.values() if _is_for(case, one)]
    if not fitting or any(platform in one.scope.platforms for one in fitting):
        return None
    shortest = min(
        (one.length for one in fitting if one.length is not None), key=lambda length: length.amount
    )
    notes = tuple(dict.fromkeys(one.note for one in fitting if one.note and one.length == shortest))
    sources = tuple(dict.fromkeys(source for one in fitting for source in one.sources))
    return OtherTable(length_zh(shortest), notes, sources)


def _is_for(case: Situation, window: Window) -> bool:
    """A platform's own limit, counted from receipt, for telling of trouble with goods of this kind."""
    scope, category = window.scope, case.facts.category
    if not scope.platforms or window.who != "buyer" or window.base != ("signed_at",) or window.pair is None:
        return False
    if window.length is None or window.length.unit != HOURS or not case.any_type(scope.types):
        return False
    return category in scope.categories if category is not None else case.any_type(scope.implied_by)
