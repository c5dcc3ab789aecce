"""A person wanted: the wish is kept with the case; the record for the person is made from it."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CaseAction, Turn, go


class ActionHandoff(CaseAction):
    """Note the wish for a person once, and go on helping meanwhile."""

    def name(self) -> str:
        return "action_handoff"

    async def act(self, turn: Turn) -> list[EventType]:
        case = turn.case
        already = case.dialogue.get("handoff_wanted_at")
        if not already:
            case.dialogue["handoff_wanted_at"] = turn.now.isoformat()
            case.record(turn.now, "buyer", "handoff.wanted", {"message_id": turn.heard.message_id})
        turn.say("utter_handoff_again" if already else "utter_handoff")
        return go("action_ask_again")
