"""The guides the assistant was built on, fact by fact (seed_cases.yml); docs/seed-coverage.md points here."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest

from bot.disputes.advise import Advice
from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView
from bot.disputes.negotiation import draft_message
from bot.disputes.rulebook import load_rulebook
from bot.disputes.situation import Situation
from bot.disputes.statements import intervention_statement
from bot.disputes.urging import may_urge

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
AdviceFor = Callable[[dict[str, Any]], Advice]
ViewOf = Callable[[dict[str, Any]], CaseView]
EXPECTED = {
    "step", "channel", "after", "gate", "warning", "burden", "ladder", "urge", "letter", "message", "card", "must"
}  # fmt: skip


@pytest.mark.table("seed_cases.yml")
def test_seed_fact(row: dict[str, Any], advice_for: AdviceFor, view_of: ViewOf) -> None:
    assert EXPECTED & set(row), "a row that expects nothing shows nothing"
    if "card" in row:
        _card(row["card"])
    if "types" in row:
        _advice(row, advice_for(row))
        _written(row, view_of(row))


def _card(wanted: dict[str, str]) -> None:
    items = getattr(load_rulebook().types[wanted["type"]], wanted["part"])
    found = [one for one in items if wanted["says"] in str(one)]
    assert found, f"nothing in {wanted['part']} says {wanted['says']}"
    assert any(wanted["source"] in one.sources for one in found)


def _advice(row: dict[str, Any], advice: Advice) -> None:
    warnings = {one.id: one for one in advice.warnings}
    gates = {one.id: one.state for one in advice.gates}
    got: dict[str, object] = {
        "step": advice.next_step.id,
        "channel": advice.channel.id,
        "burden": advice.burden.who,
        "after": advice.after_ruling.action if advice.after_ruling else None,
        "gate": {key: gates[key] for key in row.get("gate", {})},
        "must": [one.kind for one in advice.evidence.missing_must],
    }
    for key, value in got.items():
        assert key not in row or (sorted(value) if key == "must" else value) == row[key], key  # type: ignore[call-overload]
    if "warning" in row:
        assert row.get("source", warnings[row["warning"]].sources[0]) in warnings[row["warning"]].sources
    assert set(row.get("ladder", [])) <= {step.id for step in advice.escalation}


def _written(row: dict[str, Any], view: CaseView) -> None:
    book = load_rulebook()
    letter = intervention_statement(view, NOW, book).text if "letter" in row else ""
    message = draft_message(view, NOW, book).text if "message" in row else ""
    assert [words for words in row.get("letter", []) if words not in letter] == []
    assert [words for words in row.get("message", []) if words not in message] == []
    assert not [words for words in row.get("without", []) if words in message]
    if "urge" in row:
        assert may_urge(Situation(view, NOW, book), NOW).allowed is row["urge"]
