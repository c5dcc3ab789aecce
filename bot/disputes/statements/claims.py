"""What is asked of an authority or a court: each claim with its sum and how it is computed.

The buyer's own demand comes first; then remedies every precondition of which is confirmed. Remedies that punish the
same conduct are not added up, overlapping losses are counted once.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from bot.disputes.cards import CitedText
from bot.disputes.findings import Remedy
from bot.disputes.letters import AMOUNT_DEMANDS, DEMANDS, blank, citable_law, citations, one_line
from bot.disputes.remedies import remedies_of
from bot.disputes.situation import Situation

Channel = Literal["mediation", "court"]
DEMANDED = ("R-01", "R-02")
"""Remedies that the demand itself already asks for."""
DEPOSIT = "R-07"


@dataclass(frozen=True)
class Claim:
    """One claim in words; `amount` in yuan, None when it is not money or not known."""

    text: str
    amount: Decimal | None
    sources: tuple[str, ...]


def claims_of(case: Situation, channel: Channel) -> tuple[Claim, ...]:
    """The demand, and the remedies this channel can grant whose preconditions are all confirmed."""
    granted = [one for one in remedies_of(case) if channel in one.channels and one.available is True]
    money = [one for one in granted if one.amount is not None and one.amount > 0 and one.id not in DEMANDED]
    policy = case.book.policy.letters
    kept = _largest(_largest(money, policy.one_of), policy.overlap)
    deposit = next((one for one in kept if one.id == DEPOSIT), None)
    told = (deposit is not None and _is_the_deposit(case, deposit)) or (
        bool(kept) and case.facts.demand == "compensation"
    )
    first = () if told else (_demanded(case),)
    return (*first, *(_claim(case, one) for one in kept))


def claim_basis(case: Situation, claims: Iterable[Claim]) -> tuple[str, ...]:
    """The citations of a complaint or pleading: the law of the largest further claim, then that of the card."""
    limit = case.book.policy.letters.citations
    further = max(claims, key=lambda one: (bool(one.sources), one.amount or Decimal(0)), default=None)
    laws = [s for s in (further.sources if further else ()) if citable_law(case, s)]
    return tuple(dict.fromkeys([*laws[:1], *citations(case, limit, laws_only=True)]))[:limit]


def open_remedies(case: Situation, channel: Channel) -> tuple[CitedText, ...]:
    """What cannot be claimed yet, and which conditions are still to be confirmed. Never shown as an amount."""
    policy = case.book.policy.letters
    lead = policy.notes["open_remedy"].text
    found = []
    for one in remedies_of(case):
        if channel not in one.channels or one.available is not None or one.id not in policy.one_of:
            continue
        missing = "、".join(item.text_zh for item in one.preconditions if item.holds is None)
        if missing:
            found.append(CitedText(f"{one.name_zh}：{lead}{missing}", one.sources))
    return tuple(found)


def total(claims: Iterable[Claim]) -> Decimal | None:
    """The sum of all claims in yuan; None when one of them has no sum."""
    amounts = [one.amount for one in claims]
    known = [amount for amount in amounts if amount is not None]
    return sum(known, Decimal(0)) if known and len(known) == len(amounts) else None


def _largest(remedies: list[Remedy], group: tuple[str, ...]) -> list[Remedy]:
    """Of the remedies of a group only the largest, in the old order."""
    inside = [one for one in remedies if one.id in group]
    best = max(inside, key=lambda one: one.amount or Decimal(0), default=None)
    return [one for one in remedies if one.id not in group or one is best]


def _is_the_deposit(case: Situation, deposit: Remedy) -> bool:
    """The money demanded back is the deposit, which that remedy already returns."""
    paid, earnest = case.facts.amount, case.facts.deposit_amount
    return paid is not None and earnest is not None and paid <= earnest and deposit.amount is not None


def _demanded(case: Situation) -> Claim:
    demand, amount = case.facts.demand, case.facts.amount
    if demand is None:
        return Claim(blank("具体请求"), None, ())
    if demand not in AMOUNT_DEMANDS:
        return Claim(DEMANDS[demand], None, ())
    returning = "，商品同时退回" if demand == "return_refund" else ""
    if amount is None:
        return Claim(f"退还货款{blank('实付金额')}{returning}", None, ())
    return Claim(f"退还货款 {amount} 元（计算：订单实付金额）{returning}", amount, ())


def _claim(case: Situation, remedy: Remedy) -> Claim:
    words = case.book.policy.letters.claims.get(remedy.id, remedy.name_zh)
    text = f"{words} {remedy.amount} 元（计算：{one_line(remedy.formula_zh)}）"
    return Claim(text, remedy.amount, remedy.sources)
