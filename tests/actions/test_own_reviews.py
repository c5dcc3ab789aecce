"""Disputes about a review: the five questions one by one, the result as an older rule, trades and etiquette."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cases.model import Stage
from tests.actions.conftest import Scene
from tests.actions.talk import Heard, Talk
from tests.actions.test_remedies import case_of

FIVE = ["review_insults", "same_trade", "review_threat", "review_only_logistics", "review_deal_void"]
ASKED = "这算恶意差评吗"


async def check(talk: Talk, **answers: Any) -> Heard:
    """Ask, then answer all five with no, or as given ("skip" = 不清楚)."""
    heard = await talk.say(ASKED, "report_dispute")
    seen = list(heard.questions)
    for fact in FIVE:
        value = answers.get(fact, False)
        heard = await (talk.press(skip=fact) if value == "skip" else talk.press(**{fact: value}))
        seen += heard.questions
    assert seen[:5] == FIVE
    return heard


async def test_five_questions_one_at_a_time_then_the_result_and_back(scene: Scene) -> None:
    talk = await case_of(scene, "review")
    talk.asked = "evidence"
    heard = await check(talk)

    assert heard.keys == ["utter_review_result", "utter_review_rules", "utter_still_evidence"]
    assert "五条都不符合" in heard.text and "旧版规则，现行措辞没有核对到" in heard.text
    assert "依据" in heard.text and "平台不得删除消费者的评价" in heard.text
    assert talk.asked == "evidence"


async def test_what_is_met_is_named_with_what_to_mend_and_what_the_law_says(scene: Scene) -> None:
    heard = await check(await case_of(scene, "review"), review_threat=True, review_deal_void=True)

    assert "有符合的情形" in heard.text and "把评价和退款分开" in heard.text
    assert "与法律有不一致" in heard.text and "不要拿差评、曝光当作谈判筹码" in heard.text


async def test_what_is_not_known_is_not_decided(scene: Scene) -> None:
    heard = await check(await case_of(scene, "review"), same_trade="skip")

    assert heard.keys[0] == "utter_review_result_unsure"
    assert "没有弄清的：经营同类商品" in heard.text and "不予受理" not in heard.text


async def test_after_intake_the_check_comes_by_itself_and_once(scene: Scene) -> None:
    known = {"platform": "taobao", "product": "水杯", "order_stage": "signed", "refunded_in_full": False}
    known |= {
        "order_number": "2512345678901234567",
        "paid_at": "2026-11-01T00:00:00+08:00",
        "problem": "评价被投诉",
    }
    talk = await case_of(scene, "review", stage=Stage.INTAKE, **known, contacted_merchant=False)
    talk.asked = "fact:demand"
    heard = await talk.press(demand="apology")
    assert heard.keys[-2:] == ["utter_review_check", "utter_ask_review_insults"]
    for fact in FIVE:
        heard = await talk.press(**{fact: False})

    assert "utter_review_result" in heard.keys and "utter_evidence_list" in heard.keys
    assert heard.keys.index("utter_review_result") < heard.keys.index("utter_evidence_list")
    assert "utter_review_check" not in (await talk.say("要什么证据", "ask_evidence")).keys


async def test_other_disputes_are_told_the_rules_only(scene: Scene) -> None:
    talk = await case_of(scene, "quality_visible")
    heard = await talk.say("给差评会影响退款不", "ask_rule_or_deadline")

    assert heard.keys == ["utter_review_rules", "utter_still_evidence"]


async def test_whoever_is_accused_is_taken_through_it_in_any_dispute(scene: Scene) -> None:
    talk = await case_of(scene, "quality_visible")

    assert (await talk.say("会不会算我恶意差评", "ask_rule_or_deadline")).questions == FIVE[:1]


@pytest.mark.parametrize("text", ["商家让我删差评才退款", "要我先给五星好评才退钱"])
async def test_a_refund_for_a_review_is_answered_once(scene: Scene, text: str) -> None:
    talk = await case_of(scene, "review", stage=Stage.INTAKE)
    talk.asked = "fact:platform"
    first, second = [await talk.say(text, "report_dispute") for _ in range(2)]

    assert "不要接受先删评后退款" in first.text and "不要接受先删评后退款" not in second.text
    assert first.questions == ["platform"]


async def test_etiquette_only_after_a_full_refund_and_never_as_a_duty(scene: Scene) -> None:
    talk = await case_of(scene, "review")
    before = await talk.say("要不要删差评", "ask_rule_or_deadline")
    assert "礼节" not in before.text
    for fact in FIVE:
        await talk.press(**{fact: False})
    heard = await talk.say("商家全额退款了，我要删差评吗", "ask_rule_or_deadline")

    assert (await scene.case()).facts["refunded_in_full"].value is True
    assert "礼节" in heard.text and "完全自愿" in heard.text


async def test_a_supposed_refund_is_none(scene: Scene) -> None:
    talk = await case_of(scene, "review")
    await talk.say("如果全额退款了要不要删差评", "ask_rule_or_deadline")

    assert "refunded_in_full" not in (await scene.case()).facts


async def test_within_the_check_claims_are_answered_and_the_first_question_comes_back(scene: Scene) -> None:
    talk = await case_of(scene, "review")
    talk.asked = "evidence"
    await talk.say(ASKED, "report_dispute")
    heard = await talk.say("能赔多少", "ask_rule_or_deadline")

    assert heard.keys == ["utter_remedies_none", "utter_still_evidence"] and talk.asked == "evidence"
