"""The intervention's course as the desk moves it on: each step said once, with its clocks."""

from __future__ import annotations

import re
from collections.abc import Callable

from rasa_sdk.events import EventType

from actions.after_ruling import TOLD
from actions.base import CaseAction, Turn, go, wait
from actions.named_case import named_case
from actions.wording import deadline_line
from bot.cases.model import Intervention
from bot.cases.view import deadline_records, view_of
from bot.disputes.chronology import full_day_zh
from bot.disputes.findings import Deadline
from bot.intervention.clocks import APPEAL, DECISION, EVIDENCE, clock, clocks
from bot.intervention.proposal import weigh
from bot.intervention.states import course_of
from bot.intervention.steps import RESULTS, BadStep, Step, take_step

_WHO = re.compile(r"^(?:商家|卖家|店家|对方)")
_WON = ("supported", "partly")
# A sentence of the desk that tells what the merchant says or has handed in.
_OF_THE_MERCHANT = re.compile(
    r"[^。；;\n]*(?:商家|卖家|店家|对方)[^。；;\n]{0,12}?(?:称|说|表示|主张|提交|提供|上传|举证|出示|认为|反馈)[^。；;\n]*"
)


class ActionInterventionStep(CaseAction):
    """A step of the desk: written to the case, then said. One that is not allowed any more is neither."""

    def name(self) -> str:
        return "action_intervention_step"

    async def act(self, turn: Turn) -> list[EventType]:
        step, asked = _step_of(turn), turn.heard.asked
        if step is None:
            return wait(asked)
        async with named_case(turn) as meant:
            if meant is None or not take_step(meant.case, step, turn.now):
                return wait(asked)
            running = clocks(meant.case, turn.now, turn.services.rulebook)
            meant.case.set_deadlines(deadline_records(running), turn.now)
            _TOLD[step.kind](meant, step)
        if meant.case is not turn.case:
            turn.say("utter_step_earlier", number=_record(meant).number)
            return wait(asked)  # what was asked about the present dispute stays the open question
        return _go_on(turn, step, asked)


def _go_on(turn: Turn, step: Step, asked: str | None) -> list[EventType]:
    """What a step leads to in the present dispute; a file or a message that waits for its word comes first."""
    if step.kind == "propose":
        return wait("proposal")
    busy = asked == "handoff_message" or (asked or "").startswith("label:")
    if step.result and not busy:
        turn.case.dialogue.pop(TOLD, None)
        return go("action_after_ruling")
    told = "。".join(_OF_THE_MERCHANT.findall(step.note)) if step.kind == "ask_evidence" else ""
    if told:  # the merchant has had its say: the buyer gets an answer to it
        turn.case.add_round(turn.now, theirs=_WHO.sub("", told), actor="desk")
        turn.case.dialogue["letter"] = {"kind": "rebuttal", "back": asked}
        return go("action_draft_letter")
    return wait(asked)


def _step_of(turn: Turn) -> Step | None:
    """The step, if it is whole."""
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
    return {
        "type": "intervention",
        "number": record.number,
        "state": record.state,
        "opened_at": record.opened_at.isoformat(),
        "rows": [{"label": label, "value": value} for label, value in rows if value],
        "steps": course_of(record),
        "current": record.state,
    }


def _clock(turn: Turn, window: str) -> Deadline | None:
    return clock(turn.case, window, turn.now, turn.services.rulebook)


def due_line(turn: Turn, window: str, otherwise: str) -> str:
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
    return sentence.format(full_day_zh(step.due_at)) if step.due_at else ""


def _tell_accepted(turn: Turn, step: Step) -> None:
    turn.say(
        "utter_step_accept",
        number=_record(turn).number,
        note=_said(step.note),
        evidence=due_line(turn, EVIDENCE, "举证的截止时间请看平台页面。"),
        decision=_line(due_line(turn, DECISION, "")),
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
        due=due_line(turn, EVIDENCE, "截止时间请看平台页面。"),
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
    appeal = due_line(turn, APPEAL, "申诉期限请看平台页面，越早越好。")
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
