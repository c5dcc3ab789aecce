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
from bot.disputes.chronology import day_of_fact
from bot.disputes.facts import SHANGHAI
from bot.disputes.letters import (
    citations,
    demand_zh,
    held_words,
    named,
    numbered,
    problem_zh,
    render,
    shorten,
)
from bot.disputes.likely_outcome import urgent_deadline
from bot.disputes.model import CaseView, MerchantReply
from bot.disputes.offer_reading import read_offer
from bot.disputes.offers import OfferReport, best_match, evaluate_offer, hurry, times, trap_in, weigh_offer
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import REFUSING, Situation

__all__ = [
    "Drafted", "MerchantReply", "OfferReport", "Verdict", "draft_message", "evaluate_offer", "judge_reply", "offer_worth",
]  # fmt: skip

AdviceWord = Literal["accept", "counter", "intervene", "wait", "refuse_and_warn"]
MESSAGE, COUNTER, ACCEPT = "negotiation_message.v1", "counter_reply.v1", "accept_reply.v1"
_MORNING, _EVENING = 9, 21  # o'clock


@dataclass(frozen=True)
class Drafted:
    """A message ready to send, the sources it cites, the name and version of its template."""

    text: str
    sources: tuple[str, ...]
    template: str = ""


@dataclass(frozen=True)
class Verdict:
    """What to make of the merchant's answer; `counter_text` is ready to send, empty when nothing should be sent.
    `report` = the offer weighed, where there was one."""

    advice: AdviceWord
    why_zh: str
    counter_text: str
    sources: tuple[str, ...]
    report: OfferReport | None = None


def draft_message(view: CaseView, now: datetime, rulebook: Rulebook) -> Drafted:
    """The first message to the merchant."""
    case = Situation(view, now, rulebook)
    cited = citations(case, 1)
    facts = case.facts
    text = render(
        MESSAGE,
        paid=day_of_fact(case, "paid_at"),
        product=shorten(named(case, facts.product), 60) or "这件商品",
        order_number=shorten(named(case, facts.order_number), 60),
        signed=day_of_fact(case, "signed_at"),
        problem=problem_zh(case),
        evidence="、".join(dict.fromkeys(item.label for item in numbered(case))),
        demand=demand_zh(case),
        basis="；".join(
            f"{rulebook.sources[s].label}，{rulebook.sources[s].fact.rstrip('。')}" for s in cited
        ),
        reply_by=_reply_by(case),
    )
    return Drafted(text, cited, MESSAGE)


def judge_reply(view: CaseView, reply: MerchantReply, now: datetime, rulebook: Rulebook) -> Verdict:
    """Accept, counter, intervene, wait, or refuse and warn. The decision stays the buyer's; nothing is promised.

    `reply` may already be the last round of the view or not yet recorded; it is counted once.
    """
    case = Situation(view, now, rulebook)
    trap = trap_in(case, reply)
    if trap is None and not _has_offer(reply):
        if reply.stance in ("stall", "silent") or reply.stance is None:
            return _judge_quiet(case, reply)
        return _judge_refusal(case, reply)
    weighed = weigh_offer(case, reply)
    text = ""
    if trap is not None:
        text = _reply_text(case, trap.reply)
    elif weighed.advice == "accept":
        text = _accept_text(case)
    elif weighed.advice == "counter":
        answer = _answer(case, reply) or "感谢提出方案，但这与实际问题不相称，请按我的诉求处理。"
        text = _reply_text(case, answer)
    return Verdict(weighed.advice, weighed.why_zh, text, weighed.sources, weighed)


def _has_offer(reply: MerchantReply) -> bool:
    return reply.stance in ("agree", "partial") or reply.offer is not None


def offer_worth(offer: Decimal, text: str, rulebook: Rulebook) -> Decimal:
    """What an offer is worth in yuan: a coupon or points count for the configured share of their face value."""
    return read_offer(offer, text, None, rulebook.policy.negotiation).worth


def _judge_quiet(case: Situation, reply: MerchantReply) -> Verdict:
    hours = case.book.policy.negotiation.patience_hours
    sources = case.applicable(("seed0-01",))
    urgent = urgent_deadline(case)
    if urgent is not None and not case.patience_over:
        cited = (*sources, *case.applicable(urgent.sources))
        return Verdict("intervene", f"商家还没有给出方案。{hurry(urgent, case.now)}", "", cited)
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
    refusals = times(case, reply, REFUSING)
    if refusals >= case.book.policy.negotiation.refusals_before_intervention:
        why = f"商家已经 {refusals} 次拒绝，继续谈的意义不大，可以申请平台介入"
        return Verdict("intervene", why, "", case.applicable(("seed0-01",)))
    urgent = urgent_deadline(case)
    if urgent is not None:
        cited = case.applicable(("seed0-01", *urgent.sources))
        return Verdict("intervene", f"商家拒绝了。{hurry(urgent, case.now)}", "", cited)
    if found is not None:
        why = f"商家的理由是“{found.says}”。可以先这样回应一次，对方仍不同意再申请介入"
        return Verdict("counter", why, _reply_text(case, found.reply), case.applicable(found.sources))
    answer = "请说明拒绝的具体理由，并提供相应的凭证。"
    why = "商家拒绝了，但没有给出能核实的理由。可以请对方说明依据，仍不同意再申请介入"
    return Verdict("counter", why, _reply_text(case, answer), case.applicable(("tb-9", "seed0-01")))


def _found(case: Situation, reply: MerchantReply) -> CounterArgument | None:
    for card in case.cards:
        found = best_match(card.counter_arguments, reply.text)
        if found is not None:
            return found
    return best_match(case.book.policy.negotiation.counters, reply.text)


def _answer(case: Situation, reply: MerchantReply) -> str | None:
    found = _found(case, reply)
    return found.reply if found is not None else None


def _reply_text(case: Situation, answer: str) -> str:
    return render(COUNTER, answer=held_words(case, answer), demand=demand_zh(case), reply_by=_reply_by(case))


def _accept_text(case: Situation) -> str:
    returning = case.facts.demand in ("return_refund", "exchange", "repair")
    return render(ACCEPT, demand=demand_zh(case), returning=returning)


def _reply_by(case: Situation) -> str:
    """As many hours ahead as the policy says, at an hour when people work: what would end at night ends at noon after it."""
    due = (case.now + timedelta(hours=case.book.policy.negotiation.reply_hours)).astimezone(SHANGHAI)
    if due.hour >= _EVENING:
        due += timedelta(days=1)
    if due.hour < _MORNING or due.hour >= _EVENING:
        due = due.replace(hour=12, minute=0)
    return f"{due.month}月{due.day}日 {due:%H:%M}"
