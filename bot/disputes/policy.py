"""Small shared tables: gates, negotiation, remedies, warnings, tone. Frozen values and their readers."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal
from pathlib import Path

from bot.disputes.cards import CitedText, CounterArgument
from bot.disputes.form_rules import FormRules, read_form
from bot.disputes.gate_rules import GatePolicy, read_gates
from bot.disputes.letter_policy import LetterPolicy, read_letter_policy
from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file
from bot.disputes.remedy_rules import RemedyRule, RemedyTables, read_remedies
from bot.disputes.review_rules import ReviewRules, read_reviews
from bot.disputes.safety import SafetyRules, read_safety
from bot.disputes.urging_policy import UrgingPolicy, read_urging
from bot.disputes.warning_rules import Moot, read_moot


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
    traps: tuple[CounterArgument, ...]
    counters: tuple[CounterArgument, ...]
    urgent_hours: int
    not_urgent: tuple[str, ...]
    offer_cues: dict[str, tuple[str, ...]]


@dataclass(frozen=True)
class Conflict:
    """A guide and a rule of today that contradict each other, as told to the buyer of `types` on `platforms`."""

    id: str
    types: tuple[str, ...]
    platforms: tuple[str, ...]
    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class TonePolicy:
    """Word lists of tone.yml; pairs are (word, what it becomes)."""

    threats: tuple[str, ...]
    insults: tuple[tuple[str, str], ...]
    keep: tuple[str, ...]
    if_led: tuple[str, ...] = ()
    leads: tuple[str, ...] = ()
    conditions: tuple[str, ...] = ()
    people: tuple[tuple[str, str], ...] = ()
    addressed: tuple[str, ...] = ()
    accusations: tuple[tuple[str, str], ...] = ()
    in_names: tuple[str, ...] = ()
    complaints: tuple[str, ...] = ()


@dataclass(frozen=True)
class Policy:
    gates: GatePolicy
    negotiation: NegotiationPolicy
    remedy_tables: RemedyTables
    warnings: dict[str, CitedText]
    tone: TonePolicy
    letters: LetterPolicy
    urging: UrgingPolicy
    form: FormRules
    reviews: ReviewRules
    safety: SafetyRules
    steps: dict[str, tuple[str, ...]]
    conflicts: tuple[Conflict, ...] = ()
    moot: tuple[Moot, ...] = ()

    @property
    def remedies(self) -> dict[str, RemedyRule]:
        """The rules of remedies.yml and payouts.yml by id."""
        return self.remedy_tables.rules

    def source_ids(self) -> frozenset[str]:
        """Every source these tables cite."""
        groups = [tuple(self.gates.source_ids())]
        groups += [item.sources for item in (*self.negotiation.traps, *self.negotiation.counters)]
        groups += [item.sources for item in self.remedies.values()]
        groups += [item.sources for item in self.warnings.values()]
        groups += [item.sources for item in self.conflicts]
        groups += [self.negotiation.no_basis, *self.steps.values()]
        groups += [tuple(self.letters.source_ids()), self.urging.sources]
        groups += [tuple(table.source_ids()) for table in (self.form, self.reviews, self.safety)]
        return frozenset(source for group in groups for source in group)


def read_policy(overrides: Path | None) -> Policy:
    """gates.yml, negotiation.yml, remedies.yml, warnings.yml, tone.yml. Raises RulebookError."""

    def top(name: str) -> Reader:
        return read_mapping(yaml_file(name, overrides))

    return Policy(
        gates=read_gates(top("gates.yml")),
        negotiation=_negotiation(top("negotiation.yml")),
        remedy_tables=read_remedies(overrides),
        warnings={key: _cited(entry) for key, entry in top("warnings.yml").children()},
        tone=_tone(top("tone.yml")),
        letters=read_letter_policy(overrides),
        urging=read_urging(overrides),
        form=read_form(overrides),
        reviews=read_reviews(overrides),
        safety=read_safety(overrides),
        steps=_steps(top("steps.yml")),
        conflicts=tuple(_conflict(key, entry) for key, entry in top("conflicts.yml").children()),
        moot=read_moot(overrides),
    )


def _steps(top: Reader) -> dict[str, tuple[str, ...]]:
    """The sources of each next step, by the id before its colon."""
    return {key: top.texts(key) for key in top.raw_keys()}


def _conflict(key: str, entry: Reader) -> Conflict:
    types, platforms = entry.texts("types"), entry.texts("platforms")
    told = _cited(entry)
    return Conflict(key, types, platforms, told.text, told.sources)


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
        traps=_counters(top, "traps"),
        counters=_counters(top, "counters"),
        urgent_hours=_count(top, "urgent_hours"),
        not_urgent=top.texts("not_urgent"),
        offer_cues=_source_map(top, "offer_cues"),
    )


def _counters(top: Reader, key: str) -> tuple[CounterArgument, ...]:
    return tuple(
        CounterArgument(i.text("says"), i.texts("cues"), i.text("reply"), i.texts("sources"))
        for i in top.items(key)
    )


def _tone(top: Reader) -> TonePolicy:
    def pairs(key: str) -> tuple[tuple[str, str], ...]:
        return tuple(top.text_map(key).items())

    policy = TonePolicy(
        threats=top.texts("threats"),
        insults=pairs("insults"),
        keep=top.texts("keep"),
        if_led=top.texts("if_led"),
        leads=top.texts("leads"),
        conditions=top.texts("conditions"),
        people=pairs("people"),
        addressed=top.texts("addressed"),
        accusations=pairs("accusations"),
        in_names=top.texts("in_names"),
        complaints=top.texts("complaints"),
    )
    top.done()
    return policy
