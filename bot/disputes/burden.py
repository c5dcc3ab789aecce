"""Who has to show something next (举证责任): the shared rows that fit, then the card's, and whose turn it is."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime

from bot.disputes import counting
from bot.disputes.cards import BurdenRow, DisputeType
from bot.disputes.conditions import holds, merchant_words
from bot.disputes.confirmation import burden_branch
from bot.disputes.cues import claims_to_hold, says
from bot.disputes.findings import Burden, EvidenceReport
from bot.disputes.procedure import BurdenRule
from bot.disputes.situation import Situation

SIX_MONTHS = "L-06"
OWN_SIGNATURE = ("self", "authorised", "placed")
"""Signed for as the rules want it: by the buyer, by somebody they asked, or left where they said (平台规则 36)."""


def burden_of(case: Situation, report: EvidenceReport) -> Burden:
    """The next one to prove.

    Main type first: a row of burden.yml whose condition holds, else the card's row for this side of 确认收货. A buyer
    who already holds every necessary piece of the card has had their turn: then it is the seller's.
    """
    card = case.cards[0]
    row = next((row for row in case.book.procedure.burden.rows if _fits(row, card.code, case)), None)
    if row is not None:
        return _of_row(case, row)
    found = _card_row(case, card)
    if found is None:
        return _of_row(case, case.book.procedure.burden.fallback)
    if found.who == "buyer" and found.when == "any" and not report.missing_must and card.seller_must_show:
        showing = card.seller_must_show[0]
        if_not = showing.if_not or found.if_not
        return Burden("seller", showing.what, if_not, case.applicable(showing.sources or found.sources))
    return Burden(found.who, found.must_show, found.if_not, case.applicable(found.sources))


def seller_proved(case: Situation) -> bool:
    """Does the merchant claim to hold papers of origin or quality? A bare no, or asking for the buyer's, is none."""
    return claims_to_hold(merchant_words(case), case.book.procedure.burden.proof_cues)


def durable_within_six_months(case: Situation) -> bool:
    """消费者权益保护法 23(3): durable goods and decoration, the defect found within six months of receiving them.

    The day of shipping or payment stands in for an unknown day of receipt: whoever is in time from there is in time.
    """
    facts = case.facts
    length = case.book.windows[SIX_MONTHS].length
    if facts.category not in case.book.procedure.burden.durable_categories or length is None:
        return False
    received = facts.installed_at if facts.category == "decoration" else None
    start = received or facts.signed_at or facts.shipped_at or facts.paid_at
    return start is not None and _found(case) < counting.statutory(start, length, False).at


def _found(case: Situation) -> datetime:
    """When the defect was found, or the first moment it must have been known."""
    facts = case.facts
    if facts.found_at is not None:
        return facts.found_at
    told = [moment for moment in (facts.contacted_at, facts.refund_requested_at) if moment is not None]
    return min([*told, case.now])


def _signed(case: Situation) -> bool:
    if case.facts.signed_by is not None:
        return case.facts.signed_by in OWN_SIGNATURE
    return claims_to_hold(merchant_words(case), case.book.procedure.burden.sign_cues)


def _hidden(case: Situation) -> bool:
    cues = case.book.procedure.burden.hidden_cues
    return case.any_type(("quality_hidden",)) or says(case.facts.problem or "", cues)


def _agreed(case: Situation) -> bool:
    stepped_in = case.view.opened_at is not None or case.facts.intervention_accepted_at is not None
    return not stepped_in and (case.stance == "agree" or case.facts.agreed_at is not None)


FLAGS: dict[str, Callable[[Situation], bool]] = {
    "durable": durable_within_six_months,
    "seller_proved": seller_proved,
    "signed": _signed,
    "hidden": _hidden,
    "agreed": _agreed,
}


def _fits(row: BurdenRule, main: str, case: Situation) -> bool:
    return (not row.types or main in row.types) and holds(row.when, case, FLAGS)


def _of_row(case: Situation, row: BurdenRule) -> Burden:
    return Burden(row.who, row.must_show, row.if_not, case.applicable(row.sources), row.id, row.note)


def _card_row(case: Situation, card: DisputeType) -> BurdenRow | None:
    branch = burden_branch(case.facts)
    moments = {"any", "before_confirmation" if branch == "unknown" else f"{branch}_confirmation"}
    if seller_proved(case):
        moments.add("seller_answered")
    return next((row for row in card.burden if row.when in moments), None)
