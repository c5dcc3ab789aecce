"""The form in which statements of a message are handed on: (fact, value, certainty), and what cannot be used as it stands."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

Stated = tuple[str, Any, str]

# Questions and the merchant's words state nothing about the buyer's order.
NOT_ABOUT_THE_ORDER = frozenset({"merchant_reply", "ask_rule_or_deadline", "ask_evidence", "out_of_scope"})


@dataclass(frozen=True)
class Doubt:
    """A value that was given but cannot be used as it stands."""

    fact: str
    value: str
    why: str
