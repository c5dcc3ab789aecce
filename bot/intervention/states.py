"""The states of an intervention (受理 → 双方举证 → 调解 → 判决 → 申诉复审 → 结案) and the ways between them."""

from __future__ import annotations

from datetime import datetime
from enum import Enum

from bot.cases.model import Case, Intervention, Stage


class State(str, Enum):
    """Named as the buyer sees them."""

    ACCEPTED = "受理"
    EVIDENCE = "双方举证"
    MEDIATION = "调解"
    DECIDED = "判决"
    REVIEW = "申诉复审"
    CLOSED = "结案"


# Steps on the way to a decision may be skipped: the platform can decide at once, and the buyer tells us
# only where things stand now. The review is final within the platform (平台内复审为最终).
ALLOWED: dict[State, frozenset[State]] = {
    State.ACCEPTED: frozenset({State.EVIDENCE, State.MEDIATION, State.DECIDED, State.CLOSED}),
    State.EVIDENCE: frozenset({State.MEDIATION, State.DECIDED, State.CLOSED}),
    State.MEDIATION: frozenset({State.DECIDED, State.CLOSED}),
    State.DECIDED: frozenset({State.REVIEW, State.CLOSED}),
    State.REVIEW: frozenset({State.CLOSED}),
    State.CLOSED: frozenset(),
}

# A closed intervention leaves the case open: carrying out the decision, or a way outside the platform, follows.
STAGES = {
    State.ACCEPTED: Stage.INTERVENTION_OPEN,
    State.EVIDENCE: Stage.EVIDENCE_PERIOD,
    State.MEDIATION: Stage.MEDIATION,
    State.DECIDED: Stage.DECIDED,
    State.REVIEW: Stage.APPEAL,
    State.CLOSED: Stage.EXECUTING,
}

ACCEPTS, REJECTS = "买家接受调解方案", "买家不接受调解方案"
WANTS_REVIEW = "买家申请复审"


class NotAllowed(Exception):
    """The case has no intervention, or it cannot go to that state from where it is."""


def advance(case: Case, state: State, note: str, now: datetime, *, actor: str = "buyer") -> Intervention:
    """Bring the intervention of ``case`` to ``state`` and the case to the stage that goes with it.

    The state it already has changes nothing, so a repeated report is harmless.

    Args:
        note: what happened, as it should stand in the history.
        actor: who says so: ``buyer``, ``agent``, ``desk`` or ``bot``.

    Raises:
        NotAllowed: no intervention, or no way from the present state (see `ALLOWED`).
    """
    found = _intervention_of(case)
    old = State(found.state)
    if state is old:
        return found
    if state not in ALLOWED[old]:
        raise NotAllowed(f"an intervention cannot go from {old.value} to {state.value}")
    found.state = state.value
    found.history.append((state.value, now, note))
    case.record(now, actor, "intervention.state", {"old": old.value, "new": state.value, "note": note})
    if case.active:  # a closed one has made room for the buyer's next dispute; its intervention goes on
        case.move_to(STAGES[state], now, f"介入{state.value}", actor=actor)
    return found


def add_note(case: Case, note: str, now: datetime, *, actor: str = "buyer") -> bool:
    """Write into the history what happened within the present state; False when it is the newest entry already.

    Raises:
        NotAllowed: the case has no intervention, or a closed one.
    """
    found = _intervention_of(case)
    if found.state == State.CLOSED.value:
        raise NotAllowed(f"intervention {found.number} is closed")
    if found.history and (found.history[-1][0], found.history[-1][2]) == (found.state, note):
        return False
    found.history.append((found.state, now, note))
    case.record(now, actor, "intervention.note", {"state": found.state, "note": note})
    return True


def note_answer(case: Case, accepted: bool, now: datetime) -> bool:
    """The buyer's answer to the mediation proposal; a changed mind is a new entry, the same answer is none.

    Raises:
        NotAllowed: nothing is being mediated.
    """
    found = _intervention_of(case)
    if found.state != State.MEDIATION.value:
        raise NotAllowed(f"intervention {found.number} is in state {found.state}, there is nothing to answer")
    return add_note(case, ACCEPTS if accepted else REJECTS, now)


def want_review(case: Case, why: str, now: datetime) -> bool:
    """The buyer wants the decision reviewed (申诉复审); False when the same wish is the newest entry.

    Args:
        why: what is new, as the desk should read it.

    Raises:
        NotAllowed: nothing has been decided, or the review has begun.
    """
    found = _intervention_of(case)
    if found.state != State.DECIDED.value:
        raise NotAllowed(f"intervention {found.number} is in state {found.state}, there is nothing to review")
    return add_note(case, f"{WANTS_REVIEW}：{why}", now)


def wants_noted(case: Case) -> bool:
    """Whether the wish for a review stands in the record."""
    found = case.intervention
    return found is not None and any(note.startswith(WANTS_REVIEW) for _, _, note in found.history)


def course_of(intervention: Intervention) -> list[str]:
    """The steps to show the buyer, in order: what has happened, and what may still come on the usual way.

    What was skipped is left out, and so is the end until it is there.
    """
    order = list(State)
    here = State(intervention.state)
    happened = {State.ACCEPTED, here, *(State(name) for name, _, _ in intervention.history)}
    ahead = set() if here is State.CLOSED else set(order[order.index(here) :]) - {State.CLOSED}
    return [state.value for state in order if state in happened | ahead]


def since(intervention: Intervention, state: State) -> datetime | None:
    """When the intervention came to ``state``; None when it never did."""
    return next((at for name, at, _ in intervention.history if name == state.value), None)


def _intervention_of(case: Case) -> Intervention:
    if case.intervention is None:
        raise NotAllowed(f"case {case.id} has no intervention")
    return case.intervention
