"""letters.yml: lengths, what evidence proves, what may be reported, and what is said when a letter is refused."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from pathlib import Path

from bot.disputes.cards import CitedText
from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file

Check = Callable[[str, str, Iterable[str], Iterable[str]], None]
"""(where, what, ids, table): refuses ids that are not in the table."""


@dataclass(frozen=True)
class Reportable:
    """How a suspected breach is named; `after` = the time limit that has to be over first."""

    suspected: str
    after: str | None


@dataclass(frozen=True)
class LetterPolicy:
    """Lengths in characters; the rest as named in letters.yml."""

    limits: dict[str, int]
    facts_limit: int
    smallest_limit: int
    citations: int
    shows_the_problem: tuple[str, ...]
    proves: dict[str, str]
    speaks_of: dict[str, tuple[str, ...]]
    vouches_for: tuple[str, ...]
    reportable: dict[str, Reportable]
    money_words: tuple[str, ...]
    one_of: tuple[str, ...]
    overlap: tuple[str, ...]
    claims: dict[str, str]
    refusals: dict[str, CitedText]
    notes: dict[str, CitedText]

    def source_ids(self) -> frozenset[str]:
        return frozenset(s for one in (*self.refusals.values(), *self.notes.values()) for s in one.sources)

    def check(
        self, known: Check, types: Iterable[str], evidence: Iterable[str], windows: Iterable[str]
    ) -> None:
        """Every type, kind of evidence and time limit named here exists. Raises RulebookError."""
        spoken = (kind for kinds in self.speaks_of.values() for kind in kinds)
        known("letters.yml.reportable", "type", self.reportable, types)
        known("letters.yml", "evidence kind", (*self.proves, *spoken, *self.shows_the_problem), evidence)
        after = (one.after for one in self.reportable.values())
        known("letters.yml.reportable", "window", filter(None, after), windows)


def read_letter_policy(overrides: Path | None) -> LetterPolicy:
    """letters.yml. Raises RulebookError."""
    top = read_mapping(yaml_file("letters.yml", overrides))
    limits = _table(top, "limits")
    speaks_of = _table(top, "speaks_of")
    policy = LetterPolicy(
        limits={name: _positive(limits, name) for name in limits.raw_keys()},
        facts_limit=_positive(top, "facts_limit"),
        smallest_limit=_positive(top, "smallest_limit"),
        citations=_positive(top, "citations"),
        shows_the_problem=top.texts("shows_the_problem"),
        proves=top.text_map("proves"),
        speaks_of={cue: speaks_of.texts(cue) for cue in speaks_of.raw_keys()},
        vouches_for=top.texts("vouches_for"),
        reportable={code: _reportable(entry) for code, entry in _table(top, "reportable").children()},
        money_words=top.texts("money_words"),
        one_of=top.texts("one_of"),
        overlap=top.texts("overlap"),
        claims=top.text_map("claims"),
        refusals={key: _cited(entry) for key, entry in _table(top, "refusals").children()},
        notes={key: _cited(entry) for key, entry in _table(top, "notes").children()},
    )
    top.done()
    return policy


def _table(top: Reader, key: str) -> Reader:
    found = top.child(key)
    if found is None:
        raise RulebookError(f"{top.where}.{key}", "is required")
    return found


def _positive(table: Reader, key: str) -> int:
    value = table.number(key)
    if value is None or value < 1:
        raise RulebookError(f"{table.where}.{key}", "needs a whole number above zero")
    return value


def _reportable(entry: Reader) -> Reportable:
    found = Reportable(entry.text("suspected"), entry.opt_text("after"))
    entry.done()
    return found


def _cited(entry: Reader) -> CitedText:
    cited = CitedText(entry.text("text"), entry.texts("sources"))
    entry.done()
    if not cited.sources:
        raise RulebookError(f"{entry.where}.sources", "needs a source")
    return cited
