"""What a case still lacks and which clocks are running: the evidence that has to be had, and the time limits."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.cases.model import Case, DeadlineRecord
from bot.cases.view import view_of
from bot.disputes.advise import Advice, advise
from bot.disputes.findings import Deadline
from bot.disputes.rulebook import Rulebook, RulebookError


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
    """The clocks that have not run out, the nearest first: counted from the facts now, and those told before."""
    told = {one.id: one for one in case.deadlines} if case is not None else {}
    counted = {one.id: one for one in advice.deadlines} if advice is not None else {}
    clocks = [
        _counted(one, one.due, told.get(one.id), rulebook)
        for one in counted.values()
        if one.due is not None and one.due > now
    ]
    clocks += [
        _told(one, one.due, rulebook)
        for one in told.values()
        if one.due is not None and one.due > now and one.id not in counted
    ]
    return tuple(sorted(clocks, key=lambda clock: (clock.due, clock.id)))


def _counted(one: Deadline, due: datetime, told: DeadlineRecord | None, rulebook: Rulebook) -> Clock:
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


def _told(one: DeadlineRecord, due: datetime, rulebook: Rulebook) -> Clock:
    """A clock that the buyer was told of and that the facts no longer give: the agent should know both."""
    sources = labels(one.sources, rulebook)
    return Clock(one.id, one.name, one.kind, due, None, False, one.consequence, sources, False, due)


def labels(sources: tuple[str, ...], rulebook: Rulebook) -> tuple[str, ...]:
    """《…》第N条 of the sources that the rulebook knows."""
    return rulebook.source_labels(one for one in sources if one in rulebook.sources)
