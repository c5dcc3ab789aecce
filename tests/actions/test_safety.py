"""Stop signs in the conversation: which warning is said, once, and where the turn goes."""

from __future__ import annotations

import pytest

from actions.safety import ActionSafety, ActionStaySafe
from tests.actions.conftest import NOW, Scene


@pytest.mark.parametrize(
    ("text", "words", "next_action"),
    [
        ("让我把验证码发给他", "改密码", "action_take_complaint"),
        ("商家说加微信给我退款", "原路退回", "action_take_complaint"),
        ("有人冒充平台客服给我打电话", "96110", "action_take_complaint"),
        ("充电器着火了", "断电", "action_take_complaint"),
        ("燃气灶漏气了", "开窗", "action_take_complaint"),
        ("用了面膜脸过敏红肿", "看医生", "action_take_complaint"),
        ("商家说要弄死我", "110", "action_take_complaint"),
    ],
)
async def test_each_sign_has_its_own_words(scene: Scene, text: str, words: str, next_action: str) -> None:
    told = await scene.run(ActionSafety, text=text, intent="safety_sign")

    assert told.keys == ["utter_safety_warning"]
    assert words in told.values["utter_safety_warning"]["say"]
    assert told.values["utter_safety_warning"]["sources"]
    assert told.next == next_action


async def test_the_same_matter_is_warned_of_once(scene: Scene) -> None:
    await scene.run(ActionSafety, text="让我把验证码发给他", intent="safety_sign")
    again = await scene.run(ActionSafety, text="他让我下载会议软件", intent="safety_sign")

    assert again.keys == []


async def test_no_help_with_forging(scene: Scene) -> None:
    told = await scene.run(ActionSafety, text="能不能帮我P图", intent="safety_sign")

    assert (told.keys, told.next) == (["utter_safety_fabricate"], "action_ask_again")
    assert "不能帮" in told.values["utter_safety_fabricate"]["say"]


async def test_the_gravest_is_said(scene: Scene) -> None:
    told = await scene.run(ActionSafety, text="燃气灶漏气了，客服让我加微信退款", intent="safety_sign")

    assert "开窗" in told.values["utter_safety_warning"]["say"]


async def test_injury_is_warned_of_before_anything_else(scene: Scene) -> None:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(["injury"], NOW, message_id="m0")
    told = await scene.run(ActionStaySafe, text="热水壶", intent="report_dispute")

    assert told.keys == ["utter_safety_warning"]
    assert told.next == "action_next_step"
