"""The shared tables: sources (citations), evidence kinds, time limits (windows), platform profiles.

Frozen values and their readers; one YAML file or folder each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path
from typing import Literal

from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file, yaml_files
from bot.disputes.model import Confidence

CONFIDENCES: tuple[str, ...] = ("H", "M", "L")
UNITS = ("hours", "days", "working_days", "months", "years")


@dataclass(frozen=True)
class Source:
    """One citable article. `id` is "<law>-<article>"; `fact` is a sentence of our own; dates are those of the law."""

    id: str
    law: str
    title: str
    article: str
    fact: str
    confidence: Confidence
    in_force: date | None
    as_of: date
    label: str


@dataclass(frozen=True)
class EvidenceKind:
    """E01..E20. `once` names the moment after which it cannot be made any more: unboxing | before_use | before_return."""

    id: str
    name: str
    how: str
    pitfalls: str
    once: str | None = None


@dataclass(frozen=True)
class Length:
    """How long a window is: `amount` of hours | days | working_days | months | years."""

    unit: str
    amount: int


@dataclass(frozen=True)
class Window:
    """A time limit as data (domain table of clocks). `base` = facts it may start from, the first known counts;
    `event` = a start that is no fact of the buyer's (Chinese). `stages` = order stages it is for, empty = all.
    `who` must act; `sense` "from" opens a right instead."""

    id: str
    name: str
    kind: Literal["platform", "statutory"]
    length: Length | None
    base: tuple[str, ...]
    event: str | None
    after: str | None
    stated_by: str | None
    next_midnight: bool
    roll: bool
    phase: str
    stages: tuple[str, ...]
    general: bool
    who: str
    sense: str
    consequence: str
    sources: tuple[str, ...]
    confidence: Confidence
    as_of: date
    configurable: bool
    note: str | None


@dataclass(frozen=True)
class WindowOverride:
    """What a platform says instead of the default. `length` None = the platform's figure is unknown to us."""

    length: Length | None
    sources: tuple[str, ...]
    confidence: Confidence
    except_families: tuple[str, ...] = ()


@dataclass(frozen=True)
class PlatformProfile:
    """What differs between platforms. None = unknown: then the buyer is asked what the page shows."""

    id: str
    name: str
    rules: tuple[str, ...]
    window_defaults: bool
    windows: dict[str, WindowOverride]
    seller_response_h: int | None
    window_days: int | None
    evidence_h: int | None
    appeal_days: int | None
    intake_path: str | None
    text_limit: int | None
    note_limit: int | None
    image_limit: int | None
    channel_phone: str | None
    as_of: date
    confidence: Confidence


def read_sources(overrides: Path | None) -> dict[str, Source]:
    """sources/*.yml -> id -> Source. Raises RulebookError."""
    found: dict[str, Source] = {}
    for file in yaml_files("sources", overrides):
        top = read_mapping(file)
        law = top.child("law")
        articles = top.child("articles")
        if law is None or articles is None:
            raise RulebookError(top.where, "needs law and articles")
        short, title, as_of = law.text("id"), law.text("title"), law.day("as_of")
        in_force, form = law.opt_day("in_force"), law.opt_text("label")
        law.done()
        for article, entry in articles.children():
            source = f"{short}-{article}"
            if source in found:
                raise RulebookError(entry.where, f"{source} is defined twice")
            label = entry.opt_text("label") or _label(form, title, article)
            found[source] = Source(
                source, short, title, article, entry.text("fact"), _confidence(entry), in_force, as_of, label
            )
            entry.done()
        top.done()
    return found


def _label(form: str | None, title: str, article: str) -> str:
    if form is not None:
        return form.replace("{title}", title).replace("{article}", article)
    numbered = re.fullmatch(r"[1-9]\d*", article)  # topics and seed numbers ("ship", "01") are no articles
    return f"《{title}》第{article}条" if numbered else f"《{title}》"


def _confidence(entry: Reader) -> Confidence:
    return entry.one_of("confidence", CONFIDENCES)  # type: ignore[return-value]


def read_evidence(overrides: Path | None) -> dict[str, EvidenceKind]:
    """evidence.yml -> E01..E20. Raises RulebookError."""
    top = read_mapping(yaml_file("evidence.yml", overrides))
    table = top.child("evidence") or top
    kinds: dict[str, EvidenceKind] = {}
    for kind, entry in table.children():
        once = entry.opt_text("once")
        if once not in (None, "unboxing", "before_use", "before_return"):
            raise RulebookError(f"{entry.where}.once", f"unknown moment {once!r}")
        kinds[kind] = EvidenceKind(
            kind, entry.text("name"), entry.text("how"), "；".join(entry.texts("pitfalls")), once
        )
        entry.done()
    return kinds


def read_windows(overrides: Path | None) -> dict[str, Window]:
    """windows.yml -> T-01.., L-01... Raises RulebookError."""
    return {
        key: _window(key, entry)
        for key, entry in read_mapping(yaml_file("windows.yml", overrides)).children()
    }


def _window(key: str, entry: Reader) -> Window:
    kind = entry.one_of("kind", ("platform", "statutory"))
    window = Window(
        id=key,
        name=entry.text("name"),
        kind=kind,  # type: ignore[arg-type]
        length=_length(entry),
        base=entry.texts("base"),
        event=entry.opt_text("event"),
        after=entry.opt_text("after"),
        stated_by=entry.opt_text("stated_by"),
        next_midnight=entry.flag("next_midnight"),
        roll=entry.flag("roll", kind == "statutory"),
        phase=entry.one_of("phase", ("before", "after", "any"), "any"),
        stages=entry.texts("stages"),
        general=entry.flag("general"),
        who=entry.one_of("who", ("buyer", "seller", "platform", "authority"), "buyer"),
        sense=entry.one_of("sense", ("until", "from"), "until"),
        consequence=entry.text("consequence"),
        sources=entry.texts("sources"),
        confidence=_confidence(entry),
        as_of=entry.day("as_of"),
        configurable=entry.flag("configurable", kind == "platform"),
        note=entry.opt_text("note"),
    )
    entry.done()
    return window


def _length(entry: Reader) -> Length | None:
    span = entry.child("length")
    if span is None:
        return None
    for unit in UNITS:
        amount = span.number(unit)
        if amount is not None:
            span.done()
            return Length(unit, amount)
    raise RulebookError(f"{entry.where}.length", f"needs one of {', '.join(UNITS)}")


def read_profiles(overrides: Path | None) -> dict[str, PlatformProfile]:
    """platforms/*.yml -> id -> profile. Raises RulebookError."""
    return {file.stem: _profile(file) for file in yaml_files("platforms", overrides)}


def _profile(file: Path) -> PlatformProfile:
    top = read_mapping(file)
    windows = top.child("windows")
    profile = PlatformProfile(
        id=top.text("id"),
        name=top.text("name"),
        rules=top.texts("rules"),
        window_defaults=top.flag("window_defaults"),
        windows={} if windows is None else {key: _override(item) for key, item in windows.children()},
        seller_response_h=top.number("seller_response_h"),
        window_days=top.number("window_days"),
        evidence_h=top.number("evidence_h"),
        appeal_days=top.number("appeal_days"),
        intake_path=top.opt_text("intake_path"),
        text_limit=top.number("text_limit"),
        note_limit=top.number("note_limit"),
        image_limit=top.number("image_limit"),
        channel_phone=top.opt_text("channel_phone"),
        as_of=top.day("as_of"),
        confidence=_confidence(top),
    )
    top.done()
    if profile.id != file.stem:
        raise RulebookError(f"{top.where}.id", f"{profile.id!r} must be the file's name")
    return profile


def _override(entry: Reader) -> WindowOverride:
    override = WindowOverride(
        _length(entry), entry.texts("sources"), _confidence(entry), entry.texts("except_families")
    )
    entry.done()
    return override
