"""Old guides against rules of today are shown as such; what is not known of a platform is asked for, and overridden."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest

from bot.disputes import rulebook as rulebook_module
from bot.disputes.advise import Advice, advise
from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView
from bot.disputes.rulebook import load_rulebook

AdviceFor = Callable[[dict[str, Any]], Advice]
ViewOf = Callable[[dict[str, Any]], CaseView]
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
DATA = Path(rulebook_module.__file__).parent
UNKNOWN = ["pdd", "douyin", "kuaishou", "xianyu"]
NULLS = [
    "evidence_h",
    "appeal_days",
    "text_limit",
    "note_limit",
    "image_limit",
    "channel_phone",
    "intake_path",
]


@pytest.mark.parametrize(
    ("conflict", "kind", "both", "says"),
    [
        ("S1-02", "quality_visible", {"seed1-02", "tb-65"}, "现行规则"),
        ("S1-14", "review", {"seed1-14"}, "旧版"),
        ("M5", "review", {"seed1-14", "ds-39", "wj-15"}, "不一致"),
        ("S0-05", "cs_complaint", {"seed0-05"}, "以页面显示为准"),
        ("S1-09", "cs_complaint", {"seed1-09"}, "没有核实"),
    ],
)
def test_an_old_guide_is_shown_as_such(
    conflict: str, kind: str, both: set[str], says: str, advice_for: AdviceFor
) -> None:
    advice = advice_for({"types": [kind], "facts": {"platform": "taobao"}})
    told = {warning.id: warning for warning in advice.warnings}[f"conflict-{conflict}"]
    assert set(told.sources) == both
    assert says in told.text_zh


def test_a_conflict_of_taobao_s_rules_is_not_told_on_jd(advice_for: AdviceFor) -> None:
    told = advice_for({"types": ["quality_visible", "review"], "facts": {"platform": "jd"}}).warnings
    assert not [one.id for one in told if one.id.startswith("conflict-")]


def test_the_burden_follows_the_rule_of_today_not_the_old_guide(advice_for: AdviceFor) -> None:
    burden = advice_for({"types": ["quality_visible"], "facts": {"platform": "taobao"}}).burden
    assert (burden.who, burden.sources) == ("buyer", ("tb-65",))


def test_the_review_card_says_that_the_law_has_no_exception_for_deleting() -> None:
    outcomes = [one for one in load_rulebook().types["review"].outcomes if "删除双方评价" in one.text]
    assert [one.sources for one in outcomes] == [("seed1-14", "ds-39")]
    assert "不一致" in outcomes[0].text


@pytest.mark.parametrize("platform", UNKNOWN)
def test_an_unknown_platform_asks_for_the_page(platform: str, advice_for: AdviceFor) -> None:
    facts = {"platform": platform, "order_stage": "confirmed", "confirmed_at": "2026-11-18"}
    advice = advice_for({"types": ["quality_hidden"], "facts": facts})
    assert "ask_page" in {warning.id for warning in advice.warnings}
    platform_clocks = [one for one in advice.deadlines if one.kind == "platform"]
    assert platform_clocks
    assert all(one.due is None and one.needs == "page_deadline_at" for one in platform_clocks)
    assert {g.id: g for g in advice.gates}["G3"].needs == ("page_deadline_at",)
    known = advice_for(
        {"types": ["quality_hidden"], "facts": {**facts, "page_deadline_at": "2026-12-01T00:00"}}
    )
    assert "ask_page" not in {warning.id for warning in known.warnings}


@pytest.mark.parametrize("platform", ["taobao", "tmall", "jd", "wechat"])
def test_a_known_platform_does_not(platform: str, advice_for: AdviceFor) -> None:
    advice = advice_for({"types": ["quality_hidden"], "facts": {"platform": platform}})
    assert "ask_page" not in {warning.id for warning in advice.warnings}


def test_what_nobody_confirmed_is_null() -> None:
    for platform in UNKNOWN:
        profile = load_rulebook().profiles[platform]
        assert profile.response_unknown and profile.confidence == "L"
        assert [key for key in NULLS if getattr(profile, key) is not None] == []
    assert all(profile.channel_phone is None for profile in load_rulebook().profiles.values())


@pytest.mark.parametrize(
    ("platform", "known"),
    [
        ("taobao", {"seller_response_h": 48, "window_days": 15, "evidence_h": 72, "text_limit": 500, "note_limit": 200}),
        ("jd", {"seller_response_h": 24, "window_days": 15, "appeal_days": 7, "evidence_h": None, "text_limit": None}),
        ("wechat", {"seller_response_h": 48, "window_days": 7, "text_limit": 500, "appeal_days": None}),
    ],
)  # fmt: skip
def test_what_is_known_of_a_platform(platform: str, known: dict[str, int | None]) -> None:
    profile = load_rulebook().profiles[platform]
    assert {key: getattr(profile, key) for key in known} == known


def test_the_small_court_of_xianyu_is_told(advice_for: AdviceFor) -> None:
    advice = advice_for({"types": ["secondhand"], "facts": {"platform": "xianyu"}})
    told = [one for one in advice.warnings if one.id == "xianyu-1"]
    assert [one.sources for one in told] == [("xy-court",)]


def test_an_operator_overrides_a_platform_without_touching_code(tmp_path: Path, view_of: ViewOf) -> None:
    """A folder of the same layout: the file of the same name replaces the packaged one, the rest stays."""
    (tmp_path / "platforms").mkdir()
    text = (DATA / "platforms" / "pdd.yml").read_text(encoding="utf-8")
    own = "windows: {T-11: {length: {days: 20}, sources: [ds-33], confidence: M}}"
    changed = text.replace("windows: {}", own).replace("seller_response_h: null", "seller_response_h: 36")
    assert changed.count(own) == 1 and "36" in changed
    (tmp_path / "platforms" / "pdd.yml").write_text(changed, encoding="utf-8")
    facts = {"platform": "pdd", "order_stage": "confirmed", "confirmed_at": "2026-11-10T12:00"}
    view = view_of({"types": ["quality_hidden"], "facts": facts})
    advice = advise(view, NOW, load_rulebook(tmp_path))
    window = {one.id: one for one in advice.deadlines}["T-11"]
    assert (window.due_zh, window.confidence) == ("2026年11月30日 12:00", "M")
    assert "ask_page" not in {warning.id for warning in advice.warnings}
    assert load_rulebook(tmp_path).profiles["jd"] == load_rulebook().profiles["jd"]
    assert load_rulebook().profiles["pdd"].seller_response_h is None
