"""The message to the merchant: when its time has come, and whenever the buyer asks for it."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CaseAction, Turn, go, wait
from actions.refund_form import tell_form_once
from actions.wording import sources
from bot.cases.model import Stage
from bot.cases.view import view_of
from bot.disputes.negotiation import Drafted, draft_message


class ActionDraftMessage(CaseAction):
    """Give the buyer a message to send, and note that a round of talks began."""

    def name(self) -> str:
        return "action_draft_message"

    async def act(self, turn: Turn) -> list[EventType]:
        tell_form_once(turn)
        draft = draft_message(view_of(turn.case), turn.now, turn.services.rulebook)
        turn.case.add_round(turn.now, ours=draft.text, message_id=turn.heard.message_id)
        turn.case.move_to(Stage.NEGOTIATING, turn.now, "已给出发给商家的话")
        _show(turn, draft)
        turn.say("utter_message_draft_next", sources=sources(draft.sources, turn.services.rulebook))
        return wait("message_sent")


class ActionDraftNow(CaseAction):
    """“帮我写一段话”: what there is to say so far, whenever it is asked for; the course of things stays as it is."""

    def name(self) -> str:
        return "action_draft_now"

    async def act(self, turn: Turn) -> list[EventType]:
        case = turn.case
        if case.stage is Stage.NEGOTIATING:
            answered = bool(case.rounds) and case.rounds[-1].theirs is not None
            return go("action_judge_reply" if answered else "action_draft_message")
        draft = draft_message(view_of(case), turn.now, turn.services.rulebook)
        _show(turn, draft)
        turn.say("utter_message_draft_so_far")
        return go("action_ask_again")


def _show(turn: Turn, draft: Drafted) -> None:
    card = {"type": "draft", "title": "发给商家的话", "text": draft.text}
    turn.say("utter_message_draft", draft=draft.text, card=card)


class ActionSayWhatNow(CaseAction):
    """“怎么办” “然后呢”: where things stand in a sentence, then the next step itself."""

    def name(self) -> str:
        return "action_say_what_now"

    async def act(self, turn: Turn) -> list[EventType]:
        if turn.case.stage is Stage.INTAKE:
            turn.say("utter_what_now_intake")
        return go("action_ask_again")
