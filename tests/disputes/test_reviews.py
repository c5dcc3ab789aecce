"""Reviews: the self-check of five, deletion against refund, etiquette after a full refund."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from bot.disputes import loader
from bot.disputes.advise import Advice
from bot.disputes.loader import RulebookError
from bot.disputes.review_rules import read_reviews
from bot.disputes.rulebook import load_rulebook

AdviceFor = Callable[[dict[str, Any]], Advice]
DATA = Path(loader.__file__).parent
STATES = {"met": True, "not_met": False, "unknown": None}


@pytest.mark.table("reviews_cases.yml")
def test_reviews(row: dict[str, Any], advice_for: AdviceFor) -> None:
    report = advice_for(row).reviews
    if row.get("report") is False:
        assert report is None
        return
    assert report is not None
    assert report.result == row["result"]
    assert row.get("says", "") in report.result_zh
    by_id = {one.id: one for one in report.checks}
    for key, state in STATES.items():
        for check in row.get(key, []):
            assert by_id[check].met is state, check
    if "needs" in row:
        assert list(report.needs) == row["needs"]
    noted = {note.id for note in report.notes}
    assert set(row.get("notes", [])) <= noted
    assert noted.isdisjoint(row.get("no_notes", []))
    if "conflict" in row:
        assert "ds-39" in by_id[row["conflict"]].sources
        assert "不得删除消费者的评价" in by_id[row["conflict"]].conflict_zh
    for key, value in (("bribed", report.bribed), ("cash", report.cash_for_praise)):
        if key in row:
            assert value is row[key]
    if "etiquette" in row:
        assert bool(report.etiquette_zh) is row["etiquette"]
    if "can_review" in row:
        assert report.can_review is row["can_review"]


def test_the_list_is_always_marked_as_an_older_rule(advice_for: AdviceFor) -> None:
    advice = advice_for({"types": ["review"], "facts": {"review_insults": True}})
    assert advice.reviews is not None
    for item in (advice.reviews, *advice.reviews.checks):
        assert item.confidence == "L"
        assert "seed1-14" in item.sources
    assert "旧版" in advice.reviews.older_rule_zh
    told = advice.to_json()["reviews"]
    assert told["confidence"] == "L" and told["as_of"] == "2026-11-21"
    assert told["checks"][0]["configurable"] is True
    assert {"ds-39", "wj-15"} <= set(advice.to_json()["sources"])


def test_the_etiquette_is_never_a_condition(advice_for: AdviceFor) -> None:
    advice = advice_for({"types": ["review"], "facts": {"refunded_in_full": True}})
    assert advice.reviews is not None
    assert "自愿" in advice.reviews.etiquette_zh and "不是退款的条件" in advice.reviews.etiquette_zh


def test_every_check_asks_a_fact_there_is() -> None:
    rules = load_rulebook().policy.reviews
    assert [row.id for row in rules.checks] == ["M1", "M2", "M3", "M4", "M5"]
    assert [row.id for row in rules.rules] == [f"RV-{no:02}" for no in range(1, 8)]
    assert {row.fact for row in rules.checks} <= set(load_rulebook().facts)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("  open: {text", "  opened: {text", "results"),
        ("confidence: L", "confidence: X", "confidence"),
        ("shown: bribed", "shown: often", "shown"),
        ("cash: '(?:", "cash: '((?:", "is no regular expression"),
    ],
)
def test_a_mistake_names_the_place(tmp_path: Path, old: str, new: str, named: str) -> None:
    text = (DATA / "reviews.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "reviews.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=named):
        read_reviews(tmp_path)


def test_an_unknown_fact_is_refused(tmp_path: Path) -> None:
    text = (DATA / "reviews.yml").read_text(encoding="utf-8")
    (tmp_path / "reviews.yml").write_text(
        text.replace("fact: same_trade", "fact: same_trades"), encoding="utf-8"
    )
    with pytest.raises(RulebookError, match="unknown fact same_trades"):
        load_rulebook(tmp_path)
