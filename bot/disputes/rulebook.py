"""The rulebook: all tables together, references checked, read once."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from functools import cached_property, lru_cache
from pathlib import Path

from bot.disputes.cards import DisputeType, read_card
from bot.disputes.catalogue import (
    EvidenceKind,
    PlatformProfile,
    Source,
    read_evidence,
    read_profiles,
    read_sources,
)
from bot.disputes.facts import FactKind, fact_kinds
from bot.disputes.in_force import RuleGroup, rule_groups, successors
from bot.disputes.loader import RulebookError, yaml_files
from bot.disputes.policy import Policy, read_policy
from bot.disputes.procedure import Procedure, check_procedure, read_procedure
from bot.disputes.window_rules import Window, check_windows, read_windows

__all__ = ["Rulebook", "RulebookError", "load_rulebook"]


@dataclass(frozen=True)
class Rulebook:
    """Every table of the domain, by id. Immutable by convention: nobody writes into the dicts."""

    types: dict[str, DisputeType]
    sources: dict[str, Source]
    evidence: dict[str, EvidenceKind]
    windows: dict[str, Window]
    profiles: dict[str, PlatformProfile]
    facts: dict[str, FactKind]
    policy: Policy
    procedure: Procedure

    def cards(self, types: Iterable[str]) -> tuple[DisputeType, ...]:
        """The cards of these types in order. Raises RulebookError for an unknown one."""
        unknown = [code for code in types if code not in self.types]
        if unknown:
            raise RulebookError("types", f"unknown dispute type {', '.join(unknown)}")
        return tuple(self.types[code] for code in dict.fromkeys(types))

    def profile(self, platform: str | None) -> PlatformProfile | None:
        """The profile of a platform; None while it is unknown or `other`."""
        return self.profiles.get(platform or "")

    @cached_property
    def rule_groups(self) -> tuple[RuleGroup, ...]:
        """The dated sources by the dates they count for; see `in_force.py`."""
        return rule_groups(self.sources)

    @cached_property
    def successors(self) -> dict[str, tuple[str, ...]]:
        """old source -> what replaces it."""
        return successors(self.sources)

    def source_labels(self, ids: Iterable[str]) -> tuple[str, ...]:
        """What a buyer sees of sources: 《…》第N条."""
        return tuple(dict.fromkeys(self.sources[source].label for source in ids))


@lru_cache(maxsize=8)
def load_rulebook(overrides_dir: Path | None = None) -> Rulebook:
    """Reads and checks all YAML, once per folder of overrides (same layout; a file of the same name replaces).

    Raises RulebookError naming file and key.
    """
    cards = [read_card(file) for file in yaml_files("types", overrides_dir)]
    book = Rulebook(
        types={card.code: card for card in cards},
        sources=read_sources(overrides_dir),
        evidence=read_evidence(overrides_dir),
        windows=read_windows(overrides_dir),
        profiles=read_profiles(overrides_dir),
        facts=fact_kinds(),
        policy=read_policy(overrides_dir),
        procedure=read_procedure(overrides_dir),
    )
    for card in cards:
        _check_card(book, card)
    _check_shared(book)
    return book


def _known(where: str, what: str, ids: Iterable[str], table: Iterable[str]) -> None:
    unknown = sorted(set(ids) - set(table))
    if unknown:
        raise RulebookError(where, f"unknown {what} {', '.join(unknown)}")


def _check_card(book: Rulebook, card: DisputeType) -> None:
    where = f"types/{card.code}.yml"
    demands = dict(book.facts["demand"].choices)
    _known(f"{where}.ask", "fact", card.ask, book.facts)
    _known(f"{where}.evidence", "evidence kind", (need.id for need in card.evidence), book.evidence)
    _known(f"{where}.evidence", "fact", (n.must_if for n in card.evidence if n.must_if), book.facts)
    _known(f"{where}.windows", "window", card.windows, book.windows)
    _known(f"{where}.demands", "demand", card.demands, demands)
    _known(f"{where}.reasons", "refund type", (r.refund_type for r in card.reasons if r.refund_type), demands)
    _known(f"{where}.clarify", "type", (o.type for c in card.clarify for o in c.options), book.types)
    _known(where, "source", card.source_ids(), book.sources)
    if card.next is not None:
        _known(f"{where}.next", "type", [card.next.type], book.types)


def _tables(book: Rulebook) -> dict[str, Iterable[str]]:
    """What a window may name, by what it is called in a complaint."""
    tables: dict[str, Iterable[str]] = {
        name: dict(book.facts[name].choices) for name in ("platform", "category", "service_mark")
    }
    return tables | {"source": book.sources, "fact": book.facts, "window": book.windows, "type": book.types}


def _check_shared(book: Rulebook) -> None:
    for source in book.sources.values():
        _known(f"sources.{source.id}.replaces", "source", source.replaces, book.sources)
        _known(f"sources.{source.id}.judged_by", "fact", source.judged_by, (*book.facts, "now"))
    for kind in book.evidence.values():
        _known(f"evidence.yml.{kind.id}", "window", kind.kept, book.windows)
    check_windows(book.windows.values(), _tables(book), _known)
    for profile in book.profiles.values():
        where = f"platforms/{profile.id}.yml"
        _known(f"{where}.id", "platform", [profile.id], dict(book.facts["platform"].choices))
        _known(f"{where}.windows", "window", profile.windows, book.windows)
        _known(f"{where}.rules", "law", profile.rules, {source.law for source in book.sources.values()})
        _known(where, "source", (s for o in profile.windows.values() for s in o.sources), book.sources)
        _known(f"{where}.notes", "source", (s for note in profile.notes for s in note.sources), book.sources)
    for conflict in book.policy.conflicts:
        where = f"conflicts.yml.{conflict.id}"
        _known(f"{where}.types", "type", conflict.types, book.types)
        _known(f"{where}.platforms", "platform", conflict.platforms, book.profiles)
    _known("policy.yml", "source", book.policy.source_ids(), book.sources)
    book.policy.letters.check(_known, book.types, book.evidence, book.windows)
    book.policy.form.check(_known, book.facts, book.types)
    book.policy.reviews.check(_known, book.facts, book.evidence)
    _known("procedure", "source", book.procedure.source_ids(), book.sources)
    check_procedure(book.procedure, _known, book.facts, book.types, book.evidence)
