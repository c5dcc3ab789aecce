"""The desk's steps: when each can be taken, what it writes, and that nothing is written twice."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.cases.model import Case, Intervention, Stage
from bot.disputes.facts import SHANGHAI
from bot.intervention.states import (
    NotAllowed,
    State,
    add_note,
    note_answer,
    since,
    want_review,
)
from bot.intervention.steps import KINDS, BadStep, Step, may_take, newest, steps_of, take_step

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
LATER = NOW + timedelta(days=1)

# What the desk can do in each state.
FROM = {
    "受理": "accept ask_evidence propose rule close",
    "双方举证": "ask_evidence propose rule close",
    "调解": "propose rule close",
    "判决": "open_review close",
    "申诉复审": "decide_review close",
    "结案": "",
}
TO = {
    "accept": "受理",
    "ask_evidence": "双方举证",
    "propose": "调解",
    "rule": "判决",
    "open_review": "申诉复审",
    "decide_review": "申诉复审",
    "close": "结案",
}


def case_in(state: str) -> Case:
    case = Case.new("c1", NOW)
    opened = Intervention("JR1", state, NOW, "说明", [], [], "退货退款", [(state, NOW, "申请已提交")])
    case.attach_intervention(opened, NOW)
    return case


def step(kind: str, **more: Any) -> Step:
    return Step.read({"kind": kind, "note": "说明", "result": "partly", "agent_name": "小王", **more})


@pytest.mark.parametrize("state", FROM)
@pytest.mark.parametrize("kind", KINDS)
def test_when_a_step_can_be_taken(state: str, kind: str) -> None:
    case = case_in(state)
    before = (len(case.audit), list(case.intervention.history), case.stage)  # type: ignore[union-attr]
    allowed = kind in FROM[state].split()

    assert may_take(case, step(kind)) is allowed
    assert take_step(case, step(kind), LATER) is allowed
    assert case.intervention is not None
    if allowed:
        assert case.intervention.state == TO[kind]
        assert case.intervention.history[-1][:2] == (TO[kind], LATER)
        assert case.audit[-1].actor == "desk"
        assert steps_of(case) == [step(kind)]
    else:
        assert (len(case.audit), case.intervention.history, case.stage) == before


@pytest.mark.parametrize("kind", KINDS)
def test_the_same_step_again_is_none(kind: str) -> None:
    case = case_in(next(state for state, kinds in FROM.items() if kind in kinds.split()))
    assert take_step(case, step(kind), LATER)
    trail = list(case.audit)

    assert not take_step(case, step(kind, agent_name="小李"), LATER)
    assert case.audit == trail


@pytest.mark.parametrize(
    ("kind", "again", "allowed"),
    [
        ("ask_evidence", {"items": ["拆箱视频"]}, True),
        ("propose", {"amount": "120"}, True),
        ("accept", {"note": "换个说法"}, False),
        ("decide_review", {"note": "换个说法"}, False),
    ],
)
def test_another_step_of_the_same_kind(kind: str, again: dict[str, Any], allowed: bool) -> None:
    case = case_in(next(state for state, kinds in FROM.items() if kind in kinds.split()))
    take_step(case, step(kind), LATER)

    assert take_step(case, step(kind, **again), LATER) is allowed


def test_without_an_intervention() -> None:
    assert not take_step(Case.new("c1", NOW), step("accept"), NOW)


@pytest.mark.parametrize(
    ("values", "line"),
    [
        ({"kind": "accept"}, "工作人员已受理"),
        (
            {
                "kind": "ask_evidence",
                "items": ["照片", "视频"],
                "due_at": "2026-11-25T04:00:00Z",
                "note": "要原图",
            },
            "请买家补充：照片、视频；期限 2026-11-25 12:00；要原图",
        ),
        ({"kind": "propose", "amount": "100", "note": "鞋归您"}, "调解方案；金额 100.00 元；鞋归您"),
        ({"kind": "rule", "result": "partly", "amount": "99.9"}, "判决结果：部分支持您的诉求；金额 99.90 元"),
        ({"kind": "decide_review", "result": "rejected"}, "复审结果：不支持您的诉求"),
        ({"kind": "close", "note": "已退款"}, "结案；已退款"),
    ],
)
def test_the_history_says_it_in_one_line(values: dict[str, Any], line: str) -> None:
    case = case_in(next(state for state, kinds in FROM.items() if values["kind"] in kinds.split()))
    take_step(case, Step.read(values), LATER)

    assert case.intervention is not None
    assert case.intervention.history[-1][2] == line


@pytest.mark.parametrize(
    "values",
    [
        {},
        {"kind": "sell"},
        {"kind": "rule"},
        {"kind": "rule", "result": "won"},
        {"kind": "propose", "amount": "-1"},
        {"kind": "propose", "amount": "NaN"},
        {"kind": "propose", "amount": "很多"},
        {"kind": "ask_evidence", "items": "照片"},
        {"kind": "ask_evidence", "due_at": "明天"},
        {"kind": "ask_evidence", "due_at": "2026-11-25T12:00:00"},
    ],
)
def test_a_step_that_is_none(values: dict[str, Any]) -> None:
    with pytest.raises(BadStep):
        Step.read(values)


def test_a_step_survives_the_audit_trail() -> None:
    values = {
        "items": ["照片"],
        "due_at": "2026-11-25T12:00:00+08:00",
        "amount": "12.5",
        "result": "rejected",
    }
    whole = step("rule", **values)

    assert Step.read(whole.to_json()) == whole
    assert newest(case_in("受理"), "rule") is None


def test_the_answer_to_a_proposal() -> None:
    case = case_in("受理")
    with pytest.raises(NotAllowed):
        note_answer(case, True, NOW)
    take_step(case, step("propose"), NOW)

    assert note_answer(case, True, LATER)
    assert not note_answer(case, True, LATER)
    assert note_answer(case, False, LATER)
    assert case.intervention is not None
    assert [note for _, _, note in case.intervention.history[-2:]] == [
        "买家接受调解方案",
        "买家不接受调解方案",
    ]
    assert {entry.actor for entry in case.audit if entry.what == "intervention.note"} == {"buyer"}
    assert case.stage is Stage.MEDIATION


def test_the_wish_for_a_review() -> None:
    case = case_in("调解")
    with pytest.raises(NotAllowed):
        want_review(case, "新的检测报告", NOW)
    take_step(case, step("rule"), NOW)

    assert want_review(case, "新的检测报告", LATER)
    assert not want_review(case, "新的检测报告", LATER)
    assert case.intervention is not None
    assert case.intervention.history[-1] == ("判决", LATER, "买家申请复审：新的检测报告")


def test_when_a_state_began() -> None:
    case = case_in("受理")
    take_step(case, step("rule"), LATER)
    assert case.intervention is not None
    want_review(case, "新证据", LATER + timedelta(hours=1))

    assert since(case.intervention, State.DECIDED) == LATER
    assert since(case.intervention, State.REVIEW) is None


def test_a_closed_intervention_takes_no_note() -> None:
    with pytest.raises(NotAllowed, match="closed"):
        add_note(case_in("结案"), "x", NOW)
