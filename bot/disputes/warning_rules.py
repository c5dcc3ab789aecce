"""moot.yml: when a card's own warning has become pointless (提示已过时). Typed values and the reader."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.disputes.loader import RulebookError, read_mapping, yaml_file
from bot.disputes.when import When, read_when, references

FLAGS = frozenset({"confirmed", "received", "returned", "used"})
"""The readings that warnings.py works out."""


@dataclass(frozen=True)
class Moot:
    """A warning with one of `words` is left out once `when` holds."""

    id: str
    words: tuple[str, ...]
    when: tuple[When, ...]


def read_moot(overrides: Path | None) -> tuple[Moot, ...]:
    """moot.yml, packaged or of the operator's folder. Raises RulebookError naming file and key."""
    found = []
    for key, entry in read_mapping(yaml_file("moot.yml", overrides)).children():
        rule = Moot(key, entry.texts("words"), read_when(entry))
        entry.done()
        if not rule.words or not rule.when:
            raise RulebookError(entry.where, "needs words and when")
        unknown = references(rule.when)["flag"] - FLAGS
        if unknown:
            raise RulebookError(f"{entry.where}.when", f"unknown flag {', '.join(sorted(unknown))}")
        found.append(rule)
    return tuple(found)
