"""The shared tables: sources (citations), evidence kinds, time limits (windows), platform profiles.

Frozen values and their readers; one YAML file or folder each.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from bot.disputes.cards import CitedText
from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file, yaml_files
from bot.disputes.model import Confidence
from bot.disputes.window_rules import WindowOverride, read_override

CONFIDENCES: tuple[str, ...] = ("H", "M", "L")
ONCE: tuple[str, ...] = ("unboxing", "before_use", "before_return")
JUDGED_BY: tuple[str, ...] = ("paid_at",)
"""A rule counts from the day of the deal, unless its file says otherwise."""


@dataclass(frozen=True)
class Source:
    """One citable article. `id` is "<law>-<article>"; `fact` is a sentence of our own; dates are those of the law.

    In force from `in_force` to `until`, both included, None = open. `replaces` = what stood there before it.
    `judged_by` = the facts whose date decides whether it counts for a case, first known; none known = now."""

    id: str
    law: str
    title: str
    article: str
    fact: str
    confidence: Confidence
    in_force: date | None
    as_of: date
    label: str
    until: date | None = None
    replaces: tuple[str, ...] = ()
    judged_by: tuple[str, ...] = JUDGED_BY


@dataclass(frozen=True)
class EvidenceKind:
    """E01..E20. `once` names the moments after which it cannot be made any more: unboxing | before_use | before_return.
    `kept` = windows as long as which somebody else has to keep it, so that it can still be asked for."""

    id: str
    name: str
    how: str
    pitfalls: str
    once: tuple[str, ...] = ()
    kept: tuple[str, ...] = ()


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
    notes: tuple[CitedText, ...] = ()

    @property
    def response_unknown(self) -> bool:
        """Is neither known how long the seller has to answer nor how long the buyer can apply?"""
        return not self.window_defaults and self.seller_response_h is None and self.window_days is None


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
        until, judged_by = law.opt_day("until"), law.texts("judged_by") or JUDGED_BY
        law.done()
        for article, entry in articles.children():
            source = f"{short}-{article}"
            if source in found:
                raise RulebookError(entry.where, f"{source} is defined twice")
            label = entry.opt_text("label") or _label(form, title, article)
            found[source] = Source(
                source, short, title, article, entry.text("fact"), _confidence(entry),
                entry.opt_day("in_force") or in_force, as_of, label, entry.opt_day("until") or until,
                entry.texts("replaces"), entry.texts("judged_by") or judged_by,
            )  # fmt: skip
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
        once = entry.texts("once")
        if unknown := sorted({*once} - {*ONCE}):
            raise RulebookError(f"{entry.where}.once", f"unknown moment {', '.join(unknown)}")
        pitfalls = "；".join(entry.texts("pitfalls"))
        kinds[kind] = EvidenceKind(
            kind, entry.text("name"), entry.text("how"), pitfalls, once, entry.texts("kept")
        )
        entry.done()
    return kinds


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
        windows={} if windows is None else {key: read_override(item) for key, item in windows.children()},
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
        notes=tuple(CitedText(i.text("text"), i.texts("sources")) for i in top.items("notes")),
    )
    top.done()
    if profile.id != file.stem:
        raise RulebookError(f"{top.where}.id", f"{profile.id!r} must be the file's name")
    return profile
