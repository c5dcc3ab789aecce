"""The evidence report beyond grade and score: what is missing, what can still be made, until when, what may stand in."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.disputes.advise import Advice, advise
from bot.disputes.evidence import WEIGHTS
from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, Facts, HeldEvidence
from bot.disputes.rulebook import load_rulebook

BOOK = load_rulebook()
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)


@pytest.mark.table("evidence_cases.yml")
def test_what_can_still_be_had(row: dict[str, Any], advice_for: Callable[[dict[str, Any]], Advice]) -> None:
    items = {item.kind: item for item in advice_for(row).evidence.items}
    if "missing_must" in row:
        missing = [kind for kind, item in items.items() if item.level == "must" and not item.have]
        assert sorted(missing) == sorted(row["missing_must"])
    if "late" in row:
        assert sorted(kind for kind, item in items.items() if not item.still_possible) == sorted(row["late"])
    assert all(items[kind].still_possible for kind in row.get("can", []))
    for kind, words in row.get("until", {}).items():
        assert words in items[kind].until_zh
        assert items[kind].until_zh in items[kind].still_zh
        assert bool(words) == bool(items[kind].until_zh)
    for kind, words in row.get("instead", {}).items():
        assert words in items[kind].still_zh


held = st.lists(st.sampled_from([*BOOK.evidence, None]), max_size=14, unique=True)
some_types = st.lists(st.sampled_from(sorted(BOOK.types)), min_size=1, max_size=3, unique=True)


@settings(max_examples=150, deadline=None)
@given(some_types, held, st.booleans())
def test_the_grade_is_that_of_the_exact_share(
    types: list[str], kinds: list[str | None], harmed: bool
) -> None:
    """The rounded score never says more than the exact share, and the grade follows the exact share."""
    pieces = tuple(HeldEvidence(str(no), kind, "0" * 64, NOW, "x") for no, kind in enumerate(kinds))
    view = CaseView(tuple(types), Facts.from_json({"harmed": harmed}), pieces)
    report = advise(view, NOW, BOOK).evidence
    total = sum(WEIGHTS[item.level] for item in report.items)
    exact = Fraction(100 * sum(WEIGHTS[item.level] for item in report.items if item.have), total)
    whole = "A" if exact >= 85 else "B" if exact >= 65 else "C" if exact >= 40 else "D"
    assert report.grade == (max(whole, "C") if report.missing_must else whole)
    assert abs(report.score - exact) < 1
    shown = "A" if report.score >= 85 else "B" if report.score >= 65 else "C" if report.score >= 40 else "D"
    assert shown == whole


def test_every_missing_piece_says_why_how_and_whether_it_is_too_late() -> None:
    facts = Facts.from_json({"order_stage": "signed", "goods_used": True, "returned_at": "2026-11-20"})
    for code in BOOK.types:
        for item in advise(CaseView((code,), facts), NOW, BOOK).evidence.items:
            assert item.why_zh and item.how_zh and item.sources, (code, item.kind)
            assert item.still_zh.startswith("现在还来得及" if item.still_possible else "已经无法补拍")
            assert item.pitfalls_zh == BOOK.evidence[item.kind].pitfalls
            assert not item.have


def test_a_must_that_can_be_lost_names_what_may_stand_in() -> None:
    for code, card in BOOK.types.items():
        for need in card.evidence:
            if need.level == "must" and BOOK.evidence[need.id].once == ("unboxing",):
                assert need.substitute, (code, need.id)


def test_the_catalogue_says_how_to_get_each_and_what_spoils_it() -> None:
    for kind in BOOK.evidence.values():
        assert len(kind.how) >= 10 and kind.pitfalls and len(kind.name) <= 12, kind.id
