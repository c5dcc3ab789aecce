"""Safety: what buyers and merchants write, and what the assistant may say."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.disputes import safety as safety_module
from bot.disputes.facts import SHANGHAI
from bot.disputes.loader import RulebookError
from bot.disputes.negotiation import draft_message
from bot.disputes.rulebook import load_rulebook
from bot.disputes.safety import read_safety, safe_to_say, screen
from bot.disputes.statements import (
    appeal,
    complaint_12315,
    intervention_statement,
    pleading_outline,
    rebuttal,
    refund_note,
    report_12315,
)
from bot.zh.safety import find_safety_signs

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
LETTERS = (
    draft_message, refund_note, intervention_statement, rebuttal, appeal, complaint_12315, report_12315,
    pleading_outline,
)  # fmt: skip
ROOT = Path(__file__).resolve().parents[2]
RULES = read_safety()
DATA = Path(safety_module.__file__).parent
NOT_SAID = {"cues", "wordings", "says", "label", "pattern", "unless", "said", "heard"}
"""Keys that hold what others say, or words to look for: nobody is told them by us."""


@pytest.mark.table("safety_cases.yml")
def test_what_is_found(row: dict[str, Any]) -> None:
    found = screen(row["said"], row["by"])
    assert [item.kind for item in found] == row["kinds"], [(item.sign, item.cue) for item in found]
    if row["kinds"]:
        assert any(item.stop for item in found) == row["stop"]
        assert all(item.say_zh for item in found)
        assert all(item.sources for item in found) or row["by"] == "assistant"


def said_by_us(data: Any) -> Iterator[str]:
    if isinstance(data, str):
        yield data
    elif isinstance(data, dict):
        for key, value in data.items():
            if key not in NOT_SAID:
                yield from said_by_us(value)
    elif isinstance(data, list):
        for value in data:
            yield from said_by_us(value)


FILES = [
    ROOT / "domain.yml",
    *sorted((ROOT / "domain").rglob("*.yml")),
    *sorted(file for file in DATA.rglob("*.yml") if file.name != "tone.yml"),
]


@pytest.mark.parametrize("file", FILES, ids=lambda file: f"{file.parent.name}/{file.name}")
def test_nothing_we_say_is_caught(file: Path) -> None:
    caught = [
        (finding.sign, finding.cue, text)
        for text in said_by_us(yaml.safe_load(file.read_text(encoding="utf-8")))
        if (finding := safe_to_say(text)) is not None
    ]
    assert caught == []


def test_every_sign_has_a_finding_and_every_source_is_known() -> None:
    from bot.zh.safety import _TABLE

    assert {row.sign for row in _TABLE} == set(RULES.signs)
    assert RULES.of_merchant <= set(RULES.signs)
    assert RULES.source_ids() <= set(load_rulebook().sources)


def test_the_gravest_comes_first() -> None:
    found = screen("孩子拿我手机买的，充电器着火了，我不想活了", "buyer")
    assert [item.kind for item in found] == ["self_harm", "dangerous_goods", "minor"]


def test_the_operators_file_replaces_ours(tmp_path: Path) -> None:
    text = (DATA / "safety.yml").read_text(encoding="utf-8")
    (tmp_path / "safety.yml").write_text(text.replace("[110,", "[110, 9510211,"), encoding="utf-8")
    line = "您可以拨打官方电话9510211。"
    assert safe_to_say(line, read_safety(tmp_path)) is None
    assert safe_to_say(line) is not None


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("severity: critical", "severity: worst", "severity"),
        ("self_harm: self_harm", "self_harm: sorrow", "unknown finding sorrow"),
        ("pattern: '(?:加|添加)", "pattern: '(?:(加|添加)", "is no regular expression"),
        ("sources: [fz-threat, xf-29]", "sources: []", "needs a source"),
    ],
)
def test_a_mistake_names_the_place(tmp_path: Path, old: str, new: str, named: str) -> None:
    text = (DATA / "safety.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "safety.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=named):
        read_safety(tmp_path)


WORDS = st.lists(
    st.sampled_from([*"不请转账加微信给验证码屏幕差评退保证一定能，。、 ", "商家", "对方", "400-843-2211"]),
    max_size=30,
).map("".join)


@settings(deadline=None, max_examples=200)
@given(st.one_of(st.text(max_size=200), WORDS))
def test_any_text_is_judged(text: str) -> None:
    for speaker in ("buyer", "merchant", "assistant"):
        for found in screen(text, speaker):
            assert found.say_zh and found.kind
    find_safety_signs(text)


@pytest.mark.parametrize("cue", ["加我微信", "把验证码告诉我", "共享屏幕", "拨打9510211"])
def test_a_leading_negation_always_lets_it_pass(cue: str) -> None:
    assert safe_to_say(cue) is not None
    assert safe_to_say(f"请不要{cue}") is None
    assert safe_to_say(f"商家让您{cue}的，不要照做") is None


def test_what_replaces_a_line_is_safe_itself() -> None:
    assert safe_to_say(RULES.safe_line) is None


CASES = [
    {"platform": "taobao", "order_stage": "signed", "signed_at": "2026-11-18", "problem": "收到有问题"},
    {"platform": "jd", "order_stage": "confirmed", "confirmed_at": "2026-11-15", "merchant_stance": "deny",
     "merchant_reply": "加我微信，先删差评再转给你", "problem": "商家让我加微信转账，还要我的验证码"},
    {"platform": "tmall", "order_stage": "paid", "amount": "299.00", "demand": "compensation",
     "intervention_accepted_at": "2026-11-19", "review_threat": True, "harmed": True},
    {"platform": "pdd", "merchant_stance": "off_platform", "ruling": "rejected", "ruled_at": "2026-11-20",
     "refunded_in_full": True, "demand": "refund_only", "order_stage": "signed"},
]  # fmt: skip


@pytest.mark.parametrize("code", sorted(load_rulebook().types))
@pytest.mark.parametrize("facts", CASES, ids=["signed", "refused", "intervening", "ruled"])
def test_no_advice_is_caught(code: str, facts: dict[str, Any], advice_for: Any) -> None:
    told = advice_for({"types": [code], "facts": facts}).to_json()
    caught = [
        (unsafe.sign, unsafe.cue, text)
        for text in said_by_us(told)
        if (unsafe := safe_to_say(text)) is not None
    ]
    assert caught == []


@pytest.mark.parametrize("code", sorted(load_rulebook().types))
@pytest.mark.parametrize("facts", CASES, ids=["signed", "refused", "intervening", "ruled"])
def test_no_letter_is_caught(code: str, facts: dict[str, Any], view_of: Any) -> None:
    view = view_of({"types": [code], "facts": facts, "evidence": ["E01", "E04", "E08"]})
    for write in LETTERS:
        text = write(view, NOW, load_rulebook()).text
        unsafe = safe_to_say(text)
        assert unsafe is None, (write.__name__, unsafe.sign, unsafe.cue, text)
