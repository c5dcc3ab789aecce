"""What the conversation does next, decided from the view alone.

safety_stop · redirect · ask_fact:<fact> · show_evidence · contact_merchant · await_merchant · judge_reply ·
fix_gate:<Gx> · read_back · follow_intervention · resolved
"""

from __future__ import annotations

from dataclasses import replace

from bot.disputes.findings import Contradiction, EvidenceReport, Gate, NextStep, Remedy
from bot.disputes.gates import exempt, first_open, overdue, reached, response_hours
from bot.disputes.situation import Situation

FOLLOWED = ("intervention_open", "evidence_period", "mediation", "decided", "executing", "appeal", "external")
FINISHED = ("resolved_by_talk", "closed")
COLLECTING = ("intake", "evidence")
ALWAYS = ("confirmed_at", "product", "paid_at", "problem")
"""The four elements a statement needs (the demand is on every card), and the date an entrance closes by."""
AFTER_CONTACT = ("contacted_at", "merchant_stance", "merchant_reply", "offer_amount", "refused_at")
BEFORE_SHIPPING = ("unpaid", "paid")
REMORSE_FACTS = ("order_stage", "signed_at", "seven_day_supported", "goods_intact")


def missing_facts(case: Situation) -> tuple[str, ...]:
    """What to ask, in order: the cards' facts, what every statement needs, then whether the merchant knows."""
    wanted = dict.fromkeys(fact for card in case.cards for fact in card.ask)
    wanted.update(dict.fromkeys(ALWAYS))
    wanted.pop("contacted_merchant", None)
    known = case.facts.known()
    missing = [f for f in wanted if f not in known and f not in case.view.declined and _makes_sense(case, f)]
    if reached(case) is None and not exempt(case) and "contacted_merchant" not in case.view.declined:
        missing.append("contacted_merchant")
    return tuple(missing)


def next_step(
    case: Situation,
    gates: tuple[Gate, ...],
    report: EvidenceReport,
    remedies: tuple[Remedy, ...],
    clashes: tuple[Contradiction, ...] = (),
) -> NextStep:
    """The first thing to do, in the order a careful adviser would, and what that rests on."""
    step = (
        _stopped(case)
        or _redirected(case, remedies)
        or _facts(case, clashes)
        or _collect(case, report)
        or _merchant(case)
        or _gates(case, gates)
        or NextStep("read_back", "材料已经齐了，提交前请核对一遍")
    )
    name, _, what = step.id.partition(":")
    own = next((gate.sources for gate in gates if gate.id == what), None)
    return replace(step, sources=own or case.applicable(case.book.policy.steps[name]))


def _makes_sense(case: Situation, fact: str) -> bool:
    """Questions the other answers have already settled are not asked."""
    stage = case.facts.order_stage
    if fact == "confirmed_at":
        return case.confirmation == "after"
    if fact in ("signed_at", "found_at", "goods_used", "goods_intact"):
        return stage not in (*BEFORE_SHIPPING, "shipped")
    if fact in ("tracking_number", "courier", "tracking_status", "last_tracking_at", "shipped_at"):
        return stage != "unpaid" and (fact == "tracking_status" or case.facts.tracking_status != "no_number")
    if fact in AFTER_CONTACT:
        return reached(case) is True
    if fact == "exclusion_confirmed":
        return case.facts.seven_day_supported is not True
    return True


def _ask(case: Situation, fact: str) -> NextStep:
    return NextStep(f"ask_fact:{fact}", case.book.facts[fact].why)


def _stopped(case: Situation) -> NextStep | None:
    stage = case.view.stage
    if case.any_type(("scam",)) or stage == "safety_stop":
        return NextStep("safety_stop", "先确保钱和个人信息安全，再处理订单的问题")
    if case.any_type(("injury",)) and stage == "intake":
        return NextStep("safety_stop", "先确保人身安全，再处理退款和赔偿")
    if stage in FOLLOWED:
        return NextStep("follow_intervention", "介入已经开始，接下来跟进平台的处理")
    if stage in FINISHED:
        return NextStep("resolved", "这件事已经处理完了")
    return None


def _redirected(case: Situation, remedies: tuple[Remedy, ...]) -> NextStep | None:
    """Only changed their mind: within seven days and supported -> seven_day, otherwise not supported."""
    if set(case.view.types) != {"remorse"}:
        return None
    stage = case.facts.order_stage
    if stage in BEFORE_SHIPPING:
        return NextStep("redirect", "商品还没有发货，可以直接在订单里申请退款，原因按实际选“不想要了”")
    refund = next((item for item in remedies if item.id == "R-01"), None)
    if refund is not None and refund.available is False:
        return NextStep(
            "redirect", "已过七日或不符合七天无理由的条件，平台一般不支持；可以和商家友好协商或转让他人"
        )
    for fact in REMORSE_FACTS:
        if case.facts.get(fact) is None and fact not in case.view.declined:
            return _ask(case, fact)
    return NextStep("redirect", "还在七日内的，可以按七天无理由申请退货，退货运费一般由您承担", "seven_day")


def _facts(case: Situation, clashes: tuple[Contradiction, ...]) -> NextStep | None:
    clash = next((item for item in clashes if item.fact not in case.view.declined), None)
    if clash is not None:
        return NextStep(f"ask_fact:{clash.fact}", clash.reason_zh)
    missing = missing_facts(case)
    return _ask(case, missing[0]) if missing else None


def _collect(case: Situation, report: EvidenceReport) -> NextStep | None:
    if case.view.stage in COLLECTING and report.missing_must and not case.view.gaps_acknowledged:
        names = "、".join(item.name_zh for item in report.missing_must)
        return NextStep("show_evidence", f"先把必要的证据备齐，还缺：{names}")
    return None


def _merchant(case: Situation) -> NextStep | None:
    """Talk first, wait a fair time, weigh an offer. Once the case is ready to go in, this is behind us."""
    if case.view.stage == "intervention_ready":
        return None
    if not reached(case):
        return None if exempt(case) else NextStep("contact_merchant", "先把诉求发给商家，留下协商记录")
    sent = bool(case.view.rounds) and case.view.rounds[-1].theirs is None and bool(case.view.rounds[-1].ours)
    if case.stance in ("agree", "partial") and not sent:
        return NextStep("judge_reply", "商家提出了方案，先看看合不合适")
    hours = response_hours(case)
    waiting = NextStep("await_merchant", f"先等商家答复；超过 {hours} 小时没有解决，就可以申请介入")
    if sent and not overdue(case):
        return waiting
    if case.stance is None and case.facts.refused_at is None and not sent:
        if "merchant_stance" not in case.view.declined:
            return _ask(case, "merchant_stance")
        return None if overdue(case) else waiting
    if case.stance in ("stall", "silent") and overdue(case) is False:
        return waiting
    return None


def _gates(case: Situation, gates: tuple[Gate, ...]) -> NextStep | None:
    gate = first_open(case, gates)
    if gate is None:
        return None
    if gate.state == "unknown":
        fact = next(fact for fact in gate.needs if fact not in case.view.declined)
        return _ask(case, fact)
    return NextStep(f"fix_gate:{gate.id}", gate.why_zh)
