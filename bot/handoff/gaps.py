"""What a case still lacks and which clocks are running: the evidence that has to be had, and the time limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.cases.model import Case, DeadlineRecord
from bot.cases.view import view_of
from bot.disputes.advise import Advice, advise
from bot.disputes.findings import Deadline
from bot.disputes.rulebook import Rulebook, RulebookError

SOON = timedelta(hours=24)
"""A clock that runs out within this is urgent."""


@dataclass(frozen=True)
class Gap:
    """A piece of evidence that is a must and is not there. ``possible`` False: it cannot be made any more."""

    kind: str
    name: str
    why: str
    how: str
    substitute: str | None
    possible: bool


@dataclass(frozen=True)
class Clock:
    """A time limit that is still running.

    Attributes:
        kind: ``platform`` or ``statutory``.
        who: who has to act: ``buyer``, ``seller``, ``platform``, ``authority``; None when the rulebook no
            longer counts it for the facts as they are now.
        opens: True when a right begins at ``due`` instead of ending.
        sources: labels, 《…》第N条.
        fixed: False for a platform's usual time, where the countdown on the order page decides.
        told: the date kept with the case when deadlines were told to the buyer; None when there is none.
    """

    id: str
    name: str
    kind: str
    due: datetime
    who: str | None
    opens: bool
    consequence: str
    sources: tuple[str, ...]
    fixed: bool
    told: datetime | None


def advice_of(case: Case | None, rulebook: Rulebook, now: datetime) -> Advice | None:
    """What the rulebook says of the case; None without a case, without a type, or for a type it does not know."""
    if case is None or not case.types:
        return None
    try:
        return advise(view_of(case), now, rulebook)
    except RulebookError:
        return None


def evidence_gaps(advice: Advice | None) -> tuple[Gap, ...]:
    """The evidence that has to be had and is missing, with the reason and the way to it."""
    if advice is None:
        return ()
    return tuple(
        Gap(one.kind, one.name_zh, one.why_zh, one.how_zh, one.substitute_zh, one.still_possible)
        for one in advice.evidence.missing_must
    )


def open_clocks(
    case: Case | None, advice: Advice | None, rulebook: Rulebook, now: datetime
) -> tuple[Clock, ...]:
    """The clocks that have not run out, the nearest first: counted from the facts now, and those told before.

    The clocks of an intervention's own course are the told ones: the desk may have set them, and each of its
    steps has them counted and told anew.
    """
    told = {one.id: one for one in case.deadlines if one.due} if case is not None else {}
    counted = {one.id: one for one in advice.deadlines if one.due} if advice is not None else {}
    if case is not None and case.intervention is not None and case.deadlines:
        counted = {name: one for name, one in counted.items() if name in told or rulebook.windows[name].base}
    clocks = [_counted(one, told.get(name), rulebook) for name, one in counted.items()]
    clocks += [_told(one, rulebook) for name, one in told.items() if name not in counted]
    return tuple(sorted((one for one in clocks if one.due > now), key=lambda clock: (clock.due, clock.id)))


def nearest_clock(
    case: Case | None, advice: Advice | None, rulebook: Rulebook, now: datetime
) -> Clock | None:
    """The clock that runs out first: what the queue, the summary and the record all name."""
    # A right that begins is no reason to hurry.
    running = open_clocks(case, advice, rulebook, now)
    return next((clock for clock in running if not clock.opens), None)


def _counted(one: Deadline, told: DeadlineRecord | None, rulebook: Rulebook) -> Clock:
    from_facts = bool(rulebook.windows[one.id].base)  # otherwise from what has happened in the intervention
    due = told.due if told is not None and not from_facts else one.due
    assert due is not None
    return Clock(
        id=one.id,
        name=one.name_zh,
        kind=one.kind,
        due=due,
        who=one.who,
        opens=one.sense == "from",
        consequence=one.consequence_zh,
        sources=labels(one.sources, rulebook),
        fixed=not one.configurable,
        told=told.due if told is not None else None,
    )


def _told(one: DeadlineRecord, rulebook: Rulebook) -> Clock:
    """A clock that the buyer was told of and that the facts no longer give: the agent should know both."""
    assert one.due is not None
    sources = labels(one.sources, rulebook)
    return Clock(one.id, one.name, one.kind, one.due, None, False, one.consequence, sources, False, one.due)


def labels(sources: tuple[str, ...], rulebook: Rulebook) -> tuple[str, ...]:
    """《…》第N条 of the sources that the rulebook knows."""
    return rulebook.source_labels(one for one in sources if one in rulebook.sources)
