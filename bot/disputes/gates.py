"""The six conditions (G1..G6) before an intervention is suggested, with their exceptions."""

from __future__ import annotations

from typing import Literal

from bot.disputes.findings import EvidenceReport, Gate
from bot.disputes.situation import REFUSING, Situation
from bot.disputes.windows import evaluate

State = Literal["pass", "fail", "unknown"]
UNSOLVED = (*REFUSING, "partial", "off_platform", "bribe_review")
"""Stances that are an answer, and not the solution asked for."""
ORDER = ("G4", "G6", "G3", "G1", "G2", "G5")
"""The order in which to deal with gates: what nothing can mend comes first, what the buyer can do comes last."""


def gates_of(case: Situation, report: EvidenceReport) -> tuple[Gate, ...]:
    """G1..G6 in order."""
    return (
        _contact(case),
        _unsolved(case),
        _in_time(case),
        _taken_up(case),
        _evidence(case, report),
        _demand(case),
    )


def first_open(case: Situation, gates: tuple[Gate, ...]) -> Gate | None:
    """The gate to deal with first: failing, or unknown with a fact that can still be asked."""
    by_id = {gate.id: gate for gate in gates}
    for key in ORDER:
        gate = by_id[key]
        askable = [fact for fact in gate.needs if fact not in case.view.declined]
        if gate.state == "fail" or (gate.state == "unknown" and askable):
            return gate
    return None


def _gate(
    case: Situation,
    key: str,
    state: State,
    why: str,
    needs: tuple[str, ...] = (),
    sources: tuple[str, ...] = (),
) -> Gate:
    policy = case.book.policy.gates
    by_platform = policy.jd_sources if case.facts.platform == "jd" else policy.sources
    return Gate(key, policy.names[key], state, why, needs, sources or case.applicable(by_platform[key]))


def exempt(case: Situation) -> bool:
    """Fakes, danger to people, or a merchant who cannot be reached need not be negotiated with first."""
    return case.any_type(case.book.policy.gates.exempt_types) or case.stance == "silent"


def _contact(case: Situation) -> Gate:
    if case.contacted:
        return _gate(case, "G1", "pass", "已经联系过商家，请保留聊天记录")
    if exempt(case):
        return _gate(
            case, "G1", "pass", "涉及假冒、人身安全或商家失联的，可以不先协商；能联系上的话仍建议留一条记录"
        )
    if case.contacted is None:
        return _gate(case, "G1", "unknown", "还不知道您有没有联系过商家", ("contacted_merchant",))
    return _gate(case, "G1", "fail", "平台要求先和商家协商并留下记录")


def _unsolved(case: Situation) -> Gate:
    if case.facts.refused_at is not None and case.stance in (None, "stall", "silent"):
        return _gate(case, "G2", "pass", "商家已经拒绝了申请")
    if case.stance in UNSOLVED:
        return _gate(case, "G2", "pass", "商家的答复没有解决问题")
    if case.stance == "agree":
        return _gate(case, "G2", "fail", "商家已经同意，请先按约定办理；没有兑现时再申请介入")
    if case.stance is None and not case.contacted and exempt(case):
        return _gate(case, "G2", "pass", "这类情况不需要等商家答复")
    if case.patience_over:
        return _gate(case, "G2", "pass", "商家超过 48 小时没有解决")
    if case.stance in ("stall", "silent"):
        return _quiet(case)
    if case.contacted and case.waiting_since is None:
        return _gate(case, "G2", "unknown", "还不知道商家怎么答复的", ("merchant_stance",))
    return _gate(case, "G2", "fail", "先等商家答复，一般给 24 到 48 小时")


def _quiet(case: Situation) -> Gate:
    if case.patience_over is None and "contacted_at" in case.view.declined:
        return _gate(case, "G2", "pass", "商家没有答复；能否申请以页面显示为准")
    if case.patience_over is None:
        return _gate(case, "G2", "unknown", "还不知道商家拖了多久", ("contacted_at",))
    return _gate(case, "G2", "fail", "还没有超过 48 小时，可以再等一等，到时就能申请介入")


def _in_time(case: Situation) -> Gate:
    if case.confirmation == "unknown":
        return _gate(case, "G3", "unknown", "要先知道订单有没有确认收货", ("order_stage",))
    refusal = evaluate(case, case.book.windows["T-13"])
    if not case.on_taobao and refusal is not None and refusal.due is not None:
        if refusal.passed:
            return _late(case, f"被拒后的申请期限已过（{refusal.due_zh}）")
        return _gate(
            case, "G3", "pass", f"请在 {refusal.due_zh} 前申请，以页面倒计时为准", (), refusal.sources
        )
    if set(case.view.types) == {"seven_day"} and _seven_days_missed(case):
        return _gate(
            case, "G3", "fail", "提出退货时已经超过签收后的七日，无法再按七天无理由申请", (), ("qt-10",)
        )
    if (
        not case.on_taobao
        and refusal is not None
        and refusal.needs == "refused_at"
        and case.stance in REFUSING
    ):
        return _gate(case, "G3", "unknown", "这个平台的申请期限从商家拒绝时算起", ("refused_at",))
    if case.confirmation == "before":
        return _gate(case, "G3", "pass", "订单还没有确认收货，可以在订单内申请")
    deadline = evaluate(case, case.book.windows["T-11"])
    if deadline is None or deadline.due is None:
        needed = (deadline.needs if deadline is not None else None) or "confirmed_at"
        return _gate(case, "G3", "unknown", "要知道售后入口什么时候关闭", (needed,))
    if deadline.passed:
        return _late(case, f"售后申请期限已过（{deadline.due_zh}）")
    return _gate(case, "G3", "pass", f"请在 {deadline.due_zh} 前申请，以页面倒计时为准")


def _seven_days_missed(case: Situation) -> bool:
    """Notice within seven days is what counts, not when the goods went back (七日办法 10)."""
    deadline = evaluate(case, case.book.windows["L-01"])
    asked = [moment for name in ("refund_requested_at", "contacted_at") if (moment := case.facts.time(name))]
    if deadline is None or deadline.due is None:
        return False
    return min(asked, default=case.now) > deadline.due


def _late(case: Situation, why: str) -> Gate:
    """平台规则 5: what may still be taken up after the online entrance has closed."""
    if case.facts.promise is not None and case.any_type(
        ("aftersale_broken", *case.book.policy.gates.late_types)
    ):
        return _gate(case, "G3", "pass", f"{why}，但商家承诺过售后期限，可以凭承诺申请")
    held = any(item.kind not in (None, "E01", "E02") for item in case.view.evidence)
    if case.any_type(case.book.policy.gates.late_types) and held and case.on_taobao:
        return _gate(case, "G3", "pass", f"{why}，但有凭证证明商品问题或未收到货的，可以申请例外处理")
    return _gate(case, "G3", "fail", f"{why}；可以带凭证联系平台客服，或通过 12315、法院主张")


def _taken_up(case: Situation) -> Gate:
    if case.any_type(("remorse",)) and len(case.view.types) == 1:
        return _gate(case, "G4", "fail", "单纯不想要不属于平台介入的范围", (), ("seed0-03",))
    told = "\n".join(filter(None, [case.facts.problem, case.merchant_text]))
    for rule in case.book.policy.gates.not_accepted:
        if any(cue in told for cue in rule.cues):
            return _gate(case, "G4", "fail", rule.why, (), case.applicable(rule.sources))
    return _gate(case, "G4", "pass", "没有发现平台不受理的情形")


def _evidence(case: Situation, report: EvidenceReport) -> Gate:
    missing = "、".join(item.name_zh for item in report.missing_must)
    if not missing:
        return _gate(case, "G5", "pass", "必要证据已经齐全")
    if case.view.gaps_acknowledged:
        return _gate(case, "G5", "pass", f"还缺{missing}，您已知道这会影响判断")
    return _gate(case, "G5", "fail", f"还缺{missing}，证据不足时平台可能无法作出明确判断")


def _demand(case: Situation) -> Gate:
    demand = case.facts.demand
    if demand is None:
        return _gate(case, "G6", "unknown", "还没有确定诉求", ("demand",))
    policy = case.book.policy.gates
    promised = case.facts.promise is not None or case.any_type(policy.compensation_types)
    if demand in policy.rulable or (demand == "compensation" and promised):
        return _gate(case, "G6", "pass", "诉求明确，平台可以处理")
    why = "平台一般只处理退款、退货、换货、维修、补寄；赔偿或道歉可以另行协商，或通过 12315、法院主张"
    return _gate(case, "G6", "fail", why)
