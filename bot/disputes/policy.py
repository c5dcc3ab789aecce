"""Small shared tables: gates, negotiation, remedies, warnings, tone. Frozen values and their readers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bot.disputes.cards import CitedText, CounterArgument
from bot.disputes.catalogue import CONFIDENCES
from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file
from bot.disputes.model import Confidence

CHANNELS = ("platform", "mediation", "court")


@dataclass(frozen=True)
class NotAccepted:
    """A situation the platform does not take up, known by words in the buyer's own account."""

    id: str
    cues: tuple[str, ...]
    why: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class GatePolicy:
    names: dict[str, str]
    sources: dict[str, tuple[str, ...]]
    jd_sources: dict[str, tuple[str, ...]]
    exempt_types: frozenset[str]
    late_types: frozenset[str]
    rulable: frozenset[str]
    compensation_types: frozenset[str]
    not_accepted: tuple[NotAccepted, ...]


@dataclass(frozen=True)
class NegotiationPolicy:
    """`coupon_percent` of 100, `small_sum` in yuan, the rest as named in negotiation.yml."""

    patience_hours: int
    reply_hours: int
    coupon_percent: int
    small_sum: Decimal
    refusals_before_intervention: int
    no_basis: tuple[str, ...]
    coupon_cues: tuple[str, ...]
    proof_cues: tuple[str, ...]
    traps: tuple[CounterArgument, ...]
    counters: tuple[CounterArgument, ...]


@dataclass(frozen=True)
class RemedyRule:
    id: str
    name: str
    formula: str
    channels: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True)
class TonePolicy:
    threats: tuple[str, ...]
    insults: tuple[tuple[str, str], ...]
    keep: tuple[str, ...]


@dataclass(frozen=True)
class Policy:
    gates: GatePolicy
    negotiation: NegotiationPolicy
    remedies: dict[str, RemedyRule]
    warnings: dict[str, CitedText]
    tone: TonePolicy

    def source_ids(self) -> frozenset[str]:
        """Every source these tables cite."""
        groups = [*self.gates.sources.values(), *self.gates.jd_sources.values()]
        groups += [item.sources for item in self.gates.not_accepted]
        groups += [item.sources for item in (*self.negotiation.traps, *self.negotiation.counters)]
        groups += [item.sources for item in self.remedies.values()]
        groups += [item.sources for item in self.warnings.values()]
        groups.append(self.negotiation.no_basis)
        return frozenset(source for group in groups for source in group)


def read_policy(overrides: Path | None) -> Policy:
    """gates.yml, negotiation.yml, remedies.yml, warnings.yml, tone.yml. Raises RulebookError."""

    def top(name: str) -> Reader:
        return read_mapping(yaml_file(name, overrides))

    return Policy(
        gates=_gates(top("gates.yml")),
        negotiation=_negotiation(top("negotiation.yml")),
        remedies={key: _remedy(key, entry) for key, entry in top("remedies.yml").children()},
        warnings={key: _cited(entry) for key, entry in top("warnings.yml").children()},
        tone=_tone(top("tone.yml")),
    )


def _cited(entry: Reader) -> CitedText:
    cited = CitedText(entry.text("text"), entry.texts("sources"))
    entry.done()
    if not cited.sources:
        raise RulebookError(f"{entry.where}.sources", "a warning needs a source")
    return cited


def _source_map(top: Reader, key: str) -> dict[str, tuple[str, ...]]:
    table = top.child(key)
    names = table.raw_keys() if table is not None else ()
    return {} if table is None else {name: table.texts(name) for name in names}


def _gates(top: Reader) -> GatePolicy:
    policy = GatePolicy(
        names=top.text_map("names"),
        sources=_source_map(top, "sources"),
        jd_sources=_source_map(top, "jd_sources"),
        exempt_types=frozenset(top.texts("exempt_types")),
        late_types=frozenset(top.texts("late_types")),
        rulable=frozenset(top.texts("rulable")),
        compensation_types=frozenset(top.texts("compensation_types")),
        not_accepted=tuple(
            NotAccepted(i.text("id"), i.texts("cues"), i.text("why"), i.texts("sources"))
            for i in top.items("not_accepted")
        ),
    )
    top.done()
    return policy


def _count(top: Reader, key: str) -> int:
    value = top.number(key)
    if value is None or value < 0:
        raise RulebookError(f"{top.where}.{key}", "needs a whole number, zero or more")
    return value


def _negotiation(top: Reader) -> NegotiationPolicy:
    return NegotiationPolicy(
        patience_hours=_count(top, "patience_hours"),
        reply_hours=_count(top, "reply_hours"),
        coupon_percent=_count(top, "coupon_percent"),
        small_sum=Decimal(_count(top, "small_sum")),
        refusals_before_intervention=_count(top, "refusals_before_intervention"),
        no_basis=top.texts("no_basis"),
        coupon_cues=top.texts("coupon_cues"),
        proof_cues=top.texts("proof_cues"),
        traps=_counters(top, "traps"),
        counters=_counters(top, "counters"),
    )


def _counters(top: Reader, key: str) -> tuple[CounterArgument, ...]:
    return tuple(
        CounterArgument(i.text("says"), i.texts("cues"), i.text("reply"), i.texts("sources"))
        for i in top.items(key)
    )


def _remedy(key: str, entry: Reader) -> RemedyRule:
    channels = entry.texts("channels")
    if not channels or set(channels) - set(CHANNELS):
        raise RulebookError(f"{entry.where}.channels", f"each must be one of {', '.join(CHANNELS)}")
    confidence = entry.one_of("confidence", CONFIDENCES)
    return RemedyRule(
        key, entry.text("name"), entry.text("formula"), channels, entry.texts("sources"),
        confidence,  # type: ignore[arg-type]
    )  # fmt: skip


def _tone(top: Reader) -> TonePolicy:
    return TonePolicy(top.texts("threats"), tuple(top.text_map("insults").items()), top.texts("keep"))
