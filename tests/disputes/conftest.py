"""Tables: `@pytest.mark.table("x.yml")` runs a test once for each row (argument `row`); a row becomes a case view."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.disputes.advise import Advice, advise
from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, Facts, HeldEvidence, Round
from bot.disputes.rulebook import load_rulebook

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
READY = {
    "platform": "taobao", "order_number": "2468013579246801", "product": "双肩包 黑色 L", "amount": "239.00",
    "order_stage": "signed", "paid_at": "2026-11-15", "shipped_at": "2026-11-16", "signed_at": "2026-11-18",
    "found_at": "2026-11-18", "problem": "肩带开线", "demand": "return_refund",
}  # fmt: skip
"""`ready: true` in a row: a signed order with the usual facts known."""


def pytest_generate_tests(metafunc: pytest.Metafunc) -> None:
    marker = metafunc.definition.get_closest_marker("table")
    if marker is not None:
        table = yaml.safe_load((Path(__file__).parent / marker.args[0]).read_text(encoding="utf-8"))
        named = [pytest.param(row, id=str(row.get("why") or row.get("said"))) for row in table]
        metafunc.parametrize("row", named)


def as_moment(value: object) -> datetime:
    """YAML reads a bare date as date, a full one as datetime and one without seconds as text."""
    if isinstance(value, datetime):
        return value.replace(tzinfo=SHANGHAI)
    return datetime.fromisoformat(str(value)).replace(tzinfo=SHANGHAI)


def as_view(row: dict[str, Any]) -> CaseView:
    plain = {
        k: v.isoformat() if isinstance(v, (date, datetime)) else v for k, v in row.get("facts", {}).items()
    }
    held = row.get("evidence", row.get("held", []))
    return CaseView(
        types=tuple(row["types"]),
        facts=Facts.from_json({**(READY if row.get("ready") else {}), **plain}),
        evidence=tuple(HeldEvidence(f"f{no}", kind, "0" * 64, NOW, kind) for no, kind in enumerate(held)),
        rounds=tuple(
            Round(as_moment(r["at"]), r.get("ours"), r.get("theirs"), r.get("stance"))
            for r in row.get("rounds", [])
        ),
        declined=frozenset(row.get("declined", [])),
        gaps_acknowledged=row.get("acknowledged", False),
        opened_at=as_moment(row["opened_at"]) if "opened_at" in row else None,
        stage=row.get("stage", "intake"),
    )


@pytest.fixture
def moment() -> Callable[[object], datetime]:
    return as_moment


@pytest.fixture
def view_of() -> Callable[[dict[str, Any]], CaseView]:
    """A row (types, facts, evidence/held, rounds, declined, acknowledged, opened_at, stage, ready) as a case view."""
    return as_view


@pytest.fixture
def advice_for() -> Callable[[dict[str, Any]], Advice]:
    """The advice for a row, at its `now` or at 2026-11-21T10:00."""

    def advice(row: dict[str, Any]) -> Advice:
        now = as_moment(row["now"]) if "now" in row else NOW
        return advise(as_view(row), now, load_rulebook())

    return advice
