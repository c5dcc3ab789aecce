"""Asking for a person: what is said is what the desk answered, and the open question is never lost."""

from __future__ import annotations

from datetime import timedelta
from decimal import Decimal
from typing import Any

import pytest

from actions.handoff import (
    ActionHandoff,
    ActionHandoffChoice,
    ActionHandoffReturned,
    ActionHandoffTimedOut,
    ActionTakeHandoffMessage,
)
from actions.safety import ActionSafety
from bot.cases.model import Stage
from bot.handoff.model import Requested
from tests.actions.conftest import NOW, Scene

OPENS = NOW + timedelta(hours=23)


@pytest.mark.parametrize(
    ("answer", "said", "value", "goes"),
    [
        (Requested("queued", 1), "utter_handoff_queued", {"ahead": "您排在最前面"}, "action_listen"),
        (Requested("queued", 3), "utter_handoff_queued", {"ahead": "前面还有 2 位"}, "action_listen"),
        (Requested("already", 2), "utter_handoff_already", {"ahead": "前面还有 1 位"}, "action_listen"),
        (Requested("already", 0), "utter_handoff_already", {"ahead": "工作人员马上就来"}, "action_listen"),
        (Requested("no_desk"), "utter_handoff_no_desk", {}, "action_ask_again"),
        (
            Requested("closed_hours", opens=OPENS),
            "utter_handoff_closed",
            {"opens": "2026年11月22日 09:00"},
            "action_listen",
        ),
    ],
)
async def test_what_is_said_is_what_the_desk_answered(
    scene: Scene, answer: Requested, said: str, value: dict[str, str], goes: str
) -> None:
    scene.handoffs.answer = answer

    told = await scene.run(ActionHandoff, text="转人工", asked="offer")

    assert scene.handoffs.calls == [("request", "web-1", "user_request", "m1")]
    assert told.keys == [said]
    assert value.items() <= told.values[said].items()
    assert (told.next, told.slots["asked"]) == (goes, "offer")


@pytest.mark.parametrize(
    ("given", "reason"),
    [("high_amount", "high_amount"), ("legal_threat", "legal_threat"), ("made_up", "user_request")],
)
async def test_a_button_brings_its_reason(scene: Scene, given: str, reason: str) -> None:
    await scene.run(ActionHandoff, intent="handoff_choice", answer={"choice": "human", "reason": given})

    assert scene.handoffs.calls[0][2] == reason


@pytest.mark.parametrize(
    ("text", "wanted"),
    [
        ("不用转人工了", False),
        ("取消排队", False),
        ("不排队了", False),
        ("不等人工了 回到机器人", False),
        ("还是小助手吧", False),
        ("不要机器人", True),
        ("我不想排队，快转人工", True),
        ("别给我自动回复了，叫人来", True),
        ("转人工", True),
    ],
)
async def test_who_does_not_want_a_person_is_not_queued(scene: Scene, text: str, wanted: bool) -> None:
    await scene.run(ActionHandoff, text=text)

    assert scene.handoffs.calls[0][0] == ("request" if wanted else "cancel")


@pytest.mark.parametrize(
    ("choice", "takes", "said", "goes"),
    [
        ("cancel", True, ["utter_handoff_cancelled"], "action_ask_again"),
        ("bot", False, ["utter_handoff_go_on"], "action_ask_again"),
        ("wait", True, [], "action_handoff"),
        ("human", True, [], "action_handoff"),
        ("leave_message", True, ["utter_handoff_ask_message"], "action_listen"),
    ],
)
async def test_the_buttons(scene: Scene, choice: str, takes: bool, said: list[str], goes: str) -> None:
    scene.handoffs.takes = takes

    told = await scene.run(
        ActionHandoffChoice, intent="handoff_choice", answer={"choice": choice}, asked="offer"
    )

    assert (told.keys, told.next) == (said, goes)


@pytest.mark.parametrize(
    ("kept", "said"), [(True, "utter_handoff_message_kept"), (False, "utter_handoff_message_lost")]
)
async def test_a_message_left_then_the_open_question_again(scene: Scene, kept: bool, said: str) -> None:
    scene.handoffs.takes = kept
    pressed = {"choice": "leave_message"}
    asked = await scene.run(ActionHandoffChoice, intent="handoff_choice", answer=pressed, asked="offer")

    told = await scene.run(
        ActionTakeHandoffMessage, text="请周一联系我", intent="handoff_message", asked=asked.slots["asked"]
    )

    assert asked.slots["asked"] == "handoff_message"
    assert scene.handoffs.calls == [("leave_message", "web-1", "请周一联系我")]
    assert (told.keys, told.slots["asked"], told.next) == ([said], "offer", "action_ask_again")


async def test_no_message_after_all_brings_the_question_back(scene: Scene) -> None:
    for choice in ("leave_message", "leave_message", "bot"):
        asked = "fact:amount" if choice == "leave_message" else "handoff_message"
        told = await scene.run(
            ActionHandoffChoice, intent="handoff_choice", answer={"choice": choice}, asked=asked
        )

    assert (told.slots["asked"], told.next) == ("fact:amount", "action_ask_again")


async def test_who_is_queued_writes_right_here(scene: Scene) -> None:
    scene.handoffs.owner = "queued"

    told = await scene.run(
        ActionHandoffChoice, intent="handoff_choice", answer={"choice": "leave_message"}, asked="offer"
    )

    assert (told.keys, told.slots["asked"]) == (["utter_handoff_write_here"], "offer")


async def test_nobody_came(scene: Scene) -> None:
    told = await scene.run(ActionHandoffTimedOut, intent="handoff_timed_out", answer={}, asked="read_back")

    assert (told.keys, told.slots["asked"]) == (["utter_handoff_timed_out"], "read_back")


RETURNED: dict[str, Any] = {"text": "商家答应周五前退款", "outcome": "", "amount": None, "agent_name": "小王"}


async def test_what_was_settled_is_told_and_kept(scene: Scene) -> None:
    told = await scene.run(
        ActionHandoffReturned,
        intent="handoff_returned",
        answer={**RETURNED, "outcome": "已解决", "amount": "88"},
        asked="offer",
    )

    case = await scene.case()
    said = told.values["utter_handoff_returned"]
    assert (said["agent"], said["settled"], said["money"]) == (
        "小王",
        "商家答应周五前退款",
        "（涉及金额 88.00 元）",
    )
    assert case.dialogue["settled"] == {"text": "商家答应周五前退款", "outcome": "已解决", "amount": "88.00"}
    entry = case.audit[-1]
    assert (entry.actor, entry.what, entry.detail["agent_name"]) == ("agent", "handoff.returned", "小王")
    assert (told.slots["asked"], told.next) == ("offer", "action_ask_again")
    assert case.rounds == []


@pytest.mark.parametrize("amount", [None, "", "abc", "0", "NaN"])
async def test_no_sum_is_made_up(scene: Scene, amount: object) -> None:
    told = await scene.run(
        ActionHandoffReturned, intent="handoff_returned", answer={**RETURNED, "amount": amount}
    )

    assert told.values["utter_handoff_returned"]["money"] == ""


async def test_nothing_settled_is_not_called_a_result(scene: Scene) -> None:
    told = await scene.run(
        ActionHandoffReturned, intent="handoff_returned", answer={**RETURNED, "text": " "}, asked="offer"
    )

    assert (told.keys, told.next) == (["utter_handoff_returned_plain"], "action_ask_again")


@pytest.mark.parametrize(
    ("outcome", "stage", "judged"),
    [
        ("商家同意退款", Stage.NEGOTIATING, True),
        ("商家不同意", Stage.NEGOTIATING, False),
        ("商家没有同意", Stage.NEGOTIATING, False),
        ("已解释规则", Stage.NEGOTIATING, False),
        ("商家同意退款", Stage.EVIDENCE_PERIOD, False),
    ],
)
async def test_only_an_agreement_of_the_merchant_is_a_round(
    scene: Scene, outcome: str, stage: Stage, judged: bool
) -> None:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(["quality_visible"], NOW)
        case.move_to(stage, NOW, "test")

    answer = {**RETURNED, "outcome": outcome, "amount": "88"}
    told = await scene.run(ActionHandoffReturned, intent="handoff_returned", answer=answer)

    rounds = [(one.stance, one.offer) for one in (await scene.case()).rounds]
    assert rounds == ([("agree", Decimal("88.00"))] if judged else [])
    assert told.next == ("action_judge_reply" if judged else "action_ask_again")


@pytest.mark.parametrize(
    ("answer", "said"),
    [
        (Requested("queued", 1), ["utter_safety_self_harm", "utter_safety_person"]),
        (Requested("already", 1), ["utter_safety_self_harm", "utter_safety_person"]),
        (Requested("no_desk"), ["utter_safety_self_harm"]),
        (Requested("closed_hours", opens=OPENS), ["utter_safety_self_harm"]),
    ],
)
async def test_who_may_harm_themselves_hears_the_hotline_first_and_gets_a_person(
    scene: Scene, answer: Requested, said: list[str]
) -> None:
    scene.handoffs.answer = answer
    for _ in range(2):  # said every time
        told = await scene.run(ActionSafety, text="我不想活了", intent="safety_sign")

        assert (told.keys, told.next) == (said, "action_listen")
    assert {call[2] for call in scene.handoffs.calls} == {"safety"}
