"""Figures of the basic remedies (合同救济): refund, freight, testing, loss, what the seller promised."""

from __future__ import annotations

from collections.abc import Mapping
from decimal import Decimal

from bot.disputes.findings import Remedy
from bot.disputes.remedies.money import Sum, fen, yuan
from bot.disputes.remedy_rules import RemedyRule
from bot.disputes.situation import Situation

PLATFORM_PROMISES = ("taobao", "tmall", "jd")
"""Platforms with a rule of their own on what a seller promised (平台规则 15, 京东总则 47)."""
STANDARDS = ("P-late", "P-oos", "P-fake")
JD_STANDARDS = ("P-jd-page", "P-jd-gift")


def refund(case: Situation, rule: RemedyRule) -> Sum:
    """R-01: the price that was paid."""
    return _exactly(case.facts.amount)


def no_figure(case: Situation, rule: RemedyRule) -> Sum:
    """Remedies without a sum, or with one that only the page or the parties can name."""
    return Sum()


def freight(case: Situation, rule: RemedyRule) -> Sum:
    """R-03: what was paid for the way there and back."""
    return _exactly(case.facts.freight_paid)


def testing(case: Situation, rule: RemedyRule) -> Sum:
    """R-04: what the test cost."""
    return _exactly(case.facts.testing_paid)


def loss(case: Situation, rule: RemedyRule) -> Sum:
    """R-05, R-08: the loss that was shown, never a share of the price."""
    return _exactly(case.facts.loss_amount)


def promised(case: Situation, rule: RemedyRule, others: Mapping[str, Remedy]) -> Sum:
    """R-06: on Taobao the higher of promise and platform standard, on JD the platform's own figure."""
    own = case.facts.promised_compensation
    if case.facts.platform == "jd":
        found = _amounts(others, JD_STANDARDS)
        sum_of_jd = max(found, default=None)
        return Sum(sum_of_jd, working="按京东规则的数额；承诺更高的部分要和商家协商" if found else "")
    if own is None:
        return Sum()
    standard = max(_amounts(others, STANDARDS), default=None)
    if standard is None:
        return Sum(fen(own), working=f"承诺{yuan(own)}；平台另有更高标准的按更高的")
    return Sum(fen(max(own, standard)), working=f"承诺{yuan(own)}，平台标准{yuan(standard)}，按高的")


def promise_channels(case: Situation, rule: RemedyRule) -> tuple[str, ...]:
    """Elsewhere no platform rule on promises is known: the promise binds as part of the contract."""
    if case.facts.platform in (*PLATFORM_PROMISES, None):
        return rule.channels
    return tuple(channel for channel in rule.channels if channel != "platform")


def _exactly(value: Decimal | None) -> Sum:
    return Sum() if value is None else Sum(fen(value))


def _amounts(others: Mapping[str, Remedy], ids: tuple[str, ...]) -> list[Decimal]:
    found = (others[one].amount for one in ids if one in others)
    return [amount for amount in found if amount is not None]
