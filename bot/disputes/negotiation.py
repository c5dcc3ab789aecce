"""Talking to the merchant: the message to send, and what to make of the answer (协商手册).

Facts, evidence, demand, one sentence of basis, a reasonable time, and what comes next as a statement, never as a
threat. Reviews, publicity and reports are no bargaining chips.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Literal

from bot.disputes.cards import CounterArgument
from bot.disputes.evidence import evidence_report
from bot.disputes.facts import SHANGHAI
from bot.disputes.letters import (
    AMOUNT_DEMANDS,
    citations,
    day_zh,
    demand_zh,
    numbered,
    plain,
    problem_zh,
    render,
)
from bot.disputes.model import CaseView, MerchantReply
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import REFUSING, Situation

__all__ = ["Drafted", "MerchantReply", "Verdict", "draft_message", "judge_reply", "offer_worth"]

AdviceWord = Literal["accept", "counter", "intervene", "wait", "refuse_and_warn"]


@dataclass(frozen=True)
class Drafted:
    """A message ready to send, and the sources it cites."""

    text: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Verdict:
    """What to make of the merchant's answer; `counter_text` is ready to send, empty when nothing should be sent."""

    advice: AdviceWord
    why_zh: str
    counter_text: str
    sources: tuple[str, ...]


def draft_message(view: CaseView, now: datetime, rulebook: Rulebook) -> Drafted:
    """The first message to the merchant."""
    case = Situation(view, now, rulebook)
    cited = citations(case, 1)
    facts = case.facts
    text = render(
        "negotiation_message.v1.jinja",
        paid=day_zh(facts.paid_at, now) if facts.paid_at else "",
        product=plain(case, facts.product)[:60] or "这件商品",
        order_number=facts.order_number or "",
        signed=day_zh(facts.signed_at, now) if facts.signed_at else "",
        problem=problem_zh(case),
        evidence="、".join(dict.fromkeys(item.label for item in numbered(case))),
        demand=demand_zh(case),
        basis="；".join(
            f"{rulebook.sources[s].label}，{rulebook.sources[s].fact.rstrip('。')}" for s in cited
        ),
        reply_by=_reply_by(case),
    )
    return Drafted(text, cited)


def judge_reply(view: CaseView, reply: MerchantReply, now: datetime, rulebook: Rulebook) -> Verdict:
    """Accept, counter, intervene, wait, or refuse and warn. The decision stays the buyer's; nothing is promised.

    `reply` may already be the last round of the view or not yet recorded; it is counted once.
    """
    case = Situation(view, now, rulebook)
    trap = _trap(case, reply)
    if trap is not None:
        why = f"对方{trap.says}，这会带来风险，请不要照做，并保存聊天记录"
        return Verdict("refuse_and_warn", why, _reply_text(case, trap.reply), case.applicable(trap.sources))
    if reply.stance == "agree" and (reply.offer is None or _shortfall(case, reply) == 0):
        why = "商家同意了您的诉求。请让对方在订单内操作，并在聊天里写明时间和运费由谁承担；没有兑现时仍可以申请介入"
        return Verdict("accept", why, _accept_text(case), case.applicable(("seed0-13",)))
    if reply.stance == "partial" or reply.offer is not None:
        return _judge_offer(case, reply)
    if reply.stance in ("stall", "silent") or reply.stance is None:
        return _judge_quiet(case, reply)
    return _judge_refusal(case, reply)


def offer_worth(offer: Decimal, text: str, rulebook: Rulebook) -> Decimal:
    """What an offer is worth in yuan: a coupon or points count for the configured share of their face value."""
    policy = rulebook.policy.negotiation
    if any(cue in text for cue in policy.coupon_cues):
        return (offer * policy.coupon_percent / 100).quantize(Decimal("0.01"))
    return offer


def _trap(case: Situation, reply: MerchantReply) -> CounterArgument | None:
    traps = case.book.policy.negotiation.traps
    found = _match(traps, reply.text)
    if found is None and reply.stance == "bribe_review":
        found = next((trap for trap in traps if "wj-14" in trap.sources), None)
    if found is None and reply.stance == "off_platform":
        found = next((trap for trap in traps if "fz-off-platform" in trap.sources), None)
    return found


def _match(arguments: tuple[CounterArgument, ...], text: str) -> CounterArgument | None:
    """The argument with the most, and then the longest, cues in the text."""
    scored = [(sum(len(cue) for cue in item.cues if cue in text), -no) for no, item in enumerate(arguments)]
    best = max(scored, default=(0, 0))
    return arguments[-best[1]] if best[0] else None


def _expected(case: Situation) -> Decimal | None:
    """What the demand comes to in yuan; None when it is not money or the amount is unknown."""
    return case.facts.amount if case.facts.demand in AMOUNT_DEMANDS else None


def _shortfall(case: Situation, reply: MerchantReply) -> Decimal | None:
    expected = _expected(case)
    if expected is None or reply.offer is None:
        return None
    return max(Decimal(0), expected - offer_worth(reply.offer, reply.text, case.book))


def _judge_offer(case: Situation, reply: MerchantReply) -> Verdict:
    policy = case.book.policy.negotiation
    gap = _shortfall(case, reply)
    sources = case.applicable(("seed0-13", "xf-24"))
    if gap is not None and gap == 0:
        why = "商家的方案已经达到您的诉求，可以接受；请在订单内处理并留下记录"
        return Verdict("accept", why, _accept_text(case), sources)
    why = _offer_reason(case, reply, gap)
    partials = _times(case, reply, ("partial",))
    if partials >= policy.refusals_before_intervention and (gap is None or gap >= policy.small_sum):
        return Verdict(
            "intervene",
            f"{why}。已经谈了 {partials} 次仍有差距，可以申请平台介入，也可以继续谈，由您决定",
            "",
            sources,
        )
    answer = _answer(case, reply) or "感谢提出方案，但这与实际问题不相称，请按我的诉求处理。"
    return Verdict("counter", f"{why}。可以先还价，是否接受由您决定", _reply_text(case, answer), sources)


def _offer_reason(case: Situation, reply: MerchantReply, gap: Decimal | None) -> str:
    policy = case.book.policy.negotiation
    if reply.offer is None:
        return "商家只同意了一部分，与您的诉求还有差距"
    worth = offer_worth(reply.offer, reply.text, case.book)
    as_coupon = f"（券类按 {policy.coupon_percent}% 折算）" if worth != reply.offer else ""
    if gap is None:
        return f"商家提出的方案折合 {worth} 元{as_coupon}，和您的诉求不是同一种方式，请看是否满意"
    why = f"商家的方案折合 {worth} 元{as_coupon}，比您的诉求少 {gap} 元"
    if gap < policy.small_sum:
        why += "，差额不大，继续谈需要花时间，接受或坚持都合理"
    if evidence_report(case).missing_must:
        why += "；必要证据还不齐，申请介入前最好先补上"
    return why


def _judge_quiet(case: Situation, reply: MerchantReply) -> Verdict:
    hours = case.book.policy.negotiation.patience_hours
    sources = case.applicable(("seed0-01",))
    if case.patience_over:
        return Verdict("intervene", f"商家超过 {hours} 小时没有给出方案，可以申请平台介入了", "", sources)
    answer = _answer(case, reply) if reply.text else None
    if answer is None and reply.stance == "silent":
        why = f"先等一等；从联系商家起满 {hours} 小时仍没有答复，就可以申请介入"
        return Verdict("wait", why, "", sources)
    text = _reply_text(case, answer or "请给出明确的处理方案和完成时间，或转交能处理的人。")
    why = f"商家还在拖延。可以请对方给出明确时间；满 {hours} 小时没有方案就可以申请介入"
    return Verdict("wait", why, text, sources)


def _judge_refusal(case: Situation, reply: MerchantReply) -> Verdict:
    found = _found(case, reply)
    refusals = _times(case, reply, REFUSING)
    if refusals >= case.book.policy.negotiation.refusals_before_intervention:
        why = f"商家已经 {refusals} 次拒绝，继续谈的意义不大，可以申请平台介入"
        return Verdict("intervene", why, "", case.applicable(("seed0-01",)))
    if found is not None:
        why = f"商家的理由是“{found.says}”。可以先这样回应一次，对方仍不同意再申请介入"
        return Verdict("counter", why, _reply_text(case, found.reply), case.applicable(found.sources))
    answer = "请说明拒绝的具体理由，并提供相应的凭证。"
    why = "商家拒绝了，但没有给出能核实的理由。可以请对方说明依据，仍不同意再申请介入"
    return Verdict("counter", why, _reply_text(case, answer), case.applicable(("tb-9", "seed0-01")))


def _times(case: Situation, reply: MerchantReply, stances: tuple[str, ...]) -> int:
    """How often the merchant has answered this way, this answer included once."""
    rounds = list(case.view.rounds)
    if rounds and rounds[-1].theirs and rounds[-1].theirs == reply.text:
        rounds.pop()
    earlier = sum(1 for item in rounds if item.stance in stances)
    return earlier + (1 if reply.stance in stances else 0)


def _found(case: Situation, reply: MerchantReply) -> CounterArgument | None:
    for card in case.cards:
        found = _match(card.counter_arguments, reply.text)
        if found is not None:
            return found
    return _match(case.book.policy.negotiation.counters, reply.text)


def _answer(case: Situation, reply: MerchantReply) -> str | None:
    found = _found(case, reply)
    return found.reply if found is not None else None


def _reply_text(case: Situation, answer: str) -> str:
    return render("counter_reply.v1.jinja", answer=answer, demand=demand_zh(case), reply_by=_reply_by(case))


def _accept_text(case: Situation) -> str:
    returning = case.facts.demand in ("return_refund", "exchange", "repair")
    return render("accept_reply.v1.jinja", demand=demand_zh(case), returning=returning)


def _reply_by(case: Situation) -> str:
    due = (case.now + timedelta(hours=case.book.policy.negotiation.reply_hours)).astimezone(SHANGHAI)
    return f"{due.month}月{due.day}日 {due:%H:%M}"
