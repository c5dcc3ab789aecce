"""The intervention's course as the desk moves it on: each step said once, with its clocks; the buyer's answers to it."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import datetime

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.wording import deadline_line, moment, sources
from bot.cases.model import Intervention
from bot.cases.view import deadline_records, view_of
from bot.disputes.facts import SHANGHAI
from bot.disputes.findings import Deadline
from bot.intervention.clocks import APPEAL, DECISION, EVIDENCE, clock, clocks
from bot.intervention.proposal import weigh
from bot.intervention.states import COURSE, NotAllowed, State, note_answer, since, want_review
from bot.intervention.steps import RESULTS, BadStep, Step, newest, take_step

_WON = ("supported", "partly")
_REVIEW_WORDS = re.compile(r"申诉|复审|不服")
_NEW_EVIDENCE = re.compile(
    r"新的?(?:证据|凭证|材料|视频|照片|录像|录音|报告|截图)|(?:检测|鉴定|质检|检验)报告|补充(?:了)?(?:证据|材料)"
)


class ActionInterventionStep(CaseAction):
    """A step of the desk: written to the case, then said. One that is not allowed any more is neither."""

    def name(self) -> str:
        return "action_intervention_step"

    async def act(self, turn: Turn) -> list[EventType]:
        step = _step_of(turn)
        if step is None or not take_step(turn.case, step, turn.now):
            return wait(turn.heard.asked)
        running = clocks(turn.case, turn.now, turn.services.rulebook)
        turn.case.set_deadlines(deadline_records(running), turn.now)
        _TOLD[step.kind](turn, step)
        return wait("proposal" if step.kind == "propose" else turn.heard.asked)


def _step_of(turn: Turn) -> Step | None:
    """The step, if it is whole and meant for this case's intervention."""
    found = turn.case.intervention
    if found is None or turn.heard.answer.get("number") != found.number:
        return None
    try:
        return Step.read(turn.heard.answer)
    except BadStep:
        return None


def _record(turn: Turn) -> Intervention:
    if turn.case.intervention is None:
        raise LookupError(f"case {turn.case.id} has no intervention")
    return turn.case.intervention


def _card(turn: Turn, *rows: tuple[str, str]) -> dict[str, object]:
    """The course of the intervention for a page, with what this step brought."""
    record = _record(turn)
    steps = [*COURSE, record.state] if record.state == State.CLOSED.value else [*COURSE]
    return {
        "type": "intervention",
        "number": record.number,
        "state": record.state,
        "opened_at": record.opened_at.isoformat(),
        "rows": [{"label": label, "value": value} for label, value in rows if value],
        "steps": steps,
        "current": record.state,
    }


def _clock(turn: Turn, window: str) -> Deadline | None:
    return clock(turn.case, window, turn.now, turn.services.rulebook)


def _due(turn: Turn, window: str, otherwise: str) -> str:
    """“双方举证：11月24日 10:00 前（…）”, or what to say when no date can be said."""
    found = _clock(turn, window)
    return f"{deadline_line(found, turn.services.rulebook)}。" if found else otherwise


def _row(found: Deadline | None) -> tuple[str, str]:
    return (found.name_zh, found.due_zh) if found else ("", "")


def _said(note: str) -> str:
    """The desk's own words on a line of their own."""
    return _line(f"工作人员说明：{note}" if note else "")


def _line(sentence: str) -> str:
    return f"\n{sentence}" if sentence else ""


def _money(step: Step) -> str:
    return f"{step.amount:.2f} 元" if step.amount is not None else ""


def _until(step: Step, sentence: str = "{}") -> str:
    """The time that the desk has set, put into a sentence; nothing when it has set none."""
    return sentence.format(moment(step.due_at.astimezone(SHANGHAI))) if step.due_at else ""


def _tell_accepted(turn: Turn, step: Step) -> None:
    turn.say(
        "utter_step_accept",
        number=_record(turn).number,
        note=_said(step.note),
        evidence=_due(turn, EVIDENCE, "举证的截止时间请看平台页面。"),
        decision=_line(_due(turn, DECISION, "")),
        card=_card(turn, ("说明", step.note), _row(_clock(turn, EVIDENCE)), _row(_clock(turn, DECISION))),
    )


def _tell_evidence_asked(turn: Turn, step: Step) -> None:
    found = _clock(turn, EVIDENCE)
    late = f"{found.consequence_zh.rstrip('。')}，所以请尽量赶在前面。" if found else ""
    turn.say(
        "utter_step_ask_evidence",
        number=_record(turn).number,
        items="\n".join(f"· {item}" for item in step.items) or "· 能说明问题的材料",
        note=_said(step.note),
        due=_due(turn, EVIDENCE, "截止时间请看平台页面。"),
        late=late,
        card=_card(turn, ("要补充的证据", "、".join(step.items)), ("说明", step.note), _row(found)),
    )


def _tell_proposal(turn: Turn, step: Step) -> None:
    advice = weigh(view_of(turn.case), step.note, step.amount, turn.now, turn.services.rulebook)
    turn.say(
        "utter_step_propose",
        number=_record(turn).number,
        proposal=step.note or "（见金额）",
        amount=f"\n金额：{_money(step)}" if step.amount is not None else "",
        answer_by=_until(step, "请在{}前答复。"),
        advice=advice,
        card=_card(turn, ("调解方案", step.note), ("金额", _money(step)), ("请在此之前答复", _until(step))),
    )


def _tell_ruling(turn: Turn, step: Step) -> None:
    appeal = _due(turn, APPEAL, "申诉期限请看平台页面，越早越好。")
    won = step.result in _WON
    rows = (
        ("结果", RESULTS[step.result]),
        ("金额", _money(step)),
        ("说明", step.note),
        _row(_clock(turn, APPEAL)),
    )
    turn.say(
        "utter_step_rule_won" if won else "utter_step_rule_lost",
        number=_record(turn).number,
        result=RESULTS[step.result],
        amount=f"，金额 {_money(step)}" if step.amount is not None else "",
        note=_said(step.note),
        appeal=appeal,
        card=_card(turn, *rows),
    )


def _tell_review_opened(turn: Turn, step: Step) -> None:
    turn.say(
        "utter_step_open_review",
        number=_record(turn).number,
        note=_said(step.note),
        until=_until(step, "要补的证据请在{}前传上来。") or "等的时候还能补证据。",
        card=_card(turn, ("说明", step.note), ("补充证据截止", _until(step))),
    )


def _tell_review_decided(turn: Turn, step: Step) -> None:
    turn.say(
        "utter_step_decide_review",
        number=_record(turn).number,
        result=RESULTS[step.result],
        amount=f"，金额 {_money(step)}" if step.amount is not None else "",
        note=_said(step.note),
        card=_card(turn, ("复审结果", RESULTS[step.result]), ("金额", _money(step)), ("说明", step.note)),
    )


def _tell_closed(turn: Turn, step: Step) -> None:
    turn.say(
        "utter_step_close",
        number=_record(turn).number,
        note=_said(step.note),
        card=_card(turn, ("说明", step.note)),
    )


_TOLD: dict[str, Callable[[Turn, Step], None]] = {
    "accept": _tell_accepted,
    "ask_evidence": _tell_evidence_asked,
    "propose": _tell_proposal,
    "rule": _tell_ruling,
    "open_review": _tell_review_opened,
    "decide_review": _tell_review_decided,
    "close": _tell_closed,
}


class ActionTakeProposalAnswer(CaseAction):
    """The buyer takes the mediation proposal or does not; the desk reads it in the history."""

    def name(self) -> str:
        return "action_take_proposal_answer"

    async def act(self, turn: Turn) -> list[EventType]:
        accepted = _accepted(turn)
        if accepted is None:
            turn.say("utter_proposal_no_hurry")
            return wait("proposal")
        try:
            note_answer(turn.case, accepted, turn.now)
        except NotAllowed:
            turn.say("utter_proposal_over")
            return go(NEXT)
        if accepted:
            turn.say("utter_proposal_accepted")
        else:
            turn.say("utter_proposal_rejected", decision=_due(turn, DECISION, ""))
        return wait("proposal")


def _accepted(turn: Turn) -> bool | None:
    chosen = turn.heard.answer.get("proposal") or turn.heard.intent
    if chosen in ("accept", "accept_seller_offer", "affirm"):
        return True
    return False if chosen in ("reject", "reject_seller_offer", "deny") else None


def proposal_open(turn: Turn) -> bool:
    """Whether a mediation proposal waits for the buyer's word."""
    found = turn.case.intervention
    proposed = found is not None and found.state == State.MEDIATION.value
    return proposed and newest(turn.case, "propose") is not None


def wants_review(turn: Turn) -> bool:
    """Whether the buyer speaks of having a decision reviewed (申诉复审), and there is one."""
    found = turn.case.intervention
    decided = found is not None and found.state in (State.DECIDED.value, State.REVIEW.value)
    return decided and bool(_REVIEW_WORDS.search(turn.heard.text))


class ActionWantReview(CaseAction):
    """The buyer wants the decision reviewed: new evidence is what it takes."""

    def name(self) -> str:
        return "action_want_review"

    async def act(self, turn: Turn) -> list[EventType]:
        found = turn.case.intervention
        decided = since(found, State.DECIDED) if found else None
        if found is None or decided is None or found.state != State.DECIDED.value:
            turn.say(
                "utter_review_running" if found and found.state == State.REVIEW.value else "utter_review_none"
            )
            return go(NEXT)
        fresh = _new_evidence(turn, decided)
        appeal = _due(turn, APPEAL, "申诉期限请看平台页面，越早越好。")
        if not fresh:
            cited = sources(["seed0-08"], turn.services.rulebook)
            turn.say("utter_review_needs_new", appeal=appeal, sources=cited)
        elif want_review(turn.case, fresh, turn.now):
            turn.say("utter_review_noted", fresh=fresh, appeal=appeal)
        else:
            turn.say("utter_review_noted_already")
        return wait(None)


def _new_evidence(turn: Turn, decided: datetime) -> str:
    """What is new since the decision: files uploaded after it, or what the buyer says there is."""
    kinds = turn.services.rulebook.evidence
    files = [
        kinds[item.kind].name if item.kind in kinds else item.name
        for item in turn.case.evidence
        if item.uploaded_at > decided
    ]
    if files:
        return f"判决后补充的证据：{'、'.join(files)}"
    return f"买家说：{turn.heard.text.strip()[:100]}" if _NEW_EVIDENCE.search(turn.heard.text) else ""
