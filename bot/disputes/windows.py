"""Time limits of a case: which apply, when they end, or which fact is needed to say so.

A platform's figure is a default: the countdown on the order page (`page_deadline_at`) overrides the one window it can
stand for. Both clocks of a right are given, platform and statutory (C-04); the earlier is the safe one.
"""

from __future__ import annotations

from datetime import datetime

from bot.disputes import counting
from bot.disputes.counting import End
from bot.disputes.deadlines import PAGE, Term, deadline, paired
from bot.disputes.facts import SHANGHAI
from bot.disputes.findings import Deadline
from bot.disputes.situation import REFUSING, Situation
from bot.disputes.window_rules import Length, Window
from bot.disputes.window_scope import concern, not_yet

AGREED = "卖家同意退货"
ACCEPTED = "平台受理介入"
LAST = datetime.max.replace(tzinfo=SHANGHAI)


def deadlines_of(case: Situation) -> tuple[Deadline, ...]:
    """All windows that concern the case, soonest first; those that still need a fact last."""
    listed = {window for card in case.cards for window in card.windows}
    found: dict[str, Deadline] = {}
    for window in case.book.windows.values():
        shown = concern(case, window, window.id in listed)
        if shown == "no":
            continue
        one = evaluate(case, window)
        if one is not None and (one.due is not None or shown == "always"):
            found[window.id] = one
    page = page_window(case)
    if case.facts.page_deadline_at is not None and page not in found:
        one = evaluate(case, case.book.windows[page])
        found |= {page: one} if one is not None else {}
    pairs = {key: pair for key in found if (pair := case.book.windows[key].pair) is not None}
    return tuple(sorted(paired(found, pairs), key=lambda one: (one.due is None, one.due or LAST, one.id)))


def safe_deadline(deadlines: tuple[Deadline, ...]) -> Deadline | None:
    """The earliest date by which the buyer has to act and still can."""
    own = (
        d for d in deadlines if d.who == "buyer" and d.sense == "until" and d.due is not None and not d.passed
    )
    return next(own, None)


def evaluate(case: Situation, window: Window) -> Deadline | None:
    """One window for this case. None when it starts with an event that has not happened as far as we know."""
    on_page = case.facts.page_deadline_at
    if on_page is not None and window.kind == "platform" and window.id == page_window(case):
        return deadline(case, window, Term(None, window.sources, "H"), End(on_page), PAGE)
    term = term_of(case, window)
    if term.known and term.length is None:
        return None  # a rule without a length (a notice period of the platform's own) is not a date
    stated = case.facts.time(window.stated_by or "")
    if stated is not None:
        return deadline(case, window, term, End(stated), window.stated_by)
    base, fact, needs = _base(case, window)
    if base is None and needs is None:
        return None
    if not term.known:
        return deadline(case, window, term, None, None, PAGE)
    if base is None or term.length is None:
        return deadline(case, window, term, None, None, needs)
    cautious = window.kind == "statutory" and not window.roll
    rolled = counting.statutory(base, term.length, True) if cautious else None
    return deadline(case, window, term, _end(case, window, base, term.length), fact, rolled=rolled)


def page_window(case: Situation) -> str:
    """Which window the countdown on the order page stands for, by how far the order and the refund have come."""
    facts = case.facts
    if facts.ruled_at is not None:
        return "T-17"
    if facts.intervention_accepted_at is not None:
        return "T-14"
    if facts.returned_at is not None:
        refused_after = facts.refused_at is not None and facts.refused_at > facts.returned_at
        return "T-13" if refused_after else "T-07"
    if facts.demand != "refund_only" and facts.agreed_at is not None:
        return "T-06"
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


def _end(case: Situation, window: Window, base: datetime, length: Length) -> End:
    if window.kind == "statutory":
        end = counting.statutory(base, length, window.roll)
    elif window.day_end:
        end = counting.statutory(base, length, False)
    else:
        end = counting.elapsed(counting.next_midnight(base) if window.next_midnight else base, length)
    if window.cap is None:
        return end
    start = next((moment for fact in window.cap.base if (moment := case.facts.time(fact))), None)
    if start is None:
        return end
    return min(end, counting.statutory(start, window.cap.length, window.roll), key=lambda one: one.at)


def term_of(case: Situation, window: Window) -> Term:
    """The length that counts on this platform; Taobao's defaults, unsure, while no platform is named."""
    default = Term(window.length, window.sources, window.confidence)
    if window.kind == "statutory":
        return default
    profile = case.profile
    override = profile.windows.get(window.id) if profile is not None else None
    if profile is not None and override is not None:
        families = {card.family for card in case.cards}
        known = override.length is not None and families.isdisjoint(override.except_families)
        as_of = override.as_of or profile.as_of
        texts = (override.consequence, override.note)
        return Term(override.length, override.sources, override.confidence, known, as_of, *texts)
    if case.facts.platform is None:
        return Term(window.length, window.sources, "L")
    if window.scope.platforms or (profile is not None and profile.window_defaults):
        return default
    return Term(None, window.sources, "L", known=False)


def _base(case: Situation, window: Window) -> tuple[datetime | None, str | None, str | None]:
    """(start, fact it comes from, fact that is needed)."""
    if window.after is not None:
        earlier = evaluate(case, case.book.windows[window.after])
        return (None, None, None) if earlier is None else (earlier.due, earlier.base_fact, earlier.needs)
    for fact in (*filter(None, [window.dated_by]), *window.base):
        moment = case.facts.time(fact)
        if moment is not None:
            return moment, fact, None
    if window.event == ACCEPTED and case.view.opened_at is not None:
        return case.view.opened_at, None, None
    if window.event == AGREED:
        agreed = [item.at for item in case.view.rounds if item.stance == "agree"]
        if agreed:
            return agreed[-1], None, None
    expected = [fact for fact in window.base if not not_yet(case, fact)]
    return None, None, expected[0] if expected else None
