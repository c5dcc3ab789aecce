"""Time limits of a case: which apply, when they end, or which fact is needed to say so.

A platform's figure is a default: the countdown on the order page (`page_deadline_at`) overrides the one window it can
stand for. Both clocks of a right are given, platform and statutory (C-04); the earlier is the safe one.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.disputes import counting
from bot.disputes.catalogue import Length, Window
from bot.disputes.facts import SHANGHAI
from bot.disputes.findings import Deadline
from bot.disputes.model import Confidence
from bot.disputes.situation import REFUSING, Situation

PAGE = "page_deadline_at"
PAGE_NOTE = "以页面倒计时为准"
AGREED = "卖家同意退货"
ACCEPTED = "平台受理介入"
NOT_YET = {
    "unpaid": ("paid_at", "shipped_at", "signed_at", "confirmed_at", "returned_at"),
    "paid": ("shipped_at", "signed_at", "confirmed_at", "returned_at"),
    "shipped": ("signed_at", "confirmed_at", "returned_at"),
    "signed": ("confirmed_at",),
}
"""By order stage, the dates that lie ahead."""


@dataclass(frozen=True)
class _Term:
    """The length that counts on this platform; None = unknown there."""

    length: Length | None
    sources: tuple[str, ...]
    confidence: Confidence
    known: bool = True


def deadlines_of(case: Situation) -> tuple[Deadline, ...]:
    """All windows of the cards and the general ones, soonest first; those that still need a fact last."""
    listed = dict.fromkeys(window for card in case.cards for window in card.windows)
    found: list[Deadline] = []
    for window in case.book.windows.values():
        if not (window.id in listed or window.general) or not _in_phase(case, window):
            continue
        deadline = evaluate(case, window)
        if deadline is not None and (deadline.due is not None or window.id in listed):
            found.append(deadline)
    page = page_window(case)
    if case.facts.page_deadline_at is not None and page not in {item.id for item in found}:
        deadline = evaluate(case, case.book.windows[page])
        found += [deadline] if deadline is not None else []
    last = datetime.max.replace(tzinfo=SHANGHAI)
    return tuple(sorted(found, key=lambda item: (item.due is None, item.due or last, item.id)))


def safe_deadline(deadlines: tuple[Deadline, ...]) -> Deadline | None:
    """The earliest date by which the buyer has to act and still can."""
    own = (
        d for d in deadlines if d.who == "buyer" and d.sense == "until" and d.due is not None and not d.passed
    )
    return next(own, None)


def evaluate(case: Situation, window: Window) -> Deadline | None:
    """One window for this case. None when it starts with an event that has not happened as far as we know."""
    if (
        case.facts.page_deadline_at is not None
        and window.kind == "platform"
        and window.id == page_window(case)
    ):
        return _deadline(case, window, case.facts.page_deadline_at, PAGE, _Term(None, window.sources, "H"))
    term = _term(case, window)
    if term.known and term.length is None:
        return None  # a rule without a length ("the countdown pauses") is not a date
    stated = case.facts.time(window.stated_by or "")
    if stated is not None:
        return _deadline(case, window, stated, window.stated_by, term)
    base, fact, needs = _base(case, window)
    if base is None and needs is None:
        return None
    if not term.known:
        return _deadline(case, window, None, None, term, PAGE)
    if base is None or term.length is None:
        return _deadline(case, window, None, None, term, needs)
    if window.kind == "statutory":
        end = counting.statutory(base, term.length, window.roll)
    else:
        end = counting.elapsed(counting.next_midnight(base) if window.next_midnight else base, term.length)
    return _deadline(case, window, end.at, fact, term, provisional=end.provisional)


def page_window(case: Situation) -> str:
    """Which window the countdown on the order page stands for, by how far the order and the refund have come."""
    facts = case.facts
    if facts.returned_at is not None:
        return "T-07"
    if case.stance == "agree" and facts.demand == "return_refund":
        return "T-06"
    if facts.refused_at is not None or (facts.refund_requested_at is not None and case.stance in REFUSING):
        return "T-13"
    if facts.refund_requested_at is not None:
        return "T-04" if facts.order_stage == "paid" else "T-05"
    if facts.order_stage in ("unpaid", "paid"):
        return "T-01"
    if case.confirmation == "after":
        return "T-11"
    return "T-21" if case.any_type(("seven_day", "remorse")) else "T-08"


def _in_phase(case: Situation, window: Window) -> bool:
    if window.phase == "before" and case.confirmation == "after":
        return False
    if window.phase == "after" and case.confirmation != "after":
        return False
    return not window.stages or case.facts.order_stage in window.stages


def _term(case: Situation, window: Window) -> _Term:
    if window.kind == "statutory":
        return _Term(window.length, window.sources, window.confidence)
    profile = case.profile
    override = profile.windows.get(window.id) if profile is not None else None
    if override is not None:
        families = {card.family for card in case.cards}
        known = override.length is not None and families.isdisjoint(override.except_families)
        return _Term(override.length, override.sources, override.confidence, known)
    if profile is not None and profile.window_defaults:
        return _Term(window.length, window.sources, window.confidence)
    if case.facts.platform is None:
        return _Term(window.length, window.sources, "L")
    return _Term(None, window.sources, "L", known=False)


def _base(case: Situation, window: Window) -> tuple[datetime | None, str | None, str | None]:
    """(start, fact it comes from, fact that is needed)."""
    if window.after is not None:
        earlier = evaluate(case, case.book.windows[window.after])
        return (None, None, None) if earlier is None else (earlier.due, earlier.base_fact, earlier.needs)
    if window.event == AGREED:
        agreed = [item.at for item in case.view.rounds if item.stance == "agree"]
        return (agreed[-1] if agreed else None), None, None
    if window.event == ACCEPTED:
        return case.view.opened_at, None, None
    for fact in window.base:
        moment = case.facts.time(fact)
        if moment is not None:
            return moment, fact, None
    expected = [fact for fact in window.base if not _not_yet(case, fact)]
    return None, None, expected[0] if expected else None


def _not_yet(case: Situation, fact: str) -> bool:
    """An event the order has not come to cannot be asked for."""
    if fact == "return_signed_at":
        return case.facts.returned_at is None
    return fact in NOT_YET.get(case.facts.order_stage or "", ())


def _deadline(
    case: Situation,
    window: Window,
    due: datetime | None,
    fact: str | None,
    term: _Term,
    needs: str | None = None,
    provisional: bool = False,
) -> Deadline:
    from_page = fact == PAGE
    configurable = window.configurable and not from_page
    return Deadline(
        id=window.id,
        name_zh=window.name,
        kind=window.kind,
        due=due,
        due_zh=_due_zh(due, window.kind == "statutory"),
        needs=needs if due is None else None,
        base_fact=fact,
        who=window.who,
        sense=window.sense,
        passed=due is not None and due <= case.now,
        consequence_zh=window.consequence,
        note_zh=_note(window, configurable, from_page, provisional),
        sources=term.sources,
        confidence="L" if provisional else term.confidence,
        as_of=window.as_of,
        configurable=configurable,
    )


def _note(window: Window, configurable: bool, from_page: bool, provisional: bool) -> str:
    notes = [window.note] if window.note else []
    if from_page:
        notes.append("按您看到的页面倒计时")
    if configurable:
        notes.append(PAGE_NOTE)
    if provisional:
        notes.append("涉及年份的放假安排尚未公布，日期可能调整")
    return "；".join(notes)


def _due_zh(due: datetime | None, at_24: bool) -> str:
    if due is None:
        return ""
    local = due.astimezone(SHANGHAI)
    if at_24 and (local.hour, local.minute, local.second) == (0, 0, 0):
        day = local - timedelta(days=1)
        return f"{day.year}年{day.month}月{day.day}日 24:00"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"
