"""The time limits of a case once its intervention runs: the rulebook's, counted from what the desk has done."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime

from bot.cases.model import Case
from bot.cases.view import view_of
from bot.disputes.facts import SHANGHAI
from bot.disputes.findings import Deadline
from bot.disputes.rulebook import Rulebook
from bot.disputes.situation import Situation
from bot.disputes.windows import ACCEPTED, deadlines_of, evaluate
from bot.intervention.states import State, since
from bot.intervention.steps import newest
from bot.intervention.told import told_ruling

EVIDENCE, DECISION, APPEAL = "T-14", "T-16", "T-17"
"""The windows 双方举证, 平台作出判定 and 申诉复审 of the rulebook."""
SET_BY_DESK = "desk"
"""The `base_fact` of a time limit that the desk itself has set."""

_ASKING_IN = frozenset({"T-12", "T-13"})  # to ask for the intervention: behind us once it runs
_COLLECTING = frozenset({State.ACCEPTED, State.EVIDENCE})
_UNDECIDED = frozenset({State.ACCEPTED, State.EVIDENCE, State.MEDIATION})


def clocks(case: Case, now: datetime, rulebook: Rulebook) -> tuple[Deadline, ...]:
    """The time limits of the case at ``now``, soonest first; of the intervention only those that still count."""
    situation = Situation(view_of(case), now, rulebook)
    found = {one.id: one for one in deadlines_of(situation)}
    if case.intervention is None:
        return tuple(found.values())
    state = State(case.intervention.state)
    if (
        told_ruling(case) is not None
    ):  # nothing has to be handed in or waited for any more, by the buyer's word
        gone = _ASKING_IN | {EVIDENCE, DECISION}
        return tuple(one for one in found.values() if one.id not in gone)
    for over in _over(state):
        found.pop(over, None)
    asked = newest(case, "ask_evidence")
    if asked is not None and asked.due_at is not None and state in _UNDECIDED:
        _put(found, _counted_from(situation, DECISION, asked.due_at))
        if EVIDENCE in found:
            found[EVIDENCE] = _set_by_desk(found[EVIDENCE], asked.due_at, now)
    decided = since(case.intervention, State.DECIDED)
    if state is State.DECIDED and decided is not None:
        _put(found, _counted_from(situation, APPEAL, decided))
    last = datetime.max.replace(tzinfo=SHANGHAI)
    return tuple(sorted(found.values(), key=lambda one: (one.due is None, one.due or last, one.id)))


def clock(case: Case, window: str, now: datetime, rulebook: Rulebook) -> Deadline | None:
    """One time limit with its date; None when it does not count now or no date can be said."""
    return next((one for one in clocks(case, now, rulebook) if one.id == window and one.due), None)


def _over(state: State) -> frozenset[str]:
    """The windows that no longer count, or that the rulebook alone cannot date."""
    over = _ASKING_IN | {APPEAL}
    if state not in _COLLECTING:
        over |= {EVIDENCE}
    return over if state in _UNDECIDED else over | {DECISION}


def _counted_from(situation: Situation, window: str, start: datetime) -> Deadline | None:
    """A window of the rulebook counted from a moment that only the intervention knows.

    The rulebook knows one moment of an intervention, when it was accepted; the window is counted as if it
    began there, so that the platform's own lengths and the holidays stay the rulebook's.
    """
    begun = replace(situation, view=replace(situation.view, opened_at=start))
    return evaluate(begun, replace(situation.book.windows[window], event=ACCEPTED, after=None, base=()))


def _set_by_desk(deadline: Deadline, due: datetime, now: datetime) -> Deadline:
    local = due.astimezone(SHANGHAI)
    return replace(
        deadline,
        due=due,
        due_zh=f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}",
        needs=None,
        base_fact=SET_BY_DESK,
        passed=due <= now,
        note_zh="工作人员给的时间",
        configurable=False,
    )


def _put(found: dict[str, Deadline], deadline: Deadline | None) -> None:
    if deadline is not None:
        found[deadline.id] = deadline
