"""What the buyer tells of the platform is noted as told, and never becomes a step of the desk."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.intervention_answers import ActionTakeProposalAnswer
from actions.intervention_steps import ActionInterventionStep
from actions.platform_word import ActionTakePlatformWord
from bot.cases.model import Intervention
from bot.intervention.told import told_proposal, told_ruling
from tests.actions.conftest import NOW, Said, Scene

LATER = NOW + timedelta(days=1)


@pytest.fixture
async def opened(scene: Scene) -> Scene:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(["quality_visible"], NOW)
        for name, value in {"platform": "tmall", "amount": "299.00", "demand": "return_refund"}.items():
            case.take(name, value, at=NOW, message_id="m0")
        record = Intervention("JR1", "受理", NOW, "说明", [], [], "退货退款", [("受理", NOW, "申请已提交")])
        case.attach_intervention(record, NOW)
    return scene


async def tell(scene: Scene, text: str, **more: Any) -> Said:
    return await scene.run(ActionTakePlatformWord, intent="platform_told", text=text, now=LATER, **more)


async def desk(scene: Scene, **values: Any) -> Said:
    answer = {"number": "JR1", "agent_name": "小王", **values}
    return await scene.run(ActionInterventionStep, intent="intervention_step", answer=answer, now=LATER)


async def test_a_proposal_told_is_weighed_and_changes_no_state(opened: Scene) -> None:
    told = await tell(opened, "小二打电话来 建议商家退我80")

    case = await opened.case()
    assert case.intervention is not None
    assert told.keys == ["utter_told_proposal"]
    assert "少 219.00 元" in told.values["utter_told_proposal"]["advice"]
    assert (told.slots["asked"], case.intervention.state) == ("proposal", "受理")
    assert "买家转述平台的方案" in case.intervention.history[-1][2]
    assert "offer_amount" not in case.facts and case.rounds == []


@pytest.mark.parametrize(
    ("intent", "said"),
    [
        ("reject_seller_offer", "utter_told_proposal_rejected"),
        ("affirm", "utter_told_proposal_accepted"),
        ("dont_know", "utter_told_proposal_no_hurry"),
    ],
)
async def test_the_answer_to_it(opened: Scene, intent: str, said: str) -> None:
    await tell(opened, "平台说叫商家退我100")

    told = await opened.run(ActionTakeProposalAnswer, intent=intent, asked="proposal", now=LATER)

    assert (told.keys, told.slots["asked"]) == ([said], "proposal")


async def test_the_desks_own_proposal_comes_first(opened: Scene) -> None:
    await tell(opened, "平台说叫商家退我100")
    await desk(opened, kind="propose", note="退 120 元", amount="120.00")

    assert told_proposal(await opened.case()) is None


async def test_a_ruling_told_is_the_buyers_word(opened: Scene) -> None:
    told = await tell(opened, "结果下来了 支持商家")

    case = await opened.case()
    assert case.intervention is not None
    assert (told.keys, told.next) == (["utter_ruling_told"], "action_after_ruling")
    assert (case.facts["ruling"].value, case.facts["ruling"].origin) == ("rejected", "buyer")
    assert (case.intervention.state, case.stage.value) == ("受理", "intake")
    assert "ruled_at" not in case.facts
    assert "买家转述平台的判决" in case.intervention.history[-1][2]


@pytest.mark.parametrize(("text", "result"), [("平台判退80", "partly"), ("判商家退我299块", "supported")])
async def test_a_sum_is_compared_with_what_was_paid(opened: Scene, text: str, result: str) -> None:
    await tell(opened, text)

    assert (await opened.case()).facts["ruling"].value == result


async def test_who_won_is_asked_where_it_is_not_clear(opened: Scene) -> None:
    told = await tell(opened, "平台判了")
    assert told.keys == ["utter_ruling_told_unclear", "utter_ask_ruling"]
    assert told.slots["asked"] == "fact:ruling"

    await opened.run(ActionTakePlatformWord, intent="answer_button", answer={"ruling": "partly"}, now=LATER)

    assert told_ruling(await opened.case()) == "partly"


async def test_what_the_desk_has_decided_stands(opened: Scene) -> None:
    await tell(opened, "判我输了")
    await desk(opened, kind="rule", note="", result="supported")

    told = await tell(opened, "判我输了")

    case = await opened.case()
    assert (told.keys, told.next) == ([], "action_after_ruling")
    assert (case.facts["ruling"].value, told_ruling(case)) == ("supported", None)


async def test_a_matter_may_begin_with_its_ruling(scene: Scene) -> None:
    told = await tell(scene, "客服介入了 判我输了")

    case = await scene.case()
    assert told.keys[0] == "utter_ruling_told"
    assert (case.facts["ruling"].value, case.types) == ("rejected", ["cs_complaint"])
