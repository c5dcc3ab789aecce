"""The card of a dispute type (types/<code>.yml) as frozen values, and its reader.

Adding a type = dropping a file. References to facts, evidence, sources and windows are checked in
`rulebook.py`, when all files are there.
"""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import Literal, Protocol

from bot.disputes.loader import Reader, RulebookError, read_mapping

Level = Literal["must", "should", "nice"]
LEVELS: tuple[str, ...] = ("must", "should", "nice")
FAMILIES = (
    "quality", "not_as_described", "false_advertising", "delivery_damage", "shipping", "not_received", "seven_day",
    "refund", "after_sales", "counterfeit", "violation", "review", "price", "other", "safety", "unsupported",
)  # fmt: skip
MOMENTS = ("seller_answered", "before_confirmation", "after_confirmation", "any")


class Cited(Protocol):
    """Anything that rests on sources."""

    @property
    def sources(self) -> tuple[str, ...]: ...


@dataclass(frozen=True)
class Option:
    """One answer to a clarifying question, and the type it means."""

    label: str
    type: str


@dataclass(frozen=True)
class Clarify:
    question: str
    options: tuple[Option, ...]


@dataclass(frozen=True)
class CardEvidence:
    """What this type asks of the buyer: evidence kind id, level, why it counts, how to get it, what may stand in.

    `must_if` names a fact that makes it a must (a medical record once somebody was harmed)."""

    id: str
    level: Level
    why: str
    how: str
    substitute: str | None
    sources: tuple[str, ...]
    must_if: str | None = None


@dataclass(frozen=True)
class Showing:
    """Something the seller has to show, and what follows when they do not."""

    what: str
    if_not: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class BurdenRow:
    """Burden of proof (举证责任) at one moment of the dispute; the first row that fits wins."""

    when: str
    who: Literal["buyer", "seller"]
    must_show: str
    if_not: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Reason:
    """A reason the refund form offers, with what speaks for and against choosing it."""

    reason: str
    refund_type: str | None
    pros: str
    cons: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class CitedText:
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class CounterArgument:
    """What merchants of this type say, the words to know it by, and a factual answer."""

    says: str
    cues: tuple[str, ...]
    reply: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Redirect:
    """The type this one may turn into (remorse -> seven_day), and under what condition."""

    type: str
    when: str


@dataclass(frozen=True)
class DisputeType:
    """One dispute type. `complete` is False while only definition and basic evidence are written; `cite` = what
    letters cite, when the first outcome and the first law are not the right ones."""

    code: str
    name: str
    name_en: str
    family: str
    definition: str
    wordings: tuple[str, ...]
    complete: bool
    ask: tuple[str, ...]
    clarify: tuple[Clarify, ...]
    evidence: tuple[CardEvidence, ...]
    seller_must_show: tuple[Showing, ...]
    burden: tuple[BurdenRow, ...]
    reasons: tuple[Reason, ...]
    outcomes: tuple[CitedText, ...]
    legal_basis: tuple[str, ...]
    cite: tuple[str, ...]
    counter_arguments: tuple[CounterArgument, ...]
    demands: tuple[str, ...]
    windows: tuple[str, ...]
    warnings: tuple[CitedText, ...]
    next: Redirect | None

    def source_ids(self) -> frozenset[str]:
        """Every source this card cites."""
        cited: list[Cited] = [*self.evidence, *self.seller_must_show, *self.burden, *self.reasons]
        cited += [*self.outcomes, *self.counter_arguments, *self.warnings]
        return frozenset(source for item in cited for source in item.sources) | {
            *self.legal_basis,
            *self.cite,
        }


def read_card(file: Path) -> DisputeType:
    """Reads one card. Raises RulebookError naming file and key."""
    card = read_mapping(file)
    code = card.text("code")
    if code != file.stem:
        raise RulebookError(f"{card.where}.code", f"{code!r} must be the file's name {file.stem!r}")
    redirect = card.child("next")
    read = DisputeType(
        code=code,
        name=card.text("name"),
        name_en=card.text("name_en"),
        family=card.one_of("family", FAMILIES),
        definition=card.text("definition"),
        wordings=card.texts("wordings"),
        complete=card.flag("complete", True),
        ask=card.texts("ask"),
        clarify=tuple(_clarify(item) for item in card.items("clarify")),
        evidence=tuple(_evidence(item) for item in card.items("evidence")),
        seller_must_show=tuple(
            Showing(i.text("what"), i.opt_text("if_not") or "", i.texts("sources"))
            for i in card.items("seller_must_show")
        ),
        burden=tuple(_burden(item) for item in card.items("burden")),
        reasons=tuple(_reason(item) for item in card.items("reasons")),
        outcomes=tuple(CitedText(i.text("text"), i.texts("sources")) for i in card.items("outcomes")),
        legal_basis=card.texts("legal_basis"),
        cite=card.texts("cite"),
        counter_arguments=tuple(_counter(item) for item in card.items("counter_arguments")),
        demands=card.texts("demands"),
        windows=card.texts("windows"),
        warnings=tuple(CitedText(i.text("text"), i.texts("sources")) for i in card.items("warnings")),
        next=None if redirect is None else Redirect(redirect.text("type"), redirect.opt_text("when") or ""),
    )
    card.done()
    return read


def _clarify(item: Reader) -> Clarify:
    options = tuple(Option(option.text("label"), option.text("type")) for option in item.items("options"))
    return Clarify(item.text("question"), options)


def _evidence(item: Reader) -> CardEvidence:
    return CardEvidence(
        item.text("id"),
        item.one_of("level", LEVELS),  # type: ignore[arg-type]
        item.text("why"),
        item.opt_text("how") or "",
        item.opt_text("substitute"),
        item.texts("sources"),
        item.opt_text("must_if"),
    )


def _burden(item: Reader) -> BurdenRow:
    return BurdenRow(
        item.one_of("when", MOMENTS),
        item.one_of("who", ("buyer", "seller")),  # type: ignore[arg-type]
        item.text("must_show"),
        item.opt_text("if_not") or "",
        item.texts("sources"),
    )


def _reason(item: Reader) -> Reason:
    return Reason(
        item.text("reason"),
        item.opt_text("refund_type"),
        item.opt_text("pros") or "",
        item.opt_text("cons") or "",
        item.texts("sources"),
    )


def _counter(item: Reader) -> CounterArgument:
    return CounterArgument(item.text("says"), item.texts("cues"), item.text("reply"), item.texts("sources"))
