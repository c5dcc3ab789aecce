"""A person wanted: asking the desk for one, the queue, a message left, and coming back to the assistant."""

from __future__ import annotations

import re
from datetime import datetime
from decimal import Decimal, InvalidOperation
from typing import Any

from rasa_sdk.events import EventType

from actions.base import CaseAction, Turn, back_to, go, wait
from bot.cases.model import Stage
from bot.disputes.chronology import full_day_zh
from bot.handoff.model import Reason, Requested

LEAVING = "handoff_message"  # the open question while the buyer writes a message for the desk
_BEFORE_LEAVING = "asked_before_message"
_NOT_WANTED = re.compile(
    r"(?:不用|不要|不需要|不必|取消|别|先不|不)(?:再)?(?:转|接|找|等|排)?(?:人工|真人|排队|队)(?:客服|服务)?(?:了|吧|啦)*[。！!]?$"
    r"|(?:^|[\s，,。])(?:回到?|换回|还是)(?:机器人|小助手|助手)(?:吧|了|处理|来)*[。！!]?$"
)
# What an agent's outcome says when the merchant has agreed to pay.
_AGREED = re.compile(r"(?<!不)(?<!未)(?<!没)(?<!没有)同意|已退款|(?<!dis)agreed")
_STILL_TALKING = (Stage.INTAKE, Stage.EVIDENCE, Stage.NEGOTIATING, Stage.INTERVENTION_READY)


async def request_person(turn: Turn, reason: Reason) -> Requested:
    """Ask the desk for a person. What comes back is true once the turn is stored."""
    asked_for = await turn.services.handoffs.request(
        turn.case.conversation_id, reason, now=turn.now, message_id=turn.heard.message_id
    )
    if asked_for.status != "already":
        detail = {"reason": reason.value, "status": asked_for.status, "message_id": turn.heard.message_id}
        actor = "bot" if reason is Reason.SAFETY else "buyer"
        turn.case.record(turn.now, actor, "handoff.wanted", detail)
    return asked_for


def ahead(asked_for: Requested) -> str:
    """“前面还有 2 位” from the place in the queue."""
    before = asked_for.position - 1
    if before < 0:
        return "工作人员马上就来"
    return f"前面还有 {before} 位" if before > 0 else "您排在最前面"


class ActionHandoff(CaseAction):
    """Ask for a person and say what came of it."""

    def name(self) -> str:
        return "action_handoff"

    async def act(self, turn: Turn) -> list[EventType]:
        if turn.heard.origin == "buyer" and _NOT_WANTED.search(turn.heard.text.strip()):
            return await _back_to_assistant(turn)
        asked_for = await request_person(turn, _reason(turn))
        if asked_for.status == "no_desk":
            turn.say("utter_handoff_no_desk")
            return _back(turn)
        if asked_for.status == "closed_hours":
            turn.say("utter_handoff_closed", opens=_opening(asked_for.opens))
        elif asked_for.status == "already":
            turn.say("utter_handoff_already", ahead=ahead(asked_for))
        else:
            turn.say("utter_handoff_queued", ahead=ahead(asked_for))
        return wait(_open_question(turn))


def _reason(turn: Turn) -> Reason:
    given = turn.heard.answer.get("reason")
    return Reason(given) if given in {one.value for one in Reason} else Reason.USER_REQUEST


def _opening(opens: datetime | None) -> str:
    return full_day_zh(opens) if opens else "以后"


def _open_question(turn: Turn) -> str | None:
    """The question of the dispute that is open: behind the message for the desk stands another one."""
    asked = turn.heard.asked
    if asked != LEAVING:
        return asked
    before = turn.case.dialogue.get(_BEFORE_LEAVING)
    return str(before) if before else None


def _back(turn: Turn) -> list[EventType]:
    return back_to(_open_question(turn))


async def _back_to_assistant(turn: Turn) -> list[EventType]:
    left = await turn.services.handoffs.cancel(turn.case.conversation_id, turn.now)
    turn.say("utter_handoff_cancelled" if left else "utter_handoff_go_on")
    return _back(turn)


class ActionHandoffChoice(CaseAction):
    """A button about the handoff: leave the queue, queue again, leave a message, ask for a person."""

    def name(self) -> str:
        return "action_handoff_choice"

    async def act(self, turn: Turn) -> list[EventType]:
        choice = turn.heard.answer.get("choice")
        if choice in ("human", "wait"):
            return go("action_handoff")
        if choice == "leave_message":
            return await _ask_for_message(turn)
        return await _back_to_assistant(turn)


async def _ask_for_message(turn: Turn) -> list[EventType]:
    status = await turn.services.handoffs.status(turn.case.conversation_id)
    if status.owner == "queued":
        turn.say("utter_handoff_write_here")  # whatever is written now reaches the desk anyway
        return wait(_open_question(turn))
    turn.case.dialogue[_BEFORE_LEAVING] = _open_question(turn)
    turn.say("utter_handoff_ask_message")
    return wait(LEAVING)


class ActionTakeHandoffMessage(CaseAction):
    """The text that the buyer leaves for the desk."""

    def name(self) -> str:
        return "action_take_handoff_message"

    async def act(self, turn: Turn) -> list[EventType]:
        kept = await turn.services.handoffs.leave_message(
            turn.case.conversation_id, turn.heard.text, turn.now
        )
        turn.say("utter_handoff_message_kept" if kept else "utter_handoff_message_lost")
        return _back(turn)


class ActionHandoffTimedOut(CaseAction):
    """Nobody at the desk answered in time: say so, and what can be done."""

    def name(self) -> str:
        return "action_handoff_timed_out"

    async def act(self, turn: Turn) -> list[EventType]:
        turn.say("utter_handoff_timed_out")
        return wait(_open_question(turn))


class ActionHandoffReturned(CaseAction):
    """The agent has handed the conversation back: say what was settled and by whom, keep it, go on."""

    def name(self) -> str:
        return "action_handoff_returned"

    async def act(self, turn: Turn) -> list[EventType]:
        given = turn.heard.answer
        settled, agent = str(given.get("text") or "").strip(), str(given.get("agent_name") or "")
        if not settled:
            turn.say("utter_handoff_returned_plain")
            return _back(turn)
        amount = _amount(given.get("amount"))
        _keep(turn, settled, agent, amount)
        money = f"（涉及金额 {amount:.2f} 元）" if amount is not None else ""
        turn.say("utter_handoff_returned", agent=agent, settled=settled, money=money)
        return _after_settling(turn, settled, agent, amount)


def _keep(turn: Turn, settled: str, agent: str, amount: Decimal | None) -> None:
    detail: dict[str, Any] = {"text": settled, "outcome": str(turn.heard.answer.get("outcome") or "")}
    if amount is not None:
        detail["amount"] = f"{amount:.2f}"
    turn.case.dialogue["settled"] = detail
    said = {**detail, "agent_name": agent, "message_id": turn.heard.message_id}
    turn.case.record(turn.now, "agent", "handoff.returned", said)


def _after_settling(turn: Turn, settled: str, agent: str, amount: Decimal | None) -> list[EventType]:
    """An agreement of the merchant is an answer of theirs, to be judged as one; anything else only told."""
    outcome = str(turn.heard.answer.get("outcome") or "")
    if not (_AGREED.search(outcome) and turn.case.types and turn.case.stage in _STILL_TALKING):
        return _back(turn)
    told = f"{settled}（人工客服{agent}转告）"
    turn.case.add_round(turn.now, theirs=told, stance="agree", offer=amount, message_id=turn.heard.message_id)
    return go("action_judge_reply")


def _amount(given: object) -> Decimal | None:
    """The sum the agent named, in yuan; None when there is none that can be read."""
    try:
        amount = Decimal(str(given))
    except InvalidOperation:
        return None
    return amount if amount.is_finite() and amount > 0 else None
