"""Texts for the platform's forms: the refund note and the intervention statement.

The statement always has the four elements a case officer looks for (seed0-12): product and model, time of purchase,
what happened, what is asked.
"""

from __future__ import annotations

from datetime import datetime

from bot.disputes.chronology import chronology, day_of_fact, timeline
from bot.disputes.letters import citations, demand_zh, named, numbered, problem_zh, quoted, render, shorten
from bot.disputes.model import CaseView
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import Situation
from bot.disputes.statements.fitting import Part, fit
from bot.disputes.statements.letter import (
    Note,
    Statement,
    basis,
    cited_in,
    listed,
    order_number,
    paid_day,
    platform_limit,
    pointer,
    product,
    shop,
)

STATEMENT = "intervention_statement.v1"
NOTE = "refund_note.v1"
UNKNOWN_PRODUCT = "以订单所列商品为准"
UNKNOWN_TIME = "以订单付款时间为准"
LONGEST_BACKGROUND = 80


def intervention_statement(view: CaseView, now: datetime, rulebook: Rulebook) -> Statement:
    """The statement (介入申请书) for this case, within the platform's limit (500 characters where none is known)."""
    case = Situation(view, now, rulebook)
    proofs = numbered(case)
    cited = citations(case, rulebook.policy.letters.citations)
    parts: dict[str, Part] = {
        "model": _model(case),
        "purchase_time": paid_day(case, UNKNOWN_TIME),
        "what": problem_zh(case),
        "timeline": timeline(case),
        "background": _background(case),
        "demand": demand_zh(case),
        "evidence": listed(proofs),
        "basis": basis(case, cited),
    }
    tails = {"what": pointer(case, proofs)}
    limit = platform_limit(case, "statement")
    done = fit(STATEMENT, parts, limit, tails)
    return Statement(
        text=done.text,
        model=str(parts["model"]),
        purchase_time=str(parts["purchase_time"]),
        what_happened=f"{parts['what']}{tails['what']}",
        demand=str(parts["demand"]),
        evidence_numbers=proofs,
        chronology=chronology(case),
        sources=cited_in(cited, done.dropped),
        length=len(done.text),
        limit=limit,
        dropped=done.dropped,
        template=STATEMENT,
    )


def refund_note(view: CaseView, now: datetime, rulebook: Rulebook) -> Note:
    """The note of the refund form (退款说明), within its limit (200 characters where none is known)."""
    case = Situation(view, now, rulebook)
    limit = platform_limit(case, "note")
    values = {
        "product": shorten(named(case, case.facts.product), 30) or "订单商品",
        "signed": day_of_fact(case, "signed_at"),
        "problem": problem_zh(case),
        "evidence": "、".join(dict.fromkeys(item.label for item in numbered(case))),
        "demand": demand_zh(case),
    }
    text = render(NOTE, **values)
    if len(text) > limit:
        values["evidence"] = ""
        text = render(NOTE, **values)
    if len(text) > limit:
        values["problem"] = shorten(values["problem"], len(values["problem"]) - (len(text) - limit))
        text = render(NOTE, **values)
    return Note(shorten(text, limit), min(len(text), limit), limit, NOTE)


def _model(case: Situation) -> str:
    where = [f"店铺 {shop(case)}"] if shop(case) else []
    where += [f"订单号 {order_number(case)}"] if order_number(case) else []
    return product(case, UNKNOWN_PRODUCT) + (f"（{'，'.join(where)}）" if where else "")


def _background(case: Situation) -> str:
    """The merchant's words, unless a round of the chronology already quotes them."""
    if any(item.theirs for item in case.view.rounds):
        return ""
    return quoted(case, case.facts.merchant_reply, LONGEST_BACKGROUND)
