"""What a buyer should know of the rules themselves: guides that contradict them, figures nobody could confirm, and
rules that came after the deal."""

from __future__ import annotations

from collections.abc import Iterable

from bot.disputes.cards import Cited
from bot.disputes.findings import Warning
from bot.disputes.situation import Situation

UNNAMED = "taobao"
OLDER = "older_rules"
SHOWN = 3
"""How many of the later rules a warning names at most."""


def rule_notes(case: Situation) -> tuple[Warning, ...]:
    """Contradictions between guides and rules of today (旧说明与现行规则), and what is not known of the platform."""
    told = case.book.policy.conflicts
    platform = case.facts.platform or UNNAMED
    notes = [
        Warning(f"conflict-{one.id}", one.text, case.applicable(one.sources))
        for one in told
        if case.any_type(one.types) and (not one.platforms or platform in one.platforms)
    ]
    profile = case.profile
    if profile is None:
        return tuple(notes)
    if profile.response_unknown and case.facts.page_deadline_at is None:
        known = case.book.policy.warnings["ask_page"]
        notes.append(Warning("ask_page", known.text, case.applicable(known.sources)))
    notes += [
        Warning(f"{profile.id}-{number}", one.text, case.applicable(one.sources))
        for number, one in enumerate(profile.notes, start=1)
    ]
    return tuple(notes)


def older_rules(case: Situation, cited: Iterable[Cited]) -> tuple[Warning, ...]:
    """Said when a rule had to be shown that was not in force yet, and nothing is known that stood before it."""
    shown = (source for item in cited for source in item.sources)
    later = tuple(dict.fromkeys(source for source in shown if source in case.out_of_force))
    if not later:
        return ()
    return (Warning(OLDER, case.book.policy.warnings[OLDER].text, later[:SHOWN]),)
