"""The refund form: both sides of every choice, no nudging, once in short before the buyer files."""

from __future__ import annotations

import pytest

from actions.drafts import ActionDraftMessage
from bot.cases.model import Stage
from bot.disputes.rulebook import load_rulebook
from tests.actions.conftest import Scene
from tests.actions.talk import Talk
from tests.actions.test_remedies import case_of

SIGNED = {
    "amount": "88",
    "order_stage": "signed",
    "signed_at": "2026-11-20T00:00:00+08:00",
    "goods_intact": True,
}


async def broken(scene: Scene, stage: Stage = Stage.EVIDENCE) -> Talk:
    known = {"seven_day_supported": True, "problem": "杯口裂了"}
    return await case_of(scene, "quality_visible", stage=stage, **SIGNED, **known)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("退款原因选什么", "return_exchange_request"),
        ("选什么原因好", "out_of_scope"),
        ("仅退款还是退货退款", "return_exchange_request"),
        ("填什么", "out_of_scope"),
        ("退款类型选哪个", "ask_rule_or_deadline"),
        ("申请退款填什么原因", "report_dispute"),
    ],
)
async def test_however_it_is_asked(scene: Scene, text: str, intent: str) -> None:
    talk = await broken(scene)
    talk.asked = "evidence"
    heard = await talk.say(text, intent)

    assert heard.keys == [
        "utter_refund_types",
        "utter_refund_reasons",
        "utter_refund_notes",
        "utter_still_evidence",
    ]
    assert talk.asked == "evidence"
    assert (await scene.case()).facts[
        "problem"
    ].value == "杯口裂了"  # a question tells nothing of what happened


async def test_each_choice_has_its_two_sides_and_the_buyer_chooses(scene: Scene) -> None:
    heard = await (await broken(scene)).say("选什么原因", "ask_rule_or_deadline")

    rules = load_rulebook().policy.form
    for choice in (*rules.types[1:2], *(one for one in rules.reasons if one.id in ("quality", "seven_day"))):
        assert choice.name in heard.text and choice.pros in heard.text and choice.cons in heard.text
    assert "编造质量问题，会有法律责任" in heard.text
    assert "按实付 88.00 元填写" in heard.text and "依据" in heard.text and "补寄（没有少东西" in heard.text
    assert not any(word in heard.text for word in ("建议您选", "推荐", "最好选"))


async def test_in_intake_the_open_question_follows(scene: Scene) -> None:
    talk = await broken(scene, Stage.INTAKE)
    talk.asked = "fact:platform"
    heard = await talk.say("退款原因选什么", "return_exchange_request")

    assert heard.questions == ["platform"] and talk.asked == "fact:platform"


async def to_the_message(scene: Scene, **more: object) -> Talk:
    known = {
        "platform": "taobao",
        "product": "水杯",
        "problem": "杯口裂了",
        "paid_at": "2026-11-15T00:00:00+08:00",
    }
    known |= {
        "order_number": "2512345678901234567",
        "found_at": "2026-11-20T00:00:00+08:00",
        "goods_used": False,
    }
    known |= {"contacted_merchant": False, "demand": "return_refund", "shop": "某店", **more}
    talk = await case_of(scene, "quality_visible", stage=Stage.EVIDENCE, **SIGNED, **known)
    talk.asked = "evidence"
    return talk


async def test_in_short_before_the_message_once(scene: Scene) -> None:
    talk = await to_the_message(scene)
    heard = await talk.press(evidence="done")

    assert heard.keys.index("utter_refund_form_brief") < heard.keys.index("utter_message_draft")
    assert "退货退款、换货、维修" in heard.text and "“质量问题”，要留意" in heard.text
    await talk.say("我再看看", "dont_know")
    again = await scene.run(ActionDraftMessage, intent="answer_button")
    assert "utter_refund_form_brief" not in again.keys


@pytest.mark.parametrize("filed", [True, False])
async def test_whoever_has_filed_or_has_asked_is_not_told(scene: Scene, filed: bool) -> None:
    more = {"refund_requested_at": "2026-11-20T00:00:00+08:00"} if filed else {}
    talk = await to_the_message(scene, **more)
    if not filed:
        await talk.press(refund_form=True)
    heard = await talk.press(evidence="done")

    assert "utter_message_draft" in heard.keys and "utter_refund_form_brief" not in heard.keys
