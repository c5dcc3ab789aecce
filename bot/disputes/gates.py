"""The six conditions (G1..G6) before an intervention is suggested, with their exceptions."""

from __future__ import annotations

from datetime import timedelta

from bot.disputes.findings import EvidenceReport, Gate
from bot.disputes.new_evidence import new_evidence
from bot.disputes.out_of_scope import no_platform_payment, refused_by_platform
from bot.disputes.situation import REFUSING, Situation
from bot.disputes.time_gate import Finding, in_time
from bot.disputes.windows import evaluate

UNSOLVED = (*REFUSING, "partial", "off_platform", "bribe_review")
"""Stances that are an answer, and not the solution asked for."""
ORDER = ("G4", "G6", "G3", "G1", "G2", "G5")
"""The order in which to deal with gates: what nothing can mend comes first, what the buyer can do comes last."""
KEPT_BY = ("L-02", "T-07")
"""Windows by whose end a merchant who agreed should have paid."""
REFUND_DEMANDS = (None, "refund_only", "return_refund")


def gates_of(case: Situation, report: EvidenceReport) -> tuple[Gate, ...]:
    """G1..G6 in order."""
    found = (
        ("G1", _contact(case)),
        ("G2", _unsolved(case)),
        ("G3", in_time(case)),
        ("G4", _taken_up(case)),
        ("G5", _evidence(case, report)),
        ("G6", _demand(case)),
    )
    return tuple(_gate(case, key, finding) for key, finding in found)


def first_open(case: Situation, gates: tuple[Gate, ...]) -> Gate | None:
    """The gate to deal with first: failing, or unknown with a fact that can still be asked."""
    by_id = {gate.id: gate for gate in gates}
    for key in ORDER:
        gate = by_id[key]
        askable = [fact for fact in gate.needs if fact not in case.view.declined]
        if gate.state == "fail" or (gate.state == "unknown" and askable):
            return gate
    return None


def exempt(case: Situation) -> bool:
    """Fakes, danger to people, or a merchant who cannot be reached need not be negotiated with first."""
    facts = case.facts
    danger = facts.serious_harm is True or (facts.harmed is True and case.any_type(("food",)))
    if danger or facts.medicine_fake is True or case.stance == "silent":
        return True
    return case.any_type(case.book.policy.gates.exempt_types)


def reached(case: Situation) -> bool | None:
    """Has the merchant been told: a message, an answer, or a request in the order. A plain no counts as no."""
    if case.contacted is not None:
        return case.contacted
    told = case.facts.contacted_at is not None or case.facts.refund_requested_at is not None
    return True if told else None


def response_hours(case: Situation) -> int:
    """How long the merchant has on this platform (京东 24 小时), else what a fair buyer gives."""
    own = case.profile.seller_response_h if case.profile is not None else None
    return own or case.book.policy.negotiation.patience_hours


def overdue(case: Situation) -> bool | None:
    """Has the merchant had that time? Exactly the full time is enough. None while no time is known."""
    if case.waiting_since is None:
        return None
    return case.now - case.waiting_since >= timedelta(hours=response_hours(case))


def _gate(case: Situation, key: str, finding: Finding) -> Gate:
    policy = case.book.policy.gates
    by_platform = policy.jd_sources if case.facts.platform == "jd" else policy.sources
    sources = case.applicable(finding.sources or by_platform[key])
    return Gate(key, policy.names[key], finding.state, finding.why, finding.needs, sources)


def _contact(case: Situation) -> Finding:
    told = reached(case)
    if told:
        return Finding("pass", "已经联系过商家，请保留聊天记录")
    if exempt(case):
        return Finding("pass", "涉及假冒、人身安全或商家失联的，可以不先协商；能联系上的话仍建议留一条记录")
    if told is None:
        return Finding("unknown", "还不知道您有没有联系过商家", ("contacted_merchant",))
    return Finding("fail", "平台要求先和商家协商并留下记录")


def _unsolved(case: Situation) -> Finding:
    if case.facts.refunded_in_full is True and case.facts.demand in REFUND_DEMANDS:
        return Finding("fail", "商家已经全额退款，这件事已经解决")
    if case.facts.refused_at is not None and case.stance in (None, "stall", "silent"):
        return Finding("pass", "商家已经拒绝了申请")
    if case.stance in UNSOLVED:
        return Finding("pass", "商家的答复没有解决问题")
    if case.stance == "agree":
        return _agreed(case)
    if case.stance is None and not reached(case) and exempt(case):
        return Finding("pass", "这类情况不需要等商家答复")
    hours = response_hours(case)
    if overdue(case):
        return Finding("pass", f"商家超过 {hours} 小时没有解决")
    if case.stance in ("stall", "silent"):
        return _quiet(case, hours)
    if reached(case) is None and "contacted_merchant" not in case.view.declined:
        return Finding("unknown", "还不知道您有没有联系过商家", ("contacted_merchant",))
    if reached(case) and case.waiting_since is None:
        return Finding("unknown", "还不知道商家怎么答复的", ("merchant_stance",))
    return Finding("fail", f"先等商家答复，一般给 24 到 {max(hours, 48)} 小时")


def _agreed(case: Situation) -> Finding:
    """Agreed is solved, unless the time to keep the word is over."""
    for key in KEPT_BY:
        deadline = evaluate(case, case.book.windows[key])
        if deadline is not None and deadline.passed:
            return Finding("pass", f"商家同意了，但到期（{deadline.due_zh}）仍没有兑现")
    return Finding("fail", "商家已经同意，请先按约定办理；没有兑现时再申请介入")


def _quiet(case: Situation, hours: int) -> Finding:
    if overdue(case) is None and "contacted_at" in case.view.declined:
        return Finding("pass", "商家没有答复；能否申请以页面显示为准")
    if overdue(case) is None:
        return Finding("unknown", "还不知道商家拖了多久", ("contacted_at",))
    return Finding("fail", f"还没有超过 {hours} 小时，可以再等一等，到时就能申请介入")


def _taken_up(case: Situation) -> Finding:
    if set(case.view.types) == {"remorse"}:
        return Finding("fail", "单纯不想要不属于平台介入的范围", (), ("seed0-03",))
    rule = refused_by_platform(case)
    if rule is not None:
        return Finding("fail", rule.say.rstrip("。"), (), rule.sources)
    return _ruled_already(case) or Finding("pass", "没有发现平台不受理的情形")


def _ruled_already(case: Situation) -> Finding | None:
    """The same question is not taken up again without something new (京东总则 5; the seed for Taobao)."""
    if case.facts.ruling not in ("partly", "rejected") or new_evidence(case).counts:
        return None
    sources = ("jd-5",) if case.facts.platform == "jd" else ("seed1-07", "seed1-08", "seed0-08")
    if case.facts.new_evidence is False:
        return Finding("fail", "同一问题平台已经判定过，没有新证据的不再受理", (), sources)
    if case.facts.new_evidence is None and "new_evidence" not in case.view.declined:
        return Finding("unknown", "同一问题平台已经判定过，要有新证据才会再受理", ("new_evidence",), sources)
    return None


def _evidence(case: Situation, report: EvidenceReport) -> Finding:
    missing = "、".join(item.name_zh for item in report.missing_must)
    if not missing:
        return Finding("pass", "必要证据已经齐全")
    if case.view.gaps_acknowledged:
        return Finding("pass", f"还缺{missing}，您已知道这会影响判断")
    return Finding("fail", f"还缺{missing}，证据不足时平台可能无法作出明确判断")


def _demand(case: Situation) -> Finding:
    demand = case.facts.demand
    if demand is None:
        return Finding("unknown", "还没有确定诉求", ("demand",))
    if demand in case.book.policy.gates.rulable:
        return Finding("pass", "诉求明确，平台可以处理")
    if demand == "compensation" and not no_platform_payment(case):
        return Finding("pass", "有平台赔付规则或商家的承诺，可以在平台主张")
    why = "平台一般只处理退款、退货、换货、维修、补寄和平台赔付；法定倍数等赔偿或道歉可以另行协商，或通过 12315、法院主张"
    return Finding("fail", why)
