"""Making a letter fit: what matters least goes first.

Demand > timeline > evidence > basis > background. A timeline loses entries from its middle before it goes; at last
what happened is shortened.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from bot.disputes.letters import render, shorten

DROPPED_FIRST = ("background", "basis", "evidence", "timeline")
CAPPED = ("what", "reason")
"""The buyer's own account: first cut to a fair share of the space, and given back what is left in the end."""
SHORTENED = ("what", "reason", "points", "model", "demand", "requests")
LEAST = 4
FAIR_SHARE = 40
LINES = ("points", "requests")
"""Lists that are printed one entry a line; any other is joined by semicolons."""

Part = str | tuple[str, ...]


@dataclass(frozen=True)
class Fitted:
    """The text, the parts it was made of, and those left out."""

    text: str
    parts: dict[str, str]
    dropped: tuple[str, ...]


class _Draft:
    """Parts being cut down until the text fits. `tails` follow their part and are never shortened with it."""

    def __init__(
        self, template: str, parts: Mapping[str, Part], limit: int, tails: Mapping[str, str]
    ) -> None:
        self.template, self.limit, self.tails = template, limit, tails
        self.left = dict(parts)
        self.dropped: list[str] = []

    def values(self) -> dict[str, str]:
        return {
            name: joined(name, part) + (self.tails.get(name, "") if part else "")
            for name, part in self.left.items()
        }

    def over(self) -> int:
        return len(render(self.template, **self.values())) - self.limit

    def drop(self, part: str) -> None:
        """Entries first: a timeline from its middle, points from the last; a first point always stays."""
        value = self.left.get(part)
        if isinstance(value, tuple):
            least, at = (1, -1) if part == "points" else (2, len(value) // 2)
            while len(value) > least and self.over() > 0:
                value = (*value[:at], *value[at + 1 :]) if at >= 0 else value[:-1]
                at = at if at < 0 else len(value) // 2
                self.left[part] = value
        if value and part != "points" and self.over() > 0:
            self.left[part] = ""
            self.dropped.append(part)

    def shorten(self, part: str) -> None:
        over = self.over()
        if over > 0 and self.left.get(part):
            text = joined(part, self.left[part])
            self.left[part] = shorten(text, max(LEAST, len(text) - over))

    def cap(self, part: str) -> None:
        text = joined(part, self.left.get(part, ""))
        if text and self.over() > 0:
            self.left[part] = shorten(text, max(FAIR_SHARE, self.limit * 2 // 5))

    def give_back(self, part: str, whole: str) -> None:
        """Room that is left goes to the account again."""
        room, now = -self.over(), joined(part, self.left.get(part, ""))
        if room > 0 and now != whole and now:
            self.left[part] = shorten(whole, len(now) + room)


def fit(
    template: str,
    parts: Mapping[str, Part],
    limit: int,
    tails: Mapping[str, str] | None = None,
    first: tuple[str, ...] = DROPPED_FIRST,
) -> Fitted:
    """The letter within `limit` characters.

    Args:
        parts: what the template prints; a tuple is a list of entries.
        tails: text that follows a part and stays whole, such as the numbers of the evidence.
        first: the parts to drop, least important first.
    """
    draft = _Draft(template, parts, limit, tails or {})
    for part in CAPPED:
        draft.cap(part)
    for part in first:
        if draft.over() <= 0:
            break
        draft.drop(part)
    for part in SHORTENED:
        draft.shorten(part)
    for part in CAPPED:
        draft.give_back(part, joined(part, parts.get(part, "")))
    values = draft.values()
    text = render(template, **values)
    return Fitted(text if len(text) <= limit else shorten(text, limit), values, tuple(draft.dropped))


def joined(name: str, part: Part) -> str:
    """A list of entries as the template prints it."""
    return part if isinstance(part, str) else ("\n" if name in LINES else "；").join(part)
