"""Values of the case in the buyer's words: facts, dates, sums, evidence lines, sources."""

from __future__ import annotations

import json
from collections.abc import Iterable, Sequence
from datetime import datetime
from decimal import Decimal

from bot.cases.model import Case
from bot.cases.view import view_of
from bot.disputes.chronology import ABOUT, full_day_zh
from bot.disputes.deadlines import ABOUT_NOTE
from bot.disputes.facts import FactKind, FactValue
from bot.disputes.findings import Burden, Deadline, EvidenceNeed
from bot.disputes.rulebook import Rulebook
from bot.intervention.clocks import SET_BY_DESK

_MARKS = {"must": "★", "should": "☆", "nice": "○"}
_LONGEST_VALUE = 60


def shown(kind: FactKind, value: FactValue, *, about: bool = False) -> str:
    """One fact's value as a buyer would write it: 11月12日, 128.00 元, 已签收; a day told as about right stays so."""
    if isinstance(value, bool):
        return "是" if value else "否"
    if isinstance(value, datetime):
        return f"{full_day_zh(value)}{ABOUT}" if about else full_day_zh(value)
    if isinstance(value, Decimal):
        return f"{value:.2f} 元"
    text = kind.label_of(str(value))
    return text if len(text) <= _LONGEST_VALUE else text[: _LONGEST_VALUE - 1] + "…"


def noted(case: Case, names: Iterable[str], rulebook: Rulebook) -> str:
    """“平台：天猫、实付金额：128.00 元” for the facts named, without the long free texts."""
    view = view_of(case)
    told = [
        f"{rulebook.facts[name].label}：{shown(rulebook.facts[name], value, about=name in view.about)}"
        for name in names
        if name not in ("problem", "merchant_reply") and (value := view.facts.get(name)) is not None
    ]
    return "、".join(told)


def evidence_lines(needs: Sequence[EvidenceNeed]) -> str:
    """One line for each piece of evidence: its level, whether it is there, why it matters, how to get it."""
    return "\n".join(_evidence_line(need) for need in needs)


def _evidence_line(need: EvidenceNeed) -> str:
    state = "（已有）" if need.have else ""
    line = f"{_MARKS[need.level]} {need.name_zh}{state}：{need.why_zh}"
    if need.have:
        return line
    if need.how_zh:
        line += f" 怎么取：{need.how_zh}"
    return line + (f" 实在没有：{need.substitute_zh}" if need.substitute_zh and need.level == "must" else "")


def evidence_card(title: str, grade: str, needs: Sequence[EvidenceNeed]) -> dict[str, object]:
    """The same list for a page."""
    items = [
        {
            "kind": need.kind,
            "name": need.name_zh,
            "level": need.level,
            "have": need.have,
            "why": need.why_zh,
            "how": need.how_zh,
            "substitute": need.substitute_zh,
        }
        for need in needs
    ]
    return {"type": "evidence", "title": title, "grade": grade, "items": items}


def burden_line(burden: Burden, rulebook: Rulebook) -> str:
    """Who has to show what next (谁来举证), and what follows if they do not."""
    who = "您" if burden.who == "buyer" else "商家"
    shown_by = f"现在该由{who}举证：{burden.must_show_zh.rstrip('。')}。"
    missing = f"拿不出来的话：{burden.if_not_zh.rstrip('。')}。" if burden.if_not_zh else ""
    return shown_by + missing + sources(burden.sources, rulebook)


def sources(ids: Iterable[str], rulebook: Rulebook, most: int = 2) -> str:
    """“（依据：《消费者权益保护法》第25条）”, or nothing when a statement rests on no rule."""
    labels = list(dict.fromkeys(rulebook.sources[one].label for one in ids if one in rulebook.sources))[:most]
    return f"\n（依据：{'；'.join(labels)}）" if labels else ""


def deadline_line(deadline: Deadline, rulebook: Rulebook) -> str:
    """“七天无理由：2026年11月19日 24:00 前（《消费者权益保护法》第25条）”."""
    if deadline.due is None:
        return ""
    if deadline.base_fact == SET_BY_DESK:
        basis = deadline.note_zh
    elif deadline.configurable:
        basis = "平台常用时限，以页面倒计时为准"
    else:
        basis = "；".join(
            rulebook.sources[one].label for one in deadline.sources[:1] if one in rulebook.sources
        )
    if deadline.about:
        basis = "；".join(filter(None, [basis, ABOUT_NOTE]))
    return f"{deadline.name_zh}：{deadline.due_zh} 前" + (f"（{basis}）" if basis else "")


def deadlines_card(deadlines: Sequence[Deadline], rulebook: Rulebook) -> dict[str, object]:
    """The clocks for a page."""
    items = [
        {
            "name": one.name_zh,
            "due": one.due.isoformat() if one.due else None,
            "kind": one.kind,
            "consequence": one.consequence_zh,
            "source": "；".join(rulebook.sources[s].label for s in one.sources[:2] if s in rulebook.sources),
        }
        for one in deadlines
        if one.due
    ]
    return {"type": "deadlines", "items": items}


def open_deadlines(deadlines: Sequence[Deadline], now: datetime) -> list[Deadline]:
    """The clocks still running, nearest first."""
    running = [one for one in deadlines if one.due and one.due > now]
    return sorted(running, key=lambda one: one.due or now)


def button(title: str, **answer: str) -> dict[str, str]:
    """A button of ours: what it stands for, as `actions.intake` reads it."""
    return {"title": title, "payload": f"/answer_button{json.dumps(answer, ensure_ascii=False)}"}
