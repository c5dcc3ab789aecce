"""The tables of remedies as typed rules: what each one needs, how its figure is made, what excludes it.

Data says which preconditions and exceptions a remedy has and the figures of its formula; how a figure is computed and
the few preconditions that depend on more than one fact are code (`bot/disputes/remedies/`).
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal, InvalidOperation
from pathlib import Path

from bot.disputes.catalogue import CONFIDENCES
from bot.disputes.facts import fact_kinds
from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file
from bot.disputes.model import Confidence

CHANNELS = ("platform", "mediation", "court")


@dataclass(frozen=True)
class ConditionRule:
    """One precondition as data. Without `fact` it is computed under its name.

    A yes/no fact holds when it equals `wants`. A choice holds for a value in `yes`, fails for one in `no` (for every
    other one when `no` is empty), and is open for the rest. `known` = it is enough that the fact is given.
    """

    id: str
    text: str
    fact: str | None
    wants: bool
    yes: tuple[str, ...]
    no: tuple[str, ...]
    known: bool


@dataclass(frozen=True)
class ExceptionRule:
    """What excludes a remedy (除外). It is the other side's to raise: unknown, it is asked but does not block.

    `fact` settles it (true, or a value in `when`); `positive` is said as a precondition once the fact is known.
    `words` in the buyer's account make it block while unknown. Without `fact` it is only told; `ask` False = the fact
    counts once it is given, but is not worth a question.
    """

    id: str
    text: str
    positive: str
    fact: str | None
    when: tuple[str, ...]
    words: tuple[str, ...]
    ask: bool


@dataclass(frozen=True)
class RemedyRule:
    """One remedy. It is worth showing for one of `types`, a known fact of `facts`, a `demand` or a category.

    `also_ask` = facts that change the figure without being a precondition.
    """

    id: str
    name: str
    formula: str
    types: tuple[str, ...]
    facts: tuple[str, ...]
    demands: tuple[str, ...]
    categories: tuple[str, ...]
    platforms: tuple[str, ...]
    mark: str | None
    conditions: tuple[str, ...]
    exceptions: tuple[str, ...]
    also_ask: tuple[str, ...]
    figures: dict[str, Decimal]
    form: str
    channels: tuple[str, ...]
    sources: tuple[str, ...]
    confidence: Confidence


@dataclass(frozen=True)
class RemedyTables:
    """remedies.yml, payouts.yml, remedy_conditions.yml. `either_or` = groups of which only one can be had."""

    rules: dict[str, RemedyRule]
    conditions: dict[str, ConditionRule]
    exceptions: dict[str, ExceptionRule]
    either_or: tuple[tuple[str, ...], ...]


def read_remedies(overrides: Path | None) -> RemedyTables:
    """remedies.yml, payouts.yml and remedy_conditions.yml, checked. Raises RulebookError naming file and key."""
    files = [read_mapping(yaml_file(name, overrides)) for name in ("remedies.yml", "payouts.yml")]
    parts = read_mapping(yaml_file("remedy_conditions.yml", overrides))
    tables = RemedyTables(
        rules={key: _remedy(key, entry) for file in files for key, entry in file.children()},
        conditions={key: _condition(key, entry) for key, entry in _entries(parts, "conditions")},
        exceptions={key: _exception(key, entry) for key, entry in _entries(parts, "exceptions")},
        either_or=tuple(group.texts("one_of") for group in parts.items("either_or")),
    )
    parts.done()
    _check(tables)
    return tables


def _entries(top: Reader, key: str) -> Iterable[tuple[str, Reader]]:
    table = top.child(key)
    if table is None:
        raise RulebookError(f"{top.where}.{key}", "is required")
    return table.children()


def _check(tables: RemedyTables) -> None:
    facts = fact_kinds()
    parts: list[ConditionRule | ExceptionRule] = [*tables.conditions.values(), *tables.exceptions.values()]
    for part in parts:
        _refuse_unknown(f"remedy_conditions.yml.{part.id}.fact", [part.fact] if part.fact else [], facts)
    for rule in tables.rules.values():
        where = f"remedies.yml.{rule.id}"
        _refuse_unknown(f"{where}.facts", (*rule.facts, *rule.also_ask), facts)
        _refuse_unknown(f"{where}.conditions", rule.conditions, tables.conditions)
        _refuse_unknown(f"{where}.exceptions", rule.exceptions, tables.exceptions)
    for group in tables.either_or:
        _refuse_unknown("remedy_conditions.yml.either_or", group, tables.rules)


def _refuse_unknown(where: str, names: Iterable[str], known: Iterable[str]) -> None:
    unknown = sorted(set(names) - set(known))
    if unknown:
        raise RulebookError(where, f"unknown {', '.join(unknown)}")


def _condition(key: str, entry: Reader) -> ConditionRule:
    rule = ConditionRule(
        id=key,
        text=entry.text("text"),
        fact=entry.opt_text("fact"),
        wants=entry.flag("wants", default=True),
        yes=entry.texts("yes"),
        no=entry.texts("no"),
        known=entry.flag("known"),
    )
    entry.done()
    return rule


def _exception(key: str, entry: Reader) -> ExceptionRule:
    fact = entry.opt_text("fact")
    rule = ExceptionRule(
        id=key,
        text=entry.text("text"),
        positive=entry.text("positive") if fact else "",
        fact=fact,
        when=entry.texts("when"),
        words=entry.texts("words"),
        ask=entry.flag("ask", default=True),
    )
    entry.done()
    return rule


def _remedy(key: str, entry: Reader) -> RemedyRule:
    channels = entry.texts("channels")
    if not channels or set(channels) - set(CHANNELS):
        raise RulebookError(f"{entry.where}.channels", f"each must be one of {', '.join(CHANNELS)}")
    sources = entry.texts("sources")
    if not sources:
        raise RulebookError(f"{entry.where}.sources", "a remedy needs a source")
    figures = {name: _figure(entry, name, text) for name, text in entry.text_map("figures").items()}
    rule = RemedyRule(
        id=key,
        name=entry.text("name"),
        formula=_filled(entry, entry.text("formula"), figures),
        types=entry.texts("types"),
        facts=entry.texts("facts"),
        demands=entry.texts("demands"),
        categories=entry.texts("categories"),
        platforms=entry.texts("platforms"),
        mark=entry.opt_text("mark"),
        conditions=entry.texts("conditions"),
        exceptions=entry.texts("exceptions"),
        also_ask=entry.texts("also_ask"),
        figures=figures,
        form=entry.opt_text("form") or "现金",
        channels=channels,
        sources=sources,
        confidence=entry.one_of("confidence", CONFIDENCES),  # type: ignore[arg-type]
    )
    entry.done()
    return rule


def _figure(entry: Reader, name: str, text: str) -> Decimal:
    try:
        value = Decimal(text)
    except InvalidOperation:
        raise RulebookError(f"{entry.where}.figures.{name}", f"not a number: {text}") from None
    if not value.is_finite() or value < 0:
        raise RulebookError(f"{entry.where}.figures.{name}", "needs a number, zero or more")
    return value


def _filled(entry: Reader, formula: str, figures: dict[str, Decimal]) -> str:
    """`{name}` in a formula is its figure, so that an operator changes it in one place."""
    try:
        return formula.format(**figures)
    except (KeyError, IndexError, ValueError) as error:
        raise RulebookError(f"{entry.where}.formula", f"names no figure of this remedy: {error}") from None
