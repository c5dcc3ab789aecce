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
    """One thing worth having. `still_possible` False = the moment to make it is over: see `substitute_zh`.

    `until` = by when it has to be there or can still be had, when that is a date of this case; `until_zh` says it,
    or names the moment (before unpacking, before sending back)."""

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
    pitfalls_zh: str = ""
    until: datetime | None = None
    until_zh: str = ""


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
    """Who has to show something next (举证责任), and what follows when they do not. `id` = the row of burden.yml."""

    who: Literal["buyer", "seller"]
    must_show_zh: str
    if_not_zh: str
    sources: tuple[str, ...]
    id: str = "card"
    note_zh: str = ""


@dataclass(frozen=True)
class Deadline:
    """One time limit applied to the case. Exactly one of `due` and `needs` is set.

    `due_zh` writes the end of a day as "24:00". `sense` "from" = a right opens then. `pair` = the right that has a
    platform's and a statutory clock; `role` in it: "safe" = act by this one, "later" = runs longer, None = over (C-04).
    `provisional` = a year was counted whose holidays are not announced. `about` = counted from a day that the buyer
    told as about right (大概).
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
    pair: str | None = None
    role: Literal["safe", "later"] | None = None
    provisional: bool = False
    about: bool = False


@dataclass(frozen=True)
class Precondition:
    """One condition of a remedy: true, false, or None while `needs` is not known."""

    text_zh: str
    holds: bool | None
    needs: str | None = None


@dataclass(frozen=True)
class Remedy:
    """R-01..R-08, R-11..R-16 or a platform's payout (P-..), with every precondition.

    `available`: True = all preconditions hold, None = one is open, False = one fails (then it cannot be claimed).
    Money in yuan to the fen: `amount` only when available and exact, `total` with refund and loss, `floor` and `cap`
    the limits of the formula, `if_all_hold` what it would come to if the open preconditions held (not a promise),
    `total_if_all_hold` the same with refund and loss.
    `instead_of` = others of which only one can be had, `highest` the best of them. `also_ask` = facts that could
    still exclude it. `asked` = worth showing in this case.
    """

    id: str
    name_zh: str
    available: bool | None
    amount: Decimal | None
    formula_zh: str
    preconditions: tuple[Precondition, ...]
    channels: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence
    total: Decimal | None = None
    if_all_hold: Decimal | None = None
    total_if_all_hold: Decimal | None = None
    floor: Decimal | None = None
    cap: Decimal | None = None
    working_zh: str = ""
    form_zh: str = ""
    exceptions_zh: tuple[str, ...] = ()
    also_ask: tuple[str, ...] = ()
    instead_of: tuple[str, ...] = ()
    highest: bool = False
    asked: bool = True


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
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class Contradiction:
    """Two facts, or a fact and the calendar, that cannot both be right; `fact` is the one to ask again.

    `code` names what is wrong, e.g. "signed_before_paid"."""

    fact: str
    reason_zh: str
    reason_en: str
    code: str = "contradiction"

    def as_error(self) -> FactError:
        return FactError(self.fact, self.reason_zh, self.reason_en, self.code)
