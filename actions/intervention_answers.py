"""The buyer's answers to what the desk does in an intervention: to a proposal, and to a decision."""

from __future__ import annotations

import re
from datetime import datetime

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.intervention_steps import due_line
from actions.named_case import answered_case
from actions.wording import sources
from bot.intervention.clocks import APPEAL, DECISION
from bot.intervention.states import NotAllowed, State, note_answer, since, want_review
from bot.intervention.steps import newest

_REVIEW_WORDS = re.compile(r"申诉|复审|不服")
_NEW_EVIDENCE = re.compile(
    r"新的?(?:证据|凭证|材料|视频|照片|录像|录音|报告|截图)|(?:检测|鉴定|质检|检验)报告|补充(?:了)?(?:证据|材料)"
)


class ActionTakeProposalAnswer(CaseAction):
    """The buyer takes the mediation proposal or does not; the desk reads it in the history."""

    def name(self) -> str:
        return "action_take_proposal_answer"

    async def act(self, turn: Turn) -> list[EventType]:
        accepted = _accepted(turn)
        if accepted is None:
            turn.say("utter_proposal_no_hurry", number=_number(turn))
            return wait("proposal")
        async with answered_case(turn) as meant:
            if meant is None:
                turn.say("utter_proposal_over")
                return go(NEXT)
            after = _take_answer(meant, accepted)
            return after if meant.case is turn.case else wait(turn.heard.asked)


def _take_answer(turn: Turn, accepted: bool) -> list[EventType]:
    try:
        note_answer(turn.case, accepted, turn.now)
    except NotAllowed:
        turn.say("utter_proposal_over")
        return go(NEXT)
    if accepted:
        turn.say("utter_proposal_accepted", number=_number(turn))
    else:
        turn.say("utter_proposal_rejected", number=_number(turn), decision=due_line(turn, DECISION, ""))
    return wait("proposal")


def _number(turn: Turn) -> str:
    return turn.case.intervention.number if turn.case.intervention else ""


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
        async with answered_case(turn) as meant:
            if meant is None:
                turn.say("utter_review_none")
                return go(NEXT)
            after = _note_wish(meant)
            return after if meant.case is turn.case else wait(turn.heard.asked)


def _note_wish(turn: Turn) -> list[EventType]:
    found = turn.case.intervention
    decided = since(found, State.DECIDED) if found else None
    if found is None or decided is None or found.state != State.DECIDED.value:
        turn.say(
            "utter_review_running" if found and found.state == State.REVIEW.value else "utter_review_none"
        )
        return go(NEXT)
    fresh = _new_evidence(turn, decided)
    appeal = due_line(turn, APPEAL, "申诉期限请看平台页面，越早越好。")
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
