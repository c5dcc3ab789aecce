"""Warnings at their moment, once; the channel before an intervention; what is out of scope, with where to go."""

from __future__ import annotations

from typing import Any

from actions.intervention import ActionFixGate, ActionReadBack
from actions.next_step import ActionNextStep
from bot.cases.model import Stage
from tests.actions.conftest import NOW, Said, Scene
from tests.actions.test_open_intervention import READY

DONT_CONFIRM = "不要为了退款先点确认收货"


async def case_of(
    scene: Scene, stage: Stage = Stage.INTAKE, types: tuple[str, ...] = ("quality_visible",), **facts: Any
) -> Scene:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(types, NOW)
        for name, value in facts.items():
            case.take(name, value, at=NOW, message_id="m0")
        case.move_to(stage, NOW, "test")
    return scene


async def heard(scene: Scene) -> str:
    told = await scene.run(ActionNextStep)
    return lines(told)


def lines(told: Said) -> str:
    return str(told.values.get("utter_heed", {}).get("lines", ""))


async def test_among_the_questions_only_what_cannot_wait(scene: Scene) -> None:
    await case_of(scene, platform="tmall", order_stage="signed")

    first = await heard(scene)
    assert DONT_CONFIRM in first and first.count("·") == 1
    assert await heard(scene) == ""


async def test_at_its_step_and_only_once(scene: Scene) -> None:
    await case_of(scene, Stage.INTERVENTION_READY, **READY)

    first, second, third = await heard(scene), await heard(scene), await heard(scene)

    assert DONT_CONFIRM in first
    assert first.count("·") <= 2 and second.count("·") <= 2
    for line in first.split("\n"):
        assert line not in second + third


async def test_a_date_that_is_close_is_told_at_once(scene: Scene) -> None:
    await case_of(scene, platform="tmall", order_stage="shipped", shipped_at="2026-11-12T20:00:00+08:00")

    assert "自动确认收货就在两天之内" in await heard(scene)


async def test_safety_is_said_again_when_it_applies_anew(scene: Scene) -> None:
    await case_of(scene, platform="tmall", merchant_stance="hostile")
    assert "不要私下见面" in await heard(scene)
    assert await heard(scene) == ""

    await case_of(scene, merchant_stance="deny")
    await heard(scene)
    await case_of(scene, merchant_stance="hostile")

    assert "不要私下见面" in await heard(scene)


async def test_what_the_stop_sign_said_is_not_said_twice(scene: Scene) -> None:
    await case_of(scene, platform="tmall", merchant_stance="hostile")
    async with scene.cases.edit("web-1", NOW) as case:
        case.dialogue["warned"] = {"threat": "m1"}

    assert await heard(scene) == ""


async def test_the_channel_is_said_once_before_the_read_back(scene: Scene) -> None:
    await case_of(scene, Stage.INTERVENTION_READY, **READY)

    first, second = await scene.run(ActionReadBack), await scene.run(ActionReadBack)

    assert first.keys == ["utter_channel", "utter_read_back"]
    assert first.values["utter_channel"]["name"] == "订单页面的客服介入"
    assert "依据" in first.values["utter_channel"]["sources"]
    assert second.keys == ["utter_read_back"]


async def test_out_of_scope_is_said_once_with_where_to_go(scene: Scene) -> None:
    await case_of(scene, platform="tmall", own_order=False)

    first, second = await scene.run(ActionNextStep), await scene.run(ActionNextStep)

    assert "本人" in first.values["utter_scope"]["say"]
    assert "授权委托书" in first.values["utter_scope"]["go"]
    assert "utter_scope" not in second.keys


async def test_a_refused_dispute_is_not_left_without_a_way(scene: Scene) -> None:
    await case_of(scene, Stage.INTERVENTION_READY, **READY, own_order=False)
    async with scene.cases.edit("web-1", NOW) as case:
        case.acknowledge_gaps(NOW)

    told = await scene.run(ActionFixGate)

    assert told.keys == ["utter_scope"]


async def test_a_demand_that_the_platform_does_not_decide_on_can_be_changed(scene: Scene) -> None:
    await case_of(scene, Stage.INTERVENTION_READY, **{**READY, "demand": "compensation"})
    async with scene.cases.edit("web-1", NOW) as case:
        case.acknowledge_gaps(NOW)

    told = await scene.run(ActionFixGate)

    assert (told.keys, told.slots["asked"]) == (["utter_gate_blocks", "utter_ask_demand"], "fact:demand")


async def test_what_rests_on_the_rules_of_another_platform_says_so(scene: Scene) -> None:
    await case_of(scene, platform="pdd", order_stage="signed")

    first = (await heard(scene)).split("\n")

    assert "淘宝规则仅供参考" in first[0] and DONT_CONFIRM in first[1]
    assert await heard(scene) == ""
