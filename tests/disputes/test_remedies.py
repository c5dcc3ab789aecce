"""Remedies: the table, what must hold for every case, and the order of the questions."""

from __future__ import annotations

import json
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.disputes import rulebook as rulebook_module
from bot.disputes.advise import Advice, advise
from bot.disputes.facts import SHANGHAI, fact_kinds
from bot.disputes.findings import Remedy
from bot.disputes.model import CaseView, Facts
from bot.disputes.remedies import next_precondition, remedies_of
from bot.disputes.remedies.conditions import COMPUTED
from bot.disputes.remedies.money import fen
from bot.disputes.remedies.weighing import FIGURES, OPEN_FIGURE
from bot.disputes.rulebook import RulebookError, load_rulebook
from bot.disputes.situation import Situation

AdviceFor = Callable[[dict[str, Any]], Advice]

BOOK = load_rulebook()
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
FRAUD = {"consumer_use": True, "false_statement": True, "fraud_basis": "intent", "relied_on_it": True}
BAD_FOOD = {"food_substandard": True, "food_seller_role": "knew", "consumer_use": True}
DEPOSIT = {"deposit_is_earnest": True, "seller_failed": True, "purpose_defeated": True}
LATE = {"platform": "taobao", "order_stage": "paid", "paid_at": "2026-11-10T10:00"}
GIVEN = {"fraud": FRAUD, "bad_food": BAD_FOOD, "deposit": DEPOSIT, "late": LATE}
"""What a row may name instead of spelling it out; its own facts win."""
PUNITIVE = ("R-11", "R-12", "R-13", "R-14", "R-16")
MULTIPLES = (*PUNITIVE, "R-15", "P-mismatch", "P-material")

relaxed = settings(max_examples=150, deadline=None, suppress_health_check=[HealthCheck.too_slow])
cents = st.integers(1, 100_000_000).map(lambda n: Decimal(n) / 100)


def remedies(facts: dict[str, Any], *types: str) -> dict[str, Remedy]:
    found = remedies_of(Situation(CaseView(types, Facts.from_json(facts)), NOW, BOOK))
    return {one.id: one for one in found}


@pytest.mark.table("remedies_cases.yml")
def test_remedy(row: dict[str, Any], advice_for: AdviceFor) -> None:
    given = [facts for key, facts in GIVEN.items() if row.get(key)]
    facts = {k: v for part in (*given, row["facts"]) for k, v in part.items()}
    shown = {one.id: one for one in advice_for({**row, "facts": facts}).remedies}
    assert (row["remedy"] in shown) == row.get("listed", True)
    if not row.get("listed", True):
        return
    found = shown[row["remedy"]]
    assert found.available is row["available"], found.preconditions
    assert _text(found.amount) == row.get("amount")
    for field in ("total", "cap", "if_all_hold"):
        if field in row:
            assert _text(getattr(found, field)) == row[field], field
    if "needs" in row:
        assert sorted(c.needs for c in found.preconditions if c.needs) == sorted(row["needs"])
    for field in ("channels", "instead_of"):
        if field in row:
            assert list(getattr(found, field)) == row[field]
    assert found.highest is row.get("highest", found.highest)
    for field, part in (("working_zh", "says"), ("form_zh", "form")):
        assert row.get(part, "") in getattr(found, field)
    assert row.get("not_says", "？") not in found.working_zh


def _text(value: Decimal | None) -> str | None:
    return None if value is None else str(value)


def _values(name: str) -> st.SearchStrategy[object]:
    kind = fact_kinds()[name]
    if kind.kind == "choice":
        return st.sampled_from([key for key, _ in kind.choices])
    by_kind: dict[str, st.SearchStrategy[object]] = {
        "bool": st.booleans(),
        "money": cents.map(str),
        "count": st.integers(0, 120),
        "datetime": st.datetimes(datetime(2025, 6, 1), datetime(2026, 11, 21)).map(datetime.isoformat),
        "text": st.sampled_from(["大闸蟹", "标签不对", "有划痕"]),
    }
    return by_kind[kind.kind]


facts_of_a_case = st.lists(st.sampled_from(list(fact_kinds())), unique=True, max_size=60).flatmap(
    lambda names: st.fixed_dictionaries({name: _values(name) for name in names})
)
types_of_a_case = st.lists(st.sampled_from(sorted(BOOK.types)), min_size=1, max_size=3, unique=True)


@relaxed
@given(types_of_a_case, facts_of_a_case)
def test_nothing_can_be_claimed_with_a_condition_open(types: list[str], facts: dict[str, object]) -> None:
    for one in remedies(facts, *types).values():
        states = {condition.holds for condition in one.preconditions}
        expected = False if False in states else None if None in states else True
        assert one.available is expected
        if not one.available:
            assert (one.amount, one.total, one.instead_of) == (None, None, ())
        if one.available is False:
            assert (one.if_all_hold, one.cap, one.working_zh) == (None, None, "")
        if one.available is False:
            assert next_precondition(one) is None
        assert one.preconditions and one.sources and one.channels and one.formula_zh
        for sum_of_money in filter(None, (one.amount, one.total, one.cap)):
            assert sum_of_money.as_tuple().exponent in (-2, 0)


@relaxed
@given(types_of_a_case, facts_of_a_case)
def test_limits_are_kept(types: list[str], facts: dict[str, object]) -> None:
    for one in remedies(facts, *types).values():
        if one.amount is not None:
            assert one.floor is None or one.amount >= one.floor
            assert one.cap is None or one.amount <= one.cap
            assert one.total is None or one.total >= one.amount


@relaxed
@given(facts_of_a_case, st.sampled_from([("seven_day",), ("remorse",), ("seven_day", "remorse")]))
def test_a_return_without_a_reason_never_has_a_multiple(
    facts: dict[str, object], types: tuple[str, ...]
) -> None:
    found = remedies(facts, *types)
    assert not [key for key in MULTIPLES if key in found and found[key].available is not False]


@relaxed
@given(cents, cents, st.sampled_from(["R-07", "R-11", "R-13", "R-15", "R-16", "P-late", "P-jd-page"]))
def test_a_higher_price_never_gives_less(one: Decimal, other: Decimal, key: str) -> None:
    low, high = sorted((one, other))
    assert _figure(key, low) <= _figure(key, high)


@relaxed
@given(cents)
def test_the_multiples_are_exact(price: Decimal) -> None:
    assert _figure("R-11", price) == max(price * 3, Decimal(500))
    assert _figure("R-13", price) == max(price * 10, Decimal(1000))
    assert _figure("R-16", price) == max(price * 3, Decimal(500))


@relaxed
@given(cents, cents)
def test_a_deposit_never_counts_for_more_than_a_fifth(deposit: Decimal, whole: Decimal) -> None:
    facts = {**DEPOSIT, "deposit_amount": str(deposit), "contract_amount": str(whole)}
    amount = remedies(facts, "presale")["R-07"].amount
    assert amount == fen(deposit + min(deposit, whole / 5))


def _figure(key: str, price: Decimal) -> Decimal:
    cases: dict[str, tuple[str, dict[str, object]]] = {
        "R-07": ("presale", {**DEPOSIT, "deposit_amount": "200", "contract_amount": str(price)}),
        "R-11": ("false_ad", {**FRAUD, "amount": str(price)}),
        "R-13": ("food", {**BAD_FOOD, "amount": str(price)}),
        "R-15": ("counterfeit", {"promise_times": 4, "promise_met": True, "amount": str(price)}),
        "R-16": ("price", {**FRAUD, "price_conduct": True, "price_exception": False, "amount": str(price)}),
        "P-late": ("not_shipped", {**LATE, "amount": str(price)}),
        "P-jd-page": ("misdescribed", {"platform": "jd", "false_statement": True, "amount": str(price)}),
    }
    kind, facts = cases[key]
    amount = remedies(facts, kind)[key].amount
    assert amount is not None
    return amount


@pytest.mark.parametrize("fact", FRAUD)
def test_every_condition_of_fraud_is_asked_until_it_is_known(fact: str) -> None:
    facts = {**FRAUD, "amount": "300", fact: None}
    assert next_precondition(remedies(facts, "false_ad")["R-11"]) == fact


def test_questions_end_with_what_could_still_exclude_it() -> None:
    found = remedies({**FRAUD, "amount": "300"}, "false_ad")["R-11"]
    assert next_precondition(found) == "label_flaw_only"
    assert next_precondition(found, frozenset({"label_flaw_only"})) is None
    known = remedies({**FRAUD, "amount": "300", "label_flaw_only": False}, "false_ad")["R-11"]
    assert next_precondition(known) is None


def test_only_what_matters_is_listed() -> None:
    advice = advise(CaseView(("quality_visible",), Facts()), NOW, BOOK)
    assert [one.id for one in advice.remedies] == ["R-01", "R-02", "R-03", "R-04"]
    review = advise(CaseView(("review",), Facts()), NOW, BOOK)
    assert review.remedies == ()


def test_the_json_of_a_remedy_is_whole() -> None:
    facts = Facts.from_json({**FRAUD, "amount": "120", "platform": "taobao"})
    data = json.loads(json.dumps(advise(CaseView(("false_ad",), facts), NOW, BOOK).to_json()))
    found = next(one for one in data["remedies"] if one["id"] == "R-11")
    assert (found["amount"], found["total"], found["floor"]) == ("500.00", "620.00", "500.00")
    assert found["channels"] == ["mediation", "court"]
    assert {"text_zh": "为自己或家人生活消费购买", "holds": True, "needs": None} in found["preconditions"]
    assert found["exceptions_zh"] and "xf-55" in found["sources"]
    assert (found["confidence"], found["as_of"]) == ("H", "2026-11-21")


def test_the_tables_and_the_code_name_the_same_things() -> None:
    tables = BOOK.policy.remedy_tables
    by_code = {key for key, rule in tables.conditions.items() if rule.fact is None}
    assert by_code == set(COMPUTED)
    assert set(tables.rules) == {*FIGURES, "R-06"}
    used = {name for rule in tables.rules.values() for name in rule.conditions}
    assert used == set(tables.conditions)
    assert {name for rule in tables.rules.values() for name in rule.exceptions} == set(tables.exceptions)
    assert set(tables.conditions) >= OPEN_FIGURE
    choices = {name: dict(fact_kinds()[name].choices) for name in ("service_mark", "category", "demand")}
    for rule in tables.rules.values():
        assert set(rule.types) <= {*BOOK.types, "all"}, rule.id
        assert set(rule.categories) <= set(choices["category"])
        assert set(rule.demands) <= set(choices["demand"])
        assert rule.mark is None or rule.mark in choices["service_mark"]
        assert set(rule.platforms) <= {*BOOK.profiles, "null"}
    for condition in tables.conditions.values():
        if condition.fact and (condition.yes or condition.no):
            assert {*condition.yes, *condition.no} <= set(dict(fact_kinds()[condition.fact].choices))


def test_statutory_multiples_are_never_the_platforms() -> None:
    rules = BOOK.policy.remedies
    for key in ("R-05", "R-08", "R-11", "R-12", "R-13", "R-14", "R-16"):
        assert "platform" not in rules[key].channels
    assert rules["R-12"].channels == rules["R-14"].channels == ("court",)


def test_sums_are_rounded_half_up_to_the_fen() -> None:
    assert fen(Decimal("0.005")) == Decimal("0.01")
    assert fen(Decimal("2.675")) == Decimal("2.68")
    assert fen(Decimal("2.6749")) == Decimal("2.67")


@pytest.mark.parametrize(
    ("file", "old", "new", "named"),
    [
        ("remedy_conditions.yml", "fact: consumer_use}", "fact: consumer_usee}", "unknown consumer_usee"),
        ("payouts.yml", "conditions: [mark_damage,", "conditions: [mark_damaged,", "unknown mark_damaged"),
        ("remedies.yml", "exceptions: [price_cut]", "exceptions: [price_cuts]", "unknown price_cuts"),
        ("remedies.yml", "{times: 3, floor: 500}", "{times: three, floor: 500}", "not a number"),
        ("remedies.yml", "{times: 3, floor: 500}", "{times: 3, bottom: 500}", "names no figure"),
        ("remedies.yml", "channels: [court]", "channels: [courts]", "channels"),
        ("remedies.yml", "form: 按承诺写明的形式", "forms: 按承诺写明的形式", "unknown key forms"),
    ],
)
def test_a_mistake_in_the_table_is_named(tmp_path: Path, file: str, old: str, new: str, named: str) -> None:
    text = (Path(rulebook_module.__file__).parent / file).read_text(encoding="utf-8")
    assert old in text
    (tmp_path / file).write_text(text.replace(old, new, 1), encoding="utf-8")
    with pytest.raises(RulebookError, match=named):
        load_rulebook(tmp_path)


def test_an_operator_changes_a_figure_in_one_place(tmp_path: Path) -> None:
    text = (Path(rulebook_module.__file__).parent / "remedies.yml").read_text(encoding="utf-8")
    (tmp_path / "remedies.yml").write_text(
        text.replace("{times: 3, floor: 500}", "{times: 3, floor: 600}"), "utf-8"
    )
    book = load_rulebook(tmp_path)
    view = CaseView(("false_ad",), Facts.from_json({**FRAUD, "amount": "120"}))
    found = next(one for one in remedies_of(Situation(view, NOW, book)) if one.id == "R-11")
    assert found.amount == Decimal(600) and "600元" in found.formula_zh
