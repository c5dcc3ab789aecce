"""A step of the desk reaches the buyer once, with its clocks; the buyer's answers reach the record."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.intake import ActionTakeAnswer
from actions.intervention import ActionFollowIntervention, ActionWantIntervention
from actions.intervention_answers import ActionTakeProposalAnswer
from actions.intervention_steps import ActionInterventionStep
from actions.negotiation import ActionTakeOfferAnswer
from actions.review import ActionWantReview
from bot.cases.model import Case, Intervention
from tests.actions.conftest import NOW, Said, Scene

LATER = NOW + timedelta(days=1)
PROPOSE = {"kind": "propose", "note": "退 100 元，鞋归您", "amount": "100.00"}
RULE = {"kind": "rule", "note": "照片看不出问题", "result": "rejected"}


@pytest.fixture
async def opened(scene: Scene) -> Scene:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(["quality_visible"], NOW)
        for name, value in {"platform": "tmall", "amount": "299.00", "demand": "return_refund"}.items():
            case.take(name, value, at=NOW, message_id="m0")
        record = Intervention("JR1", "受理", NOW, "说明", [], [], "退货退款", [("受理", NOW, "申请已提交")])
        case.attach_intervention(record, NOW)
    return scene


async def step(scene: Scene, *, asked: str | None = None, **values: Any) -> Said:
    answer = {"number": "JR1", "agent_name": "小王", **values}
    return await scene.run(
        ActionInterventionStep, intent="intervention_step", answer=answer, asked=asked, now=LATER
    )


async def history(scene: Scene) -> list[str]:
    case = await scene.case()
    assert case.intervention is not None
    return [note for _, _, note in case.intervention.history]


@pytest.mark.parametrize(
    ("before", "values", "said", "holds"),
    [
        ((), {"kind": "accept"}, "utter_step_accept", {"evidence": "2026年11月24日 10:00", "note": ""}),
        (
            (),
            {
                "kind": "ask_evidence",
                "note": "要原图",
                "items": ["开胶照片", "吊牌"],
                "due_at": "2026-11-25T18:00:00+08:00",
            },
            "utter_step_ask_evidence",
            {
                "items": "· 开胶照片\n· 吊牌",
                "due": "2026年11月25日 18:00 前（工作人员给的时间）",
                "late": "按现有证据判断",
            },
        ),
        (
            (),
            {**PROPOSE, "due_at": "2026-11-25T18:00:00+08:00"},
            "utter_step_propose",
            {
                "proposal": "退 100 元，鞋归您",
                "advice": "少 199.00 元",
                "answer_by": "请在2026年11月25日 18:00前答复。",
            },
        ),
        ((), RULE, "utter_step_rule_lost", {"result": "不支持您的诉求", "appeal": "2026年11月29日 10:00"}),
        (
            (),
            {**RULE, "result": "partly", "amount": "99.5"},
            "utter_step_rule_won",
            {"result": "部分支持您的诉求", "amount": "，金额 99.50 元"},
        ),
        ((RULE,), {"kind": "open_review"}, "utter_step_open_review", {"until": "还能补证据"}),
        (
            (RULE, {"kind": "open_review"}),
            {"kind": "decide_review", "result": "supported"},
            "utter_step_decide_review",
            {"result": "支持您的诉求"},
        ),
        ((RULE,), {"kind": "close", "note": "已退款"}, "utter_step_close", {"note": "已退款"}),
    ],
)
async def test_a_step_is_said_with_what_it_means(
    opened: Scene, before: tuple[Any, ...], values: dict[str, Any], said: str, holds: dict[str, str]
) -> None:
    for one in before:
        await step(opened, **one)

    told = await step(opened, asked="label:e1", **values)

    assert told.keys == [said]
    for name, part in holds.items():
        assert part in told.values[said][name]
    card, case = told.values[said]["custom"], await opened.case()
    assert case.intervention is not None
    assert (card["type"], card["number"], card["current"]) == ("intervention", "JR1", case.intervention.state)
    assert card["current"] in card["steps"]
    assert told.slots["asked"] == ("proposal" if values["kind"] == "propose" else "label:e1")


@pytest.mark.parametrize(
    "values",
    [
        {"kind": "decide_review", "result": "supported"},
        {"kind": "sell"},
        {"kind": "rule"},
        {**RULE, "number": "JR2"},
        {**RULE, "number": None},
    ],
)
async def test_what_cannot_be_is_neither_said_nor_written(opened: Scene, values: dict[str, Any]) -> None:
    trail = list((await opened.case()).audit)

    told = await step(opened, asked="offer", **values)

    assert (told.keys, told.slots["asked"]) == ([], "offer")
    assert (await opened.case()).audit == trail


async def test_the_same_step_is_said_once(opened: Scene) -> None:
    first, second = await step(opened, **PROPOSE), await step(opened, **PROPOSE)

    assert (len(first.keys), second.keys) == (1, [])


async def test_the_clocks_are_kept_with_the_case(opened: Scene) -> None:
    due = "2026-11-25T18:00:00+08:00"
    await step(opened, kind="ask_evidence", note="", items=["吊牌"], due_at=due)
    kept = {one.id: one.due for one in (await opened.case()).deadlines}
    assert kept["T-14"] is not None and kept["T-14"].isoformat() == due

    told = await opened.run(ActionFollowIntervention, intent="ask_progress", now=LATER)
    assert "11月25日 18:00 前（工作人员给的时间）" in told.values["utter_follow"]["deadlines"]

    await step(opened, **RULE)
    assert {"T-14", "T-16"}.isdisjoint(one.id for one in (await opened.case()).deadlines)


@pytest.mark.parametrize(
    ("intent", "answer", "said", "written"),
    [
        ("answer_button", {"proposal": "accept"}, "utter_proposal_accepted", "买家接受调解方案"),
        ("answer_button", {"proposal": "reject"}, "utter_proposal_rejected", "买家不接受调解方案"),
        ("affirm", None, "utter_proposal_accepted", "买家接受调解方案"),
        ("reject_seller_offer", None, "utter_proposal_rejected", "买家不接受调解方案"),
        ("dont_know", None, "utter_proposal_no_hurry", None),
    ],
)
async def test_the_answer_to_a_proposal(
    opened: Scene, intent: str, answer: dict[str, Any] | None, said: str, written: str | None
) -> None:
    await step(opened, **PROPOSE)

    told = await opened.run(ActionTakeProposalAnswer, intent=intent, answer=answer, asked="proposal")

    assert (told.keys, told.slots["asked"]) == ([said], "proposal")
    assert (written in await history(opened)) if written else len(await history(opened)) == 2


async def test_an_answer_after_the_decision_is_not_recorded(opened: Scene) -> None:
    await step(opened, **PROPOSE)
    await step(opened, **RULE)

    told = await opened.run(
        ActionTakeProposalAnswer, intent="answer_button", answer={"proposal": "accept"}, asked=None
    )

    assert (told.keys, told.next) == (["utter_proposal_over"], "action_next_step")
    assert "买家接受调解方案" not in await history(opened)


@pytest.mark.parametrize(
    ("action", "intent", "text"),
    [
        (ActionTakeOfferAnswer, "accept_seller_offer", "我接受这个方案"),
        (ActionTakeAnswer, "affirm", "好"),
        (ActionTakeAnswer, "deny", "不要"),
    ],
)
async def test_typed_answers_find_their_way(opened: Scene, action: Any, intent: str, text: str) -> None:
    await step(opened, **PROPOSE)

    told = await opened.run(action, intent=intent, text=text, asked="proposal")

    assert (told.keys, told.next) == ([], "action_take_proposal_answer")


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((), ["utter_review_no_ruling", "utter_ask_ruling"]),
        ((RULE, {"kind": "open_review"}), ["utter_review_running"]),
    ],
)
async def test_no_appeal_out_of_turn(opened: Scene, steps: tuple[Any, ...], said: list[str]) -> None:
    for one in steps:
        await step(opened, **one)

    told = await opened.run(ActionWantReview, intent="ask_intervention", text="我要申诉", now=LATER)

    assert told.keys == said


@pytest.mark.parametrize(
    ("steps", "text", "goes"),
    [
        ((RULE,), "我要申诉", "action_want_review"),
        ((RULE,), "帮我申请介入", "action_listen"),
        ((), "我要申诉", "action_want_review"),
    ],
)
async def test_appeal_words_lead_there_after_a_decision(
    opened: Scene, steps: tuple[Any, ...], text: str, goes: str
) -> None:
    for one in steps:
        await step(opened, **one)

    told = await opened.run(ActionWantIntervention, intent="ask_intervention", text=text, now=LATER)

    assert told.next == goes


@pytest.fixture
async def begun_anew(opened: Scene) -> Scene:
    """The buyer of JR1 has said 换一件事 and is telling of something else."""
    await opened.cases.start_over("web-1", NOW)
    async with opened.cases.edit("web-1", NOW) as case:
        case.set_types(["seven_day"], NOW)
        case.take("amount", "20.00", at=NOW, message_id="m5")
    return opened


async def earlier(scene: Scene) -> Case:
    found = await scene.cases.show("JR1")
    assert found is not None and found.intervention is not None
    return found


async def test_a_step_in_the_intervention_of_an_earlier_dispute(begun_anew: Scene) -> None:
    before = await begun_anew.case()

    told = await step(begun_anew, asked="fact:shop", **PROPOSE)

    assert told.keys == ["utter_step_propose", "utter_step_earlier"]
    assert {one["number"] for one in told.values.values()} == {"JR1"}
    assert "少 199.00 元" in told.values["utter_step_propose"]["advice"]  # of its own case
    assert told.slots["asked"] == "fact:shop"
    found = await earlier(begun_anew)
    assert (found.intervention.state, found.stage.value) == ("调解", "closed")
    assert await begun_anew.case() == before


@pytest.mark.parametrize(
    ("chosen", "written"), [("accept", "买家接受调解方案"), ("reject", "买家不接受调解方案")]
)
async def test_the_button_below_an_earlier_proposal_answers_that_one(
    begun_anew: Scene, chosen: str, written: str
) -> None:
    await step(begun_anew, **PROPOSE)

    told = await begun_anew.run(
        ActionTakeProposalAnswer,
        intent="answer_button",
        answer={"proposal": chosen, "number": "JR1"},
        asked="fact:shop",
    )

    assert told.values[f"utter_proposal_{chosen}ed"]["number"] == "JR1"
    assert told.slots["asked"] == "fact:shop"
    assert (await earlier(begun_anew)).intervention.history[-1][2] == written


async def test_an_appeal_against_an_earlier_decision(begun_anew: Scene) -> None:
    await step(begun_anew, **RULE)

    told = await begun_anew.run(
        ActionWantReview, intent="answer_button", answer={"review": "wanted", "number": "JR1"}, now=LATER
    )

    assert told.keys == ["utter_review_needs_new"]
    assert "2026年11月29日 10:00" in told.values["utter_review_needs_new"]["appeal"]


@pytest.mark.parametrize(
    ("action", "answer", "said"),
    [
        (ActionTakeProposalAnswer, {"proposal": "accept"}, "utter_proposal_over"),
        (ActionWantReview, {"review": "wanted"}, "utter_review_none"),
    ],
)
@pytest.mark.parametrize("number", ["JR2", "JR9", ""])
async def test_nobody_answers_in_the_intervention_of_another_buyer(
    opened: Scene, action: Any, answer: dict[str, Any], said: str, number: str
) -> None:
    async with opened.cases.edit("web-2", NOW) as case:
        record = Intervention("JR2", "受理", NOW, "说明", [], [], "退货退款", [("受理", NOW, "申请已提交")])
        case.attach_intervention(record, NOW)
    await step(opened, **PROPOSE)

    told = await opened.run(action, intent="answer_button", answer={**answer, "number": number})

    assert (told.keys, told.next) == ([said], "action_next_step")
    assert len(await history(opened)) == 2
    assert (await step(opened, **PROPOSE, number="JR2")).keys == []
    other = await opened.cases.show("JR2")
    assert other is not None and other.intervention is not None and len(other.intervention.history) == 1
