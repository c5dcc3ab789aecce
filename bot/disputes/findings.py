"""What the rulebook answers: frozen values, each with the ids of the sources it rests on."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date, datetime
from decimal import Decimal
from typing import Literal

from bot.disputes.facts import FactError
from bot.disputes.model import Confidence

Confirmation = Literal["before", "after", "unknown"]
"""Before or after 确认收货 (交易成功): who proves what, and which entrance is open."""


@dataclass(frozen=True)
class Gate:
    """One of G1..G6. `needs` = facts that would settle an unknown gate."""

    id: str
    name_zh: str
    state: Literal["pass", "fail", "unknown"]
    why_zh: str
    needs: tuple[str, ...]
    sources: tuple[str, ...]


@dataclass(frozen=True)
class EvidenceNeed:
    """One thing worth having. `still_possible` False = the moment to make it is over: see `substitute_zh`."""

    kind: str
    name_zh: str
    level: Literal["must", "should", "nice"]
    have: bool
    why_zh: str
    how_zh: str
    substitute_zh: str | None
    still_possible: bool
    still_zh: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class EvidenceReport:
    """`score` 0..100 is the weighted share of what is held, never a chance of winning."""

    grade: Literal["A", "B", "C", "D"]
    score: int
    items: tuple[EvidenceNeed, ...]

    @property
    def missing(self) -> tuple[EvidenceNeed, ...]:
        return tuple(item for item in self.items if not item.have)

    @property
    def missing_must(self) -> tuple[EvidenceNeed, ...]:
        return tuple(item for item in self.missing if item.level == "must")


@dataclass(frozen=True)
class Burden:
    """Who has to show something next (举证责任), and what follows when they do not."""

    who: Literal["buyer", "seller"]
    must_show_zh: str
    if_not_zh: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Deadline:
    """One time limit applied to the case. Exactly one of `due` and `needs` is set.

    `due_zh` writes a statutory end as "24:00" of its day. `sense` "from" = a right opens then.
    """

    id: str
    name_zh: str
    kind: Literal["platform", "statutory"]
    due: datetime | None
    due_zh: str
    needs: str | None
    base_fact: str | None
    who: str
    sense: str
    passed: bool
    consequence_zh: str
    note_zh: str
    sources: tuple[str, ...]
    confidence: Confidence
    as_of: date
    configurable: bool


@dataclass(frozen=True)
class Precondition:
    """One condition of a remedy: true, false, or None while `needs` is not known."""

    text_zh: str
    holds: bool | None
    needs: str | None = None


@dataclass(frozen=True)
class Remedy:
    """R-01..R-04. `available` is None while a precondition is unknown; `amount` in yuan, None when not computable."""

    id: str
    name_zh: str
    available: bool | None
    amount: Decimal | None
    formula_zh: str
    preconditions: tuple[Precondition, ...]
    channels: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True)
class Warning:
    """Something the buyer should hear now."""

    id: str
    text_zh: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class NextStep:
    """What the conversation does next; ids in `steps.py`. `target` = the type a redirect leads to, if any."""

    id: str
    why_zh: str
    target: str | None = None


@dataclass(frozen=True)
class Contradiction:
    """Two facts, or a fact and the calendar, that cannot both be right; `fact` is the one to ask again."""

    fact: str
    reason_zh: str
    reason_en: str

    def as_error(self) -> FactError:
        return FactError(self.fact, self.reason_zh, self.reason_en)
