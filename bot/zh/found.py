"""One thing found in a text, whatever grammar found it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

Json = Mapping[str, Any]


@dataclass(frozen=True)
class Found:
    """A span of the buyer's own words and what it means.

    `start`/`end` address the ORIGINAL text and `value` is exactly `original[start:end]`, so that a page can
    underline it. `resolved` is JSON (money as a string of yuan, times as ISO 8601 with +08:00).
    `certainty` is exact | day | approximate | range | check; "check" means: read it back before using it.
    """

    kind: str
    start: int
    end: int
    value: str
    resolved: Json = field(default_factory=dict)
    certainty: str = "exact"

    def to_json(self) -> dict[str, Any]:
        """The entity as NLU hands it on."""
        return {
            "entity": self.kind,
            "value": self.value,
            "start": self.start,
            "end": self.end,
            "resolved": dict(self.resolved),
            "certainty": self.certainty,
        }


class Taken:
    """Which stretches of a text are spoken for; asking and marking cost only the stretch itself."""

    def __init__(self, length: int) -> None:
        self._marks = bytearray(length)

    def free(self, start: int, end: int) -> bool:
        """Whether nothing has taken any of `start:end`."""
        return not any(self._marks[start:end])

    def mark(self, start: int, end: int) -> None:
        self._marks[start:end] = b"\x01" * (end - start)


def without_overlaps(found: Iterable[Found], length: int) -> tuple[Found, ...]:
    """Keep the first of any that overlap (so order = priority), and return them in text order.
    `length` is that of the original text."""
    taken = Taken(length)
    kept: list[Found] = []
    for one in found:
        if taken.free(one.start, one.end):
            taken.mark(one.start, one.end)
            kept.append(one)
    return tuple(sorted(kept, key=lambda one: (one.start, one.end)))
