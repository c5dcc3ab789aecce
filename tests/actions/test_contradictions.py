"""Every named contradiction: its reason is said, exactly one question follows, and it is the right one."""

from __future__ import annotations

import ast
from pathlib import Path
from typing import Any

import pytest

from bot.cases.model import Stage
from bot.disputes import consistency
from bot.disputes.facts import fact_kinds
from bot.disputes.model import Facts
from tests.actions.conftest import NOW, Scene
from tests.actions.talk import Talk
from tests.actions.test_remedies import case_of

EARLY, LATE, AHEAD = (f"2026-{day}T00:00:00+08:00" for day in ("11-01", "11-10", "12-24"))
ORDERED = [(code, second, {first: LATE, second: EARLY}) for first, second, code in consistency.ORDERED]
FUTURE = [
    ("date_in_future", name, {name: AHEAD})
    for name, kind in fact_kinds().items()
    if kind.kind == "datetime" and not kind.future
]
OTHERS: list[tuple[str, str, dict[str, Any]]] = [
    ("found_before_signed", "found_at", {"signed_at": LATE, "found_at": EARLY}),
    ("confirmed_before_signed", "confirmed_at", {"signed_at": LATE, "confirmed_at": EARLY}),
    (
        "confirmed_not_shipped",
        "order_stage",
        {"order_stage": "confirmed", "tracking_status": "no_number"},
    ),
    ("signed_not_shipped", "order_stage", {"order_stage": "paid", "signed_at": LATE}),
    ("paid_but_unpaid", "order_stage", {"order_stage": "unpaid", "paid_at": LATE}),
    (
        "deposit_above_contract",
        "deposit_amount",
        {"deposit_amount": "300", "contract_amount": "200"},
    ),
    ("reasonable_above_paid", "reasonable_amount", {"reasonable_amount": "30", "amount": "20"}),
    ("percent_above_100", "shortage_percent", {"shortage_percent": 120}),
]
ALL = [*ORDERED, *FUTURE, *OTHERS]
STAGES = [Stage.INTAKE, Stage.EVIDENCE, Stage.NEGOTIATING, Stage.INTERVENTION_READY]


def test_all_named_contradictions_are_here() -> None:
    """Whoever adds one adds it here: the names that the code gives are the names in this table."""
    tree = ast.parse(Path(consistency.__file__).read_text(encoding="utf-8"))
    calls = [one for one in ast.walk(tree) if isinstance(one, ast.Call) and isinstance(one.func, ast.Name)]
    last = [one.args[-1] for one in calls if one.func.id in ("Contradiction", "_order")]  # type: ignore[attr-defined]
    given = {one.value for one in last if isinstance(one, ast.Constant)}
    given |= {row[2] for row in (*consistency.ORDERED, *consistency.AT_MOST)}

    assert {code for code, *_ in ALL} == given


@pytest.mark.parametrize("stage", STAGES, ids=lambda one: one.value)
@pytest.mark.parametrize(("code", "fact", "facts"), ALL, ids=lambda one: one if isinstance(one, str) else "")
async def test_reason_and_one_question(
    scene: Scene, code: str, fact: str, facts: dict[str, Any], stage: Stage
) -> None:
    talk = await case_of(scene, "quality_visible", stage=stage, **facts)
    heard = await _next(talk)

    clash, *_ = consistency.contradictions(Facts.from_json(facts), NOW, ("quality_visible",))
    assert (clash.code, clash.fact) == (code, fact)
    assert heard.keys == ["utter_doubt", f"utter_ask_{fact}"]
    assert clash.reason_zh in heard.text and heard.questions == [fact]
    assert talk.asked == f"fact:{fact}"


@pytest.mark.parametrize("types", [("remorse",), ("seven_day",), ("review",)])
async def test_in_disputes_with_a_road_of_their_own(scene: Scene, types: tuple[str, ...]) -> None:
    talk = await case_of(
        scene, *types, stage=Stage.INTAKE, paid_at=LATE, signed_at=EARLY, order_stage="signed"
    )

    assert (await _next(talk)).keys == ["utter_doubt", "utter_ask_signed_at"]


async def test_the_right_date_settles_it(scene: Scene) -> None:
    talk = await case_of(scene, "quality_visible", stage=Stage.INTAKE, paid_at=EARLY, signed_at="2026-10-01")
    assert (await _next(talk)).questions == ["signed_at"]
    heard = await talk.press(signed_at=LATE)

    assert "utter_doubt" not in heard.keys and len(heard.questions) == 1


async def test_who_cannot_say_is_not_asked_for_ever_and_the_wrong_value_is_dropped(scene: Scene) -> None:
    talk = await case_of(scene, "quality_visible", stage=Stage.INTAKE, paid_at=LATE, signed_at=EARLY)
    await _next(talk)
    heard = await talk.press(skip="signed_at")

    assert "signed_at" not in heard.questions and "signed_at" not in (await scene.case()).facts


async def _next(talk: Talk) -> Any:
    return await talk._turn("action_next_step", intent="answer_button", answer={})


async def test_a_value_wrong_by_itself_never_becomes_a_fact_and_is_asked_again(scene: Scene) -> None:
    talk = await case_of(scene, "quality_visible", stage=Stage.INTAKE, platform="taobao", product="水杯")
    talk.asked = "fact:amount"
    nothing = {"entity": "amount", "value": "0元", "start": 0, "end": 2, "resolved": {"value": "0"}}
    heard = await talk.say("0元", "provide_order_info", found=[nothing])

    assert "utter_doubt" in heard.keys and len(heard.questions) == 1
    assert "amount" not in (await scene.case()).facts
