"""Does a row's condition (see `when.py`) hold for a case?"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from bot.disputes.confirmation import burden_branch
from bot.disputes.cues import by_speaker, says
from bot.disputes.situation import Situation
from bot.disputes.when import When

Flags = Mapping[str, Callable[[Situation], bool]]
"""Readings that the calling module works out, by the name a row uses."""


def buyer_words(case: Situation) -> str:
    """What the buyer says in their own name."""
    return by_speaker(case.facts.problem or "")[0]


def merchant_words(case: Situation) -> str:
    """What the merchant said, in their own words or as the buyer retells it."""
    retold = by_speaker(case.facts.problem or "")[1]
    return "\n".join(filter(None, [case.merchant_text, retold]))


def holds(alternatives: tuple[When, ...], case: Situation, flags: Flags | None = None) -> bool:
    """Does one of the alternatives hold? None at all = always. An unknown fact never holds."""
    return not alternatives or any(_holds(when, case, flags or {}) for when in alternatives)


def _holds(when: When, case: Situation, flags: Flags) -> bool:
    if when.types and when.types.isdisjoint(case.view.types):
        return False
    if when.only_types and not when.only_types.issuperset(case.view.types):
        return False
    if when.platforms and (case.facts.platform or "taobao") not in when.platforms:
        return False
    if when.stages and case.view.stage not in when.stages:
        return False
    if when.moment is not None and not _at(when.moment, case):
        return False
    for name, values in when.facts:
        if case.facts.get(name) not in values:
            return False
    for name in when.known:
        if case.facts.get(name) is None:
            return False
    return _told(when, case) and all(flags[name](case) for name in when.flags)


def _at(moment: str, case: Situation) -> bool:
    """A branch that is not known counts as before: nothing was given away yet."""
    branch = burden_branch(case.facts)
    return (branch == "after") == (moment == "after")


def _told(when: When, case: Situation) -> bool:
    if when.held:
        held = {item.kind for item in case.view.evidence}
        if any(held.isdisjoint(group) for group in when.held):
            return False
    if when.said and not says(buyer_words(case), when.said):
        return False
    return not when.heard or says(merchant_words(case), when.heard)
