"""The outline of an element-form pleading (要素式起诉状提纲): parties to fill in, claims with sums, facts by element."""

from __future__ import annotations

from datetime import datetime

from bot.disputes.chronology import full_day_of_fact, full_timeline
from bot.disputes.letters import blank, numbered, problem_zh, quoted
from bot.disputes.model import CaseView
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import Situation
from bot.disputes.statements.claims import Claim, claim_basis, claims_of, open_remedies, total
from bot.disputes.statements.fitting import Part, fit
from bot.disputes.statements.letter import (
    Letter,
    basis,
    blanks_in,
    cited_in,
    notes,
    order_number,
    pointer,
    product,
    refusal,
    shop,
)

PLEADING = "pleading_outline.v1"
PERFORMED = ("shipped_at", "signed_at", "confirmed_at", "returned_at", "return_signed_at")
HANDLED = (
    "contacted_at", "refund_requested_at", "refused_at", "agreed_at", "intervention_accepted_at",
    "proof_submitted_at", "ruled_at",
)  # fmt: skip
COSTS = {"loss_amount": "除货款外的损失", "freight_paid": "垫付的运费", "testing_paid": "垫付的检测费"}
FIRST = ("basis", "handling", "evidence")


def pleading_outline(view: CaseView, now: datetime, rulebook: Rulebook) -> Letter:
    """The outline for a court. Only claims whose preconditions are all confirmed have a sum; the rest is in `notes`."""
    case = Situation(view, now, rulebook)
    if case.facts.arbitration_clause is True:
        return refusal(case, "pleading", "pleading_arbitration")
    limit = rulebook.policy.letters.limits["pleading"]
    claims = claims_of(case, "court")
    cited = claim_basis(case, claims)
    done = fit(PLEADING, _parts(case, claims, cited), limit, {"what": pointer(case, numbered(case))}, FIRST)
    told = notes(case, "pleading_court", "pleading_defendant", "pleading_outline")
    return Letter(
        kind="pleading",
        template=PLEADING,
        text=done.text,
        sources=cited_in(cited, done.dropped),
        length=len(done.text),
        limit=limit,
        dropped=done.dropped,
        evidence_numbers=numbered(case),
        blanks=blanks_in(done.text),
        notes=(*told, *open_remedies(case, "court")),
    )


def _parts(case: Situation, claims: tuple[Claim, ...], cited: tuple[str, ...]) -> dict[str, Part]:
    return {
        "company": blank("店铺营业执照公示页上的名称"),
        "requests": _requests(claims),
        "contract": _contract(case),
        "performance": _dated(case, PERFORMED) or blank("发货、签收的时间"),
        "what": problem_zh(case),
        "handling": _handling(case),
        "losses": _losses(case),
        "evidence": _evidence(case),
        "basis": basis(case, cited),
        "other": _other(case),
    }


def _requests(claims: tuple[Claim, ...]) -> tuple[str, ...]:
    lines = [f"{number}. 判令被告{one.text}；" for number, one in enumerate(claims, start=1)]
    lines.append(f"{len(lines) + 1}. 诉讼费用由被告承担。")
    if total(claims) is not None and len(claims) > 1:
        lines.append(f"（前 {len(claims)} 项合计 {total(claims)} 元）")
    return tuple(lines)


def _contract(case: Situation) -> str:
    facts, profile = case.facts, case.profile
    when = full_day_of_fact(case, "paid_at") or blank("付款时间")
    where = profile.name if profile is not None else blank("购物平台")
    paid = f"{facts.amount} 元" if facts.amount is not None else blank("实付金额")
    return (
        f"{when}在{where}的店铺 {shop(case) or blank('平台内店铺名')} 购买"
        f"{product(case, blank('商品名称和型号'))}，订单号 {order_number(case) or blank('订单号')}，实付 {paid}"
    )


def _dated(case: Situation, names: tuple[str, ...]) -> str:
    return "；".join(full_timeline(case, names, with_rounds=False))


def _handling(case: Situation) -> str:
    told = "；".join(full_timeline(case, HANDLED))
    reply = "" if case.replies else quoted(case, case.facts.merchant_reply)
    ruled = dict(case.book.facts["ruling"].choices).get(case.facts.ruling or "")
    more = [f"商家答复{reply}"] if reply else []
    more += [f"平台判定结果：{ruled}"] if ruled else []
    return "；".join(filter(None, [told, *more])) or blank("与商家协商、平台处理的经过")


def _losses(case: Situation) -> str:
    known = [(words, case.facts.get(name)) for name, words in COSTS.items()]
    return (
        "、".join(f"{words} {amount} 元" for words, amount in known if amount is not None)
        or "暂无其他损失的票据"
    )


def _evidence(case: Situation) -> str:
    proves = case.book.policy.letters.proves
    return "\n".join(
        f"{one.number}. {one.label}" + (f"，证明{proves[one.kind]}" if one.kind in proves else "")
        for one in numbered(case)
    )


def _other(case: Situation) -> str:
    use = {True: "原告为生活消费购买", None: blank("是否为生活消费购买"), False: "原告不是为生活消费购买"}
    return use[case.facts.consumer_use]
