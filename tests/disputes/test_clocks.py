"""The time limits beyond their dates: both clocks of a right, what they rest on, who overrides them, how days count."""

from __future__ import annotations

from collections.abc import Callable
from datetime import date, datetime, timedelta
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.disputes import counting
from bot.disputes.advise import Advice, advise
from bot.disputes.case_json import check_types, view_from_json
from bot.disputes.consistency import AT_MOST, ORDERED, contradictions
from bot.disputes.facts import SHANGHAI
from bot.disputes.findings import Deadline
from bot.disputes.model import FactError, Facts
from bot.disputes.rulebook import RulebookError, load_rulebook
from bot.disputes.situation import Situation
from bot.disputes.window_rules import Length
from bot.disputes.windows import page_window

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
BOOK = load_rulebook()
TABLE = Path(__file__).with_name("deadlines.yml")
AdviceFor = Callable[[dict[str, Any]], Advice]
EXTRA = {"role": "role", "pair": "pair", "sense": "sense", "base": "base_fact", "name": "name_zh", "provisional": "provisional"}  # fmt: skip


@pytest.mark.table("deadlines.yml")
def test_what_else_a_row_says(row: dict[str, Any], advice_for: AdviceFor) -> None:
    """Role, pair, sense, base, name, note and source, where the row names them; and what every deadline carries."""
    found = {one.id: one for one in advice_for(row).deadlines}
    for one in found.values():
        assert one.sources and one.confidence in "HML" and one.as_of and one.consequence_zh
        assert (one.due is None) == (one.needs is not None)
        assert one.kind == "statutory" or "顺延" not in one.note_zh, "a platform's clock never rolls"
    deadline = found.get(row["window"])
    for key, name in EXTRA.items():
        if key in row:
            assert getattr(deadline, name) == row[key]
    if "note" in row:
        assert deadline is not None and row["note"] in deadline.note_zh
    if "source" in row:
        assert deadline is not None and row["source"] in deadline.sources


def test_every_window_has_a_row() -> None:
    rows = yaml.safe_load(TABLE.read_text(encoding="utf-8"))
    dated = {row["window"] for row in rows if row.get("due")}
    no_date = {key for key, window in BOOK.windows.items() if window.length is None}
    assert no_date == {"L-08", "L-26"}, "rules without a length"
    assert dated == set(BOOK.windows) - no_date
    assert no_date <= {row["window"] for row in rows if row.get("absent")}
    whys = [row["why"] for row in rows]
    assert len(whys) == len(set(whys))


def test_json_of_a_deadline_names_what_it_rests_on(advice_for: AdviceFor) -> None:
    row = {
        "types": ["seven_day"],
        "facts": {"platform": "taobao", "order_stage": "signed", "signed_at": "2026-11-18"},
    }
    shown = {one["id"]: one for one in advice_for(row).to_json()["deadlines"]}
    assert (
        shown["T-21"] | {"sources": ["cfg-T-21", "qt-10"], "confidence": "H", "as_of": "2026-11-21"}
        == shown["T-21"]
    )
    assert (shown["T-21"]["configurable"], shown["L-01"]["configurable"]) == (True, False)
    assert (shown["T-21"]["pair"], shown["L-01"]["pair"]) == ("seven_day", "seven_day")


@pytest.mark.parametrize(
    ("types", "facts", "safe"),
    [
        (["quality_hidden"], {"order_stage": "confirmed", "signed_at": "2026-11-08", "confirmed_at": "2026-11-10"}, "T-11"),
        (["seven_day"], {"order_stage": "signed", "signed_at": "2026-11-18"}, "L-01"),
        (["refund_withheld"], {"order_stage": "signed", "return_signed_at": "2026-11-18"}, None),
        (["fresh"], {"order_stage": "signed", "signed_at": "2026-11-20T09:00"}, "K-01"),
    ],
    ids=lambda value: value[0] if isinstance(value, list) else "",
)  # fmt: skip
def test_the_safe_deadline_is_the_buyers_earliest_open_one(
    advice_for: AdviceFor, types: list[str], facts: dict[str, str], safe: str | None
) -> None:
    advice = advice_for({"types": types, "facts": {"platform": "taobao", **facts}})
    found = advice.safe_deadline
    assert (found.id if found else None) == safe


@pytest.mark.parametrize(
    ("facts", "window"),
    [
        ({"order_stage": "paid"}, "T-01"),
        ({"order_stage": "paid", "refund_requested_at": "2026-11-20"}, "T-04"),
        ({"order_stage": "shipped"}, "T-08"),
        ({"order_stage": "signed"}, "T-08"),
        ({"order_stage": "signed", "refund_requested_at": "2026-11-20"}, "T-05"),
        ({"order_stage": "signed", "refused_at": "2026-11-20"}, "T-13"),
        ({"order_stage": "signed", "refund_requested_at": "2026-11-20", "merchant_stance": "deny"}, "T-13"),
        ({"order_stage": "signed", "merchant_stance": "agree", "demand": "return_refund"}, "T-06"),
        ({"order_stage": "signed", "agreed_at": "2026-11-20"}, "T-06"),
        ({"order_stage": "signed", "agreed_at": "2026-11-20", "demand": "refund_only"}, "T-08"),
        ({"order_stage": "signed", "returned_at": "2026-11-20", "refused_at": "2026-11-18"}, "T-07"),
        ({"order_stage": "signed", "returned_at": "2026-11-18", "refused_at": "2026-11-20"}, "T-13"),
        ({"order_stage": "confirmed"}, "T-11"),
        ({"order_stage": "confirmed", "intervention_accepted_at": "2026-11-20"}, "T-14"),
        ({"order_stage": "signed", "intervention_accepted_at": "2026-11-19", "ruled_at": "2026-11-20"}, "T-17"),
    ],
)  # fmt: skip
def test_what_the_countdown_of_the_page_stands_for(facts: dict[str, str], window: str) -> None:
    view = view_from_json({"types": ["quality_visible"], "facts": {"platform": "taobao", **facts}}, NOW)
    assert page_window(Situation(view, NOW, BOOK)) == window


def test_one_figure_is_corrected_alone(tmp_path: Path) -> None:
    """An operator's windows.yml holds only what differs."""
    entry = "{name: 自动确认收货, kind: platform, length: {days: 12}, base: shipped_at, general: true, consequence: 到时打款, sources: [cfg-T-08], confidence: M, as_of: 2026-12-01}"
    (tmp_path / "windows.yml").write_text(f"T-08: {entry}\n", encoding="utf-8")
    book = load_rulebook(tmp_path)
    facts = {"platform": "taobao", "order_stage": "shipped", "shipped_at": "2026-11-20T08:00"}
    found = advise(view_from_json({"types": ["not_received"], "facts": facts}, NOW), NOW, book).deadlines
    changed = {one.id: one for one in found}
    assert changed["T-08"].due_zh == "2026年12月2日 08:00"
    assert changed["T-08"].as_of == date(2026, 12, 1)
    assert changed["T-09"].due_zh == "2026年12月5日 08:00"
    assert list(book.windows) == list(BOOK.windows)


@pytest.mark.parametrize(
    ("old", "new", "named"),
    [
        ("base: paid_at", "base: payed_at", "unknown fact payed_at"),
        ("length: {hours: 48}", "length: {hours: -1}", "must not be negative"),
        ("length: {hours: 48}", "length: {weeks: 2}", "needs one of hours"),
        ("base: paid_at", "base: paid_at, types: [nope]", "unknown type nope"),
        ("base: paid_at", "base: paid_at, categories: [nope]", "unknown category nope"),
        ("base: paid_at", "base: paid_at, platforms: [nope]", "unknown platform nope"),
        ("base: paid_at", "base: paid_at, marks: [nope]", "unknown service_mark nope"),
        ("base: paid_at", "base: paid_at, unless: [nope]", "unknown fact nope"),
        ("base: paid_at", "base: paid_at, cap: {base: paid_at}", "needs length and base"),
        ("base: paid_at", "base: paid_at, branches: {signed_at: {name: a, consequence: b}}", "each branch is one of base"),
        ("base: paid_at, ", "", "needs base, event or after"),
        ("sources: [", "sources: [nope, ", "unknown source nope"),
    ],
)  # fmt: skip
def test_a_mistake_in_a_window_names_it(tmp_path: Path, old: str, new: str, named: str) -> None:
    entry = "T-01: {name: 卖家发货, kind: platform, length: {hours: 48}, base: paid_at, consequence: x, sources: [cfg-T-01], confidence: H, as_of: 2026-11-21}"
    assert old in entry
    (tmp_path / "windows.yml").write_text(entry.replace(old, new), encoding="utf-8")
    with pytest.raises(RulebookError, match=r"windows\.yml\.T-01") as caught:
        load_rulebook(tmp_path)
    assert named in caught.value.problem


@pytest.mark.parametrize(
    ("day", "working", "provisional"),
    [
        (date(2026, 11, 20), True, False),
        (date(2026, 11, 21), False, False),  # an ordinary Saturday is a day off
        (date(2026, 10, 1), False, False),
        (date(2026, 10, 10), True, False),  # an exchanged working Saturday is none
        (date(2026, 9, 20), True, False),
        (date(2027, 1, 1), False, True),
        (date(2027, 2, 5), False, True),  # 除夕
        (date(2027, 11, 19), True, True),
        (date(2028, 5, 28), False, True),  # 端午
        (date(2029, 9, 22), False, True),  # 中秋
        (date(2035, 10, 1), True, True),  # no table: Monday to Friday, and it says so
    ],
)
def test_working_days(day: date, working: bool, provisional: bool) -> None:
    assert counting.is_working_day(day) == (working, provisional)


@pytest.mark.parametrize(
    ("length", "platform", "law"),
    [
        (Length("hours", 24), "2026-10-02 15:00", "2026-10-02 15:00"),
        (Length("days", 2), "2026-10-03 15:00", "2026-10-09 00:00"),
        (Length("working_days", 1), "2026-10-09 00:00", "2026-10-09 00:00"),
        (Length("working_days", 3), "2026-10-11 00:00", "2026-10-11 00:00"),
        (Length("months", 1), "2026-11-01 15:00", "2026-11-03 00:00"),
        (Length("years", 1), "2027-10-01 15:00", "2027-10-05 00:00"),
    ],
    ids=lambda value: f"{value.amount} {value.unit}" if isinstance(value, Length) else "",
)
def test_how_lengths_are_counted(length: Length, platform: str, law: str) -> None:
    """From the afternoon of 1 October 2026: a platform's clock runs on, the law's ends with a working day."""
    start = datetime(2026, 10, 1, 15, tzinfo=SHANGHAI)
    assert f"{counting.elapsed(start, length).at:%Y-%m-%d %H:%M}" == platform
    assert f"{counting.statutory(start, length, True).at:%Y-%m-%d %H:%M}" == law


def test_a_statutory_end_never_comes_before_the_unrolled_one() -> None:
    for offset in range(400):
        start = NOW - timedelta(days=offset)
        rolled, plain = (counting.statutory(start, Length("days", 7), roll).at for roll in (True, False))
        assert timedelta(0) <= rolled - plain <= timedelta(days=9)
        assert counting.is_working_day((rolled - timedelta(minutes=1)).date())[0]
        assert plain - start > timedelta(days=7)


@pytest.mark.table("facts_cases.yml")
def test_what_is_impossible_has_a_name(row: dict[str, Any]) -> None:
    """In a case read from JSON: one error, its name, one fact to ask; dates and sums that fit are taken."""
    plain = {k: v.isoformat() if isinstance(v, (date, datetime)) else v for k, v in row["facts"].items()}
    given = {"types": ["false_ad"], "facts": plain}
    if row["fact"] is None:
        assert view_from_json(given, NOW).facts.known()
        return
    with pytest.raises(FactError) as caught:
        view_from_json(given, NOW)
    assert (caught.value.code, caught.value.fact) == (row["code"], row["fact"])


def test_every_named_error_of_the_rules_has_a_row() -> None:
    rows = yaml.safe_load(TABLE.with_name("facts_cases.yml").read_text(encoding="utf-8"))
    named = {row["code"] for row in rows if row["fact"]}
    assert {code for _, _, code in (*ORDERED, *AT_MOST)} <= named


def test_types_matter_only_where_the_goods_must_be_in_hand() -> None:
    facts = Facts.from_json({"signed_at": "2026-11-18", "found_at": "2026-11-15"})
    assert [one.code for one in contradictions(facts, NOW, ["quality_hidden"])] == ["found_before_signed"]
    assert contradictions(facts, NOW, ["false_ad"]) == contradictions(facts, NOW) == ()


@pytest.mark.parametrize(
    ("given", "code", "fact"),
    [
        ({"types": ["seven_day"], "facts": {"amount": 0}}, "amount_zero", "amount"),
        ({"types": ["seven_day"], "facts": {"paid_at": "2026-11-15", "signed_at": "2026-11-12"}}, "signed_before_paid", "signed_at"),
        ({"types": ["quality_visible"], "facts": {"found_at": "2026-11-15", "signed_at": "2026-11-18"}}, "found_before_signed", "found_at"),
        ({"types": ["nope"]}, "unknown_type", "problem"),
        ({"types": []}, "malformed", "types"),
    ],
)  # fmt: skip
def test_an_impossible_case_has_a_name(given: dict[str, Any], code: str, fact: str) -> None:
    with pytest.raises(FactError) as caught:
        check_types(view_from_json(given, NOW).types, BOOK.types)
    assert (caught.value.code, caught.value.fact) == (code, fact)


def test_a_contradiction_is_in_the_advice_and_asks_one_question(advice_for: AdviceFor) -> None:
    facts = {"paid_at": "2026-11-15", "shipped_at": "2026-11-10", "signed_at": "2026-11-12"}
    shown = advice_for({"types": ["seven_day"], "facts": facts}).to_json()
    assert [one["code"] for one in shown["contradictions"]] == ["shipped_before_paid", "signed_before_paid"]
    assert shown["next_step"]["id"] == "ask_fact:shipped_at"


def _by_id(advice: Advice) -> dict[str, Deadline]:
    return {one.id: one for one in advice.deadlines}


def test_a_rule_of_its_own_time(advice_for: AdviceFor) -> None:
    """The JD table of 2026-06-15 does not date a deal it came after; the platform's own words are still shown."""
    row = {
        "types": ["seven_day"],
        "facts": {"platform": "jd", "signed_at": "2026-11-18", "order_stage": "signed"},
    }
    assert _by_id(advice_for(row))["T-21"].needs == "page_deadline_at"
