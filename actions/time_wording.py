"""Answers to questions about time: what the others still have to do and until when, and what the buyer must not miss."""

from __future__ import annotations

from actions.base import Turn
from actions.wording import deadline_line, deadlines_card, open_deadlines, sources
from bot.disputes.other_tables import other_tables
from bot.disputes.rulebook import Rulebook
from bot.disputes.waiting import Step, Waits, waits_of

_DEFAULTS = "cfg"  # the law of figures that platforms change at will
_NOT_KNOWN = "要算期限，还差几个日期，我接着问您。页面上如果有倒计时，以页面为准。"


def tell_waits(turn: Turn) -> None:
    """How long seller and platform take from here, then the buyer's own next date."""
    rulebook, waits = turn.services.rulebook, waits_of(turn.situation())
    shown = [*waits.running, *waits.over, *([waits.own] if waits.own else [])]
    card = deadlines_card(shown, rulebook) if shown else None
    turn.say("utter_waits", answer="\n".join(_told(waits, rulebook)), card=card)


def _told(waits: Waits, rulebook: Rulebook) -> list[str]:
    told: list[str] = []
    if waits.over:
        told += ["对方已经超过的时间："]
        told += [f"· {deadline_line(one, rulebook)}。{one.consequence_zh}" for one in waits.over]
    if waits.running:
        told += ["对方正在走的时间："]
        told += [f"· {deadline_line(one, rulebook)}。到期：{one.consequence_zh}" for one in waits.running]
    told += _ahead(waits.ahead, rulebook)
    if waits.own:
        told += [f"您自己最近的期限：{deadline_line(waits.own, rulebook)}。"]
    return told


def _ahead(steps: tuple[Step, ...], rulebook: Rulebook) -> list[str]:
    """What comes next; steps whose time this platform does not publish are named together."""
    known = [
        f"· {one.name_zh}：{one.starts_zh} {one.length_zh}{_basis(one, rulebook)}"
        for one in steps
        if one.length_zh
    ]
    told = ["接下来的步骤一般要：", *known] if known else []
    unknown = [f"“{one.name_zh}”" for one in steps if one.length_zh is None]
    if unknown:
        told.append(f"{'、'.join(unknown)}要多久，这个平台的规则我没有核到，请看订单页的倒计时。")
    return told


def _basis(step: Step, rulebook: Rulebook) -> str:
    """A default of ours, or the rule it stands in; a countdown on the page goes before either."""
    source = rulebook.sources[step.sources[0]]
    if not step.configurable:
        return f"（{source.label}）"
    return f"（{'平台常用时限' if source.law == _DEFAULTS else source.label}，以页面倒计时为准）"


def tell_limits(turn: Turn) -> None:
    """The buyer's time limits, soonest first; before them what other platforms want where this one has no table."""
    rulebook, deadlines = turn.services.rulebook, turn.advice().deadlines
    hurry = _hurry(turn)
    running = open_deadlines(deadlines, turn.now)
    gone = [one for one in deadlines if one.due and one.due <= turn.now]
    lines = [f"· {deadline_line(one, rulebook)}。到期：{one.consequence_zh}" for one in running]
    lines += [f"· 已过：{deadline_line(one, rulebook)}" for one in gone]
    if not lines:
        turn.say("utter_rules", answer="\n".join(filter(None, [hurry, _NOT_KNOWN])))
        return
    head = "法律上的期限，按您说的日期算：" if hurry else "按您说的日期算："
    answer = "\n".join(filter(None, [hurry, head, *lines]))
    turn.say("utter_rules", answer=answer, card=deadlines_card([*running, *gone], rulebook))


def _hurry(turn: Turn) -> str:
    """“拼多多…没有核到，别的平台一般是签收后 48 小时内”; empty where the case has a table or needs none."""
    found = other_tables(turn.situation())
    if found is None or turn.case.facts.get("page_deadline_at") is not None:
        return ""
    rulebook = turn.services.rulebook
    platform = rulebook.facts["platform"].label_of(str(turn.case.facts["platform"].value))
    notes = f"（{'；'.join(found.notes_zh)}）" if found.notes_zh else ""
    return (
        f"先看最急的：这类商品各平台的反馈时间都很短，别的平台一般要求签收后 {found.length_zh}内反馈{notes}。"
        f"{platform}的具体时间我这里没有核到，请马上看订单页写的时间或倒计时，今天就拍照、联系商家并提交申请。"
        f"{sources(found.sources, rulebook)}"
    )
