"""The tables of procedure (程序): gates' limits, burden, channel, suspension, after a ruling, ladder. Values and readers.

One YAML file each, replaceable by an operator. `check` refuses a table that names something nobody knows.
"""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass
from pathlib import Path
from typing import Literal

from bot.disputes.cards import Cited, CitedText
from bot.disputes.ladder_rules import Ladder, read_ladder
from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file
from bot.disputes.ruling_rules import AfterRuling, read_after_ruling
from bot.disputes.when import When, read_when, references

FLAGS = {
    "burden.yml": ("durable", "seller_proved", "signed", "hidden", "agreed"),
    "out_of_scope.yml": (
        "too_late_for_seven_days",
        "gaps",
        "no_platform_payment",
        "no_effective_ruling",
    ),
    "channel_choice.yml": ("stuck", "entrance_closed"),
    "escalation.yml": (
        "over_three_years", "merchant_threat", "complaint_running", "no_courier_complaint", "courier_waiting",
        "suit_running",
    ),
}  # fmt: skip
"""The readings each module offers to the conditions of its table."""


@dataclass(frozen=True)
class BurdenRule:
    """One row of the burden table. `types` = main types it is for, empty = any."""

    id: str
    types: frozenset[str]
    when: tuple[When, ...]
    who: Literal["buyer", "seller"]
    must_show: str
    if_not: str
    note: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class BurdenTable:
    rows: tuple[BurdenRule, ...]
    fallback: BurdenRule
    proof_cues: tuple[str, ...]
    sign_cues: tuple[str, ...]
    hidden_cues: tuple[str, ...]
    durable_categories: frozenset[str]
    testing: tuple[CitedText, ...]


@dataclass(frozen=True)
class ScopeRule:
    """O-01..O-14. `refused` = when the platform does not take it up; None = it does."""

    id: str
    name: str
    when: tuple[When, ...]
    refused: tuple[When, ...] | None
    say: str
    go: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ChannelText:
    name: str
    why: str
    how: str
    next: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ChannelPolicy:
    """`elsewhere` = what the higher level is called on a platform without 小二: (name, how, sources)."""

    complex_types: frozenset[str]
    complex_when: tuple[When, ...]
    phone_when: tuple[When, ...]
    channels: dict[str, ChannelText]
    elsewhere: dict[str, tuple[str, str, tuple[str, ...]]]
    no_result_stages: frozenset[str]


@dataclass(frozen=True)
class SuspensionPolicy:
    deciding_stages: frozenset[str]
    sue_cues: tuple[str, ...]
    police_cues: tuple[str, ...]
    urgent_types: frozenset[str]
    texts: dict[str, CitedText]


@dataclass(frozen=True)
class Procedure:
    burden: BurdenTable
    scope: tuple[ScopeRule, ...]
    channel: ChannelPolicy
    suspension: SuspensionPolicy
    after_ruling: AfterRuling
    ladder: Ladder

    def source_ids(self) -> frozenset[str]:
        """Every source these tables cite."""
        cited: list[Cited] = [*self.burden.rows, self.burden.fallback, *self.burden.testing, *self.scope]
        cited += [*self.channel.channels.values(), *self.suspension.texts.values()]
        groups = [item.sources for item in cited]
        groups += [sources for _, _, sources in self.channel.elsewhere.values()]
        return frozenset(source for group in groups for source in group) | {
            *self.after_ruling.source_ids(),
            *self.ladder.source_ids(),
        }


def read_procedure(overrides: Path | None) -> Procedure:
    """burden, out_of_scope, channel_choice, suspension, after_ruling and escalation. Raises RulebookError."""

    def top(name: str) -> Reader:
        return read_mapping(yaml_file(name, overrides))

    return Procedure(
        burden=_burden(top("burden.yml")),
        scope=tuple(_scope(key, entry) for key, entry in top("out_of_scope.yml").children()),
        channel=_channel(top("channel_choice.yml")),
        suspension=_suspension(top("suspension.yml")),
        after_ruling=read_after_ruling(top("after_ruling.yml")),
        ladder=read_ladder(top("escalation.yml")),
    )


Known = Callable[[str, str, Iterable[str], Collection[str]], None]


def check_procedure(
    procedure: Procedure, known: Known, facts: Collection[str], types: Collection[str], kinds: Collection[str]
) -> None:
    """Refuses names that nobody knows, through `known(where, what, ids, table)` of the rulebook."""
    tables = {"fact": facts, "type": types, "evidence kind": kinds}
    for file, alternatives in _conditions(procedure):
        for what, named in references(alternatives).items():
            known(file, what, named, FLAGS.get(file, ()) if what == "flag" else tables[what])
    burden = procedure.burden
    known("burden.yml", "type", {t for row in burden.rows for t in row.types}, types)
    known("after_ruling.yml", "fact", procedure.after_ruling.ask, facts)
    known("after_ruling.yml", "evidence kind", procedure.after_ruling.new_evidence.kinds(), kinds)
    known("after_ruling.yml", "step", procedure.after_ruling.steps(), procedure.ladder.steps)
    known("escalation.yml", "evidence kind", procedure.ladder.kinds(), kinds)
    known("escalation.yml", "fact", procedure.ladder.facts(), facts)


def _conditions(procedure: Procedure) -> list[tuple[str, tuple[When, ...]]]:
    burden, channel, ladder = procedure.burden, procedure.channel, procedure.ladder
    found = [("burden.yml", row.when) for row in (*burden.rows, burden.fallback)]
    found += [("out_of_scope.yml", (*rule.when, *(rule.refused or ()))) for rule in procedure.scope]
    found += [("channel_choice.yml", (*channel.complex_when, *channel.phone_when))]
    found += [("escalation.yml", when) for when in ladder.conditions()]
    return found


def _cited(entry: Reader, sources: tuple[str, ...]) -> tuple[str, ...]:
    if not sources:
        raise RulebookError(f"{entry.where}.sources", "needs a source")
    return sources


def _burden(top: Reader) -> BurdenTable:
    fallback = top.child("fallback")
    if fallback is None:
        raise RulebookError(f"{top.where}.fallback", "is required")
    table = BurdenTable(
        rows=tuple(_burden_row(item) for item in top.items("rows")),
        fallback=_burden_row(fallback),
        proof_cues=top.texts("proof_cues"),
        sign_cues=top.texts("sign_cues"),
        hidden_cues=top.texts("hidden_cues"),
        durable_categories=frozenset(top.texts("durable_categories")),
        testing=tuple(CitedText(i.text("text"), _cited(i, i.texts("sources"))) for i in top.items("testing")),
    )
    top.done()
    return table


def _burden_row(item: Reader) -> BurdenRule:
    row = BurdenRule(
        item.text("id"),
        frozenset(item.texts("types")),
        read_when(item),
        item.one_of("who", ("buyer", "seller")),  # type: ignore[arg-type]
        item.text("must_show"),
        item.text("if_not"),
        item.opt_text("note") or "",
        _cited(item, item.texts("sources")),
    )
    item.done()
    return row


def _scope(key: str, entry: Reader) -> ScopeRule:
    when, narrower = read_when(entry), read_when(entry, "refused_when")
    if not when:
        raise RulebookError(f"{entry.where}.when", "is required")
    refused = (narrower or when) if entry.flag("refused") else None
    sources = _cited(entry, entry.texts("sources"))
    rule = ScopeRule(key, entry.text("name"), when, refused, entry.text("say"), entry.text("go"), sources)
    entry.done()
    return rule


def _channel(top: Reader) -> ChannelPolicy:
    channels, elsewhere = top.child("channels"), top.child("officer_elsewhere")
    policy = ChannelPolicy(
        complex_types=frozenset(top.texts("complex_types")),
        complex_when=read_when(top, "complex_when"),
        phone_when=read_when(top, "phone_when"),
        channels={} if channels is None else {key: _way(item) for key, item in channels.children()},
        elsewhere={}
        if elsewhere is None
        else {
            key: (item.text("name"), item.text("how"), _cited(item, item.texts("sources")))
            for key, item in elsewhere.children()
        },
        no_result_stages=frozenset(top.texts("no_result_stages")),
    )
    top.done()
    if set(policy.channels) != {"online", "phone", "officer"} or "other" not in policy.elsewhere:
        raise RulebookError(
            f"{top.where}.channels", "must be online, phone, officer; officer_elsewhere.other"
        )
    return policy


def _way(item: Reader) -> ChannelText:
    sources = _cited(item, item.texts("sources"))
    way = ChannelText(item.text("name"), item.text("why"), item.text("how"), item.text("next"), sources)
    item.done()
    return way


def _suspension(top: Reader) -> SuspensionPolicy:
    names = ("trap", "urgent", "told", "told_late", "police_accepted", "agreed_pause")
    texts: dict[str, CitedText] = {}
    for name in names:
        entry = top.child(name)
        if entry is None:
            raise RulebookError(f"{top.where}.{name}", "is required")
        texts[name] = CitedText(entry.text("text"), _cited(entry, entry.texts("sources")))
        entry.done()
    policy = SuspensionPolicy(
        frozenset(top.texts("deciding_stages")),
        top.texts("sue_cues"),
        top.texts("police_cues"),
        frozenset(top.texts("urgent_types")),
        texts,
    )
    top.done()
    return policy
