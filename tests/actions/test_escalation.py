"""What else can be done: one way at a time, why not the others, the texts to copy; and back to what was open."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import pytest

from actions.complaint import ActionTakeComplaint
from actions.escalation import ActionShowWays
from actions.intake import ActionTakeAnswer
from actions.intervention import ActionWantIntervention
from actions.intervention_steps import ActionInterventionStep
from actions.letters import ActionDraftLetter
from actions.merchant_reply import ActionTakeMerchantReply
from actions.questions import ActionExplainRules
from actions.ways_words import asks_ways, named_way, wanted_letter
from bot.cases.drafts import drafts_of
from bot.cases.model import Intervention, Stage
from tests.actions.conftest import NOW, Said, Scene

FACTS = {
    "platform": "tmall",
    "product": "运动鞋",
    "amount": "299.00",
    "order_stage": "signed",
    "problem": "鞋底开胶",
    "demand": "return_refund",
    "handled_elsewhere": "none",
}
DECIDED = {"ruling": "rejected", "new_evidence": False, "confirmed_when_filed": False}


async def case_of(
    scene: Scene,
    *,
    stage: Stage = Stage.NEGOTIATING,
    types: tuple[str, ...] = ("quality_visible",),
    **facts: Any,
) -> Scene:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(types, NOW)
        for name, value in {**FACTS, **facts}.items():
            if value is not None:
                case.take(name, value, at=NOW, message_id="m0")
        if stage in (Stage.INTERVENTION_OPEN, Stage.EVIDENCE_PERIOD, Stage.DECIDED):
            state = {Stage.DECIDED: "判决", Stage.EVIDENCE_PERIOD: "双方举证"}.get(stage, "受理")
            record = Intervention("JR1", state, NOW, "说明", [], [], "退货退款", [(state, NOW, "申请已提交")])
            case.attach_intervention(record, NOW)
        case.move_to(stage, NOW, "test")
    return scene


async def ways(scene: Scene, text: str = "", *, asked: str | None = "offer", **answer: Any) -> Said:
    given = answer or None
    intent = "answer_button" if given else "ask_rule_or_deadline"
    return await scene.run(ActionShowWays, intent=intent, text=text, answer=given, asked=asked)


def titles(told: Said) -> list[str]:
    return [one["title"] for one in told.values["utter_ways_rest"]["buttons"]]


@pytest.mark.parametrize(
    ("text", "asking", "is_asked"),
    [
        ("那还能怎么办", False, True),
        ("我要去12315投诉", False, True),
        ("可以起诉吗", False, True),
        ("帮我写12315投诉信", False, True),
        ("12315", True, True),
        ("投诉平台客服", True, True),
        ("再不退款我就去法院起诉商家", False, False),
        ("商家说让我去法院告他", True, False),
        ("七天无理由要多久", True, False),
        ("鞋底开胶了", True, False),
    ],
)
def test_which_messages_ask_for_another_way(text: str, asking: bool, is_asked: bool) -> None:
    assert asks_ways(text, asking=asking) is is_asked


@pytest.mark.parametrize(
    ("text", "way", "letter"),
    [
        ("怎么打12315", "X2", None),
        ("12315举报怎么写", "X3", "report"),
        ("去消协有用吗", "X4", None),
        ("起诉状怎么写", "X8", "pleading"),
        ("帮我写一份12315投诉", "X2", "complaint"),
        ("要不要报警", "X9", None),
        ("投诉平台客服", "X1", None),
        ("还能怎么办", None, None),
    ],
)
def test_which_way_and_which_text(text: str, way: str | None, letter: str | None) -> None:
    assert (named_way(text), wanted_letter(text)) == (way, letter)


@pytest.mark.parametrize(
    ("action", "intent", "text", "stage", "goes"),
    [
        (ActionExplainRules, "ask_rule_or_deadline", "12315多久处理", Stage.NEGOTIATING, True),
        (ActionWantIntervention, "ask_intervention", "我要打12315", Stage.NEGOTIATING, True),
        (ActionTakeComplaint, "report_dispute", "太气人了，我要去起诉", Stage.DECIDED, True),
        (ActionTakeComplaint, "report_dispute", "鞋底开胶，我要去起诉", Stage.INTAKE, False),
        (ActionTakeAnswer, "provide_order_info", "还有什么办法", Stage.DECIDED, True),
        (ActionExplainRules, "ask_rule_or_deadline", "举证要多久", Stage.NEGOTIATING, False),
    ],
)
async def test_questions_find_their_way_there(
    scene: Scene, action: Any, intent: str, text: str, stage: Stage, goes: bool
) -> None:
    await case_of(scene, stage=stage)

    told = await scene.run(action, intent=intent, text=text)

    assert (told.next == "action_show_ways") is goes


async def test_without_a_dispute_nothing_can_be_said_yet(scene: Scene) -> None:
    told = await ways(scene, "12315怎么投诉")

    assert (told.keys, told.next) == (["utter_ways_without_case"], "action_next_step")


async def test_while_the_platform_can_decide_nothing_outside_is_next(scene: Scene) -> None:
    await case_of(scene)

    told = await ways(scene, "还能怎么办")

    assert told.keys == ["utter_ways_wait", "utter_ways_rest"]
    assert "平台还能处理" in told.values["utter_ways_wait"]["why"]
    assert (told.slots["asked"], told.next) == ("offer", "action_ask_again")


async def test_the_next_way_with_all_it_takes(scene: Scene) -> None:
    await case_of(scene, stage=Stage.DECIDED, **DECIDED)
    async with scene.cases.edit("web-1", NOW) as case:
        case.dialogue["ruling_told"] = "before_none"

    told = await ways(scene, "还能怎么办")

    assert told.keys == ["utter_way", "utter_ways_rest"]
    said = told.values["utter_way"]
    assert (said["name"], said["place"]) == ("12315 投诉", "现在先走这一步")
    for label in ("去哪里", "怎么办", "带什么", "时限", "费用", "结果"):
        assert f"· {label}：" in said["rows"]
    assert "《市场监督管理投诉举报处理办法》" in said["sources"]
    rest = told.values["utter_ways_rest"]["rest"]
    assert "12315 投诉：" not in rest
    assert "消费者协会或人民调解：先看“12315 投诉”的结果" in rest
    assert titles(told)[0] == "写12315投诉"


async def test_what_follows_the_ruling_inside_the_platform_comes_first(scene: Scene) -> None:
    await case_of(scene, stage=Stage.DECIDED, ruling="supported")

    assert (await ways(scene, "还能怎么办")).next == "action_after_ruling"
    told = await ways(scene, way="other")
    assert told.next == "action_after_ruling"  # not told yet
    async with scene.cases.edit("web-1", NOW) as case:
        case.dialogue["ruling_told"] = "supported"
    told = await ways(scene, way="other")
    assert "先做判决之后的那一步，平台支持了您的诉求" in told.values["utter_ways_wait"]["why"]


async def test_the_fact_that_decides_is_asked_first_and_the_open_question_comes_back(scene: Scene) -> None:
    await case_of(scene, handled_elsewhere=None)

    told = await ways(scene, "12315怎么投诉", asked="offer")
    assert told.keys == ["utter_ways_ask_first", "utter_ask_handled_elsewhere"]
    assert told.slots["asked"] == "fact:handled_elsewhere"

    answer = {"handled_elsewhere": "association"}
    asked = "fact:handled_elsewhere"
    taken = await scene.run(ActionTakeAnswer, intent="answer_button", answer=answer, asked=asked)
    assert taken.next == "action_show_ways"
    told = await scene.run(ActionShowWays, intent="answer_button", answer=answer, asked=asked)
    assert told.keys == ["utter_way_shut", "utter_ways_rest"]
    assert "消协已经处理过" in told.values["utter_way_shut"]["why"]
    assert (told.slots["asked"], told.next) == ("offer", "action_ask_again")


async def test_a_way_for_another_kind_of_trouble_is_no_way(scene: Scene) -> None:
    await case_of(scene)

    told = await ways(scene, "我要举报")

    assert told.keys[0] == "utter_way_shut"
    assert "违法线索" in told.values["utter_way_shut"]["why"]


@pytest.mark.parametrize(
    ("stage", "facts", "warned"),
    [
        (Stage.NEGOTIATING, {}, False),
        (Stage.EVIDENCE_PERIOD, {}, True),
        (Stage.EVIDENCE_PERIOD, {"court_told_at": "2026-11-20"}, False),
        (Stage.DECIDED, DECIDED, False),
    ],
)
async def test_the_suspension_trap_is_told_while_the_platform_decides(
    scene: Scene, stage: Stage, facts: dict[str, Any], warned: bool
) -> None:
    await case_of(scene, stage=stage, arbitration_clause=False, **facts)

    told = await ways(scene, "我想起诉")

    assert ("utter_ways_trap" in told.keys) is warned


@pytest.mark.parametrize(
    ("kind", "types", "said", "holds", "blank"),
    [
        ("complaint", ("quality_visible",), "utter_letter", "投诉请求", "真实姓名和联系电话"),
        ("report", ("counterfeit",), "utter_letter", "涉嫌销售假冒商品", "姓名和联系方式"),
        ("report", ("quality_visible",), "utter_letter_refused", "", ""),
        ("pleading", ("quality_visible",), "utter_letter", "要素式起诉状提纲", "收货地的基层人民法院"),
        ("rebuttal", ("quality_visible",), "utter_letter", "对商家举证的意见", "商家在举证里的说法"),
    ],
)
async def test_texts_to_copy_are_kept_and_their_blanks_named(
    scene: Scene, kind: str, types: tuple[str, ...], said: str, holds: str, blank: str
) -> None:
    await case_of(scene, types=types)

    told = await scene.run(ActionDraftLetter, intent="answer_button", answer={"letter": kind}, asked="offer")

    assert told.keys[0] == said
    assert (told.slots["asked"], told.next) == ("offer", "action_ask_again")
    kept = drafts_of(await scene.case())
    if said == "utter_letter_refused":
        assert kept == []
        return
    assert holds in told.values["utter_letter"]["text"]
    assert blank in told.values["utter_letter_next"]["blanks"]
    assert [(one.kind, one.text) for one in kept] == [(kind, told.values["utter_letter"]["text"])]
    assert blank in kept[0].blanks


async def test_a_wish_for_the_text_shows_the_way_and_writes_it(scene: Scene) -> None:
    await case_of(scene)

    told = await ways(scene, "帮我写12315投诉信")
    assert told.next == "action_draft_letter"

    told = await scene.run(ActionDraftLetter, text="帮我写12315投诉信", asked="offer")
    assert (told.keys, told.slots["asked"]) == (["utter_letter", "utter_letter_next"], "offer")


@pytest.mark.parametrize(
    ("note", "goes", "theirs"),
    [
        ("商家提交了出库照片，称是人为损坏。请回应", "action_draft_letter", "提交了出库照片，称是人为损坏"),
        ("照片太糊，请重新拍", "action_listen", None),
    ],
)
async def test_the_merchants_proof_gets_an_answer(
    scene: Scene, note: str, goes: str, theirs: str | None
) -> None:
    await case_of(scene, stage=Stage.INTERVENTION_OPEN)
    answer = {"number": "JR1", "kind": "ask_evidence", "note": note, "items": ["原图"]}

    told = await scene.run(
        ActionInterventionStep, intent="intervention_step", answer=answer, now=NOW + timedelta(hours=1)
    )

    assert told.next == goes
    case = await scene.case()
    assert [one.theirs for one in case.rounds] == ([theirs] if theirs else [])
    if theirs:
        assert [one.actor for one in case.audit if one.what == "round.added"] == ["desk"]


@pytest.mark.parametrize(
    ("stage", "text", "goes"),
    [
        (Stage.EVIDENCE_PERIOD, "商家说是我自己穿坏的", "action_draft_letter"),
        (Stage.EVIDENCE_PERIOD, "商家说退我50元", "action_judge_reply"),
        (Stage.NEGOTIATING, "商家说是我自己穿坏的", "action_judge_reply"),
    ],
)
async def test_the_merchants_words_during_the_intervention(
    scene: Scene, stage: Stage, text: str, goes: str
) -> None:
    await case_of(scene, stage=stage)

    told = await scene.run(ActionTakeMerchantReply, intent="merchant_reply", text=text)

    assert told.next == goes
