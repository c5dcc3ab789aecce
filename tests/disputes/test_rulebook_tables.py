"""Runs the tables of this folder: one row, one test. The tables are what a lawyer reads and corrects."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.disputes.advise import Advice, advise
from bot.disputes.consistency import contradictions
from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, FactError, Facts, HeldEvidence, MerchantReply, Round
from bot.disputes.negotiation import judge_reply
from bot.disputes.rulebook import load_rulebook
from bot.disputes.tone import neutral

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
READY = {
    "platform": "taobao", "order_number": "2468013579246801", "product": "双肩包 黑色 L", "amount": "239.00",
    "order_stage": "signed", "paid_at": "2026-11-15", "shipped_at": "2026-11-16", "signed_at": "2026-11-18",
    "found_at": "2026-11-18", "problem": "肩带开线", "demand": "return_refund",
}  # fmt: skip


def rows(name: str) -> list[Any]:
    table = yaml.safe_load((Path(__file__).parent / name).read_text(encoding="utf-8"))
    return [pytest.param(row, id=str(row.get("why") or row.get("said"))) for row in table]


def moment(value: object) -> datetime:
    """YAML reads a bare date as date, a full one as datetime and one without seconds as text."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI)
    return datetime.fromisoformat(str(value)).replace(tzinfo=SHANGHAI)


def facts_of(given: dict[str, Any], ready: bool = False) -> Facts:
    plain = {k: v.isoformat() if isinstance(v, (date, datetime)) else v for k, v in given.items()}
    return Facts.from_json({**(READY if ready else {}), **plain})


def held(kinds: list[str]) -> tuple[HeldEvidence, ...]:
    return tuple(HeldEvidence(f"f{no}", kind, "0" * 64, NOW, kind) for no, kind in enumerate(kinds))


def advice_for(row: dict[str, Any]) -> Advice:
    view = CaseView(
        types=tuple(row["types"]),
        facts=facts_of(row.get("facts", {}), row.get("ready", False)),
        evidence=held(row.get("evidence", row.get("held", []))),
        declined=frozenset(row.get("declined", [])),
        gaps_acknowledged=row.get("acknowledged", False),
        stage=row.get("stage", "intake"),
    )
    return advise(view, moment(row["now"]) if "now" in row else NOW, load_rulebook())


@pytest.mark.parametrize("row", rows("deadlines.yml"))
def test_deadline(row: dict[str, Any]) -> None:
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


@pytest.mark.parametrize("row", rows("gates_cases.yml"))
def test_gate(row: dict[str, Any]) -> None:
    gate = {item.id: item for item in advice_for(row).gates}[row["gate"]]
    assert gate.state == row["state"], gate.why_zh
    assert list(gate.needs) == row.get("needs", [])
    if "source" in row:
        assert row["source"] in gate.sources


@pytest.mark.parametrize("row", rows("steps_cases.yml"))
def test_next_step(row: dict[str, Any]) -> None:
    step = advice_for(row).next_step
    assert step.id == row["step"], step.why_zh
    if "target" in row:
        assert step.target == row["target"]


@pytest.mark.parametrize("row", rows("evidence_cases.yml"))
def test_evidence_grade(row: dict[str, Any]) -> None:
    report = advice_for(row).evidence
    assert (report.grade, report.score) == (row["grade"], row["score"])


@pytest.mark.parametrize("row", rows("burden_cases.yml"))
def test_burden(row: dict[str, Any]) -> None:
    burden = advice_for(row).burden
    assert burden.who == row["who"], burden.must_show_zh
    assert row["source"] in burden.sources


@pytest.mark.parametrize("row", rows("negotiation_cases.yml"))
def test_judged_reply(row: dict[str, Any]) -> None:
    rounds = [Round(moment("2026-11-20T20:00"), ours="请退货退款")]
    rounds += [
        Round(moment("2026-11-20T21:00"), theirs="之前的答复", stance=s) for s in row.get("before", [])
    ]
    if row.get("recorded"):
        rounds.append(Round(moment("2026-11-20T22:00"), theirs=row["text"], stance=row["stance"]))
    view = CaseView(("quality_visible",), facts_of({}, ready=True), rounds=tuple(rounds))
    reply = MerchantReply(row["stance"], row["text"], Decimal(row["offer"]) if "offer" in row else None)
    verdict = judge_reply(view, reply, moment(row["now"]) if "now" in row else NOW, load_rulebook())
    assert verdict.advice == row["advice"], verdict.why_zh
    assert row.get("says", "") in verdict.why_zh
    assert verdict.sources
    if "source" in row:
        assert row["source"] in verdict.sources


@pytest.mark.parametrize("row", rows("facts_cases.yml"))
def test_impossible_facts(row: dict[str, Any]) -> None:
    if row.get("alone"):
        with pytest.raises(FactError) as caught:
            facts_of(row["facts"])
        assert caught.value.fact == row["fact"]
        assert "。" in caught.value.reason_zh
        return
    found = contradictions(facts_of(row["facts"]), NOW)
    assert [item.fact for item in found] == ([row["fact"]] if row["fact"] else [])


@pytest.mark.parametrize("row", rows("tone_cases.yml"))
def test_tone(row: dict[str, Any]) -> None:
    assert neutral(row["said"], load_rulebook().policy.tone).text == row["becomes"]
