"""One message of the buyer as the case work sees it: text, meaning, values, and the question before it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any


@dataclass(frozen=True)
class Heard:
    """What the buyer said in one turn.

    Attributes:
        text: the message exactly as written.
        intent: the dialogue act the language part read in it.
        types: dispute types claimed in it with their confidence, surest first.
        entities: the values found, in the form ``{entity, value, start, end, resolved, certainty}``.
        asked: the question that was open when it came (``fact:amount``, ``read_back``, …) or None.
        message_id: the stored message, so that each fact can name where it came from.
        at: when it was received (aware).
        origin: ``buyer`` for typed text, ``button`` for a pressed button.
        answer: what a pressed button stands for, fact name to value; empty for typed text.
    """

    text: str
    intent: str
    message_id: str
    at: datetime
    types: tuple[tuple[str, float], ...] = ()
    entities: tuple[Mapping[str, Any], ...] = ()
    asked: str | None = None
    origin: str = "buyer"
    answer: Mapping[str, Any] = field(default_factory=dict)

    @property
    def asked_fact(self) -> str | None:
        """The fact that was asked for, if the open question was about one."""
        return self.asked[5:] if self.asked and self.asked.startswith("fact:") else None

    def found(self, entity: str) -> list[Mapping[str, Any]]:
        """All values of one kind, in the order of the text."""
        return [one for one in self.entities if one.get("entity") == entity]
