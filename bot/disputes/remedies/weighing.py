"""One remedy for one case: its preconditions, then its figure. While one of them is open the figure is only what it
would come to if all of them held (`if_all_hold`): a buyer has to know what the questions are worth."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace

from bot.disputes.findings import Precondition, Remedy
from bot.disputes.remedies import basic, deposit, multiples, payouts
from bot.disputes.remedies.conditions import NO_GOODS, all_hold, condition, excluded, without_reason
from bot.disputes.remedies.money import Sum
from bot.disputes.remedy_rules import RemedyRule
from bot.disputes.situation import Situation

NOT_ANY_PLATFORM = "null"
EVERY_TYPE = "all"
PAYOUT = "P-"
FOR_THE_COURT = frozenset({"R-12"})
"""How much is for the court: while a condition is open not even the limit is named."""
PROMISES = frozenset({"R-06", "R-15"})
TOO_EARLY = "这条平台规则在您下单时已经施行（更早的订单以当时的规则页为准）"

FIGURES: dict[str, Callable[[Situation, RemedyRule], Sum]] = {
    "R-01": basic.refund, "R-01-seven_day": basic.refund, "R-01-minor": basic.refund, "R-02": basic.no_figure,
    "R-03": basic.freight, "R-04": basic.testing, "R-05": basic.loss, "R-07": deposit.double, "R-08": basic.loss,
    "R-11": multiples.triple, "R-12": multiples.up_to, "R-13": multiples.tenfold, "R-14": multiples.tenfold,
    "R-15": multiples.promised_times, "R-16": multiples.triple,
    "P-late": payouts.by_promise, "P-oos": payouts.by_promise, "P-fake": basic.no_figure,
    "P-damage": payouts.damage, "P-weight": payouts.weight, "P-mismatch": multiples.of_price,
    "P-material": multiples.of_price, "P-freight": payouts.return_freight, "P-jd-page": payouts.jd_page,
    "P-jd-gift": payouts.jd_gift, "P-jd-fresh": payouts.jd_fresh,
}  # fmt: skip
"""How each figure is made; R-06 also looks at the other remedies."""
OPEN_FIGURE = frozenset({"figures_known", "oos_tier", "fake_sum", "not_crab", "platform_sum"})
"""Preconditions that say the figure itself is not known: while one is open, no figure can be named at all."""


def asked(case: Situation, rule: RemedyRule) -> bool:
    """Is the remedy worth showing in this case: by its types, or because a fact of it has been given."""
    facts = case.facts
    if rule.platforms and (facts.platform or NOT_ANY_PLATFORM) not in rule.platforms:
        return False
    if rule.mark and facts.service_mark is not None:
        return facts.service_mark == rule.mark
    if EVERY_TYPE in rule.types:
        return not NO_GOODS.issuperset(case.view.types)
    if case.any_type(rule.types) or facts.demand in rule.demands:
        return True
    if facts.category in rule.categories and not without_reason(case):
        return True
    return any(facts.get(fact) is not None for fact in rule.facts)


def weigh(case: Situation, rule: RemedyRule, shown: bool) -> Remedy:
    """The remedy with every precondition and, once all of them hold, its figure."""
    return _weigh(case, rule, _preconditions(case, rule), FIGURES[rule.id], shown)


def weigh_promise(case: Situation, rule: RemedyRule, others: Mapping[str, Remedy], shown: bool) -> Remedy:
    """R-06, which is measured against the platform's own figures."""
    figure = basic.promised(case, rule, others)
    conditions = _preconditions(case, rule)
    if figure.amount is not None:
        conditions = [
            (name, replace(c, holds=True) if name == "platform_sum" else c) for name, c in conditions
        ]
    return _weigh(case, rule, conditions, lambda *_: figure, shown)


def _preconditions(case: Situation, rule: RemedyRule) -> list[tuple[str, Precondition]]:
    found = [(name, one) for name in rule.conditions if (one := condition(case, name)) is not None]
    if rule.id.startswith(PAYOUT) and not case.out_of_force.isdisjoint(rule.sources[:1]):
        found.append(("figures_known", Precondition(TOO_EARLY, None)))
    tables = case.book.policy.remedy_tables
    for name in rule.exceptions:
        one = excluded(case, tables.exceptions[name])
        found += [(name, one)] if one is not None else []
    return found


def _weigh(
    case: Situation,
    rule: RemedyRule,
    named: list[tuple[str, Precondition]],
    figure_of: Callable[[Situation, RemedyRule], Sum],
    shown: bool,
) -> Remedy:
    available = all_hold(one.holds for _, one in named)
    no_figure = available is False or any(name in OPEN_FIGURE and not one.holds for name, one in named)
    no_figure = no_figure or (rule.id in FOR_THE_COURT and not available)
    figure = Sum() if no_figure else figure_of(case, rule)
    tables = case.book.policy.remedy_tables
    exceptions = [tables.exceptions[name] for name in rule.exceptions]
    return Remedy(
        id=_public(rule.id),
        name_zh=rule.name,
        available=available,
        amount=figure.amount if available else None,
        formula_zh=rule.formula,
        preconditions=tuple(one for _, one in named),
        channels=basic.promise_channels(case, rule) if rule.id in PROMISES else rule.channels,
        sources=case.applicable(rule.sources),
        confidence=rule.confidence,
        total=figure.total if available else None,
        if_all_hold=figure.amount,
        total_if_all_hold=figure.total,
        floor=figure.floor,
        cap=figure.cap,
        working_zh=figure.working,
        form_zh=rule.form,
        exceptions_zh=tuple(one.text for one in exceptions),
        also_ask=_unknown(case, (*(one.fact for one in exceptions if one.ask), *rule.also_ask)),
        asked=shown,
    )


def _unknown(case: Situation, facts: Iterable[str | None]) -> tuple[str, ...]:
    return tuple(fact for fact in facts if fact is not None and case.facts.get(fact) is None)


def _public(key: str) -> str:
    """R-01-seven_day is R-01 by another road; P-jd-page is its own."""
    return key[:4] if key.startswith("R-") else key
