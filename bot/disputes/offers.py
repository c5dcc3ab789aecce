"""Weighing a merchant's offer (方案评估): what it is worth against the demand and against what the rules most likely give.

Never a probability and never a promise: the likely outcome is what the rules say follows, or unknown. The decision
stays the buyer's, most of all where little money is at stake.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Literal

from bot.disputes.cards import CounterArgument
from bot.disputes.evidence import evidence_report
from bot.disputes.findings import Deadline
from bot.disputes.letters import AMOUNT_DEMANDS, SELLER_PAYS_FREIGHT
from bot.disputes.likely_outcome import SENT_BACK, Cost, Likely, cost_of, likely_of, urgent_deadline
from bot.disputes.model import CaseView, MerchantReply
from bot.disputes.offer_reading import PERFORMANCES, OfferValue, read_offer
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import Situation

OfferAdvice = Literal["accept", "counter", "intervene", "refuse_and_warn"]
# The freight of both ways, or anything else: not the buyer's by the rules of a return without reason.
_TAKEN_OFF = re.compile("来回|双程|往返|首重|发货(?:的)?(?:运|邮)费|扣|折旧|手续费|倒贴")
GOODS = {"exchange": "换货", "repair": "维修", "reship": "补寄"}


@dataclass(frozen=True)
class OfferReport:
    """The offer weighed. Sums in yuan; `gap` = what it falls short of the demand by, None when not comparable;
    `needs` = facts that would make it comparable; `urgent` = a date of the buyer's that is too near to wait."""

    advice: OfferAdvice
    why_zh: str
    value: OfferValue
    demand_value: Decimal | None
    gap: Decimal | None
    likely: Likely
    cost: Cost
    small: bool
    urgent: Deadline | None
    needs: tuple[str, ...]
    sources: tuple[str, ...]


def evaluate_offer(view: CaseView, reply: MerchantReply, now: datetime, rulebook: Rulebook) -> OfferReport:
    """Accept, counter, intervene, or refuse a condition. `reply` counts once, recorded as a round or not."""
    case = Situation(view, now, rulebook)
    return weigh_offer(case, reply)


def weigh_offer(case: Situation, reply: MerchantReply) -> OfferReport:
    """`evaluate_offer` for a case already read."""
    value = read_offer(reply.offer, reply.text, case.facts.amount, case.book.policy.negotiation)
    report = evidence_report(case)
    likely, cost, urgent = likely_of(case, report), cost_of(case, report), urgent_deadline(case)
    wanted = demand_value(case, likely)
    gap = None if wanted is None or not _in_money(case, value) else max(Decimal(0), wanted - value.worth)
    small = gap is not None and gap < case.book.policy.negotiation.small_sum
    advice, why = _decide(_Weighed(case, reply, value, gap, small, likely, cost, urgent))
    cited = case.applicable(("seed0-13", "xf-24"))
    trap = trap_in(case, reply)
    if trap is not None:
        cited = case.applicable(trap.sources)
    sources = dict.fromkeys((*cited, *likely.sources, *cost.sources, *(urgent.sources if urgent else ())))
    return OfferReport(
        advice,
        why,
        value,
        wanted,
        gap,
        likely,
        cost,
        small,
        urgent,
        () if advice == "accept" else _needs(case, gap),
        tuple(sources),
    )


def demand_value(case: Situation, likely: Likely) -> Decimal | None:
    """What the demand comes to in yuan; None when it is not money or nobody knows how much."""
    facts = case.facts
    if facts.demand in AMOUNT_DEMANDS:
        return facts.amount
    if facts.demand == "compensation":
        return facts.promised_compensation or likely.amount
    return likely.amount if facts.demand == "price_difference" else None


def trap_in(case: Situation, reply: MerchantReply) -> CounterArgument | None:
    """A condition that must be refused whatever comes with it: confirm first, a good review, off the platform."""
    traps = case.book.policy.negotiation.traps
    found = best_match(traps, reply.text)
    if found is None and reply.stance == "bribe_review":
        found = next((trap for trap in traps if "wj-14" in trap.sources), None)
    if found is None and reply.stance == "off_platform":
        found = next((trap for trap in traps if "fz-off-platform" in trap.sources), None)
    return found


def best_match(arguments: tuple[CounterArgument, ...], text: str) -> CounterArgument | None:
    """The argument with the most, and then the longest, cues in the text."""
    scored = [(sum(len(cue) for cue in item.cues if cue in text), -no) for no, item in enumerate(arguments)]
    best = max(scored, default=(0, 0))
    return arguments[-best[1]] if best[0] else None


def times(case: Situation, reply: MerchantReply, stances: tuple[str, ...]) -> int:
    """How often the merchant has answered this way, this answer included once."""
    answers = list(case.replies)
    if answers and (answers[-1].theirs or "") == reply.text:
        answers.pop()
    earlier = sum(1 for item in answers if item.stance in stances)
    return earlier + (1 if reply.stance in stances else 0)


def hurry(urgent: Deadline, now: datetime) -> str:
    """Why not to wait any longer, with the hours that are left."""
    left = 0 if urgent.due is None else int((urgent.due - now).total_seconds() // 3600)
    return (
        f"“{urgent.name_zh}”到 {urgent.due_zh} 为止，只剩 {left} 小时左右，不要再等商家：先在订单里提交退款或售后申请，"
        "商家不处理就申请平台介入"
    )


@dataclass(frozen=True)
class _Weighed:
    case: Situation
    reply: MerchantReply
    value: OfferValue
    gap: Decimal | None
    small: bool
    likely: Likely
    cost: Cost
    urgent: Deadline | None


def _decide(one: _Weighed) -> tuple[OfferAdvice, str]:
    trap = trap_in(one.case, one.reply)
    if trap is not None:
        return "refuse_and_warn", f"对方{trap.says}，这会带来风险，请不要照做，并保存聊天记录"
    if _freight_against_rules(one):
        return _go_on(one, "方案要您承担退货运费，而商家有责任的退货，运费应由商家承担")
    accepted = _good_enough(one)
    if accepted:
        return "accept", accepted
    return _go_on(one, _shortcoming(one))


def _good_enough(one: _Weighed) -> str:
    """Why the offer can be taken; empty when it cannot."""
    demand, value, likely = one.case.facts.demand, one.value, one.likely
    if demand in PERFORMANCES and value.performance == demand:
        return f"商家同意{GOODS[demand]}，和您的诉求一致，可以接受；请在订单内处理，并写明时间和运费由谁承担"
    if value.whole and demand in AMOUNT_DEMANDS:
        return _met(one)
    if one.gap is not None and one.gap == 0 and value.stated:
        return _met(one)
    rules_met = likely.amount is not None and value.worth >= max(likely.amount, Decimal("0.01"))
    if rules_met and value.performance is None and demand is not None:
        return f"商家的方案折合 {value.worth} 元，不低于按规则一般能支持的 {likely.amount} 元（{likely.text_zh}），可以考虑接受"
    if _no_more_than_the_rules_ask(one):
        return (
            "商家同意退货，七天无理由退货寄回的运费按规则一般由买家承担（另有约定、有运费险的除外），这和规则一致，可以接受；"
            "请在订单内申请退货，寄出前拍照，留好快递单号和运费凭证"
        )
    if one.reply.stance == "agree" and not value.stated and value.performance in (None, demand):
        return "商家同意了您的诉求。请让对方在订单内操作，并在聊天里写明时间和运费由谁承担；没有兑现时仍可以申请介入"
    return ""


def _met(one: _Weighed) -> str:
    wanted = demand_value(one.case, one.likely)
    kept = "，商品也不用退回" if one.value.keeps_goods else ""
    if wanted is not None and one.value.worth > wanted:
        return f"商家的方案折合 {one.value.worth} 元，高于您的诉求{kept}，可以接受；请在订单内原路退款，不要先付任何钱"
    return f"商家的方案已经达到您的诉求{kept}，可以接受；请在订单内处理并留下记录"


def _go_on(one: _Weighed, why: str) -> tuple[OfferAdvice, str]:
    """Counter, or ask the platform in: twice partly offered, or no time left."""
    policy = one.case.book.policy.negotiation
    if one.likely.amount is not None:
        why += f"；{one.likely.text_zh}"
    if one.small:
        why += "，差额不大，继续谈需要花时间，接受或坚持都合理"
    elif one.cost.missing:
        when = "请尽快补交" if one.case.view.opened_at else "申请介入前最好先补上"
        why += f"；必要证据还不齐，{when}"
    if one.case.view.opened_at is not None:  # nobody needs to be asked in who is at work already
        return "counter", f"{why}。介入还在进行，接不接受由您决定"
    if one.urgent is not None:
        return "intervene", f"{why}。{hurry(one.urgent, one.case.now)}；是否接受由您决定"
    partials = times(one.case, one.reply, ("partial",))
    if partials >= policy.refusals_before_intervention and not one.small:
        cost = f"，{one.cost.time_zh}" if one.cost.time_zh else ""
        return (
            "intervene",
            f"{why}。已经谈了 {partials} 次仍有差距，可以申请平台介入{cost}，也可以继续谈，由您决定",
        )
    return "counter", f"{why}。可以先还价，是否接受由您决定"


def _shortcoming(one: _Weighed) -> str:
    value, policy, facts = one.value, one.case.book.policy.negotiation, one.case.facts
    as_coupon = f"（券类按 {policy.coupon_percent}% 折算）" if value.coupon else ""
    kept = "，商品可以留下，折价合不合适由您判断" if value.keeps_goods else ""
    if value.performance is not None and value.performance != facts.demand:
        extra = f"，另给折合 {value.worth} 元{as_coupon}" if value.stated else ""
        return f"商家提出的是{GOODS[value.performance]}{extra}，和您的诉求不是同一种方式"
    if not value.stated:
        return "商家只同意了一部分，与您的诉求还有差距"
    if one.gap is not None:
        return f"商家的方案折合 {value.worth} 元{as_coupon}，比您的诉求少 {one.gap} 元{kept}"
    if facts.demand in AMOUNT_DEMANDS:
        return f"商家的方案折合 {value.worth} 元{as_coupon}，还不知道您实付多少，补上金额才能比较{kept}"
    if facts.demand in ("compensation", "price_difference"):
        return f"商家提出的方案折合 {value.worth} 元{as_coupon}，您的诉求还没有明确金额，请看是否满意"
    return f"商家提出的方案折合 {value.worth} 元{as_coupon}，和您的诉求不是同一种方式，请看是否满意"


def _in_money(case: Situation, value: OfferValue) -> bool:
    """Whether offer and demand can be compared in yuan."""
    return value.performance is None and (value.stated or value.whole)


def _freight_against_rules(one: _Weighed) -> bool:
    """The buyer is to pay the freight of a return that the seller has to answer for."""
    at_fault = any(card.family in SELLER_PAYS_FREIGHT for card in one.case.cards)
    back = one.case.facts.demand in SENT_BACK and not one.value.keeps_goods
    return one.value.freight == "buyer" and at_fault and back


def _no_more_than_the_rules_ask(one: _Weighed) -> bool:
    """A return without reason (七天无理由) whose freight back is the buyer's, and nothing is taken off the refund."""
    return (
        one.value.freight == "buyer"
        and one.reply.stance in ("agree", "partial")
        and one.case.facts.demand == "return_refund"
        and {card.family for card in one.case.cards} == {"seven_day"}
        and not (one.value.stated or _TAKEN_OFF.search(one.reply.text))
    )


def _needs(case: Situation, gap: Decimal | None) -> tuple[str, ...]:
    if gap is not None:
        return ()
    if case.facts.demand is None:
        return ("demand",)
    return ("amount",) if case.facts.demand in AMOUNT_DEMANDS and case.facts.amount is None else ()
