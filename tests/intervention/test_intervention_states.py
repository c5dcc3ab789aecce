"""The ways through an intervention, and its number."""

from __future__ import annotations

import re
from datetime import datetime, timedelta, timezone
from itertools import product

import pytest

from bot.cases.model import Case, Intervention, Stage
from bot.disputes.facts import SHANGHAI
from bot.intervention.number import ALPHABET, intervention_number
from bot.intervention.states import NotAllowed, State, advance, course_of

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
LATER = NOW + timedelta(days=1)

# What may follow what, in the words the buyer sees.
WAYS = {
    "受理": "双方举证 调解 判决 结案",
    "双方举证": "调解 判决 结案",
    "调解": "判决 结案",
    "判决": "申诉复审 结案",
    "申诉复审": "结案",
    "结案": "",
}


def case_in(state: str) -> Case:
    case = Case.new("c1", NOW)
    case.attach_intervention(Intervention("JR1", state, NOW, "说明", [], [], "退货退款"), NOW)
    return case


@pytest.mark.parametrize(("old", "new"), [pair for pair in product(WAYS, WAYS) if pair[0] != pair[1]])
def test_only_these_ways(old: str, new: str) -> None:
    case = case_in(old)
    trail = len(case.audit)
    if new in WAYS[old].split():
        assert advance(case, State(new), "平台通知", LATER).state == new
        assert case.intervention.history == [(new, LATER, "平台通知")]
        assert case.audit[trail].detail == {"old": old, "new": new, "note": "平台通知"}
    else:
        with pytest.raises(NotAllowed, match=f"from {old} to {new}"):
            advance(case, State(new), "", LATER)
        assert (case.intervention.state, case.intervention.history, len(case.audit)) == (old, [], trail)


def test_saying_it_again_changes_nothing() -> None:
    case = case_in("受理")
    advance(case, State.MEDIATION, "电话调解", LATER)
    trail = list(case.audit)
    advance(case, State.MEDIATION, "电话调解", LATER)
    assert len(case.intervention.history) == 1
    assert case.audit == trail


@pytest.mark.parametrize(
    ("path", "stage"),
    [
        ("双方举证", Stage.EVIDENCE_PERIOD),
        ("调解", Stage.MEDIATION),
        ("判决", Stage.DECIDED),
        ("判决 申诉复审", Stage.APPEAL),
        ("判决 结案", Stage.EXECUTING),
    ],
)
def test_the_case_follows(path: str, stage: Stage) -> None:
    case = case_in("受理")
    for state in path.split():
        advance(case, State(state), "", LATER)
    assert case.stage is stage
    assert case.active


def test_without_an_intervention() -> None:
    with pytest.raises(NotAllowed, match="no intervention"):
        advance(Case.new("c1", NOW), State.MEDIATION, "", NOW)


def test_the_number_has_the_promised_form() -> None:
    numbers = {intervention_number(f"case{n}", NOW) for n in range(300)}
    assert len(numbers) == 300
    assert all(re.fullmatch(f"JR20261121-[{ALPHABET}]{{6}}", number) for number in numbers)
    assert not set("0O1IL2Z5S8B") & set(ALPHABET)


def test_the_number_is_the_same_for_the_same_case_day_and_attempt() -> None:
    first = intervention_number("case", NOW)
    assert intervention_number("case", NOW + timedelta(hours=13)) == first
    assert intervention_number("case", NOW, attempt=1) != first
    assert intervention_number("other", NOW) != first


def test_the_day_is_the_day_in_shanghai() -> None:
    late_in_utc = datetime(2026, 11, 20, 16, 30, tzinfo=timezone.utc)
    assert intervention_number("case", late_in_utc).startswith("JR20261121-")


@pytest.mark.parametrize(
    ("path", "shown"),
    [
        ("", "受理 双方举证 调解 判决 申诉复审"),
        ("双方举证", "受理 双方举证 调解 判决 申诉复审"),
        ("判决", "受理 判决 申诉复审"),
        ("双方举证 判决", "受理 双方举证 判决 申诉复审"),
        ("判决 申诉复审", "受理 判决 申诉复审"),
        ("结案", "受理 结案"),
        ("双方举证 调解 结案", "受理 双方举证 调解 结案"),
        ("判决 结案", "受理 判决 结案"),
        ("判决 申诉复审 结案", "受理 判决 申诉复审 结案"),
    ],
)
def test_the_buyer_sees_what_happened_and_what_may_come(path: str, shown: str) -> None:
    case = case_in("受理")
    for state in path.split():
        advance(case, State(state), "", LATER)
    assert case.intervention is not None
    assert course_of(case.intervention) == shown.split()


def test_the_intervention_of_a_closed_case_goes_on_without_opening_the_case() -> None:
    case = case_in("受理")
    case.move_to(Stage.CLOSED, NOW, "买家要求重新开始")
    advance(case, State.DECIDED, "", LATER)
    assert case.intervention is not None
    assert (case.intervention.state, case.stage) == ("判决", Stage.CLOSED)
