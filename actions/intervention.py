"""Asking the platform to step in: the gates, the read-back, the record, and following it."""

from __future__ import annotations

from collections.abc import Sequence

from rasa_sdk.events import EventType, SlotSet

from actions.after_ruling import TOLD, ruled
from actions.base import NEXT, CaseAction, Turn, go, still_open, wait
from actions.intervention_answers import wants_review
from actions.offers import offer_person
from actions.scope import refused, say_channel, say_scope
from actions.topics import topic_action
from actions.wording import deadline_line, evidence_lines, noted, open_deadlines, sources
from bot.cases.model import Intervention, Stage
from bot.cases.view import deadline_records, view_of
from bot.disputes.chronology import full_day_zh
from bot.disputes.findings import Deadline, Gate
from bot.disputes.statements import intervention_statement
from bot.intervention.clocks import clocks
from bot.intervention.gateway import InterventionRefused
from bot.intervention.states import course_of
from bot.intervention.steps import RESULTS
from bot.intervention.told import told_ruling

_READ_BACK = (
    "platform",
    "shop",
    "order_number",
    "product",
    "amount",
    "paid_at",
    "signed_at",
    "order_stage",
    "merchant_stance",
    "demand",
)
_BEFORE_INTERVENTION = (Stage.EVIDENCE, Stage.NEGOTIATING, Stage.RESOLVED_BY_TALK)


class ActionWantIntervention(CaseAction):
    """The buyer wants the platform in; the gates decide whether it is time."""

    def name(self) -> str:
        return "action_want_intervention"

    async def act(self, turn: Turn) -> list[EventType]:
        case = turn.case
        await offer_person(turn)
        elsewhere = "action_want_review" if wants_review(turn) else topic_action(turn)
        if elsewhere:
            return go(elsewhere)
        if case.intervention:
            turn.say("utter_already_open", number=case.intervention.number, state=case.intervention.state)
            return wait(None)
        if case.types and turn.advice().next_step.id.startswith("ask_fact"):
            turn.say("utter_intervention_asks_first")
        if case.types and case.stage in _BEFORE_INTERVENTION:
            case.move_to(Stage.INTERVENTION_READY, turn.now, "买家要求客服介入", actor="buyer")
        return go(NEXT)


class ActionFixGate(CaseAction):
    """Something stands before the intervention: say what, and do the one thing that helps."""

    def name(self) -> str:
        return "action_fix_gate"

    async def act(self, turn: Turn) -> list[EventType]:
        advice = turn.advice()
        wanted = advice.next_step.id.partition(":")[2]
        gate = next(one for one in advice.gates if one.id == wanted)
        if gate.needs:
            turn.say(f"utter_ask_{gate.needs[0]}")
            return wait(f"fact:{gate.needs[0]}")
        if gate.id == "G5":
            return _tell_gaps(turn)
        outside = refused(advice) if gate.id == "G4" else None
        if outside is not None:
            say_scope(turn, outside)
            return wait(None)
        turn.say("utter_gate_blocks", why=gate.why_zh, sources=sources(gate.sources, turn.services.rulebook))
        return _after_block(turn, gate)


def _tell_gaps(turn: Turn) -> list[EventType]:
    missing = [one for one in turn.advice().evidence.items if one.level == "must" and not one.have]
    turn.say("utter_gate_gap", gaps=evidence_lines(missing))
    return wait("gap")


def _after_block(turn: Turn, gate: Gate) -> list[EventType]:
    if gate.id in ("G1", "G2"):
        turn.case.move_to(Stage.NEGOTIATING, turn.now, gate.why_zh)
        return go("action_await_merchant" if turn.case.rounds else "action_draft_message")
    if gate.id == "G6":  # the platform does not decide on this demand: another one opens the way
        turn.say("utter_ask_demand")
        return wait("fact:demand")
    return wait(None)


class ActionTakeGapAnswer(CaseAction):
    """The buyer goes on with a gap, or will fill it."""

    def name(self) -> str:
        return "action_take_gap_answer"

    async def act(self, turn: Turn) -> list[EventType]:
        heard = turn.heard
        if heard.answer.get("gap") == "acknowledged" or heard.intent in ("affirm", "dont_know"):
            turn.case.acknowledge_gaps(turn.now, message_id=heard.message_id)
            return go(NEXT)
        turn.say("utter_gap_upload")
        return wait("gap")


class ActionReadBack(CaseAction):
    """Read back everything that will be handed in, for the buyer to confirm."""

    def name(self) -> str:
        return "action_read_back"

    async def act(self, turn: Turn) -> list[EventType]:
        say_channel(turn, turn.advice())
        statement = intervention_statement(view_of(turn.case), turn.now, turn.services.rulebook)
        rows = _rows(turn)
        card_rows = [*rows, {"label": "介入说明", "value": statement.text}]
        turn.say(
            "utter_read_back",
            rows="\n".join(f"· {row['label']}：{row['value']}" for row in rows),
            statement=statement.text,
            card={"type": "read_back", "title": "提交前请核对", "rows": card_rows},
        )
        return wait("read_back")


def _rows(turn: Turn) -> list[dict[str, str]]:
    case, rulebook = turn.case, turn.services.rulebook
    rows = [{"label": "纠纷类型", "value": "、".join(rulebook.types[code].name for code in case.types)}]
    for name in _READ_BACK:
        if name in case.facts:
            label, _, value = noted(case, [name], rulebook).partition("：")
            rows.append({"label": label, "value": value})
    files = "、".join(
        f"{number}. {rulebook.evidence[item.kind].name if item.kind else item.name}"
        for number, item in enumerate(case.evidence, start=1)
    )
    return [*rows, {"label": "证据", "value": files or "暂无"}]


class ActionTakeConfirmation(CaseAction):
    """The answer to the read-back."""

    def name(self) -> str:
        return "action_take_confirmation"

    async def act(self, turn: Turn) -> list[EventType]:
        chosen = turn.heard.answer.get("read_back") or turn.heard.intent
        if chosen in ("confirm", "affirm"):
            return go("action_open_intervention")
        if chosen in ("later", "dont_know"):
            turn.say("utter_not_now", deadline=_nearest(turn))
            return wait(None)
        turn.say("utter_ask_correction")
        return wait("correction")


def _nearest(turn: Turn) -> str:
    running = open_deadlines(turn.advice().deadlines, turn.now)
    return f"留意最近的期限——{deadline_line(running[0], turn.services.rulebook)}。" if running else ""


class ActionOpenIntervention(CaseAction):
    """Open the intervention. Only this action, holding the stored record, says that it was opened."""

    def name(self) -> str:
        return "action_open_intervention"

    async def act(self, turn: Turn) -> list[EventType]:
        case = turn.case
        if case.intervention:
            turn.say("utter_already_open", number=case.intervention.number, state=case.intervention.state)
            return wait(None)
        if turn.advice().next_step.id != "read_back":
            return go(NEXT)
        statement = intervention_statement(view_of(case), turn.now, turn.services.rulebook)
        try:
            record = await turn.services.interventions.open(case, statement, turn.now)
        except InterventionRefused:
            turn.say("utter_intervention_failed")
            return wait("read_back")
        case.move_to(Stage.INTERVENTION_OPEN, turn.now, f"介入 {record.number} 已登记")
        _tell_opened(turn, record)
        return [SlotSet("intervention_number", record.number), *wait(None)]


def _tell_opened(turn: Turn, record: Intervention) -> None:
    deadlines = clocks(turn.case, turn.now, turn.services.rulebook)
    turn.case.set_deadlines(deadline_records(deadlines), turn.now)
    rows = _rows(turn)
    turn.say(
        "utter_opened",
        number=record.number,
        state=record.state,
        rows="\n".join(f"· {row['label']}：{row['value']}" for row in rows),
        card={
            "type": "intervention",
            "number": record.number,
            "state": record.state,
            "opened_at": record.opened_at.isoformat(),
            "rows": rows,
            "steps": course_of(record),
            "current": record.state,
        },
    )
    turn.say("utter_opened_next", deadlines=_lines(turn, deadlines))


def _lines(turn: Turn, deadlines: Sequence[Deadline], most: int = 3) -> str:
    running = open_deadlines(deadlines, turn.now)[:most]
    told = "\n".join(f"· {deadline_line(one, turn.services.rulebook)}" for one in running)
    return told or "· 以平台页面显示的时间为准"


class ActionFollowIntervention(CaseAction):
    """Where the intervention stands."""

    def name(self) -> str:
        return "action_follow_intervention"

    async def act(self, turn: Turn) -> list[EventType]:
        record = turn.case.intervention
        if record is None:
            return wait(None)
        _tell_course(turn, record)
        if ruled(turn.case):
            turn.case.dialogue.pop(TOLD, None)
            return go("action_after_ruling")
        return wait(still_open(turn.heard.asked))


def _tell_course(turn: Turn, record: Intervention) -> None:
    """The state on record; a ruling that only the buyer tells of is said as theirs."""
    running = clocks(turn.case, turn.now, turn.services.rulebook)
    told = told_ruling(turn.case)
    turn.say(
        "utter_follow" if told is None else "utter_follow_told",
        number=record.number,
        state=record.state,
        opened=full_day_zh(record.opened_at),
        deadlines=f"最近的期限：\n{_lines(turn, running, most=2)}",
        result=RESULTS.get(told or "", ""),
    )
