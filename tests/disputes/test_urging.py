"""Asking the platform for news: rarely, once a matter, never twice in a day."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, Facts
from bot.disputes.rulebook import load_rulebook
from bot.disputes.situation import Situation
from bot.disputes.urging import Topic, Urging, may_urge

BOOK = load_rulebook()
ACCEPTED = datetime(2026, 11, 17, 10, tzinfo=SHANGHAI)
Moment = Callable[[object], datetime]
VIEW = CaseView(
    ("quality_visible",), Facts.from_json({"platform": "taobao", "problem": "肩带开线！再不退就曝光你 {problem}"}),
    opened_at=ACCEPTED, stage="intervention_open",
)  # fmt: skip


@pytest.mark.table("urging_cases.yml")
def test_urging(row: dict[str, Any], view_of: Callable[[dict[str, Any]], CaseView], moment: Moment) -> None:
    accepted = row.get("accepted", ACCEPTED)
    facts = {"platform": row.get("platform", "taobao"), **row.get("facts", {})}
    view = view_of(
        {"types": ["quality_visible"], "stage": row.get("stage", "intervention_open"), "facts": facts}
    )
    view = replace(view, opened_at=moment(accepted) if accepted else None)
    now = moment(row["now"])
    asked: dict[Topic, datetime] = {topic: moment(at) for topic, at in row.get("asked", {}).items()}
    found = may_urge(Situation(view, now, BOOK), now, asked)
    assert (found.allowed, found.topic) == (row["allowed"], row.get("topic")), found
    assert row.get("says", "") in found.why_zh and row.get("text", "") in found.text
    assert bool(found.text) == found.allowed and found.sources
    if "next" in row:
        assert found.next_at == moment(row["next"])


def asked_at(now: datetime, asked: dict[Topic, datetime]) -> Urging:
    return may_urge(Situation(VIEW, now, BOOK), now, asked)


@settings(max_examples=60, deadline=None)
@given(st.lists(st.integers(1, 60), min_size=1, max_size=60))
def test_whoever_asks_whenever_allowed_asks_three_times_at_most_a_day_apart(hours: list[int]) -> None:
    now, asked = ACCEPTED, {}
    for step in hours:
        now += timedelta(hours=step)
        found = asked_at(now, asked)
        if found.allowed:
            assert found.topic is not None and found.topic not in asked
            assert all(now - at >= timedelta(hours=24) for at in asked.values())
            asked[found.topic] = now
        elif found.next_at is not None:
            assert found.next_at > now
            assert asked_at(found.next_at, asked).allowed
    assert len(asked) <= 3


def test_the_text_is_calm_and_braces_are_only_text() -> None:
    found = asked_at(datetime(2026, 11, 20, 9, tzinfo=SHANGHAI), {})
    assert "曝光" not in found.text and "！" not in found.text and "肩带开线" in found.text
