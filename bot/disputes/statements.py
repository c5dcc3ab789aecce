"""Texts for the platform's forms: the refund note and the intervention statement.

The statement always has the four elements a case officer looks for (seed0-12): product and model, time of purchase,
what happened, what is asked. What does not fit the platform's limit goes in the order: background, basis, evidence,
timeline. First person, facts only, no exclamation marks.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.disputes.letters import (
    Numbered,
    chronology,
    citations,
    day_zh,
    demand_zh,
    full_day_zh,
    numbered,
    plain,
    problem_zh,
    render,
)
from bot.disputes.model import CaseView
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import Situation

DEFAULT_LIMIT = 500
DEFAULT_NOTE_LIMIT = 200
SMALLEST_LIMIT = 80
MOST_CITATIONS = 2
LONGEST_MODEL = 60
SHOWS_THE_PROBLEM = ("E06", "E07", "E08", "E10", "E11", "E15")
UNKNOWN_PRODUCT = "以订单所列商品为准"
UNKNOWN_TIME = "以订单付款时间为准"


@dataclass(frozen=True)
class Statement:
    """The intervention statement. `length` and `limit` in characters; `dropped` = parts left out to fit."""

    text: str
    model: str
    purchase_time: str
    what_happened: str
    demand: str
    evidence_numbers: tuple[Numbered, ...]
    chronology: tuple[tuple[datetime, str], ...]
    sources: tuple[str, ...]
    length: int
    limit: int
    dropped: tuple[str, ...] = ()


@dataclass(frozen=True)
class Note:
    """The short text of the refund form."""

    text: str
    length: int
    limit: int


def intervention_statement(view: CaseView, now: datetime, rulebook: Rulebook) -> Statement:
    """The statement for this case, within the platform's limit (500 characters where none is known)."""
    case = Situation(view, now, rulebook)
    limit = max(SMALLEST_LIMIT, (case.profile.text_limit if case.profile else None) or DEFAULT_LIMIT)
    proofs, events, cited = numbered(case), chronology(case), citations(case, MOST_CITATIONS)
    parts = _parts(case, proofs, events, cited)
    text, dropped = _fit(parts, limit)
    return Statement(
        text=text,
        model=parts["model"],
        purchase_time=parts["purchase_time"],
        what_happened=parts["what"],
        demand=parts["demand"],
        evidence_numbers=proofs,
        chronology=events,
        sources=() if "basis" in dropped else cited,
        length=len(text),
        limit=limit,
        dropped=dropped,
    )


def refund_note(view: CaseView, now: datetime, rulebook: Rulebook) -> Note:
    """The note of the refund form, within its limit (200 characters where none is known)."""
    case = Situation(view, now, rulebook)
    limit = max(SMALLEST_LIMIT, (case.profile.note_limit if case.profile else None) or DEFAULT_NOTE_LIMIT)
    signed = case.facts.signed_at
    values = {
        "product": _shorten(plain(case, case.facts.product), 30) or "订单商品",
        "signed": day_zh(signed, now) if signed else "",
        "problem": problem_zh(case),
        "evidence": "、".join(dict.fromkeys(item.label for item in numbered(case))),
        "demand": demand_zh(case),
    }
    text = render("refund_note.v1.jinja", **values)
    if len(text) > limit:
        values["evidence"] = ""
        text = render("refund_note.v1.jinja", **values)
    if len(text) > limit:
        values["problem"] = _shorten(values["problem"], len(values["problem"]) - (len(text) - limit))
        text = render("refund_note.v1.jinja", **values)
    return Note(text, len(text), limit)


def _parts(
    case: Situation,
    proofs: tuple[Numbered, ...],
    events: tuple[tuple[datetime, str], ...],
    cited: tuple[str, ...],
) -> dict[str, str]:
    facts = case.facts
    product = _shorten(plain(case, facts.product), LONGEST_MODEL) or UNKNOWN_PRODUCT
    where = [f"店铺 {plain(case, facts.shop)}"] if facts.shop else []
    where += [f"订单号 {facts.order_number}"] if facts.order_number else []
    shown = "、".join(str(item.number) for item in proofs if item.kind in SHOWS_THE_PROBLEM)
    return {
        "model": product + (f"（{'，'.join(where)}）" if where else ""),
        "purchase_time": full_day_zh(facts.paid_at) if facts.paid_at else UNKNOWN_TIME,
        "what": problem_zh(case) + (f"（见证据 {shown}）" if shown else ""),
        "timeline": "；".join(f"{day_zh(at, case.now)}{words}" for at, words in events),
        "background": _background(case),
        "demand": demand_zh(case),
        "evidence": "；".join(f"{item.number}. {item.label}" for item in proofs),
        "basis": "、".join(case.book.source_labels(cited)),
    }


def _background(case: Situation) -> str:
    """The merchant's words, unless a round of the chronology already quotes them."""
    if any(item.theirs for item in case.view.rounds):
        return ""
    said = plain(case, case.facts.merchant_reply)
    return f"“{_shorten(said, 80)}”" if said else ""


def _fit(parts: dict[str, str], limit: int) -> tuple[str, tuple[str, ...]]:
    """Drops the least important part until the text fits; at last shortens what happened, then the model."""
    left, dropped = dict(parts), []
    capped = _shorten(left["what"], max(40, limit * 2 // 5))

    def text() -> str:
        return render("intervention_statement.v1.jinja", **left)

    if len(text()) > limit:
        left["what"] = capped
    for part in ("background", "basis", "evidence", "timeline"):
        if len(text()) <= limit:
            break
        if left[part]:
            left[part] = ""
            dropped.append(part)
    for part in ("what", "model", "demand"):
        over = len(text()) - limit
        if over > 0:
            left[part] = _shorten(left[part], max(4, len(left[part]) - over))
    if len(text()) <= limit and left["what"] == capped != parts["what"]:
        left["what"] = _shorten(parts["what"], len(capped) + limit - len(text()))
    return text(), tuple(dropped)


def _shorten(text: str, most: int) -> str:
    return text if len(text) <= most else text[: max(1, most - 1)] + "…"
