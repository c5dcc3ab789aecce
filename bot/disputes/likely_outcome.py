"""What going on would most likely lead to, and what it costs: outcome by the rules, freight, time, evidence, dates.

The outcome is what the rules say follows from the remedies and from whose turn it is to prove; never a probability.
"""

from __future__ import annotations

import math
from dataclasses import dataclass
from decimal import Decimal

from bot.disputes.burden import burden_of
from bot.disputes.findings import Deadline, EvidenceReport, Remedy
from bot.disputes.letters import AMOUNT_DEMANDS, SELLER_PAYS_FREIGHT, one_line
from bot.disputes.remedies import remedies_of
from bot.disputes.situation import Situation
from bot.disputes.windows import deadlines_of

SENT_BACK = ("return_refund", "exchange", "repair")
PAYS = ("R-06", "R-15", "R-02")
"""Sums a platform may grant besides the price: promises kept, a reduction; ids beginning with P- are its own payouts."""
PROOF, RULING = "T-14", "T-16"


@dataclass(frozen=True)
class Likely:
    """What the rules most likely give at the platform; `amount` in yuan, None = the rules leave it open."""

    amount: Decimal | None
    text_zh: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Cost:
    """What going on costs: freight, time (`days` None = the platform names none), ★ evidence still missing."""

    freight_zh: str
    time_zh: str
    days: int | None
    missing: tuple[str, ...]
    sources: tuple[str, ...]


def likely_of(case: Situation, report: EvidenceReport) -> Likely:
    """What the platform's rules most likely lead to, from the remedies and from whose turn it is to prove."""
    remedies = {one.id: one for one in remedies_of(case)}
    if case.facts.demand in AMOUNT_DEMANDS:
        return _likely_refund(case, report, remedies)
    paid = [one for one in remedies.values() if _granted(one) and (one.id in PAYS or one.id.startswith("P-"))]
    best = max(paid, key=lambda one: one.amount or Decimal(0), default=None)
    if best is not None and case.facts.demand in ("compensation", "price_difference"):
        return Likely(best.amount, f"按规则可以主张{best.name_zh} {best.amount} 元", best.sources)
    return _open(case, report)


def _likely_refund(case: Situation, report: EvidenceReport, remedies: dict[str, Remedy]) -> Likely:
    refund, amount = remedies.get("R-01"), case.facts.amount
    if refund is not None and refund.available is False:
        failed = next((item.text_zh for item in refund.preconditions if item.holds is False), "")
        why = (
            f"按规则，目前的情况一般不支持退款（不符合：{failed}）"
            if failed
            else "按规则，目前的情况一般不支持退款"
        )
        return Likely(Decimal(0), why, refund.sources)
    if refund is not None and _granted(refund) and refund.amount is not None:
        freight = remedies.get("R-03")
        extra = freight.amount if freight is not None and _granted(freight) and freight.amount else Decimal(0)
        with_freight = f"，另有运费 {extra} 元" if extra else ""
        text = f"退款的条件都已具备，按规则一般是退款 {refund.amount} 元{with_freight}"
        return Likely(refund.amount + extra, text, refund.sources)
    burden = burden_of(case, report)
    if burden.who == "seller" and not report.missing_must and amount is not None:
        text = f"必要证据已经齐了，接下来要由商家证明：{one_line(burden.must_show_zh)}；证明不了的，{one_line(burden.if_not_zh)}"
        return Likely(amount, text, burden.sources)
    return _open(case, report)


def _open(case: Situation, report: EvidenceReport) -> Likely:
    missing = "、".join(item.name_zh for item in report.missing_must)
    if missing:
        return Likely(None, f"必要证据还差：{missing}，平台可能无法判断", case.applicable(("seed0-04",)))
    burden = burden_of(case, report)
    who = "商家" if burden.who == "seller" else "您"
    text = f"结果要看{who}能不能拿出：{one_line(burden.must_show_zh)}"
    return Likely(None, text, burden.sources)


def _granted(remedy: Remedy) -> bool:
    return remedy.available is True and remedy.amount is not None and "platform" in remedy.channels


def urgent_deadline(case: Situation) -> Deadline | None:
    """The first date by which the buyer has to act, when it is nearer than the configured hours."""
    policy = case.book.policy.negotiation
    for item in deadlines_of(case):
        if item.who != "buyer" or item.sense != "until" or item.due is None or item.passed:
            continue
        if item.id not in policy.not_urgent:
            hours = (item.due - case.now).total_seconds() / 3600
            return item if hours <= policy.urgent_hours else None
    return None


def cost_of(case: Situation, report: EvidenceReport) -> Cost:
    sources: list[str] = []
    freight = ""
    if case.facts.demand in SENT_BACK:
        at_fault = any(card.family in SELLER_PAYS_FREIGHT for card in case.cards)
        freight = "退货运费按规则由商家承担，先垫付的请留好凭证" if at_fault else "退货运费可能要您承担"
        sources += case.applicable(("tb-49", "xf-24") if at_fault else ("qt-18", "tb-49"))
    days, time_zh = _time(case)
    sources += ["cfg-T-14", "cfg-T-16"] if days is not None else []
    missing = tuple(item.name_zh for item in report.missing_must)
    return Cost(freight, time_zh, days, missing, tuple(dict.fromkeys(sources)))


def _time(case: Situation) -> tuple[int | None, str]:
    """How long the platform usually takes: proof and decision. Known for Taobao and Tmall only, and only roughly."""
    if not case.on_taobao:
        return None, ""
    proof, ruling = (case.book.windows[key].length for key in (PROOF, RULING))
    if proof is None or ruling is None:
        return None, ""
    text = f"双方举证约 {proof.amount} 天，之后判定约 {ruling.amount} 个工作日（参考，以页面为准）"
    return proof.amount + math.ceil(ruling.amount * 7 / 5), text
