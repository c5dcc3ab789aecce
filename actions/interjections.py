"""What may be said at any moment, whatever was asked: who answers it, given how far the case is."""

from __future__ import annotations

from bot.cases.heard import Heard
from bot.cases.model import Case, Stage
from bot.zh.interjections import Interjection, read_interjection

_TALKS = (Stage.INTAKE, Stage.EVIDENCE, Stage.NEGOTIATING, Stage.INTERVENTION_READY)
_BARE = 3  # characters: “给了” answers the question that was asked


def interjection(case: Case, heard: Heard) -> str | None:
    """The action that answers a typed message which is no answer to anything; None for all others."""
    if heard.origin == "button" or heard.asked == "handoff_message":
        return None
    for what in read_interjection(heard.text):
        action = _answered_by(what, case, heard)
        if action:
            return action
    return None


def _answered_by(what: Interjection, case: Case, heard: Heard) -> str | None:
    if what in ("paid_a_fraud", "asks_whether_to_pay"):
        asked_for = (heard.asked or "").startswith("fact:") and len(heard.text.strip()) <= _BARE
        return "action_stop_paying" if "fraud" in case.dialogue.get("warned", {}) and not asked_for else None
    if what == "asks_what_now" and (
        case.stage is Stage.SAFETY_STOP or "paid" in case.dialogue.get("warned", {})
    ):
        return "action_stop_paying"
    if not case.types or case.stage not in _TALKS:
        return None
    if what == "asks_of_offer":
        if not case.has_offer:
            return None
        return "action_weigh_offer" if case.stage in (Stage.INTAKE, Stage.EVIDENCE) else "action_judge_reply"
    return {
        "wants_draft": "action_draft_now",
        "asks_what_now": "action_say_what_now",
        "auto_confirm": "action_mind_auto_confirm",
        "worries": "action_explain_rules",
    }[what]
