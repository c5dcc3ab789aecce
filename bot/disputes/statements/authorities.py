"""12315: the complaint (投诉) asks for money back, the report (举报) tells of a suspected breach. Never both in one.

Names and addresses of the merchant come from the shop's licence page, so they are left to fill in.
"""

from __future__ import annotations

import re
from datetime import datetime

from bot.disputes.cards import CitedText
from bot.disputes.chronology import EVENTS, full_day_of_fact, full_timeline
from bot.disputes.letters import Numbered, blank, citations, numbered, problem_zh, quoted
from bot.disputes.model import CaseView
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import Situation
from bot.disputes.statements.claims import claim_basis, claims_of, open_remedies, total
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
from bot.disputes.windows import deadlines_of

COMPLAINT, REPORT = "complaint_12315.v1", "report_12315.v1"
COMPLAINT_FACTS, REPORT_FACTS = "complaint_facts.v1", "report_facts.v1"
DONE_ELSEWHERE = ("regulator", "association", "court")
AFTER_PAYMENT = tuple(name for name in EVENTS if name != "paid_at")
SEEN = ("paid_at", "signed_at", "found_at")
"""The events of a report: how the goods came, not how the money is fought over."""
FACTS_FIRST = ("background", "timeline")
WHOLE_FIRST = ("basis", "evidence")
_CLAUSE = re.compile(r"[^，。；？]+[，。；？]?")


def complaint_12315(view: CaseView, now: datetime, rulebook: Rulebook) -> Letter:
    """The complaint (12315 投诉): requests with sums, facts as a timeline, evidence."""
    case = Situation(view, now, rulebook)
    if case.facts.handled_elsewhere in DONE_ELSEWHERE:
        return refusal(case, "complaint", "complaint_handled")
    if case.facts.consumer_use is False:
        return refusal(case, "complaint", "complaint_not_consumer")
    proofs, claims = numbered(case), claims_of(case, "mediation")
    sums = [one for one in claims if one.amount is not None]
    requests = tuple(f"{number}. {one.text}。" for number, one in enumerate(claims, start=1))
    if len(sums) > 1 and total(claims) is not None:
        requests += (f"以上合计 {total(claims)} 元。",)
    cited = claim_basis(case, claims)
    parts = {
        **_parties(case, cited),
        "use": "本人为生活消费购买。" if case.facts.consumer_use else blank("是否为自己或家人生活消费购买"),
        "requests": requests,
        "facts": _facts(case, COMPLAINT_FACTS, _complaint_facts(case), proofs),
    }
    told = notes(case, "complaint_real_name", "complaint_one_way", "complaint_voluntary")
    told += open_remedies(case, "mediation")
    return _letter(case, "complaint", COMPLAINT, parts, cited, told)


def report_12315(view: CaseView, now: datetime, rulebook: Rulebook) -> Letter:
    """The report (12315 举报): the suspected breach, where it can be seen, what supports it. It asks for no money."""
    case = Situation(view, now, rulebook)
    suspected = _suspected(case)
    if not suspected:
        return refusal(case, "report", "report_no_breach")
    facts: dict[str, Part] = {
        "timeline": full_timeline(case, SEEN, with_rounds=False),
        "what": _without_money(case, problem_zh(case)),
        "background": "",
    }
    cited = citations(case, rulebook.policy.letters.citations, laws_only=True)
    parts = {
        **_parties(case, cited),
        "suspected": "；".join(suspected),
        "link": blank("商品链接或页面截图的网址"),
        "facts": _facts(case, REPORT_FACTS, facts, numbered(case)),
    }
    return _letter(case, "report", REPORT, parts, cited, notes(case, "report_separate", "report_true"))


def _parties(case: Situation, cited: tuple[str, ...]) -> dict[str, Part]:
    profile = case.profile
    return {
        "platform": profile.name if profile is not None else blank("购物平台"),
        "shop": shop(case) or blank("平台内店铺名"),
        "company": blank("店铺营业执照公示页上的名称"),
        "address": blank("店铺营业执照公示页上的地址"),
        "product": product(case, blank("商品名称和型号")),
        "order_number": order_number(case) or blank("订单号"),
        "evidence": _proofs(case),
        "basis": basis(case, cited),
    }


def _proofs(case: Situation) -> str:
    proves = case.book.policy.letters.proves
    return "；".join(
        f"{one.number}. {one.label}" + (f"，证明{proves[one.kind]}" if one.kind in proves else "")
        for one in numbered(case)
    )


def _facts(case: Situation, template: str, parts: dict[str, Part], proofs: tuple[Numbered, ...]) -> str:
    """The part "事实与理由", within its own limit."""
    tails = {"what": pointer(case, proofs)}
    return fit(template, parts, case.book.policy.letters.facts_limit, tails, FACTS_FIRST).text


def _complaint_facts(case: Situation) -> dict[str, Part]:
    reply = "" if case.replies else quoted(case, case.facts.merchant_reply)
    return {
        "paid": full_day_of_fact(case, "paid_at") or blank("付款时间"),
        "amount": f"{case.facts.amount} 元" if case.facts.amount is not None else blank("实付金额"),
        "timeline": full_timeline(case, AFTER_PAYMENT),
        "what": problem_zh(case),
        "background": reply,
    }


def _letter(
    case: Situation,
    kind: str,
    template: str,
    parts: dict[str, Part],
    cited: tuple[str, ...],
    told: tuple[CitedText, ...],
) -> Letter:
    limit = case.book.policy.letters.limits[kind]
    done = fit(template, parts, limit, first=WHOLE_FIRST)
    return Letter(
        kind=kind,
        template=template,
        text=done.text,
        sources=cited_in(cited, done.dropped),
        length=len(done.text),
        limit=limit,
        dropped=done.dropped,
        evidence_numbers=numbered(case),
        blanks=blanks_in(done.text),
        notes=told,
    )


def _suspected(case: Situation) -> tuple[str, ...]:
    """How the suspected breaches of these types are named; none where the facts show no breach yet."""
    table = case.book.policy.letters.reportable
    over = {item.id for item in deadlines_of(case) if item.passed}
    return tuple(
        table[code].suspected
        for code in dict.fromkeys(case.view.types)
        if code in table and (table[code].after is None or table[code].after in over)
    )


def _without_money(case: Situation, text: str) -> str:
    words = case.book.policy.letters.money_words
    kept = [part for part in _CLAUSE.findall(text) if not any(word in part for word in words)]
    return "".join(kept).rstrip("，。；？ ") or blank("看到的事实")
