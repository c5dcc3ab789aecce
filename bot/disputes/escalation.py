"""The ladder outside and above the intervention (升级阶梯, X1..X9): which steps are open now, which not and why, which next.

The platform first, then 12315 (or the consumers' association: one of the two), then arbitration or the court. Rules that
came later than a complaint do not count for it: sources are those in force on the case's own dates (令121 from 2026-04-15).
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, replace

from bot.disputes.after_ruling import NextAction
from bot.disputes.conditions import holds
from bot.disputes.findings import Gate
from bot.disputes.ladder_rules import Closed, LadderStep, Office
from bot.disputes.situation import Situation
from bot.disputes.windows import evaluate

COMPLAINT, ASSOCIATION, ARBITRATION, COURT = "X2", "X4", "X7", "X8"
AFTER_PLATFORM = ("decided", "executing", "appeal", "external")
WITHIN_PLATFORM = ("ask", "appeal", "check_execution")
"""Actions after a ruling that leave the word with the platform."""


@dataclass(frozen=True)
class Channel:
    """An office for one kind of trouble (专门渠道) under X6. `allowed` False = not yet or no more: `why_not_zh`."""

    id: str
    name_zh: str
    venue_zh: str
    time_limit_zh: str
    allowed: bool
    why_not_zh: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class Step:
    """One way. `allowed`: True = open now, False = not (`why_not_zh`), None = hangs on the facts in `needs`.

    `materials` = evidence kinds, `held` those already there. `next` = the step to take now, at most one.
    """

    id: str
    name_zh: str
    when_zh: str
    venue_zh: str
    how_zh: str
    materials: tuple[str, ...]
    held: tuple[str, ...]
    time_limit_zh: str
    cost_zh: str
    effect_zh: str
    allowed: bool | None
    why_not_zh: str
    needs: tuple[str, ...]
    next: bool
    note_zh: str
    special: tuple[Channel, ...]
    sources: tuple[str, ...]


def escalation_of(
    case: Situation, gates: tuple[Gate, ...] = (), after: NextAction | None = None
) -> tuple[Step, ...]:
    """The steps that concern this case, in order, at most one of them marked as next.

    Args:
        gates: whether the platform can still be asked; without them it is taken that it can.
        after: what follows a ruling, when there is one.
    """
    steps = tuple(
        _step(case, rule)
        for rule in case.book.procedure.ladder.steps.values()
        if holds(rule.relevant, case, FLAGS) and not (rule.special and not _offices(case))
    )
    chosen = _next(case, {step.id: step for step in steps}, gates, after)
    return tuple(replace(step, next=True) if step.id == chosen else step for step in steps)


def _step(case: Situation, rule: LadderStep) -> Step:
    shut = _shut(case, rule.closed)
    needs = () if shut else _open_questions(case, rule)
    cited = [*rule.sources, *(shut.sources if shut else ())]
    seat = case.book.procedure.ladder.seats.get(case.facts.platform or "") if rule.id == COMPLAINT else None
    cited += case.book.procedure.ladder.seat_sources if seat else ()
    held = {item.kind for item in case.view.evidence}
    return Step(
        id=rule.id,
        name_zh=rule.name,
        when_zh=rule.when,
        venue_zh=f"{rule.venue}（平台住所地：{seat}）" if seat else rule.venue,
        how_zh=rule.how,
        materials=rule.materials,
        held=tuple(kind for kind in rule.materials if kind in held),
        time_limit_zh=rule.time_limit,
        cost_zh=rule.cost,
        effect_zh=rule.effect,
        allowed=False if shut else None if needs else True,
        why_not_zh=shut.why if shut else "",
        needs=needs,
        next=False,
        note_zh=_note(case, rule),
        special=_offices(case) if rule.special else (),
        sources=case.applicable(dict.fromkeys(cited)),
    )


def _shut(case: Situation, closed: tuple[Closed, ...]) -> Closed | None:
    return next((one for one in closed if holds(one.when, case, FLAGS)), None)


def _open_questions(case: Situation, rule: LadderStep) -> tuple[str, ...]:
    """`open_if` must be known to be true; `ask` only matters while the buyer can still tell."""
    asked = [fact for fact in rule.ask if case.facts.get(fact) is None and fact not in case.view.declined]
    return tuple(dict.fromkeys([*(f for f in rule.open_if if case.facts.get(f) is not True), *asked]))


def _note(case: Situation, rule: LadderStep) -> str:
    if rule.id == COURT:
        return case.book.procedure.ladder.small_claims_note
    if rule.id == COMPLAINT and case.facts.own_order is False:
        return "代别人投诉的，要有本人的授权委托书"
    return ""


def _offices(case: Situation) -> tuple[Channel, ...]:
    return tuple(
        _office(case, one) for one in case.book.procedure.ladder.offices if holds(one.when, case, FLAGS)
    )


def _office(case: Situation, office: Office) -> Channel:
    shut = _shut(case, office.closed)
    sources = case.applicable(dict.fromkeys([*office.sources, *(shut.sources if shut else ())]))
    why = shut.why if shut else ""
    return Channel(office.id, office.name, office.venue, office.limit, shut is None, why, sources)


def _next(
    case: Situation, steps: dict[str, Step], gates: tuple[Gate, ...], after: NextAction | None
) -> str | None:
    """The one step to take now; None while the platform, or the complaint already made, still has the word."""
    first = case.book.procedure.ladder.first
    own = next((first[code] for code in case.view.types if code in first), None)
    if after is not None:
        if after.action in WITHIN_PLATFORM:
            return own
        return _first_open(steps, after.ladder)
    if own is not None or _complaint_running(case):
        return own
    if (
        case.facts.mediation_ended_at is not None
    ):  # 12315 has been tried: the court, or arbitration where agreed
        return _first_open(steps, (ARBITRATION, COURT))
    if _platform_first(case, gates):
        return None
    return _first_open(steps, (COMPLAINT, ASSOCIATION, ARBITRATION, COURT))


def _first_open(steps: dict[str, Step], order: tuple[str, ...]) -> str | None:
    """The first of `order` that is open. A way that hangs on an agreement nobody has named is not."""
    listed = [steps[key] for key in order if key in steps]
    return next((s.id for s in listed if s.allowed or (s.allowed is None and s.id != ARBITRATION)), None)


def _platform_first(case: Situation, gates: tuple[Gate, ...]) -> bool:
    """Can the platform still decide: not ruled, and nothing of G3, G4 or G6 stands against it for good."""
    if case.view.stage in AFTER_PLATFORM:
        return False
    return not any(gate.state == "fail" and gate.id in ("G3", "G4", "G6") for gate in gates)


def _over_three_years(case: Situation) -> bool:
    deadline = evaluate(case, case.book.windows["L-18"])
    return deadline is not None and deadline.passed


def _complaint_running(case: Situation) -> bool:
    facts = case.facts
    begun = facts.complaint_filed_at or facts.complaint_accepted_at or facts.complaint_to_company_at
    return (
        begun is not None and facts.mediation_ended_at is None and facts.handled_elsewhere in (None, "none")
    )


def _courier_waiting(case: Situation) -> bool:
    deadline = evaluate(case, case.book.windows["L-21"]) if case.facts.courier_complaint_at else None
    return deadline is not None and not deadline.passed


FLAGS: dict[str, Callable[[Situation], bool]] = {
    "over_three_years": _over_three_years,
    "merchant_threat": lambda case: case.stance == "hostile",
    "complaint_running": _complaint_running,
    "no_courier_complaint": lambda case: case.facts.courier_complaint_at is None,
    "courier_waiting": _courier_waiting,
    "suit_running": lambda case: (
        case.facts.suit_filed_at is not None or case.facts.suit_accepted_at is not None
    ),
}
