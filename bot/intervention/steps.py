"""What the desk does to an intervention: 受理, 要求举证, 调解方案, 判决, 复审, 结案. Each is written to the record once."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from bot.cases.model import Case
from bot.disputes.facts import SHANGHAI
from bot.intervention.states import State, add_note, advance

RESULTS: Mapping[str, str] = {
    "supported": "支持您的诉求",
    "partly": "部分支持您的诉求",
    "rejected": "不支持您的诉求",
}
DESK = "desk"
TAKEN = "intervention.step"
"""The audit entry of a step; its detail is `Step.to_json`."""

_UNDECIDED = frozenset({State.ACCEPTED, State.EVIDENCE, State.MEDIATION})
# From which states a step can be taken, and to which it leads. Where that is the state it starts in, it stays.
_COURSE: Mapping[str, tuple[frozenset[State], State]] = {
    "accept": (frozenset({State.ACCEPTED}), State.ACCEPTED),
    "ask_evidence": (frozenset({State.ACCEPTED, State.EVIDENCE}), State.EVIDENCE),
    "propose": (_UNDECIDED, State.MEDIATION),
    "rule": (_UNDECIDED, State.DECIDED),
    "open_review": (frozenset({State.DECIDED}), State.REVIEW),
    "decide_review": (frozenset({State.REVIEW}), State.REVIEW),
    "close": (frozenset(State) - {State.CLOSED}, State.CLOSED),
}
KINDS = tuple(_COURSE)
_ONCE = frozenset({"accept", "decide_review"})


class BadStep(ValueError):
    """A step that is incomplete or says something impossible; the message names what."""


@dataclass(frozen=True)
class Step:
    """One step of the desk.

    Attributes:
        kind: one of `KINDS`.
        note: the desk's own words to the buyer.
        items: the evidence asked for.
        due_at: until when (aware); None leaves the platform's usual time.
        amount: in yuan, of a proposal or a decision.
        result: a key of `RESULTS`; empty for the steps that decide nothing.
    """

    kind: str
    note: str = ""
    items: tuple[str, ...] = ()
    due_at: datetime | None = None
    amount: Decimal | None = None
    result: str = ""
    agent_name: str = field(default="", compare=False)

    @classmethod
    def read(cls, values: Mapping[str, Any]) -> Step:
        """A step from JSON: ``amount`` as "12.00", ``due_at`` in ISO 8601 with its zone.

        Raises:
            BadStep: a key of the wrong form, an unknown kind, or a decision without its result.
        """
        kind, result = str(values.get("kind") or ""), str(values.get("result") or "")
        if kind not in KINDS:
            raise BadStep(f"no step of kind {kind!r}; there are {', '.join(KINDS)}")
        decides = kind in ("rule", "decide_review")
        if decides and result not in RESULTS:
            raise BadStep(f"result {result!r} is none of {', '.join(RESULTS)}")
        return cls(
            kind=kind,
            note=str(values.get("note") or "").strip(),
            items=_items(values.get("items")),
            due_at=_due(values.get("due_at")),
            amount=_yuan(values.get("amount")),
            result=result if decides else "",
            agent_name=str(values.get("agent_name") or ""),
        )

    def to_json(self) -> dict[str, Any]:
        """As it stands in the audit trail; what is empty is left out."""
        plain = {
            "kind": self.kind,
            "note": self.note,
            "items": list(self.items),
            "due_at": self.due_at.isoformat() if self.due_at else None,
            "amount": f"{self.amount:.2f}" if self.amount is not None else None,
            "result": self.result,
            "agent_name": self.agent_name,
        }
        return {key: value for key, value in plain.items() if value}


def may_take(case: Case, step: Step) -> bool:
    """Whether the step can be taken now; the newest step once more is not another one."""
    found = case.intervention
    if found is None or State(found.state) not in _COURSE[step.kind][0]:
        return False
    taken = steps_of(case)
    if step.kind in _ONCE and any(one.kind == step.kind for one in taken):
        return False
    return not taken or taken[-1] != step


def take_step(case: Case, step: Step, now: datetime) -> bool:
    """Write the step to the case; False, with nothing changed, when it cannot be taken any more."""
    found = case.intervention
    if found is None or not may_take(case, step):
        return False
    goal, note = _COURSE[step.kind][1], history_note(step)
    if found.state == goal.value:
        add_note(case, note, now, actor=DESK)
    else:
        advance(case, goal, note, now, actor=DESK)
    _note_ruling(case, step, now)
    case.record(now, DESK, TAKEN, step.to_json())
    return True


def final(case: Case) -> bool:
    """Whether the review has been decided: within the platform nothing comes after it (平台内复审为最终)."""
    return newest(case, "decide_review") is not None


def _note_ruling(case: Case, step: Step, now: datetime) -> None:
    """What the desk decided is a fact of the case; after a review the platform has seen all that is there."""
    if not step.result:
        return
    case.take("ruling", step.result, at=now, message_id=None, origin="rule")
    if step.kind == "rule":
        case.take("ruled_at", now.astimezone(SHANGHAI).isoformat(), at=now, message_id=None, origin="rule")
    else:
        case.take("new_evidence", False, at=now, message_id=None, origin="rule")


def steps_of(case: Case) -> list[Step]:
    """The steps taken so far, the oldest first."""
    return [Step.read(entry.detail) for entry in case.audit if entry.what == TAKEN]


def newest(case: Case, kind: str) -> Step | None:
    """The last step of a kind; None when there was none."""
    return next((one for one in reversed(steps_of(case)) if one.kind == kind), None)


def history_note(step: Step) -> str:
    """The step in one line for the history: “调解方案：退款 100.00 元。鞋归您”."""
    head = {
        "accept": "工作人员已受理",
        "ask_evidence": "请买家补充：" + ("、".join(step.items) or "证据"),
        "propose": "调解方案",
        "rule": f"判决结果：{RESULTS.get(step.result, '')}",
        "open_review": "已受理复审",
        "decide_review": f"复审结果：{RESULTS.get(step.result, '')}",
        "close": "结案",
    }[step.kind]
    amount = f"金额 {step.amount:.2f} 元" if step.amount is not None else ""
    due = f"期限 {step.due_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}" if step.due_at else ""
    return "；".join(part for part in (head, amount, due, step.note) if part)


def _items(given: object) -> tuple[str, ...]:
    if given is None:
        return ()
    if not isinstance(given, (list, tuple)):
        raise BadStep(f"items has to be a list, found {given!r}")
    return tuple(text for one in given if (text := str(one).strip()))


def _due(given: object) -> datetime | None:
    if not given:
        return None
    try:
        due = datetime.fromisoformat(str(given).replace("Z", "+00:00"))
    except ValueError as error:
        raise BadStep(f"due_at {given!r} is no time in ISO 8601") from error
    if due.tzinfo is None:
        raise BadStep(f"due_at {given!r} has no time zone")
    return due


def _yuan(given: object) -> Decimal | None:
    if given in (None, ""):
        return None
    try:
        amount = Decimal(str(given))
    except InvalidOperation as error:
        raise BadStep(f"amount {given!r} is no number") from error
    if not amount.is_finite() or amount < 0:
        raise BadStep(f"amount {given!r} cannot be paid")
    return amount.quantize(Decimal("0.01"))
