"""Runs the tables of this folder: one row, one test. The tables are what a lawyer reads and corrects."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest

from bot.disputes.advise import Advice
from bot.disputes.consistency import contradictions
from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, FactError, MerchantReply, Round
from bot.disputes.negotiation import judge_reply
from bot.disputes.rulebook import load_rulebook
from bot.disputes.tone import neutral

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
AdviceFor = Callable[[dict[str, Any]], Advice]
ViewOf = Callable[[dict[str, Any]], CaseView]


@pytest.mark.table("deadlines.yml")
def test_deadline(row: dict[str, Any], advice_for: AdviceFor) -> None:
    found = {item.id: item for item in advice_for(row).deadlines}
    if row.get("absent"):
        assert row["window"] not in found
        return
    deadline = found[row["window"]]
    assert deadline.due_zh == row.get("due", "")
    assert deadline.needs == row.get("needs")
    for key in ("configurable", "confidence", "passed"):
        if key in row:
            assert getattr(deadline, key) == row[key]
    if deadline.configurable:
        assert "以页面倒计时为准" in deadline.note_zh


@pytest.mark.table("gates_cases.yml")
def test_gate(row: dict[str, Any], advice_for: AdviceFor) -> None:
    gate = {item.id: item for item in advice_for(row).gates}[row["gate"]]
    assert gate.state == row["state"], gate.why_zh
    assert list(gate.needs) == row.get("needs", [])
    if "source" in row:
        assert row["source"] in gate.sources


@pytest.mark.table("steps_cases.yml")
def test_next_step(row: dict[str, Any], advice_for: AdviceFor) -> None:
    step = advice_for(row).next_step
    assert step.id == row["step"], step.why_zh
    if "target" in row:
        assert step.target == row["target"]


@pytest.mark.table("evidence_cases.yml")
def test_evidence_grade(row: dict[str, Any], advice_for: AdviceFor) -> None:
    report = advice_for(row).evidence
    assert (report.grade, report.score) == (row["grade"], row["score"])


@pytest.mark.table("burden_cases.yml")
def test_burden(row: dict[str, Any], advice_for: AdviceFor) -> None:
    burden = advice_for(row).burden
    assert burden.who == row["who"], burden.must_show_zh
    assert row["source"] in burden.sources
    assert burden.id == row.get("row", burden.id)


@pytest.mark.table("negotiation_cases.yml")
def test_judged_reply(row: dict[str, Any], view_of: ViewOf, moment: Callable[[object], datetime]) -> None:
    rounds = [Round(moment("2026-11-20T20:00"), ours="请退货退款")]
    rounds += [
        Round(moment("2026-11-20T21:00"), theirs="之前的答复", stance=s) for s in row.get("before", [])
    ]
    if row.get("recorded"):
        rounds.append(Round(moment("2026-11-20T22:00"), theirs=row["text"], stance=row["stance"]))
    view = replace(view_of({"types": ["quality_visible"], "ready": True}), rounds=tuple(rounds))
    reply = MerchantReply(row["stance"], row["text"], Decimal(row["offer"]) if "offer" in row else None)
    verdict = judge_reply(view, reply, moment(row["now"]) if "now" in row else NOW, load_rulebook())
    assert verdict.advice == row["advice"], verdict.why_zh
    assert row.get("says", "") in verdict.why_zh
    assert verdict.sources
    if "source" in row:
        assert row["source"] in verdict.sources


@pytest.mark.table("facts_cases.yml")
def test_impossible_facts(row: dict[str, Any], view_of: ViewOf) -> None:
    if row.get("alone"):
        with pytest.raises(FactError) as caught:
            view_of({"types": [], **row})
        assert caught.value.fact == row["fact"]
        assert "。" in caught.value.reason_zh
        return
    found = contradictions(view_of({"types": [], **row}).facts, NOW)
    assert [item.fact for item in found] == ([row["fact"]] if row["fact"] else [])


@pytest.mark.table("tone_cases.yml")
def test_tone(row: dict[str, Any]) -> None:
    assert neutral(row["said"], load_rulebook().policy.tone).text == row["becomes"]
