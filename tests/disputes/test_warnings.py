"""Warnings: each has its exact condition, its source, and a row where it must not be said."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.disputes import loader
from bot.disputes.advise import Advice
from bot.disputes.loader import RulebookError
from bot.disputes.rulebook import load_rulebook
from bot.disputes.safety import safe_to_say
from bot.disputes.warning_rules import read_moot
from bot.disputes.warnings import _RULES, _SAFETY

BOOK = load_rulebook()
DATA = Path(loader.__file__).parent
AdviceFor = Callable[[dict[str, Any]], Advice]
SAID_BY_OTHERS = {"ask_page", "older_rules"}
"""Said by the notes on rules."""


@pytest.mark.table("warnings_cases.yml")
def test_warning(row: dict[str, Any], advice_for: AdviceFor) -> None:
    warnings = advice_for(row).warnings
    if "says" in row:
        found = [one for one in warnings if row["says"] in one.text_zh]
    else:
        assert row["warning"] in BOOK.policy.warnings
        found = [one for one in warnings if one.id == row["warning"]]
    assert bool(found) != row.get("absent", False), [one.id for one in warnings]
    for one in found:
        assert row.get("source", one.sources[0]) in one.sources


def test_every_general_warning_is_said_by_a_rule_and_shown_by_a_row() -> None:
    keys = [key for key, _ in (*_SAFETY, *_RULES)]
    assert len(keys) == len(set(keys))
    assert set(keys) == set(BOOK.policy.warnings) - SAID_BY_OTHERS
    rows = yaml.safe_load(Path(__file__).with_name("warnings_cases.yml").read_text(encoding="utf-8"))
    shown = {row["warning"] for row in rows if "warning" in row and not row.get("absent")}
    assert set(keys) - shown == set()


def test_a_danger_is_said_before_money(advice_for: AdviceFor) -> None:
    facts = {"platform": "taobao", "order_stage": "signed", "harmed": True, "demand": "compensation"}
    ids = [one.id for one in advice_for({"types": ["quality_hidden"], "facts": facts}).warnings]
    assert ids[0] == "injury_first"
    assert ids.index("injury_first") < ids.index("dont_confirm") < ids.index("multiples")


def test_the_receipt_is_asked_for_after_the_court_was_named(advice_for: AdviceFor) -> None:
    facts = {"platform": "taobao", "intervention_accepted_at": "2026-11-18", "court_told_at": "2026-11-20"}
    said = "".join(one.text_zh for one in advice_for({"types": ["quality_visible"], "facts": facts}).warnings)
    assert "受理凭证" in said
    assert "先不要向平台声明" not in said


def test_no_warning_is_unsafe_or_unsourced() -> None:
    for key, cited in BOOK.policy.warnings.items():
        assert cited.sources, key
        assert safe_to_say(cited.text) is None, key


def test_a_moot_rule_names_a_warning_there_is() -> None:
    texts = "".join(one.text for card in BOOK.types.values() for one in card.warnings)
    for rule in BOOK.policy.moot:
        for word in rule.words:
            assert word in texts, f"moot.yml.{rule.id}: no card says {word}"


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("flags: [used]", "flags: [worn]", "unknown flag worn"),
        ("words: [还没签收", "word: [还没签收", "word"),
    ],
)
def test_a_mistake_in_moot_names_the_place(tmp_path: Path, old: str, new: str, named: str) -> None:
    text = (DATA / "moot.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "moot.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=named):
        read_moot(tmp_path)
