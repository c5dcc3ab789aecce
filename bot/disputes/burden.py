"""Who has to show something next (举证责任): the card's rows, most specific first, and whose turn it is."""

from __future__ import annotations

from bot.disputes.cards import BurdenRow, DisputeType
from bot.disputes.confirmation import burden_branch
from bot.disputes.findings import Burden, EvidenceReport
from bot.disputes.situation import Situation

FALLBACK_SOURCES = ("tb-9",)


def burden_of(case: Situation, report: EvidenceReport) -> Burden:
    """The next one to prove, by the card of the first type.

    A buyer who already holds every necessary piece has had their turn: then it is the seller's, unless the seller
    has answered with evidence.
    """
    card = case.cards[0]
    row = _row(case, card)
    if row is None:
        text = "说明问题的基本证据，例如订单、照片和与商家的聊天记录"
        return Burden(
            "buyer", text, "证据不足的，平台可能无法作出明确判断", case.applicable(FALLBACK_SOURCES)
        )
    if row.who == "buyer" and not case.seller_answered and not report.missing_must and card.seller_must_show:
        showing = card.seller_must_show[0]
        if_not = showing.if_not or row.if_not
        return Burden("seller", showing.what, if_not, case.applicable(showing.sources or row.sources))
    return Burden(row.who, row.must_show, row.if_not, case.applicable(row.sources))


def _row(case: Situation, card: DisputeType) -> BurdenRow | None:
    branch = burden_branch(case.facts)
    moments = {"any", "before_confirmation" if branch == "unknown" else f"{branch}_confirmation"}
    if case.seller_answered:
        moments.add("seller_answered")
    return next((row for row in card.burden if row.when in moments), None)
