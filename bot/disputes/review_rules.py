"""reviews.yml: the self-check of five and the rules on reviews (评价), as typed rows, and their reader."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.disputes.cards import Cited, CitedText
from bot.disputes.catalogue import CONFIDENCES
from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file
from bot.disputes.model import Confidence

SHOWN = ("always", "bribed", "cash", "refunded", "pressing")
RESULTS = ("none_met", "some_met", "open")


@dataclass(frozen=True)
class CheckRule:
    """One of M1..M5. A yes to `fact` means it is met, unless the fact `unless` is true; one of `held` leaves it open."""

    id: str
    fact: str
    name: str
    met: str
    not_met: str
    held: tuple[str, ...]
    held_says: str
    unless: str | None
    unless_says: str
    conflict: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class RuleOfReviews:
    """One of RV-01..RV-07. `shown`: always | bribed | cash | refunded | pressing."""

    id: str
    shown: str
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ReviewRules:
    """`confidence` and `as_of` are those of the list of five, whose wording in force nobody confirmed."""

    older: CitedText
    confidence: Confidence
    as_of: date
    checks: tuple[CheckRule, ...]
    results: dict[str, CitedText]
    rules: tuple[RuleOfReviews, ...]
    etiquette: CitedText
    bribe: re.Pattern[str]
    cash: re.Pattern[str]

    def source_ids(self) -> frozenset[str]:
        """Every source these tables cite."""
        rows: list[Cited] = [self.older, self.etiquette, *self.results.values(), *self.checks, *self.rules]
        return frozenset(source for row in rows for source in row.sources)

    def check(self, known: Callable[[str, str, Iterable[str], Iterable[str]], None],
              facts: Iterable[str], evidence: Iterable[str]) -> None:  # fmt: skip
        """Whether everything the rows name exists; `known` raises RulebookError."""
        for row in self.checks:
            where = f"reviews.yml.{row.id}"
            known(where, "fact", filter(None, [row.fact, row.unless]), facts)
            known(where, "evidence kind", row.held, evidence)


def read_reviews(overrides: Path | None) -> ReviewRules:
    """reviews.yml, packaged or of the operator's folder. Raises RulebookError naming file and key."""
    top = read_mapping(yaml_file("reviews.yml", overrides))
    older = _part(top, "older")
    confidence, as_of = older.one_of("confidence", CONFIDENCES), older.day("as_of")
    results = {key: _text(entry) for key, entry in _part(top, "results").children()}
    if set(results) != set(RESULTS):
        raise RulebookError(f"{top.where}.results", f"needs {', '.join(RESULTS)}")
    rules = ReviewRules(
        older=_text(older),
        confidence=confidence,  # type: ignore[arg-type]
        as_of=as_of,
        checks=tuple(_check(key, entry) for key, entry in _part(top, "checks").children()),
        results=results,
        rules=tuple(_rule(key, entry) for key, entry in _part(top, "rules").children()),
        etiquette=_text(_part(top, "etiquette")),
        bribe=_pattern(top, "bribe"),
        cash=_pattern(top, "cash"),
    )
    top.done()
    return rules


def _part(top: Reader, key: str) -> Reader:
    part = top.child(key)
    if part is None:
        raise RulebookError(f"{top.where}.{key}", "is required")
    return part


def _text(entry: Reader) -> CitedText:
    text = CitedText(entry.text("text"), entry.texts("sources"))
    entry.done()
    return text


def _check(key: str, entry: Reader) -> CheckRule:
    rule = CheckRule(
        id=key,
        fact=entry.text("fact"),
        name=entry.text("name"),
        met=entry.text("met"),
        not_met=entry.text("not_met"),
        held=entry.texts("held"),
        held_says=entry.opt_text("held_says") or "",
        unless=entry.opt_text("unless"),
        unless_says=entry.opt_text("unless_says") or "",
        conflict=entry.opt_text("conflict") or "",
        sources=entry.texts("sources"),
    )
    entry.done()
    return rule


def _rule(key: str, entry: Reader) -> RuleOfReviews:
    rule = RuleOfReviews(key, entry.one_of("shown", SHOWN), entry.text("text"), entry.texts("sources"))
    entry.done()
    return rule


def _pattern(top: Reader, key: str) -> re.Pattern[str]:
    try:
        return re.compile(top.text(key), re.I)
    except re.error as error:
        raise RulebookError(f"{top.where}.{key}", f"is no regular expression: {error}") from None
