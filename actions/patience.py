"""How often a question has been asked (追问次数), so that nobody is asked the same thing for ever.

Each place that asks counts for itself (`scope`): what intake asked twice may still be asked once by a check.
"""

from __future__ import annotations

from typing import Literal

from actions.base import Turn

Scope = Literal["intake", "check", "after_ruling"]
_COUNTS = "times_asked"


def times_asked(turn: Turn, scope: Scope, fact: str) -> int:
    """How often this place has asked for the fact."""
    return int(turn.case.dialogue.get(_COUNTS, {}).get(scope, {}).get(fact, 0))


def note_asked(turn: Turn, scope: Scope, fact: str) -> int:
    """Count one more; returns how often it is now."""
    counts = turn.case.dialogue.setdefault(_COUNTS, {}).setdefault(scope, {})
    counts[fact] = counts.get(fact, 0) + 1
    return int(counts[fact])


def forget_asked(turn: Turn, scope: Scope) -> None:
    """Begin anew: whoever is telling things has not talked past the question."""
    turn.case.dialogue.get(_COUNTS, {}).pop(scope, None)
