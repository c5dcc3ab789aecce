"""The refund form: types and reasons with what speaks for and against each; never a nudge to fabricate."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest

from bot.disputes import loader
from bot.disputes.advise import Advice
from bot.disputes.facts import SHANGHAI
from bot.disputes.loader import RulebookError
from bot.disputes.model import CaseView
from bot.disputes.refund_form import RefundReason, RefundType, reasons, refund_form, refund_options
from bot.disputes.rulebook import load_rulebook
from bot.disputes.safety import safe_to_say
from bot.disputes.situation import Situation

AdviceFor = Callable[[dict[str, Any]], Advice]
BOOK = load_rulebook()
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
DATA = Path(loader.__file__).parent


def money(value: str | None) -> Decimal | None:
    return None if value is None else Decimal(value)


@pytest.mark.table("refund_form_cases.yml")
def test_refund_form(row: dict[str, Any], advice_for: AdviceFor) -> None:
    form = advice_for(row).refund_form
    listed: dict[str, RefundType | RefundReason] = {
        one.id: one for one in (form.types if "type" in row else form.reasons)
    }
    item = listed[row["type"] if "type" in row else row["reason"]]
    assert item.fits is row["fits"], item.why_zh
    if "needs" in row:
        assert item.needs == row["needs"]
    if "source" in row:
        assert row["source"] in item.sources
    assert row.get("says", "") in item.why_zh + item.cons_zh
    if "most" in row:
        assert isinstance(item, RefundType) and item.most == money(row["most"])
    for key, value in (("suggested", form.suggested_reason), ("alternative", form.alternative_reason)):
        if key in row:
            assert value == row[key]
    noted = {note.id for note in form.notes}
    assert set(row.get("note", [])) <= noted
    assert noted.isdisjoint(row.get("no_note", []))
    if "amount" in row:
        assert form.amount == money(row["amount"])


@pytest.mark.parametrize("code", sorted(BOOK.types))
@pytest.mark.parametrize("stage", [None, "unpaid", "paid", "shipped", "signed", "confirmed", "closed"])
def test_whatever_the_case_the_form_is_whole(code: str, stage: str | None, advice_for: AdviceFor) -> None:
    advice = advice_for({"types": [code], "facts": {"platform": "taobao", "order_stage": stage}})
    form = advice.refund_form
    assert [one.id for one in form.types] == [
        "refund_only", "return_refund", "exchange", "repair", "reship", "compensation",
    ]  # fmt: skip
    for item in (*form.types, *form.reasons):
        assert item.sources and item.why_zh and item.pros_zh and item.cons_zh
        assert (item.needs is None) or item.fits is None
    suggested = [one for one in form.reasons if one.suggested]
    assert [one.id for one in suggested] == [form.suggested_reason][: len(suggested)]
    assert all(one.fits for one in suggested)
    if stage == "unpaid":
        assert not any(one.fits for one in form.types)
    told = advice.to_json()["refund_form"]
    assert all(one["confidence"] in "HML" and one["as_of"] for one in told["types"] + told["reasons"])


def test_types_and_reasons_can_be_had_alone(view_of: Callable[[dict[str, Any]], CaseView]) -> None:
    facts = {"platform": "taobao", "order_stage": "signed", "returned_at": "2026-11-18"}
    case = Situation(view_of({"types": ["refund_withheld"], "facts": facts}), NOW, BOOK)
    form = refund_form(case)
    assert refund_options(case) == form.types
    assert reasons(case) == form.reasons


def test_a_defect_is_never_suggested_where_nobody_speaks_of_one(advice_for: AdviceFor) -> None:
    for code in ("remorse", "seven_day", "not_shipped", "price"):
        facts = {"platform": "taobao", "order_stage": "signed", "signed_at": "2026-11-18"}
        form = advice_for({"types": [code], "facts": facts}).refund_form
        assert form.suggested_reason not in ("quality", "misdescribed", "counterfeit", "damaged")


def test_nothing_in_the_form_nudges_to_fabricate() -> None:
    rules = BOOK.policy.form
    texts = [part for one in (*rules.types, *rules.reasons) for part in (one.pros, one.cons)]
    texts += [text.text for text in rules.texts.values()]
    texts += [row.why for one in (*rules.types, *rules.reasons) for row in one.rows]
    assert [text for text in texts if safe_to_say(text) is not None] == []
    assert "据实" in rules.texts["honest"].text or "按实际情况" in rules.texts["honest"].text


def test_every_row_can_be_reached_and_every_type_has_a_reason() -> None:
    about = {code for one in BOOK.policy.form.reasons for code in one.about}
    assert about <= set(BOOK.types)
    assert {"quality_visible", "misdescribed", "damaged", "not_received", "not_shipped"} <= about


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("fits: open, needs: [consumer_use, official_finding]", "fits: open", "names what it needs"),
        ("fits: true, cap: damage_cover", "fits: maybe, cap: damage_cover", "must be one of"),
        ("flags: [repaired_twice]", "flags: [repaired_thrice]", "unknown flag repaired_thrice"),
        ("cap: damage_cover", "cap: damage", "unknown cap damage"),
        ("about: [damaged]", "about: [damagd]", "unknown type damagd"),
        ("sources: [sb-twice]", "sources: [sb-thrice]", "unknown source sb-thrice"),
        ("percent: 60", "percent: 160", "percent"),
        ("name: 维修", "nam: 维修", "name"),
    ],
)
def test_a_mistake_names_the_place(tmp_path: Path, old: str, new: str, named: str) -> None:
    text = (DATA / "refund_form.yml").read_text(encoding="utf-8")
    assert old in text
    (tmp_path / "refund_form.yml").write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=named):
        load_rulebook(tmp_path)


def test_the_operators_figure_counts(tmp_path: Path) -> None:
    text = (DATA / "refund_form.yml").read_text(encoding="utf-8")
    (tmp_path / "refund_form.yml").write_text(text.replace("percent: 60", "percent: 50"), encoding="utf-8")
    assert load_rulebook(tmp_path).policy.form.caps["damage_cover"].percent == 50
