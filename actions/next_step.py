"""The conductor: the case's stage and facts decide which action speaks next (`bot.disputes.steps`)."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CaseAction, Turn, go

_SPEAKERS = {
    "safety_stop": "action_stay_safe",
    "redirect": "action_redirect",
    "ask_fact": "action_ask_fact",
    "show_evidence": "action_show_evidence",
    "contact_merchant": "action_draft_message",
    "await_merchant": "action_await_merchant",
    "judge_reply": "action_judge_reply",
    "fix_gate": "action_fix_gate",
    "read_back": "action_read_back",
    "follow_intervention": "action_follow_intervention",
    "resolved": "action_say_resolved",
}


class ActionNextStep(CaseAction):
    """Ask the rulebook for the next step and hand over to the action that takes it."""

    def name(self) -> str:
        return "action_next_step"

    async def act(self, turn: Turn) -> list[EventType]:
        if not turn.case.types:
            return go("action_ask_complaint")
        step = turn.advice().next_step.id.partition(":")[0]
        return go(_SPEAKERS[step])
