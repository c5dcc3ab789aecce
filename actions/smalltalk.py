"""Hello, thanks, what is not ours, and what was not understood."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import CaseAction, Turn, go, wait
from actions.offers import say_not_understood
from actions.topics import topic_action
from bot.zh.waiting import asks_for_limit

_SELLER_WORDS = ("我是商家", "我是卖家", "怎么拒绝买家", "买家恶意", "我店铺", "我的店")


class ActionGreet(CaseAction):
    """The first hello introduces the assistant; later ones are short and come back to the open question."""

    def name(self) -> str:
        return "action_greet"

    async def act(self, turn: Turn) -> list[EventType]:
        if turn.case.types or turn.case.dialogue.get("greeted"):
            turn.say("utter_greet_back")
            return go("action_ask_again")
        turn.case.dialogue["greeted"] = True
        own = turn.heard.answer.get("text")  # the operator's, for who has just followed the account
        if own:
            turn.say("utter_greet_own", text=own)
        else:
            turn.say("utter_greet")
        return wait("complaint")


class ActionGoodbye(CaseAction):
    """Thanks or bye."""

    def name(self) -> str:
        return "action_goodbye"

    async def act(self, turn: Turn) -> list[EventType]:
        turn.say("utter_goodbye")
        return wait(turn.heard.asked)


class ActionOutOfScope(CaseAction):
    """Not a buyer's dispute: say so, and come back to what was open."""

    def name(self) -> str:
        return "action_out_of_scope"

    async def act(self, turn: Turn) -> list[EventType]:
        topic = topic_action(turn)
        if topic:
            return go(topic)
        if turn.case.types and asks_for_limit(turn.heard.text):  # “是不是有48小时”, in a case
            return go("action_explain_rules")
        seller_side = any(word in turn.heard.text for word in _SELLER_WORDS)
        turn.say("utter_seller_side" if seller_side else "utter_out_of_scope")
        return go("action_ask_again") if turn.case.types else wait("complaint")


class ActionNotUnderstood(CaseAction):
    """Ask once more, saying what would help."""

    def name(self) -> str:
        return "action_not_understood"

    async def act(self, turn: Turn) -> list[EventType]:
        topic = topic_action(turn)
        if topic:
            return go(topic)
        readable = any(char.isalnum() for char in turn.heard.text)
        hint = "" if turn.case.types else "请用一两句话说说买了什么、出了什么问题。"
        await say_not_understood(turn, hint, readable=readable)
        return go("action_ask_again") if turn.case.types else wait("complaint")
