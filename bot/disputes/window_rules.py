"""Time limits (期限) as data: what `windows.yml` and `category_windows.yml` hold, and reading them strictly.

Entries of the operator's file of the same name come on top, id by id, so one figure can be corrected alone.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal, get_args

from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file
from bot.disputes.model import Confidence

UNITS = ("hours", "days", "working_days", "months", "years")
FILES = ("windows.yml", "category_windows.yml")


@dataclass(frozen=True)
class Length:
    """How long a window is: `amount` of hours | days | working_days | months | years."""

    unit: str
    amount: int


@dataclass(frozen=True)
class Cap:
    """The latest end whatever happens (最长期限): `length` from the first known of `base`."""

    length: Length
    base: tuple[str, ...]


@dataclass(frozen=True)
class Branch:
    """What a window is called and leads to when it starts from this one of its base facts."""

    name: str
    consequence: str


@dataclass(frozen=True)
class Scope:
    """For which cases a window is. Empty = for all.

    A fact that is known and not listed rules the window out; one that is known and listed brings it in even when no
    card names it. `implied_by` = types that stand for the category while nobody has said it.
    """

    phase: str
    stages: tuple[str, ...]
    platforms: tuple[str, ...]
    categories: tuple[str, ...]
    implied_by: tuple[str, ...]
    types: tuple[str, ...]
    marks: tuple[str, ...]
    at_least: tuple[tuple[str, int], ...]
    unless: tuple[str, ...]


@dataclass(frozen=True)
class Window:
    """One time limit. `base` = facts it may start from, the first known counts; `event` = the start in Chinese where
    it is nothing every case comes to; `dated_by` = the fact that dates a step of the intervention's own course.
    `pair` = the right whose other clock runs beside it (C-04). `who` must act; `sense` "from" opens a right instead."""

    id: str
    name: str
    kind: Literal["platform", "statutory"]
    length: Length | None
    base: tuple[str, ...]
    event: str | None
    dated_by: str | None
    after: str | None
    stated_by: str | None
    next_midnight: bool
    day_end: bool
    roll: bool
    cap: Cap | None
    pair: str | None
    scope: Scope
    general: bool
    who: str
    sense: str
    consequence: str
    branches: dict[str, Branch]
    sources: tuple[str, ...]
    confidence: Confidence
    as_of: date
    configurable: bool
    note: str | None

    def fact_names(self) -> tuple[str, ...]:
        """Every fact it reads."""
        one = filter(None, (self.stated_by, self.dated_by))
        capped = self.cap.base if self.cap is not None else ()
        counted = (name for name, _ in self.scope.at_least)
        return (*self.base, *one, *capped, *counted, *self.scope.unless, *self.branches)


@dataclass(frozen=True)
class WindowOverride:
    """What a platform says instead of the default. `length` None = the platform's figure is unknown to us."""

    length: Length | None
    sources: tuple[str, ...]
    confidence: Confidence
    except_families: tuple[str, ...] = ()
    consequence: str | None = None
    note: str | None = None
    as_of: date | None = None


def read_windows(overrides: Path | None) -> dict[str, Window]:
    """id -> window, packaged entries first. Raises RulebookError."""
    entries: dict[str, Reader] = {}
    for name in FILES:
        for file in dict.fromkeys((yaml_file(name, None), yaml_file(name, overrides))):
            entries.update(read_mapping(file).children())
    return {key: _window(key, entry) for key, entry in entries.items()}


def read_override(entry: Reader) -> WindowOverride:
    """One entry of `windows:` in a platform's profile. Raises RulebookError."""
    override = WindowOverride(
        read_length(entry),
        entry.texts("sources"),
        read_confidence(entry),
        entry.texts("except_families"),
        entry.opt_text("consequence"),
        entry.opt_text("note"),
        entry.opt_day("as_of"),
    )
    entry.done()
    return override


def check_windows(
    windows: Iterable[Window],
    tables: Mapping[str, Iterable[str]],
    known: Callable[[str, str, Iterable[str], Iterable[str]], None],
) -> None:
    """Every id a window names has to be in its table; `known(where, what, ids, table)` refuses. Raises RulebookError."""
    for window in windows:
        where = f"windows.yml.{window.id}"
        named: dict[str, Iterable[str]] = {
            "source": window.sources,
            "fact": window.fact_names(),
            "window": filter(None, [window.after]),
            "type": (*window.scope.types, *window.scope.implied_by),
            "platform": window.scope.platforms,
            "category": window.scope.categories,
            "service_mark": window.scope.marks,
        }
        for what, ids in named.items():
            known(where, what, ids, tables[what])
        if not (window.base or window.event or window.after):
            raise RulebookError(where, "needs base, event or after")
        if set(window.branches) - set(window.base):
            raise RulebookError(f"{where}.branches", "each branch is one of base")


def read_confidence(entry: Reader) -> Confidence:
    return entry.one_of("confidence", get_args(Confidence))  # type: ignore[return-value]


def read_length(entry: Reader) -> Length | None:
    """`length: {days: 7}`. Raises RulebookError for another unit or a negative amount."""
    span = entry.child("length")
    if span is None:
        return None
    for unit in UNITS:
        amount = span.number(unit)
        if amount is not None:
            span.done()
            if amount < 0:
                raise RulebookError(f"{entry.where}.length", "must not be negative")
            return Length(unit, amount)
    raise RulebookError(f"{entry.where}.length", f"needs one of {', '.join(UNITS)}")


def _window(key: str, entry: Reader) -> Window:
    kind = entry.one_of("kind", ("platform", "statutory"))
    window = Window(
        id=key,
        name=entry.text("name"),
        kind=kind,  # type: ignore[arg-type]
        length=read_length(entry),
        base=entry.texts("base"),
        event=entry.opt_text("event"),
        dated_by=entry.opt_text("dated_by"),
        after=entry.opt_text("after"),
        stated_by=entry.opt_text("stated_by"),
        next_midnight=entry.flag("next_midnight"),
        day_end=entry.flag("day_end"),
        roll=entry.flag("roll", kind == "statutory"),
        cap=_cap(entry),
        pair=entry.opt_text("pair"),
        scope=_scope(entry),
        general=entry.flag("general"),
        who=entry.one_of("who", ("buyer", "seller", "platform", "authority"), "buyer"),
        sense=entry.one_of("sense", ("until", "from"), "until"),
        consequence=entry.text("consequence"),
        branches=_branches(entry),
        sources=entry.texts("sources"),
        confidence=read_confidence(entry),
        as_of=entry.day("as_of"),
        configurable=entry.flag("configurable", kind == "platform"),
        note=entry.opt_text("note"),
    )
    entry.done()
    return window


def _scope(entry: Reader) -> Scope:
    least = entry.child("at_least")
    return Scope(
        phase=entry.one_of("phase", ("before", "after", "any"), "any"),
        stages=entry.texts("stages"),
        platforms=entry.texts("platforms"),
        categories=entry.texts("categories"),
        implied_by=entry.texts("implied_by"),
        types=entry.texts("types"),
        marks=entry.texts("marks"),
        at_least=() if least is None else tuple((key, least.number(key) or 0) for key in least.raw_keys()),
        unless=entry.texts("unless"),
    )


def _cap(entry: Reader) -> Cap | None:
    cap = entry.child("cap")
    if cap is None:
        return None
    length, base = read_length(cap), cap.texts("base")
    cap.done()
    if length is None or not base:
        raise RulebookError(cap.where, "needs length and base")
    return Cap(length, base)


def _branches(entry: Reader) -> dict[str, Branch]:
    table = entry.child("branches")
    found: dict[str, Branch] = {}
    for key, item in table.children() if table is not None else ():
        found[key] = Branch(item.text("name"), item.text("consequence"))
        item.done()
    return found
