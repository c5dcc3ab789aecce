"""The buyer's own review (评价): the self-check of five, a refund against a deleted review, etiquette after a refund."""

from __future__ import annotations

import re

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go
from actions.checks import ask, begin, current, end, next_fact
from actions.topics import question_now
from actions.wording import sources
from bot.cases.model import Stage
from bot.disputes.advise import Advice
from bot.disputes.reviews import ReviewCheck, ReviewNote, ReviewReport, review_check
from bot.disputes.safety import screen
from bot.zh.asking import speaks_of_malice

_TRADE = ("RV-04", "RV-05")
"""A review asked for in exchange: for a refund, for money."""
_POLITE = "etiquette"
_BRIBE = "review_bribe"
_WHILE_STEP = ("ask_fact", "redirect", "safety_stop", "resolved", "follow_intervention")
_REFUNDED = re.compile(
    r"(?:全额退(?:款)?|全退|全款退|退了全款)(?:给我)?了|钱(?:都|已经|全)+退(?:给我|回来)?了"
)
_SUPPOSED = re.compile(r"如果|要是|假如|才|先|没|未|不")


class ActionExplainReviews(CaseAction):
    """Go through the five points question by question, then say the result; or just what holds for reviews."""

    def name(self) -> str:
        return "action_explain_reviews"

    async def act(self, turn: Turn) -> list[EventType]:
        if not turn.case.types:
            turn.say("utter_rules_without_case")
            return go(NEXT)
        _note_refund(turn, question := question_now(turn))
        advice, report = turn.advice(), _report(turn)
        if current(turn, "reviews") is None:
            if not _to_be_checked(turn, question):
                return _tell_rules(turn, report)
            _start(turn, report)
        clashes = [one for one in advice.contradictions if one.fact not in turn.case.declined]
        fact = next_fact(turn, lambda: _report(turn).needs, clashes)
        if fact:
            return ask(turn, fact, clashes)
        _tell_result(turn, _report(turn))
        return end(turn)


def self_check_due(turn: Turn, advice: Advice) -> bool:
    """A dispute about a review gets the check once, when intake has asked its questions."""
    step = advice.next_step.id.partition(":")[0]
    once = "review" in turn.case.types and not turn.case.dialogue.get("review_checked")
    return once and turn.case.stage is Stage.INTAKE and step not in _WHILE_STEP


def tell_of_reviews(turn: Turn, advice: Advice) -> None:
    """Where a refund hangs on a review, or all has been refunded: say so, once each. Later answers are judged as such."""
    if turn.case.stage not in (Stage.INTAKE, Stage.EVIDENCE):
        return
    notes = list(advice.reviews.notes) if advice.reviews is not None else []
    if any(
        one.kind == _BRIBE for one in screen(turn.heard.text, "merchant")
    ):  # “要我删评才退”: whoever says it
        rules = turn.services.rulebook.policy.reviews.rules
        notes += [ReviewNote(rule.id, rule.text, rule.sources) for rule in rules if rule.id == _TRADE[0]]
    for note in notes:
        if note.id in (*_TRADE, _POLITE):
            _tell_once(turn, note)


def _tell_once(turn: Turn, note: ReviewNote) -> None:
    told = turn.case.dialogue.setdefault("review_told", [])
    if note.id not in told:
        told.append(note.id)
        turn.say("utter_review_note", say=note.text_zh, sources=_cited(turn, note))


def _cited(turn: Turn, note: ReviewNote | ReviewCheck) -> str:
    return sources(note.sources, turn.services.rulebook)


def _report(turn: Turn) -> ReviewReport:
    return review_check(turn.situation())


def _note_refund(turn: Turn, said: str) -> None:
    """“商家全额退款了，我要删差评吗” tells that the refund was made."""
    found = _REFUNDED.search(said)
    supposed = found and _SUPPOSED.search(said[max(0, found.start() - 6) : found.end()])
    if found and not supposed and "refunded_in_full" not in turn.case.facts:
        turn.case.take(
            "refunded_in_full",
            True,
            at=turn.now,
            message_id=turn.heard.message_id,
            certainty="approximate",
        )


def _to_be_checked(turn: Turn, question: str) -> bool:
    pressed = "review_check" in turn.heard.answer
    return pressed or "review" in turn.case.types or speaks_of_malice(question)


def _start(turn: Turn, report: ReviewReport) -> None:
    begin(turn, "reviews")
    turn.case.dialogue["review_checked"] = True
    for note in report.notes:
        if note.id in _TRADE:
            _tell_once(turn, note)
    if report.needs:
        turn.say("utter_review_check", count=str(len(report.needs)))


def _tell_rules(turn: Turn, report: ReviewReport) -> list[EventType]:
    notes = "\n".join(f"· {note.text_zh}" for note in report.notes)
    cited = [source for note in report.notes for source in note.sources]
    turn.say("utter_review_rules", notes=notes, sources=sources(cited, turn.services.rulebook))
    return go("action_ask_again")


def _tell_result(turn: Turn, report: ReviewReport) -> None:
    """The result by the older rule, what to mend, and what the law of today says; always as an older rule."""
    told = [f"· {one.name_zh}：{one.why_zh}{one.conflict_zh}" for one in report.checks if one.met]
    unsure = [one.name_zh for one in report.checks if one.met is None]
    if unsure:
        told.append(f"· 没有弄清的：{'；'.join(unsure)}")
    turn.say(
        "utter_review_result_unsure" if report.result == "open" else "utter_review_result",
        result=report.result_zh,
        points="".join(f"\n{line}" for line in told),
        older=report.older_rule_zh,
        sources=sources(report.sources, turn.services.rulebook),
    )
    _tell_rest(turn, report)


def _tell_rest(turn: Turn, report: ReviewReport) -> None:
    told = turn.case.dialogue.setdefault("review_told", [])
    notes = [note for note in report.notes if note.id not in told]
    told += [note.id for note in notes if note.id in (*_TRADE, _POLITE)]
    cited = [source for note in notes for source in note.sources]
    lines = "\n".join(f"· {note.text_zh}" for note in notes)
    turn.say("utter_review_rules", notes=lines, sources=sources(cited, turn.services.rulebook))
