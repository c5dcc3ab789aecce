"""Stop signs come before everything else; and the turn from “不想要了” to what the rules offer."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.handoff import ahead, request_person
from bot.cases.model import Stage
from bot.handoff.model import Reason
from bot.zh.safety import DANGER, FABRICATION, FRAUD, SELF_HARM, find_safety_signs

# What is said for each kind of sign; the gravest present is the one said.
_SAID = ((DANGER, "utter_safety_danger"), (FRAUD, "utter_safety_scam"))


class ActionSafety(CaseAction):
    """A stop sign in what the buyer wrote: say what to do at once, then take what the message states."""

    def name(self) -> str:
        return "action_safety"

    async def act(self, turn: Turn) -> list[EventType]:
        kinds = {sign.kind for sign in find_safety_signs(turn.heard.text)}
        if SELF_HARM in kinds:
            return await _care(turn)
        if FABRICATION in kinds:
            turn.say("utter_safety_fabricate")
            return go("action_ask_again")
        for kind, response in _SAID:
            if kind in kinds and _warn_once(turn, kind, response):
                break
        return go("action_take_complaint")


async def _care(turn: Turn) -> list[EventType]:
    """Somebody may harm themselves: the hotlines, every time, and a person where there is one; nothing else."""
    turn.say("utter_safety_self_harm")
    turn.case.record(turn.now, "bot", "safety.warned", {"kind": SELF_HARM})
    asked_for = await request_person(turn, Reason.SAFETY)
    if asked_for.status in ("queued", "already"):
        turn.say("utter_safety_person", ahead=ahead(asked_for))
    return wait(None)


class ActionStaySafe(CaseAction):
    """A case of fraud or injury: the warning first; fraud stays stopped until the buyer says it is none."""

    def name(self) -> str:
        return "action_stay_safe"

    async def act(self, turn: Turn) -> list[EventType]:
        if "scam" not in turn.case.types:
            _warn_once(turn, DANGER, "utter_safety_danger")
            turn.case.move_to(Stage.EVIDENCE, turn.now, "已提醒先顾安全")
            return go(NEXT)
        turn.case.move_to(Stage.SAFETY_STOP, turn.now, "疑似诈骗，先停下")
        if not _warn_once(turn, FRAUD, "utter_safety_scam") and not _warned_now(turn):
            turn.say("utter_safety_still")
        return wait("complaint")


class ActionLeaveSafetyStop(CaseAction):
    """The buyer says that it is no fraud: go on with the order."""

    def name(self) -> str:
        return "action_leave_safety_stop"

    async def act(self, turn: Turn) -> list[EventType]:
        case = turn.case
        case.set_types(
            [code for code in case.types if code != "scam"], turn.now, message_id=turn.heard.message_id
        )
        case.move_to(Stage.INTAKE, turn.now, "买家说明不是诈骗", actor="buyer")
        return go(NEXT)


def _warn_once(turn: Turn, kind: str, response: str) -> bool:
    """Say a warning the first time; later messages of the case are not drowned in it."""
    warned = turn.case.dialogue.setdefault("warned", {})
    if kind in warned:
        return False
    warned[kind] = turn.heard.message_id
    turn.case.record(turn.now, "bot", "safety.warned", {"kind": kind})
    turn.say(response)
    return True


def _warned_now(turn: Turn) -> bool:
    return turn.heard.message_id in turn.case.dialogue.get("warned", {}).values()


class ActionRedirect(CaseAction):
    """Only changed their mind (单纯不想要): seven-day return where it fits, an honest no where it does not."""

    def name(self) -> str:
        return "action_redirect"

    async def act(self, turn: Turn) -> list[EventType]:
        step = turn.advice().next_step
        turn.say("utter_redirect", why=step.why_zh)
        if step.target is None:
            turn.case.move_to(Stage.CLOSED, turn.now, step.why_zh)
            return wait(None)
        turn.case.set_types([step.target], turn.now, message_id=turn.heard.message_id)
        return go(NEXT)
