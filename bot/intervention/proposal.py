"""What to make of a mediation proposal (调解方案): the sum against the demand. Advice; the buyer decides."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

from bot.disputes.evidence import evidence_report
from bot.disputes.letters import AMOUNT_DEMANDS
from bot.disputes.model import CaseView
from bot.disputes.negotiation import offer_worth
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import Situation


def weigh(view: CaseView, text: str, amount: Decimal | None, now: datetime, rulebook: Rulebook) -> str:
    """Compare a proposal with what the buyer wants, in plain sentences without a verdict.

    Args:
        text: the proposal in the desk's words: a coupon in it counts for less than money.
        amount: what it comes to in yuan; None when it is not about money.
    """
    case = Situation(view, now, rulebook)
    wanted = view.facts.amount if view.facts.demand in AMOUNT_DEMANDS else None
    if amount is None or wanted is None:
        return "这个方案和您的诉求不好直接比金额，请看内容合不合您的意。"
    worth = offer_worth(amount, text, rulebook)
    shown = f"{worth:.2f} 元" + ("（券类按折算）" if worth != amount else "")
    gap = wanted - worth
    if gap <= 0:
        return f"方案折合 {shown}，达到了您要求的 {wanted:.2f} 元，可以接受。"
    advice = f"方案折合 {shown}，比您要求的 {wanted:.2f} 元少 {gap:.2f} 元。"
    if gap < rulebook.policy.negotiation.small_sum:
        return advice + "差额不大，接受或坚持都合理。"
    missing = [item.name_zh for item in evidence_report(case).missing_must]
    if missing:
        return advice + f"必要证据还差：{'、'.join(missing)}，坚持的话最好先补上。"
    return advice + "必要证据已经齐了，可以坚持由平台判决；判决结果可能更好，也可能更差。"
