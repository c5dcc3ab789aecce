"""What can be claimed (能要什么、赔多少): what is open now, what is not and why, and what is still to be found out.

The preconditions are asked one by one as a check (`actions.checks`). While one is open a figure is only what it would be
if all of them held; it is never among what can be had now.
"""

from __future__ import annotations

from collections.abc import Iterable
from typing import Any

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go
from actions.checks import ask, begin, current, end, next_fact
from actions.remedy_wording import can_be_had, cannot_be_had, still_open, unknown
from actions.topics import question_now, topic_action
from actions.wording import sources
from bot.cases.grounds import take_grounds
from bot.disputes.advise import Advice
from bot.disputes.findings import Remedy
from bot.disputes.remedies import next_precondition
from bot.disputes.remedies.weighing import weigh
from bot.zh.asking import remedy_kinds

# What a remedy asked about by name can be; the first is weighed even where the case would not bring it up.
_MEANT = {
    "triple": ("R-11", "R-16", "P-material"),
    "tenfold": ("R-13", "R-14"),
    "promise": ("R-15", "R-06"),
    "deposit": ("R-07",),
    "payout": ("P-late", "P-oos", "P-fake", "P-damage", "P-weight", "P-mismatch", "P-jd-page", "P-jd-fresh"),
    "freight": ("R-03", "P-freight"),
    "testing": ("R-04",),
    "injury": ("R-08", "R-12"),
    "loss": ("R-05",),
}
_ONLY_WHERE_IT_FITS = ("tenfold", "payout")
"""Weighed only where the case brings it up: nobody is asked whether a jacket is unsafe food."""
_LEFT_TO_INTAKE = ("R-01", "R-02", "R-03", "R-04", "R-05")
"""Open mostly for facts that intake and evidence bring; their preconditions are asked when they are asked about."""
_ASKED_LATER = frozenset({"merchant_stance"})
_BEYOND_PLATFORM = "O-06"
_MULTIPLES = ("R-11", "R-12", "R-13", "R-14", "R-16")


class ActionExplainRemedies(CaseAction):
    """List what can be claimed, or say what an answer has changed; then ask the next thing, or go back."""

    def name(self) -> str:
        return "action_explain_remedies"

    async def act(self, turn: Turn) -> list[EventType]:
        if not turn.case.types:
            turn.say("utter_rules_without_case")
            return go(NEXT)
        if turn.heard.origin == "buyer":  # 牛奶过期了能赔十倍吗: a question that tells something
            take_grounds(turn.case, turn.heard.text, turn.now, turn.heard.message_id)
        check, question = current(turn, "remedies"), _question(turn)
        if check is None or question is not None:
            check = _start(turn, question or "")
        advice = turn.advice()
        remedies = _remedies(turn, advice, check["kinds"])
        clashes = [one for one in advice.contradictions if one.fact not in turn.case.declined]
        fact = next_fact(turn, lambda: _wanted_facts(turn, remedies, check), clashes)
        _tell(turn, remedies, check, more=fact is not None)
        return ask(turn, fact, clashes) if fact else end(turn)


def _question(turn: Turn) -> str | None:
    """What is asked in this turn, "" for the button; None when the turn only answers."""
    if "remedies" in turn.heard.answer:
        return ""
    if topic_action(turn) == "action_explain_remedies" or "question" in turn.case.dialogue:
        return question_now(turn)
    return None


def _start(turn: Turn, question: str) -> dict[str, Any]:
    """A check of what was asked about by name, else of everything that is not left to intake."""
    check, kinds = begin(turn, "remedies"), remedy_kinds(question)
    check["kinds"], check["told"] = [kind for kind in kinds if kind in _MEANT], None
    check["beyond"] = "distress" in kinds
    return check


def _remedies(turn: Turn, advice: Advice, kinds: Iterable[str]) -> dict[str, Remedy]:
    """What the rulebook brings up, and what was asked about besides."""
    found = {remedy.id: remedy for remedy in advice.remedies}
    rules = turn.services.rulebook.policy.remedy_tables.rules
    situation = turn.situation()
    for kind in kinds:
        if kind not in _ONLY_WHERE_IT_FITS and not found.keys() & set(_MEANT[kind]):
            first = _MEANT[kind][0]
            found[first] = weigh(situation, rules[first], shown=True)
    return found


def _wanted(remedies: dict[str, Remedy], check: dict[str, Any]) -> list[Remedy]:
    """The remedies whose preconditions are asked, those with most to gain first."""
    named = [remedies[key] for kind in check["kinds"] for key in _MEANT[kind] if key in remedies]
    if check["kinds"] or check["beyond"]:
        return named
    rest = [one for key, one in remedies.items() if key not in _LEFT_TO_INTAKE]
    return sorted(rest, key=lambda one: (not one.id.startswith("P-"), one.id not in _MULTIPLES))


def _wanted_facts(turn: Turn, remedies: dict[str, Remedy], check: dict[str, Any]) -> list[str | None]:
    return [_next(turn, one) for one in _wanted(remedies, check)] + _category(turn, remedies, check)


def _category(turn: Turn, remedies: dict[str, Remedy], check: dict[str, Any]) -> list[str | None]:
    """Ten times the price is for food and medicine: what kind of goods it is comes first."""
    asked = "tenfold" in check["kinds"] and not remedies.keys() & set(_MEANT["tenfold"])
    return ["category"] if asked and "category" not in turn.case.facts else []


def _next(turn: Turn, remedy: Remedy) -> str | None:
    return next_precondition(remedy, frozenset(turn.case.declined) | _ASKED_LATER)


def _state(turn: Turn, remedy: Remedy) -> str:
    """yes | no | open (something is left to ask) | stuck (nothing more can be asked). Exceptions are asked first."""
    if remedy.available is False:
        return "no"
    if _next(turn, remedy) is not None:
        return "open"
    return "yes" if remedy.available else "stuck"


def _tell(turn: Turn, remedies: dict[str, Remedy], check: dict[str, Any], *, more: bool) -> None:
    before, states = check["told"], {key: _state(turn, one) for key, one in remedies.items()}
    check["told"] = {key: f"{state} {remedies[key].amount}" for key, state in states.items()}
    names = {key: one.name_zh for key, one in remedies.items()}
    if before is None:
        _tell_all(turn, remedies, states, check, more=more)
        return
    changed = [
        _line(turn, one, states[one.id], names)
        for one in _wanted(remedies, check)
        if states[one.id] != "open" and before.get(one.id) != check["told"][one.id]
    ]
    if changed:
        turn.say("utter_remedy_settled", answer="\n".join(f"· {line}" for line in changed))
    elif more:
        _tell_left(turn, _wanted(remedies, check))
    _tell_unfitting(turn, remedies, check)


def _tell_all(
    turn: Turn, remedies: dict[str, Remedy], states: dict[str, str], check: dict[str, Any], *, more: bool
) -> None:
    names = {key: one.name_zh for key, one in remedies.items()}
    heads = (("现在可以提出的：", ("yes",)), ("还不能确定的：", ("open", "stuck")), ("不能要的：", ("no",)))
    meant = {one.id for one in _wanted(remedies, check)} if check["kinds"] else set(remedies)
    meant |= {key for key, state in states.items() if state == "yes"}
    told: list[str] = []
    for head, of in heads:
        lines = [
            _line(turn, remedies[key], states[key], names)
            for key in remedies
            if key in meant and states[key] in of
        ]
        told += [head, *(f"· {line}" for line in lines)] if lines else []
    others = [names[key] for key in remedies if key not in meant and states[key] != "no"]
    if others:
        told.append(f"此外还可能有：{'、'.join(others)}。想了解哪一项，直接问我。")
    turn.say("utter_remedies" if told else "utter_remedies_none", answer="\n".join(told))
    if check["beyond"] or remedies.keys() & {*_MULTIPLES, "R-05", "R-08"}:
        _tell_beyond(turn)
    _tell_unfitting(turn, remedies, check)
    if more:
        turn.say("utter_remedies_ask")


def _line(turn: Turn, remedy: Remedy, state: str, names: dict[str, str]) -> str:
    rulebook = turn.services.rulebook
    if state == "yes":
        return can_be_had(remedy, rulebook, names)
    if state == "no":
        return cannot_be_had(remedy, rulebook)
    return still_open(remedy, rulebook, remedy.also_ask)


def _tell_left(turn: Turn, wanted: list[Remedy]) -> None:
    """How far the remedy that is being asked about has come."""
    remedy = next((one for one in wanted if _state(turn, one) == "open"), None)
    if remedy is not None and unknown(remedy):
        turn.say("utter_remedy_left", name=remedy.name_zh, left=str(len(unknown(remedy))))


def _tell_beyond(turn: Turn) -> None:
    """Multiples, lost wages and distress are not for the platform to decide (O-06)."""
    rule = next(one for one in turn.services.rulebook.procedure.scope if one.id == _BEYOND_PLATFORM)
    situation = turn.situation()
    cited = sources(situation.applicable(rule.sources), turn.services.rulebook)
    turn.say("utter_remedies_beyond", say=rule.say, go=rule.go, sources=cited)


def _tell_unfitting(turn: Turn, remedies: dict[str, Remedy], check: dict[str, Any]) -> None:
    """What was asked about by name and is not for this kind of goods or platform; said once it is known."""
    rules, cited = turn.services.rulebook.policy.remedy_tables.rules, turn.services.rulebook
    for kind in _ONLY_WHERE_IT_FITS:
        fits = remedies.keys() & set(_MEANT[kind]) or (
            kind == "tenfold" and "category" not in turn.case.facts
        )
        if kind in check["kinds"] and not fits and kind not in check.setdefault("unfitting", []):
            check["unfitting"].append(kind)
            turn.say(f"utter_remedy_no_{kind}", sources=sources(rules[_MEANT[kind][0]].sources, cited))
