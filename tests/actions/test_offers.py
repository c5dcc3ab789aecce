"""A person is offered where it is called for: once, in one sentence, and only when there is one."""

from __future__ import annotations

from typing import Any

import pytest

from actions.complaint import ActionTakeComplaint
from actions.intake import ActionTakeAnswer
from actions.smalltalk import ActionNotUnderstood
from tests.actions.conftest import NOW, Scene


def lost(times: int, key: str = "utter_not_understood") -> list[dict[str, Any]]:
    turn = [{"event": "user"}, {"event": "bot", "metadata": {"utter_action": key}}]
    return turn * times


UNDERSTOOD = [{"event": "user"}, {"event": "bot", "metadata": {"utter_action": "utter_noted"}}]


@pytest.mark.usefixtures("with_desk")
@pytest.mark.parametrize(
    ("before", "offered"),
    [
        ([], False),
        (lost(1), False),
        (lost(2), True),
        (lost(1) + lost(1, "utter_nothing_to_read"), True),
        (lost(5), True),
        (lost(2) + UNDERSTOOD, False),
        (lost(1) + UNDERSTOOD + lost(1), False),
        (UNDERSTOOD + lost(2), True),
    ],
)
async def test_after_three_misses_in_a_row(scene: Scene, before: list[Any], offered: bool) -> None:
    told = await scene.run(ActionNotUnderstood, text="嗯嗯嗯啊", intent="nlu_fallback", before=before)

    assert ("utter_offer_person_lost" in told.keys) is offered
    assert told.keys[0] == "utter_not_understood"


async def paid(scene: Scene, amount: str) -> None:
    async with scene.cases.edit("web-1", NOW) as case:
        case.take("amount", amount, at=NOW, message_id="m0")


@pytest.mark.usefixtures("with_desk")
@pytest.mark.parametrize(("amount", "offered"), [("2999.99", False), ("3000.00", True), ("9999.00", True)])
async def test_a_large_sum_once(scene: Scene, amount: str, offered: bool) -> None:
    await paid(scene, amount)

    first = await scene.run(ActionTakeAnswer, text="是的", intent="provide_order_info")
    second = await scene.run(ActionTakeAnswer, text="是的", intent="provide_order_info")

    assert ("utter_offer_person_amount" in first.keys) is offered
    assert "utter_offer_person_amount" not in second.keys
    assert first.next == "action_next_step"  # not in the way


@pytest.mark.usefixtures("with_desk")
async def test_a_legal_threat_once(scene: Scene) -> None:
    text = "再不退款我就去法院起诉商家"
    first = await scene.run(ActionTakeComplaint, text=text, intent="report_dispute")
    second = await scene.run(ActionTakeComplaint, text=text, intent="report_dispute")

    assert "utter_offer_person_legal" in first.keys
    assert "utter_offer_person_legal" not in second.keys


@pytest.mark.usefixtures("without_desk")
async def test_nobody_is_offered_who_is_not_there(scene: Scene) -> None:
    await paid(scene, "9999.00")

    told = await scene.run(ActionTakeAnswer, text="我要起诉商家", intent="provide_order_info", before=lost(4))

    assert [key for key in told.keys if key.startswith("utter_offer_person")] == []
    assert "person_offered" not in (await scene.case()).dialogue
