"""Questions in between: rules, time limits, progress. Answered from the rulebook, then the open question again."""

from __future__ import annotations

from dataclasses import replace

from rasa_sdk.events import EventType

from actions.after_ruling import news, ruled
from actions.base import NEXT, CaseAction, Turn, go, wait
from actions.blame_wording import tell_testing_cost, tell_whose_fault, usual_outcomes
from actions.checks import under_way
from actions.intake import say_taken
from actions.time_wording import tell_limits, tell_waits
from actions.topics import keep_question, topic_action
from actions.urging import wants_to_urge
from actions.ways_words import asks_ways
from actions.wording import burden_line, deadline_line, open_deadlines, sources
from bot.cases.complaint import claimed_types
from bot.cases.intake import take_facts
from bot.cases.model import Stage
from bot.disputes.chronology import full_day_zh
from bot.zh.blame import asks_testing_cost, asks_whose_fault
from bot.zh.waiting import asks_for_limit, asks_how_long, names_a_time

_AUTO_CONFIRM = ("cfg-T-08", "cfg-T-09")
_OF_THE_ORDER = ("platform", "order_number", "amount")  # values that a question states as surely as an answer
_COST_WORDS = ("运费", "邮费", "谁出", "谁承担", "到付", "垫付")
_PROOF_WORDS = ("谁证明", "举证", "谁来证明", "我来证明", "检测", "鉴定", "质检")


class ActionExplainRules(CaseAction):
    """Answer a question about the rules with what they say for this case."""

    def name(self) -> str:
        return "action_explain_rules"

    async def act(self, turn: Turn) -> list[EventType]:
        if not turn.case.types:
            return _without_case(turn)
        text, topic = turn.heard.text, topic_action(turn)
        if wants_to_urge(turn):
            return go("action_urge")
        if topic not in (None, self.name()) and (asks_ways(text, asking=True) or not names_a_time(text)):
            return go(str(topic))
        _answer(turn, text)
        return go("action_ask_again")


def _answer(turn: Turn, text: str) -> None:
    """What the question is after, the narrower before the wider."""
    if asks_testing_cost(text):
        tell_testing_cost(turn)
    elif asks_whose_fault(text):
        tell_whose_fault(turn)
    elif asks_how_long(text):
        tell_waits(turn)
    elif asks_for_limit(text):
        tell_limits(turn)
    elif any(word in text for word in _PROOF_WORDS):
        turn.say("utter_rules", answer=burden_line(turn.advice().burden, turn.services.rulebook))
    else:
        turn.say("utter_rules", answer=usual_outcomes(turn, costs=any(word in text for word in _COST_WORDS)))


def _without_case(turn: Turn) -> list[EventType]:
    """A complaint that ends in a question is taken; else the question is kept, and what it tells of the order."""
    if claimed_types(turn.heard.types, ()).take:
        return go("action_take_complaint")
    plain = tuple(one for one in turn.heard.entities if one.get("entity") in _OF_THE_ORDER)
    say_taken(turn, take_facts(turn.case, replace(turn.heard, entities=plain), turn.services.rulebook.facts))
    keep_question(turn)
    turn.say("utter_rules_without_case")
    return go(NEXT)


class ActionExplainProgress(CaseAction):
    """Say where the case stands, from the record."""

    def name(self) -> str:
        return "action_explain_progress"

    async def act(self, turn: Turn) -> list[EventType]:
        case = turn.case
        if wants_to_urge(turn):
            return go("action_urge")
        if case.intervention:
            return go("action_follow_intervention")
        if not case.types:
            turn.say("utter_progress_without_case")
            return go(NEXT)
        if asks_how_long(turn.heard.text):
            tell_waits(turn)
            return go("action_ask_again")
        names = "、".join(turn.services.rulebook.types[code].name for code in case.types)
        running = open_deadlines(turn.advice().deadlines, turn.now)
        near = f"最近的期限：{deadline_line(running[0], turn.services.rulebook)}。" if running else ""
        answer = (
            f"您这件“{names}”的事从 {full_day_zh(case.created_at)} 开始记录，已记下 {len(case.facts)} 项信息、"
            f"{len(case.evidence)} 份证据，还没有提交介入。{near}平台那边的物流和退款进度，请看订单页。"
        )
        turn.say("utter_progress", answer=answer)
        return go("action_ask_again")


class ActionMindAutoConfirm(CaseAction):
    """“再过两天就自动确认了”: what to do before that, and that nothing is confirmed yet."""

    def name(self) -> str:
        return "action_mind_auto_confirm"

    async def act(self, turn: Turn) -> list[EventType]:
        turn.say("utter_mind_auto_confirm", sources=sources(_AUTO_CONFIRM, turn.services.rulebook))
        return go("action_ask_again")


class ActionAskAgain(CaseAction):
    """Back to the question that was open before the one in between."""

    def name(self) -> str:
        return "action_ask_again"

    async def act(self, turn: Turn) -> list[EventType]:
        case, asked, check = turn.case, turn.heard.asked, under_way(turn)
        if check or not case.types or case.stage in (Stage.INTAKE, Stage.INTERVENTION_READY):
            return go(check or NEXT)
        if case.stage is Stage.EVIDENCE:
            turn.say("utter_still_evidence")
            return wait("evidence")
        if case.stage is Stage.NEGOTIATING:
            turn.say("utter_await_merchant")
            return wait("offer" if asked == "offer" else "message_sent")
        return _in_the_intervention(turn, asked)


def _in_the_intervention(turn: Turn, asked: str | None) -> list[EventType]:
    """A fact that is still wanted is asked for again; after a ruling the next action follows, once."""
    fact = (asked or "").removeprefix("fact:")
    known = fact in turn.case.facts or fact in turn.case.declined
    if fact != asked and fact in turn.services.rulebook.facts and not known:
        turn.say(f"utter_ask_{fact}")
        return wait(asked)
    held = asked in ("appeal", "review_reason", "handoff_message") or _unlabelled(turn, asked)
    if not held and turn.case.types and ruled(turn.case) and news(turn, turn.advice()):
        return go("action_after_ruling")
    return wait(asked)


def _unlabelled(turn: Turn, asked: str | None) -> bool:
    """Whether the open question is what a file shows, and nobody has said."""
    return any(f"label:{item.id}" == asked and item.kind is None for item in turn.case.evidence)
