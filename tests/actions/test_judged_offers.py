"""What the buyer sees of a weighed offer: why, what the rules give, what going on costs; and one question where a sum is missing."""

from __future__ import annotations

from typing import Any

import pytest

from actions.merchant_reply import ActionTakeMerchantReply
from actions.negotiation import ActionJudgeReply
from bot.cases.model import EvidenceItem, Intervention, Stage
from tests.actions.conftest import NOW, Said, Scene
from tests.actions.test_open_intervention import READY


async def judged(scene: Scene, theirs: str, offer: str | None, *, opened: bool = False, **facts: Any) -> Said:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(["quality_visible"], NOW)
        for name, value in {**READY, "merchant_stance": "partial", **facts}.items():
            if value is not None:
                case.take(name, value, at=NOW, message_id="m0")
        case.add_round(NOW, ours="请退货退款")
        case.update_round(1, NOW, theirs=theirs, stance="partial", offer=offer)
        case.move_to(Stage.NEGOTIATING, NOW, "test")
        if opened:
            record = Intervention("JR1", "受理", NOW, "说明", [], [], "退货退款", [("受理", NOW, "x")])
            case.attach_intervention(record, NOW)
            case.move_to(Stage.INTERVENTION_OPEN, NOW, "test")
    return await scene.run(ActionJudgeReply, intent="merchant_reply", text=theirs)


async def test_a_low_offer_shows_gap_outcome_and_cost(scene: Scene) -> None:
    told = await judged(scene, "只能补偿你50元", "50")

    said = told.values["utter_judged_counter"]
    assert "比您的诉求少 249.00 元" in said["why"]
    for part in ("按规则：", "继续走的时间：双方举证约", "运费：", "还差的证据："):
        assert part in said["weighed"]
    assert "依据" in said["sources"]
    assert "下面这段话" in said["then"]
    assert told.keys[-1] == "utter_draft_counter"


async def test_a_small_gap_is_left_to_the_buyer(scene: Scene) -> None:
    told = await judged(scene, "退你290元", "290")

    assert "接受或坚持都合理" in told.values["utter_judged_counter"]["why"]


async def test_nothing_is_said_twice(scene: Scene) -> None:
    async with scene.cases.edit("web-1", NOW) as case:
        for kind in ("E01", "E04", "E08"):
            case.add_evidence(EvidenceItem(kind, kind, kind, "image/png", 1, kind, kind, NOW), NOW)

    said = (await judged(scene, "只能补偿你50元", "50")).values["utter_judged_counter"]

    assert "必要证据已经齐了" in said["why"]
    assert "按规则：" not in said["weighed"] and "继续走的时间：" in said["weighed"]


async def test_without_the_sum_paid_it_is_asked_for_and_no_more_than_that(scene: Scene) -> None:
    told = await judged(scene, "只能补偿你50元", "50", amount=None)

    assert told.keys == ["utter_judged_counter", "utter_ask_amount"]
    assert (told.values["utter_judged_counter"]["then"], told.slots["asked"]) == ("", "fact:amount")


@pytest.mark.parametrize(("opened", "stage"), [(False, "negotiating"), (True, "intervention_open")])
async def test_an_offer_during_the_intervention_does_not_turn_it_back(
    scene: Scene, opened: bool, stage: str
) -> None:
    await judged(scene, "只能补偿你50元", "50", opened=opened)

    assert (await scene.case()).stage.value == stage


async def test_an_offer_among_the_questions_is_noted_and_said_so(scene: Scene) -> None:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(("quality_visible",), NOW)

    told = await scene.run(ActionTakeMerchantReply, text="他说最多补我20", intent="merchant_reply")

    assert "20.00" in told.values["utter_noted"]["noted"]
    assert told.next == "action_next_step"
    assert str((await scene.case()).facts["offer_amount"].value) == "20.00"
