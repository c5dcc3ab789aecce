"""A handoff in 200 characters: what an agent has to know in ten seconds. Facts of the case only, masked."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime

from bot.cases.export import STAGE_NAMES
from bot.cases.model import Case
from bot.disputes.advise import Advice
from bot.disputes.rulebook import Rulebook
from bot.handoff.gaps import advice_of, nearest_clock
from bot.handoff.redaction import redact
from bot.handoff.words import due_text, fact_text, left_text, type_names

LONGEST = 200
_LONGEST_WORDS = 24
_MORE = "……"


def summary_of(case: Case | None, rulebook: Rulebook, reason_label: str, now: datetime) -> str:
    """At most `LONGEST` characters, the most important clause first; what does not fit is left out whole."""
    text = ""
    clauses = [
        f"转人工：{reason_label}。",
        *(_clauses(case, rulebook, now) if case else ["还没有案件信息。"]),
    ]
    for clause in (redact(one).text for one in clauses):
        if len(text) + len(clause) > LONGEST - len(_MORE):
            return text + _MORE
        text += clause
    return text


def _clauses(case: Case, rulebook: Rulebook, now: datetime) -> Iterator[str]:
    advice = advice_of(case, rulebook, now)
    yield _matter(case, rulebook)
    yield _wanted(case, rulebook)
    yield _nearest(case, advice, rulebook, now)
    yield _merchant(case, rulebook)
    yield from tried(case)
    yield _open_question(case, advice, rulebook)
    if case.intervention is None:
        yield f"阶段：{STAGE_NAMES[case.stage]}。"


def _matter(case: Case, rulebook: Rulebook) -> str:
    """质量问题，天猫，蓝牙耳机，299.00 元，已签收未确认收货。"""
    types = "、".join(type_names(case.types, rulebook)) or "纠纷类型未确定"
    known = [_fact(case, name, rulebook) for name in ("platform", "product", "amount", "order_stage")]
    return "，".join([types, *filter(None, known)]) + "。"


def _wanted(case: Case, rulebook: Rulebook) -> str:
    demand = _fact(case, "demand", rulebook)
    return f"买家要求{demand}。" if demand else ""


def _merchant(case: Case, rulebook: Rulebook) -> str:
    """商家拒绝，出价 50.00 元。"""
    stance, offer = _fact(case, "merchant_stance", rulebook), _fact(case, "offer_amount", rulebook)
    if stance is None:
        contacted = case.facts.get("contacted_merchant")
        return "还没有联系商家。" if contacted is not None and contacted.value is False else ""
    return f"商家{stance}" + (f"，出价 {offer}" if offer else "") + "。"


def tried(case: Case) -> list[str]:
    """What has been done so far, a sentence each."""
    done = []
    if case.rounds:
        done.append(f"已协商 {len(case.rounds)} 轮。")
    if case.evidence:
        done.append(f"已传证据 {len(case.evidence)} 份。")
    if case.intervention is not None:
        done.append(f"介入 {case.intervention.number} 已到“{case.intervention.state}”。")
    return done


def _nearest(case: Case, advice: Advice | None, rulebook: Rulebook, now: datetime) -> str:
    nearest = nearest_clock(case, advice, rulebook, now)
    if nearest is None:
        return ""
    return f"最近期限：{nearest.name} {due_text(nearest.due)}（剩 {left_text(nearest.due, now)}）。"


def _open_question(case: Case, advice: Advice | None, rulebook: Rulebook) -> str:
    question = open_question(case, advice, rulebook)
    return f"待解决：{question}。" if question else ""


def open_question(case: Case, advice: Advice | None, rulebook: Rulebook) -> str | None:
    """What comes next for the case: the fact to ask for, or the step with its reason."""
    if advice is None:
        return None if case.types else "弄清纠纷类型"
    step, _, name = advice.next_step.id.partition(":")
    if step == "ask_fact" and name in rulebook.facts:
        return f"问清{rulebook.facts[name].label}"
    return advice.next_step.why_zh.rstrip("。")


def _fact(case: Case, name: str, rulebook: Rulebook) -> str | None:
    record = case.facts.get(name)
    if record is None or name not in rulebook.facts:
        return None
    text = fact_text(rulebook.facts[name], record.value)
    return text if len(text) <= _LONGEST_WORDS else text[: _LONGEST_WORDS - 1] + "…"
