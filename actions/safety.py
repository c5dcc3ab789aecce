"""Stop signs come before everything else; and the turn from “不想要了” to what the rules offer."""

from __future__ import annotations

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.handoff import ahead, request_person
from actions.wording import sources
from bot.cases.model import Stage
from bot.disputes.safety import SafetyFinding, screen
from bot.handoff.model import Reason
from bot.zh.interjections import asks_to_pay, read_interjection

# What has been warned of is remembered by these names: a buyer told of one fraud need not hear of the next.
_ABOUT = {
    "scam": "fraud",
    "off_platform": "fraud",
    "credentials": "fraud",
    "dangerous_goods": "danger",
    "threatened": "threat",
}


class ActionSafety(CaseAction):
    """A stop sign in what the buyer wrote: say what to do at once, then take what the message states."""

    def name(self) -> str:
        return "action_safety"

    async def act(self, turn: Turn) -> list[EventType]:
        rules = turn.services.rulebook.policy.safety
        signs = screen(turn.heard.text, "buyer", rules)
        found = {one.kind: one for one in reversed(signs) if one.stop}
        if "self_harm" in found:
            return await _care(turn, found["self_harm"])
        if "fabrication" in found:
            turn.say("utter_safety_fabricate", say=found["fabrication"].say_zh)
            return go("action_ask_again")
        for finding in reversed(found.values()):  # the gravest first
            if _warn_once(turn, finding):
                break
        return go("action_take_complaint")


async def _care(turn: Turn, finding: SafetyFinding) -> list[EventType]:
    """Somebody may harm themselves: the hotlines, every time, and a person where there is one; nothing else."""
    turn.say("utter_safety_self_harm", say=finding.say_zh)
    turn.case.record(turn.now, "bot", "safety.warned", {"kind": finding.kind})
    asked_for = await request_person(turn, Reason.SAFETY)
    if asked_for.status in ("queued", "already"):
        turn.say("utter_safety_person", ahead=ahead(asked_for))
    return wait(None)


class ActionStopPaying(CaseAction):
    """Warned of a fraud and still asked for money, or money or a code already given: what to do at once, every time."""

    def name(self) -> str:
        return "action_stop_paying"

    async def act(self, turn: Turn) -> list[EventType]:
        told = turn.case.dialogue.setdefault("warned", {})
        if "paid_a_fraud" in read_interjection(turn.heard.text):
            told["paid"] = turn.heard.message_id
        paid = "paid" in told and not asks_to_pay(turn.heard.text)
        cited = sources(_words(turn, "scam").sources, turn.services.rulebook)
        turn.say("utter_fraud_paid" if paid else "utter_fraud_do_not_pay", sources=cited)
        turn.case.record(turn.now, "bot", "safety.warned", {"kind": "fraud", "paid": paid})
        return wait(turn.heard.asked)


class ActionStaySafe(CaseAction):
    """A case of fraud or injury: the warning first; fraud stays stopped until the buyer says it is none."""

    def name(self) -> str:
        return "action_stay_safe"

    async def act(self, turn: Turn) -> list[EventType]:
        if "scam" not in turn.case.types:
            _warn_once(turn, _words(turn, "dangerous_goods"))
            turn.case.move_to(Stage.EVIDENCE, turn.now, "已提醒先顾安全")
            return go(NEXT)
        turn.case.move_to(Stage.SAFETY_STOP, turn.now, "疑似诈骗，先停下")
        if not _warn_once(turn, _words(turn, "scam")) and not _warned_now(turn):
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


def _words(turn: Turn, finding: str) -> SafetyFinding:
    """A finding by its name in safety.yml."""
    return turn.services.rulebook.policy.safety.findings[finding]


def _warn_once(turn: Turn, finding: SafetyFinding) -> bool:
    """Say a warning the first time; later messages of the case are not drowned in it."""
    about = _ABOUT.get(finding.kind, finding.kind)
    warned = turn.case.dialogue.setdefault("warned", {})
    if about in warned:
        return False
    warned[about] = turn.heard.message_id
    turn.case.record(turn.now, "bot", "safety.warned", {"kind": about})
    cited = sources(finding.sources, turn.services.rulebook)
    turn.say("utter_safety_warning", say=finding.say_zh, sources=cited)
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
