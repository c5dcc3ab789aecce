"""The refund form (退款单): which type and reason fit, with what speaks for and against each. The buyer chooses."""

from __future__ import annotations

from collections.abc import Iterable

from rasa_sdk.events import EventType

from actions.base import NEXT, CaseAction, Turn, go
from actions.topics import question_now
from actions.wording import sources
from bot.disputes.refund_form import RefundForm, RefundReason, RefundType

_FILED = ("refund_requested_at", "returned_at")
_HONEST = "honest"
_BRIEF_NOTES = ("no_proof", "amount", "amount_unknown")


class ActionExplainRefundForm(CaseAction):
    """Answer “选什么原因” and “仅退款还是退货退款”, then back to the open question."""

    def name(self) -> str:
        return "action_explain_refund_form"

    async def act(self, turn: Turn) -> list[EventType]:
        if not turn.case.types:
            turn.say("utter_rules_without_case")
            return go(NEXT)
        form = turn.advice().refund_form
        question_now(turn)  # it is answered whatever its words
        turn.case.dialogue["form_told"] = True
        honest = next(note.text_zh for note in form.notes if note.id == _HONEST)
        turn.say("utter_refund_types", honest=honest, answer=_types(turn, form))
        turn.say("utter_refund_reasons", answer=_reasons(turn, form))
        notes = [note.text_zh for note in form.notes if note.id != _HONEST]
        turn.say("utter_refund_notes", answer="\n".join(f"· {text}" for text in notes))
        return go("action_ask_again")


def tell_form_once(turn: Turn) -> None:
    """In short, before the buyer writes to the merchant; not when the form was filed or explained already."""
    told = turn.case.dialogue.get("form_told") or any(fact in turn.case.facts for fact in _FILED)
    form = turn.advice().refund_form
    fitting = [one for one in form.types if one.fits]
    if told or not fitting:
        return
    turn.case.dialogue["form_told"] = True
    turn.say(
        "utter_refund_form_brief",
        types="、".join(one.name_zh for one in fitting),
        reasons="；".join(_named(one) for one in _possible(form)) or "按页面上最接近实际的一项",
        notes="".join(note.text_zh for note in form.notes if note.id in _BRIEF_NOTES),
        sources=sources(_cited(_possible(form)), turn.services.rulebook),
    )


def _possible(form: RefundForm) -> list[RefundReason]:
    return [one for one in form.reasons if one.fits]


def _named(reason: RefundReason) -> str:
    """“质量问题”，要留意：…"""
    return f"“{reason.name_zh}”，要留意：{reason.cons_zh.rstrip('。')}"


def _cited(items: Iterable[RefundType | RefundReason]) -> list[str]:
    return [source for one in items for source in one.sources[:1]]


def _types(turn: Turn, form: RefundForm) -> str:
    possible = [one for one in form.types if one.fits is not False]
    lines = [_both_sides(turn, one) for one in possible]
    unfit = [f"{one.name_zh}（{one.why_zh}）" for one in form.types if one.fits is False]
    if unfit:
        lines.append(f"不合适的：{'；'.join(unfit)}。")
    return "\n".join(lines) + sources(_cited(possible), turn.services.rulebook)


def _reasons(turn: Turn, form: RefundForm) -> str:
    possible = [one for one in form.reasons if one.fits is not False]
    if not possible:
        return "从您说的情况看，列表里没有完全对得上的，选页面上最接近实际的一项。"
    return "\n".join(_both_sides(turn, one) for one in possible) + sources(
        _cited(possible), turn.services.rulebook
    )


def _both_sides(turn: Turn, one: RefundType | RefundReason) -> str:
    """What speaks for it and what against; where it is not settled, what it depends on."""
    needs = f"，先要弄清“{turn.services.rulebook.facts[one.needs].label}”" if one.needs else ""
    most = f"最多 {one.most:.2f} 元。" if isinstance(one, RefundType) and one.most is not None else ""
    return f"· {one.name_zh}：{one.why_zh}{needs}。好处：{one.pros_zh}要留意：{one.cons_zh}{most}"
