"""The grounds of a claim as facts: what an account states (`bot.zh.grounds`), for the disputes it can mean something in."""

from __future__ import annotations

from datetime import datetime
from typing import Any

from bot.cases.model import Case
from bot.cases.statement import Stated
from bot.zh.grounds import read_grounds

_OF_FAKES = frozenset({"counterfeit"})
_OF_WORDS = frozenset({"counterfeit", "false_ad", "misdescribed", "livestream", "secondhand"})
# What is read, the fact it settles, in which disputes. “正品” on the page is a false statement where fakes are claimed.
_FACTS: tuple[tuple[str, str, frozenset[str]], ...] = (
    ("bad_food", "food_substandard", frozenset({"food"})),
    ("only_label", "label_flaw_only", frozenset({"food"})),
    ("claims_genuine", "false_statement", _OF_FAKES),
    ("false_statement", "false_statement", _OF_WORDS),
    ("promise", "promise", _OF_WORDS),
    ("promise_times", "promise_times", _OF_FAKES),
)


def stated_grounds(case: Case, text: str) -> list[Stated]:
    """(fact, value, certainty) for what ``text`` states in this case; nothing while no dispute is known."""
    types, found = frozenset(case.types), read_grounds(text)
    rows: dict[str, Any] = {
        fact: found[key] for key, fact, where in _FACTS if key in found and not where.isdisjoint(types)
    }
    return [(fact, value, "approximate") for fact, value in rows.items()]


def take_grounds(case: Case, text: str, at: datetime, message_id: str) -> None:
    """Write what ``text`` states and nobody has said before; an answer that was given is not overruled."""
    for fact, value, certainty in stated_grounds(case, text):
        if fact not in case.facts:
            case.take(fact, value, at=at, message_id=message_id, certainty=certainty)
