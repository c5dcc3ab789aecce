"""What is written once the platform has the case: the answer to the merchant's proof, and the request for a review.

Rebuttal (二轮质证稿): each point of the merchant answered by the counter-arguments of the cards, and what the merchant
would have to show. Appeal (申诉稿): what is new, which finding is wrong and why; nothing new and no reason = none.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.disputes.burden import burden_of, seller_proved
from bot.disputes.cards import Showing
from bot.disputes.chronology import day_of_fact, timeline
from bot.disputes.evidence import evidence_report
from bot.disputes.findings import Burden
from bot.disputes.letters import (
    ASK_FOR_GROUNDS,
    Numbered,
    blank,
    citations,
    held_words,
    in_my_words,
    numbered,
    plain,
    problem_zh,
    quoted,
)
from bot.disputes.model import CaseView
from bot.disputes.new_evidence import new_evidence
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import Situation
from bot.disputes.statements.fitting import DROPPED_FIRST, Part, fit
from bot.disputes.statements.letter import (
    Letter,
    basis,
    blanks_in,
    cited_in,
    demand_or_blank,
    listed,
    notes,
    order_number,
    platform_limit,
    pointer,
    product,
    refusal,
)

REBUTTAL, APPEAL = "rebuttal.v1", "appeal.v1"
DROPPED_LAST = (*DROPPED_FIRST, "ask", "points")
MOST_POINTS = 4
MOST_SHOWINGS = 2
JUDGED = {"rejected": "没有支持我的诉求", "partly": "只支持了我的部分诉求"}
DECIDED_STAGES = ("decided", "executing", "appeal", "external", "closed")


def rebuttal(view: CaseView, now: datetime, rulebook: Rulebook) -> Letter:
    """The answer to what the merchant has shown or claimed (二轮质证稿), within the platform's limit."""
    case = Situation(view, now, rulebook)
    burden = burden_of(case, evidence_report(case))
    parts = {
        **_common(case),
        "points": _points(case),
        "ask": "；".join(_asked(case, burden)),
    }
    letter = _letter(case, "rebuttal", REBUTTAL, parts)
    turn = notes(case, "rebuttal_your_turn") if burden.who == "buyer" and seller_proved(case) else ()
    return Letter(**{**vars(letter), "notes": turn})


def appeal(view: CaseView, now: datetime, rulebook: Rulebook, reason: str = "") -> Letter:
    """The request to review a decision (申诉复审, seed0-08).

    Args:
        reason: the buyer's own words on what the decision got wrong, if they gave any.
    """
    case = Situation(view, now, rulebook)
    stopped = _no_appeal(case)
    if stopped is not None:
        return refusal(case, "appeal", stopped)
    new = _new_pieces(case)
    reasons = (*filter(None, [plain(case, reason)]), *_wrong(case))
    claims_new = bool(new) or (case.facts.new_evidence is True and not case.view.filed)
    if not claims_new and _needs_evidence(case):
        return refusal(case, "appeal", "appeal_needs_evidence")
    if not claims_new and not reasons:
        return refusal(case, "appeal", "appeal_nothing_new")
    burden = burden_of(case, evidence_report(case))
    parts = {
        **_common(case),
        "ruled": day_of_fact(case, "ruled_at"),
        "finding": JUDGED.get(case.facts.ruling or "") or blank("判定的结果"),
        "new": _new_zh(case, new),
        "reason": "；".join(reasons) or f"新的证据直接关系到争议点：{burden.must_show_zh}",
    }
    return _letter(case, "appeal", APPEAL, parts)


def _common(case: Situation) -> dict[str, Part]:
    return {
        "order_number": order_number(case) or blank("订单号"),
        "background": f"{product(case, blank('商品名称和型号'))}，{problem_zh(case)}{pointer(case, numbered(case))}",
        "demand": demand_or_blank(case),
        "timeline": timeline(case),
        "evidence": listed(numbered(case)),
        "basis": basis(case, citations(case, case.book.policy.letters.citations)),
    }


def _letter(case: Situation, kind: str, template: str, parts: dict[str, Part]) -> Letter:
    limit = platform_limit(case, kind)
    done = fit(template, parts, limit, first=DROPPED_LAST)
    cited = citations(case, case.book.policy.letters.citations)
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
    )


def _points(case: Situation) -> tuple[str, ...]:
    """The merchant's points as "1. 关于“…”：…"; what nobody has an answer to is asked to be shown."""
    said = case.merchant_text
    if not said.strip():
        return (f"1. 关于商家所称{blank('商家在举证里的说法')}：{ASK_FOR_GROUNDS}",)
    known = [argument for card in case.cards for argument in card.counter_arguments]
    known += case.book.policy.negotiation.counters
    found = [one for one in known if any(cue in said for cue in one.cues)][:MOST_POINTS]
    if not found:
        last = said.strip().splitlines()[-1]
        return (f"1. 商家答复{quoted(case, last)}，{ASK_FOR_GROUNDS}",)
    return tuple(
        f"{number}. 关于“{one.says}”：{held_words(case, one.reply)}"
        for number, one in enumerate(found, start=1)
    )


def _asked(case: Situation, burden: Burden) -> Iterable[str]:
    """What the merchant has to show: the burden of proof first, then what the card lists."""
    wanted = [(burden.must_show_zh, burden.if_not_zh)] if burden.who == "seller" else []
    for showing in (one for card in case.cards for one in card.seller_must_show):
        if _applies(case, showing):
            wanted.append((showing.what, showing.if_not))
    asked: dict[str, str] = {}
    for what, if_not in wanted:
        asked.setdefault(in_my_words(what), in_my_words(if_not))
    for what, if_not in list(asked.items())[:MOST_SHOWINGS]:
        yield what + (f"（提供不了的，按规则{if_not}）" if if_not else "")


def _applies(case: Situation, showing: Showing) -> bool:
    """Not by another platform's rules alone."""
    own = case.profile.rules if case.profile is not None else ("tb", "tbfh") if case.on_taobao else ()
    foreign = {rule for profile in case.book.profiles.values() for rule in profile.rules} - {*own}
    laws = [case.book.sources[source].law for source in showing.sources]
    return not laws or any(law not in foreign for law in laws)


def _no_appeal(case: Situation) -> str | None:
    facts = case.facts
    if facts.ruling == "supported":
        return "appeal_supported"
    decided = facts.ruled_at is not None or facts.ruling is not None or case.view.stage in DECIDED_STAGES
    return None if decided else "appeal_no_ruling"


def _needs_evidence(case: Situation) -> bool:
    """JD takes a decided question up again for new facts only (jd-5, jd-9)."""
    return case.profile is not None and "jd" in case.profile.rules


def _new_pieces(case: Situation) -> tuple[Numbered, ...]:
    """The files the platform has not had. While nobody said what was filed: kinds that only came after the decision,
    provided there were others before it."""
    compared, ruled = new_evidence(case), case.facts.ruled_at
    if compared.counts is not None:
        fresh = {piece.id for piece in compared.new_pieces}
    else:
        held = case.view.evidence
        before = [item for item in held if ruled is None or item.uploaded_at <= ruled]
        had = {item.kind for item in before}
        fresh = {item.id for item in held if before and item not in before and item.kind not in had}
    return tuple(item for item in numbered(case) if item.evidence_id in fresh)


def _new_zh(case: Situation, new: tuple[Numbered, ...]) -> str:
    if new:
        return "、".join(f"证据 {item.number}（{item.label}）" for item in new) + "，此前没有提交过"
    told = case.facts.new_evidence is True and not case.view.filed
    return blank("新证据的名称和它说明什么") if told else ""


def _wrong(case: Situation) -> Iterable[str]:
    """What the rules say about who had to prove, and whether they did: reasons that follow from the known facts."""
    facts = case.facts
    if facts.official_finding is True:
        yield "已有行政机关的认定或生效的法律文书，判定应以此为准"
    if facts.induced_confirmation is True:
        yield "确认收货是在商家诱导下点的，不应因此改由我举证"
    burden = burden_of(case, evidence_report(case))
    said = case.merchant_text
    shown = seller_proved(case) or any(cue in said for cue in case.book.procedure.burden.proof_cues)
    if burden.who == "seller" and said.strip() and not shown:
        yield f"这一点应先由商家证明：{in_my_words(burden.must_show_zh)}；商家给我的答复里没有相应的凭证"
