"""The conductor: the case's stage and facts decide which action speaks next (`bot.disputes.steps`)."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.after_ruling import news, ruled
from actions.base import CaseAction, Turn, go
from actions.checks import under_way
from actions.intake import open_clash
from actions.own_reviews import self_check_due, tell_of_reviews
from actions.scope import say_out_of_scope
from actions.warnings import say_warnings
from bot.disputes.advise import Advice
from bot.intervention.told import told_ruling

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
_OVER = ("safety_stop", "resolved")  # dates are not what matters then


class ActionNextStep(CaseAction):
    """Ask the rulebook for the next step and hand over to the action that takes it."""

    def name(self) -> str:
        return "action_next_step"

    async def act(self, turn: Turn) -> list[EventType]:
        if not turn.case.types:
            return go("action_ask_complaint")
        going_on = under_way(turn)
        if going_on:
            return go(going_on)
        advice = turn.advice()
        step = advice.next_step.id.partition(":")[0]
        if step not in _OVER and open_clash(turn, advice):
            return go("action_ask_fact")
        say_warnings(turn, advice, step)
        say_out_of_scope(turn, advice)
        tell_of_reviews(turn, advice)
        return go("action_explain_reviews" if self_check_due(turn, advice) else _speaker(turn, advice, step))


def _speaker(turn: Turn, advice: Advice, step: str) -> str:
    """Who takes the step; once the platform has ruled, what follows from that comes before the state of things."""
    decided = advice.after_ruling is not None and ruled(turn.case)
    at_once = step == "contact_merchant" or (told_ruling(turn.case) is not None and step == "ask_fact")
    follows = step == "follow_intervention" or (at_once and news(turn, advice))
    return "action_after_ruling" if decided and follows else _SPEAKERS[step]
