"""refund_form.yml: types and reasons of the refund form (退款单) as typed rows, and their reader."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bot.disputes.cards import Cited, CitedText
from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file
from bot.disputes.when import When, read_when, references

FITS = ("true", "false", "open")
FLAGS = (
    "returned", "not_received", "received", "within_seven", "past_seven", "not_seven", "repaired_twice",
    "agreed_refund_only", "promised", "offered", "late_paid", "only_no_fault",
)  # fmt: skip
"""The readings that refund_form.py works out."""


@dataclass(frozen=True)
class FitRow:
    """One row: when it holds, the choice fits (True), does not (False), or depends on `needs` (None)."""

    when: tuple[When, ...]
    fits: bool | None
    why: str
    needs: tuple[str, ...]
    cap: str | None
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Choice:
    """One entry of a drop-down. `about` = dispute types it states as a fact; `rows` decide, else `open`."""

    id: str
    name: str
    about: frozenset[str]
    pros: str
    cons: str
    sources: tuple[str, ...]
    rows: tuple[FitRow, ...]
    open: FitRow | None


@dataclass(frozen=True)
class Cap:
    """At most `percent` of what was paid, and never more than `most` yuan."""

    percent: int
    most: Decimal
    sources: tuple[str, ...]


@dataclass(frozen=True)
class FormRules:
    common: tuple[FitRow, ...]
    types: tuple[Choice, ...]
    reasons: tuple[Choice, ...]
    texts: dict[str, CitedText]
    caps: dict[str, Cap]

    def source_ids(self) -> frozenset[str]:
        """Every source these tables cite."""
        rows: list[Cited] = [*self.common, *self.texts.values(), *self.caps.values()]
        for choice in (*self.types, *self.reasons):
            rows += [choice, *choice.rows, *filter(None, [choice.open])]
        return frozenset(source for row in rows for source in row.sources)

    def check(
        self, known: Callable[[str, str, Iterable[str], Iterable[str]], None], facts: Iterable[str], types: Iterable[str]
    ) -> None:  # fmt: skip
        """Whether everything the rows name exists; `known` raises RulebookError."""
        for choice in (*self.types, *self.reasons):
            where = f"refund_form.yml.{choice.id}"
            known(where, "type", choice.about, types)
            for row in (*self.common, *choice.rows, *filter(None, [choice.open])):
                named = references(row.when)
                known(where, "fact", (*named["fact"], *row.needs), facts)
                known(where, "type", named["type"], types)
                known(where, "flag", named["flag"], FLAGS)
                known(where, "cap", filter(None, [row.cap]), self.caps)


def read_form(overrides: Path | None) -> FormRules:
    """refund_form.yml, packaged or of the operator's folder. Raises RulebookError naming file and key."""
    top = read_mapping(yaml_file("refund_form.yml", overrides))
    rules = FormRules(
        common=tuple(_row(item) for item in top.items("common")),
        types=tuple(_choice(key, entry) for key, entry in _children(top, "types")),
        reasons=tuple(_choice(key, entry) for key, entry in _children(top, "reasons")),
        texts={key: _text(entry) for key, entry in _children(top, "texts")},
        caps={key: _cap(entry) for key, entry in _children(top, "caps")},
    )
    top.done()
    return rules


def _children(top: Reader, key: str) -> Iterable[tuple[str, Reader]]:
    table = top.child(key)
    if table is None:
        raise RulebookError(f"{top.where}.{key}", "is required")
    return table.children()


def _cited(entry: Reader) -> tuple[str, ...]:
    sources = entry.texts("sources")
    if not sources:
        raise RulebookError(f"{entry.where}.sources", "needs a source")
    return sources


def _text(entry: Reader) -> CitedText:
    text = CitedText(entry.text("text"), _cited(entry))
    entry.done()
    return text


def _choice(key: str, entry: Reader) -> Choice:
    opened = entry.child("open")
    choice = Choice(
        id=key,
        name=entry.text("name"),
        about=frozenset(entry.texts("about")),
        pros=entry.text("pros"),
        cons=entry.text("cons"),
        sources=_cited(entry),
        rows=tuple(_row(item) for item in entry.items("cases")),
        open=None if opened is None else _open(opened),
    )
    entry.done()
    return choice


def _row(entry: Reader) -> FitRow:
    raw = entry.raw("fits")
    fits = str(raw).lower()
    if fits not in FITS:
        raise RulebookError(f"{entry.where}.fits", f"must be one of {', '.join(FITS)}")
    when = read_when(entry)
    if not when:
        raise RulebookError(f"{entry.where}.when", "is required")
    row = FitRow(
        when,
        None if fits == "open" else fits == "true",
        entry.text("why"),
        entry.texts("needs"),
        entry.opt_text("cap"),
        _cited(entry),
    )
    entry.done()
    if fits == "open" and not row.needs:
        raise RulebookError(f"{entry.where}.needs", "an open row names what it needs")
    return row


def _open(entry: Reader) -> FitRow:
    row = FitRow((), None, entry.text("why"), entry.texts("needs"), None, _cited(entry))
    entry.done()
    return row


def _cap(entry: Reader) -> Cap:
    percent, most = entry.number("percent"), entry.number("most")
    if percent is None or most is None or not 0 < percent <= 100 or most <= 0:
        raise RulebookError(entry.where, "needs percent (1 to 100) and most (yuan)")
    cap = Cap(percent, Decimal(most), _cited(entry))
    entry.done()
    return cap
