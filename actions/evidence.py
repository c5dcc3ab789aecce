"""Which evidence counts; files that come in; going on when the buyer is ready."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.after_ruling import ruled
from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.intervention_answers import wants_review
from actions.topics import topic_action
from actions.wording import burden_line, evidence_card, evidence_lines
from bot.cases.model import Stage

_LISTED = 6


class ActionShowEvidence(CaseAction):
    """Show the list once intake is done, with who has to prove what."""

    def name(self) -> str:
        return "action_show_evidence"

    async def act(self, turn: Turn) -> list[EventType]:
        if turn.case.dialogue.get("evidence_listed"):
            turn.say("utter_still_evidence")
            return wait("evidence")
        turn.case.dialogue["evidence_listed"] = True
        advice, rulebook = turn.advice(), turn.services.rulebook
        report = advice.evidence
        turn.case.move_to(Stage.EVIDENCE, turn.now, "证据清单已说明")
        turn.say(
            "utter_evidence_list",
            items=evidence_lines(report.items),
            card=evidence_card("需要的证据", report.grade, report.items),
        )
        turn.say("utter_evidence_next", burden=burden_line(advice.burden, rulebook))
        return wait("evidence")


class ActionExplainEvidence(CaseAction):
    """Answer “要什么证据” at any time, then back to the open question."""

    def name(self) -> str:
        return "action_explain_evidence"

    async def act(self, turn: Turn) -> list[EventType]:
        if not turn.case.types:
            turn.say("utter_no_case_yet")
            return go(NEXT)
        if wants_review(turn) and turn.heard.asked_fact != "new_evidence":  # “算不算新证据”
            return go("action_want_review")
        if topic_action(turn) == "action_explain_rules":
            # 检测要我出钱吗 sounds like a question after evidence
            return go("action_explain_rules")
        report = turn.advice().evidence
        turn.say(
            "utter_evidence_again",
            grade=report.grade,
            items=evidence_lines(report.items),
            card=evidence_card("目前的证据", report.grade, report.items),
        )
        return go("action_ask_again")


class ActionTakeUpload(CaseAction):
    """A file was stored with the case before this turn; ask what it shows."""

    def name(self) -> str:
        return "action_take_upload"

    async def act(self, turn: Turn) -> list[EventType]:
        evidence_id = str(turn.heard.answer.get("evidence_id"))
        item = next((one for one in turn.case.evidence if one.id == evidence_id), None)
        if item is None or turn.heard.answer.get("dup"):
            turn.say("utter_upload_again", name=item.name if item else "这个文件")
            return go("action_ask_again")
        turn.say(
            "utter_upload_stored",
            name=item.name,
            sha256=item.sha256[:12],
            buttons=_kind_buttons(turn, item.id),
        )
        return wait(f"label:{item.id}")


def _kind_buttons(turn: Turn, evidence_id: str) -> list[dict[str, str]]:
    kinds = turn.services.rulebook.evidence
    advice = turn.advice() if turn.case.types else None
    wanted = [need.kind for need in advice.evidence.items] if advice else []
    if advice and ruled(turn.case):  # what would be new comes first then
        wanted = list(dict.fromkeys([*advice.new_evidence.would_help, *wanted]))
    rest = [kind for kind in ("E01", "E04", "E05", "E08") if kind not in wanted]
    return [
        {
            "title": kinds[kind].name,
            "payload": f'/answer_button{{"kind": "{kind}", "evidence_id": "{evidence_id}"}}',
        }
        for kind in (wanted + rest)[:_LISTED]
    ]


class ActionLabelEvidence(CaseAction):
    """The buyer said what a file shows."""

    def name(self) -> str:
        return "action_label_evidence"

    async def act(self, turn: Turn) -> list[EventType]:
        kind, evidence_id = (str(turn.heard.answer.get(key)) for key in ("kind", "evidence_id"))
        kinds = turn.services.rulebook.evidence
        if kind in kinds and turn.case.label_evidence(evidence_id, kind, turn.now):
            turn.say("utter_upload_labelled", kind=kinds[kind].name, left=_left(turn))
        return go("action_ask_again")


def _left(turn: Turn) -> str:
    if not turn.case.types:
        return ""
    missing = [
        need.name_zh for need in turn.advice().evidence.items if need.level == "must" and not need.have
    ]
    return f"必须有的还差：{'、'.join(missing)}。" if missing else "必须有的证据都齐了。"


class ActionEvidenceDone(CaseAction):
    """The buyer is ready to go on; evidence can still be added at any time."""

    def name(self) -> str:
        return "action_evidence_done"

    async def act(self, turn: Turn) -> list[EventType]:
        if (
            turn.heard.intent == "evidence_ready"
            and not turn.case.evidence
            and not turn.case.dialogue.get("told")
        ):
            turn.case.dialogue["told"] = True
            turn.say("utter_evidence_said_ready")
        if turn.case.stage is Stage.EVIDENCE:
            turn.case.move_to(Stage.NEGOTIATING, turn.now, "买家已看过证据清单")
        return go(NEXT)
