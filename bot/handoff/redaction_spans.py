"""A piece of a text that identifies somebody, and how it is shown instead."""

from __future__ import annotations

from dataclasses import dataclass

FILLER = "****"


@dataclass(frozen=True)
class Span:
    """``text[start:end]`` is personal data.

    Attributes:
        kind: a key of `bot.handoff.redaction.KINDS`.
        first, last: how many characters stay readable at either end (of digits and letters: separators
            inside a number are kept and do not count).
        fill: None stars out character by character, so that the length stays; otherwise what stands for
            everything between the two ends.
    """

    start: int
    end: int
    kind: str
    first: int = 0
    last: int = 0
    fill: str | None = FILLER

    def masked(self, text: str) -> str:
        """What is shown instead."""
        piece = text[self.start : self.end]
        places = [at for at, char in enumerate(piece) if char.isalnum()]
        kept = {*places[: self.first], *(places[-self.last :] if self.last else ())}
        if self.fill is None:
            hidden = set(places) - kept
            return "".join("*" if at in hidden else char for at, char in enumerate(piece))
        head = "".join(piece[at] for at in places[: self.first])
        tail = "".join(piece[at] for at in places[-self.last :]) if self.last else ""
        return head + self.fill + tail
