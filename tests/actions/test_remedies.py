"""What can be claimed: listed with what it would come to, asked about one by one, a multiple to be had only when every
precondition holds; then back."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cases.model import Stage
from tests.actions.conftest import NOW, Scene
from tests.actions.talk import Heard, Talk, meaning

QUESTION = "ask_rule_or_deadline"
IF = "退一赔三：如果成立，是 500.00 元（120.00元的3倍是360.00元，不足500元按500元），连同退款等一共 620.00 元；还要看"
GRANTED = "退一赔三：500.00 元"
TRIPLE = ["consumer_use", "false_statement", "fraud_basis", "relied_on_it", "label_flaw_only"]


async def case_of(scene: Scene, *types: str, stage: Stage = Stage.EVIDENCE, **facts: Any) -> Talk:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(types, NOW)
        for name, value in facts.items():
            case.take(name, value, at=NOW, message_id="m0")
        case.move_to(stage, NOW, "for the test")
    return Talk(scene)


async def fake(scene: Scene, **more: Any) -> Talk:
    facts = {"platform": "taobao", "amount": "120", "order_stage": "signed"}
    return await case_of(scene, "counterfeit", **{**facts, **more})


async def answer_all(talk: Talk, **answers: Any) -> list[Heard]:
    return [await talk.press(**{fact: value}) for fact, value in answers.items()]


async def test_the_list_then_one_question(scene: Scene) -> None:
    talk = await fake(scene)
    heard = await talk.say("能赔多少", QUESTION)

    assert heard.keys[0] == "utter_remedies" and heard.questions == ["consumer_use"]
    assert "还不能确定的" in heard.text and "退一赔三" in heard.text and "平台通常不作裁决" in heard.text
    assert IF in heard.text and GRANTED not in heard.text
    assert "不是承诺" in heard.text and "依据：《消费者权益保护法》第55条" in heard.text
    assert meaning(heard.buttons[-1]) == {"check": "stop"}
    assert talk.asked == "fact:consumer_use"


async def test_every_precondition_is_asked_and_only_then_the_sum_can_be_had(scene: Scene) -> None:
    talk = await fake(scene)
    asked = (await talk.say("能退一赔三吗", QUESTION)).questions
    yes = {"consumer_use": True, "false_statement": True, "fraud_basis": "intent", "relied_on_it": True}
    for fact, value in yes.items():
        heard = await talk.press(**{fact: value})
        asked += heard.questions
        assert len(heard.questions) == 1
        assert GRANTED not in heard.text
    heard = await talk.press(label_flaw_only=False)

    assert asked == TRIPLE
    assert "500.00 元" in heard.text and "620.00 元" in heard.text and "法院" in heard.text
    assert "依据：《消费者权益保护法》第55条" in heard.text and "不能保证" in heard.text
    assert (await scene.case()).facts["fraud_basis"].value == "intent"


@pytest.mark.parametrize(
    ("stage", "asked", "said"),
    [
        (Stage.EVIDENCE, "evidence", "utter_still_evidence"),
        (Stage.NEGOTIATING, "message_sent", "utter_await_merchant"),
        (Stage.INTERVENTION_OPEN, "proposal", None),
    ],
)
async def test_afterwards_the_open_question_comes_back(
    scene: Scene, stage: Stage, asked: str, said: str | None
) -> None:
    talk = await fake(scene, consumer_use=False)
    async with scene.cases.edit("web-1", NOW) as case:
        case.move_to(stage, NOW, "for the test")
    talk.asked = asked
    heard = await talk.say("能退一赔三吗", QUESTION)

    assert "不符合“为自己或家人生活消费购买”，不能要" in heard.text and heard.questions == []
    assert talk.asked == asked
    assert said is None or heard.keys[-1] == said
    assert "check" not in (await scene.case()).dialogue


async def test_in_intake_the_missing_fact_is_asked_again(scene: Scene) -> None:
    talk = await case_of(scene, "counterfeit", stage=Stage.INTAKE, consumer_use=False)
    talk.asked = "fact:platform"
    heard = await talk.say("能退一赔三吗", QUESTION)

    assert heard.questions == ["platform"] and talk.asked == "fact:platform"


async def test_a_failing_precondition_settles_it(scene: Scene) -> None:
    talk = await fake(scene)
    await talk.say("能退一赔三吗", QUESTION)
    heard = await talk.press(consumer_use=False)

    assert heard.keys[0] == "utter_remedy_settled" and "不能要" in heard.text
    assert "false_statement" not in heard.questions and talk.asked == "evidence"


async def test_what_is_skipped_is_never_asked_again(scene: Scene) -> None:
    talk = await fake(scene)
    await talk.say("能退一赔三吗", QUESTION)
    heard = await talk.press(skip="consumer_use")
    assert heard.questions == ["false_statement"]
    await answer_all(talk, false_statement=True, fraud_basis="intent", relied_on_it=True)
    heard = await talk.press(label_flaw_only=False)

    assert "还要看“为自己或家人生活消费购买”" in heard.text and GRANTED not in heard.text
    again = await talk.say("能退一赔三吗", QUESTION)
    assert again.questions == [] and GRANTED not in again.text


async def test_an_exception_left_open_is_named_with_the_sum(scene: Scene) -> None:
    facts = {"consumer_use": True, "false_statement": True, "fraud_basis": "intent", "relied_on_it": True}
    talk = await fake(scene, **facts)
    asked = await talk.say("能退一赔三吗", QUESTION)
    assert asked.questions == ["label_flaw_only"] and GRANTED not in asked.text
    heard = await talk.press(skip="label_flaw_only")

    assert "500.00 元" in heard.text and "还没有排除" in heard.text


@pytest.mark.parametrize("way", ["button", "words"])
async def test_the_buyer_may_stop(scene: Scene, way: str) -> None:
    talk = await fake(scene)
    talk.asked = "evidence"
    await talk.say("能退一赔三吗", QUESTION)
    heard = await talk.press(check="stop") if way == "button" else await talk.say("先不问了", "deny")

    assert heard.keys == ["utter_check_left", "utter_still_evidence"] and talk.asked == "evidence"
    assert "consumer_use" not in (await scene.case()).facts


async def test_a_question_in_between_comes_back_to_the_check(scene: Scene) -> None:
    talk = await fake(scene)
    await talk.say("能退一赔三吗", QUESTION)
    heard = await talk.say("要什么证据", "ask_evidence")

    assert heard.keys[0] == "utter_evidence_again" and heard.questions == ["consumer_use"]


async def test_whoever_turns_to_something_else_has_left_the_check(scene: Scene) -> None:
    talk = await fake(scene)
    await talk.say("能退一赔三吗", QUESTION)
    heard = await talk.say("我要申请客服介入", "ask_intervention")

    assert "consumer_use" not in heard.questions and "check" not in (await scene.case()).dialogue


async def test_a_typed_answer_counts(scene: Scene) -> None:
    talk = await fake(scene)
    await talk.say("能退一赔三吗", QUESTION)
    heard = await talk.say("是的", "affirm")

    assert (await scene.case()).facts["consumer_use"].value is True
    assert "utter_remedy_left" in heard.keys and heard.questions == ["false_statement"]


async def test_a_contradiction_is_asked_first_with_its_reason(scene: Scene) -> None:
    talk = await case_of(
        scene, "presale", stage=Stage.EVIDENCE, amount="300", order_stage="paid", contract_amount="200"
    )
    await talk.say("定金能双倍返还吗", QUESTION)
    heard = await talk.press(deposit_is_earnest=True)
    assert heard.questions == ["deposit_amount"]
    heard = await talk.press(deposit_amount="300")

    assert heard.questions == ["deposit_amount"] and "比“整单应付总额”还多" in heard.text


async def test_shipping_payouts(scene: Scene) -> None:
    paid = "2026-11-15T10:00:00+08:00"
    talk = await case_of(
        scene, "not_shipped", platform="taobao", amount="88", order_stage="paid", paid_at=paid
    )
    heard = await talk.say("48小时不发货可以赔钱吗", QUESTION)

    assert "退货退款或退款：88.00 元" in heard.text and "现在可以提出的" in heard.text
    assert heard.questions == ["promised_ship_at"] or heard.questions == ["force_majeure"]


async def test_ten_times_is_for_food(scene: Scene) -> None:
    talk = await case_of(scene, "quality_visible", amount="88", order_stage="signed")
    first = await talk.say("能赔十倍吗", QUESTION)
    assert first.questions == ["category"] and "十倍" not in first.text.replace("utter", "")
    heard = await talk.press(category="clothing")

    assert "十倍赔偿只针对不符合食品安全标准的食品" in heard.text and heard.questions == []


async def test_food_is_asked_what_the_law_asks(scene: Scene) -> None:
    talk = await case_of(scene, "food", amount="20", order_stage="signed")
    heard = await talk.say("买的牛奶可以赔十倍吗", "report_dispute")
    assert heard.questions == ["food_substandard"]
    answers = {"food_substandard": True, "food_seller_role": "presumed", "consumer_use": True}
    for heard in await answer_all(talk, **answers, label_flaw_only=False, bought_knowingly=False):
        assert "食品退一赔十：1000.00 元" not in heard.text
    heard = await talk.press(skip="loss_amount")

    assert "1000.00 元" in heard.text and "1020.00 元" in heard.text


async def test_what_the_complaint_says_is_not_asked(scene: Scene) -> None:
    talk = await case_of(scene, "food", amount="50", order_stage="signed")
    heard = await talk.say("买的牛奶过期了，可以赔十倍吗", "report_dispute")

    assert heard.questions == ["food_seller_role"] and "“食品不符合食品安全标准”" not in heard.text
    assert "1000.00 元（价款50.00元的10倍是500.00元，不足1000元按1000元）" in heard.text
    assert "1050.00 元" in heard.text
    assert "退货退款或退款：如果成立" in heard.text or "现在可以提出的" not in heard.text


async def test_distress_is_not_for_the_platform(scene: Scene) -> None:
    talk = await fake(scene)
    heard = await talk.say("精神损失费能要吗", QUESTION)

    assert "精神损害和误工等额外损失，平台通常不作裁决" in heard.text and heard.questions == []


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("能赔多少", QUESTION),
        ("我能拿到什么补偿", "reject_seller_offer"),
        ("我要求退一赔三", "ask_intervention"),
        ("假的怎么赔", "report_dispute"),
        ("能赔几倍", "provide_order_info"),
    ],
)
async def test_however_the_question_was_read(scene: Scene, text: str, intent: str) -> None:
    talk = await fake(scene)

    assert "utter_remedies" in (await talk.say(text, intent)).keys


async def test_while_an_offer_is_open_a_bare_demand_answers_it(scene: Scene) -> None:
    talk = await fake(scene, merchant_stance="partial")
    talk.asked = "offer"
    heard = await talk.say("我要三倍赔偿", "reject_seller_offer")

    assert "utter_remedies" not in heard.keys


async def test_a_time_question_stays_one(scene: Scene) -> None:
    talk = await fake(scene)

    assert "utter_remedies" not in (await talk.say("赔付多久到", QUESTION)).keys


async def test_nothing_is_explained_where_fraud_is_suspected(scene: Scene) -> None:
    talk = await case_of(scene, "scam", stage=Stage.SAFETY_STOP)

    assert "utter_remedies" not in (await talk.say("能赔多少", QUESTION)).keys


async def test_the_button(scene: Scene) -> None:
    talk = await fake(scene)
    heard = await talk.press(remedies=True)

    assert heard.keys[0] == "utter_remedies" and heard.questions == ["consumer_use"]


async def test_nobody_is_asked_for_ever(scene: Scene) -> None:
    talk = await fake(scene)
    await talk.say("能退一赔三吗", QUESTION)
    await talk.say("要什么证据", "ask_evidence")
    heard = await talk.say("要什么证据", "ask_evidence")

    assert heard.questions == ["false_statement"] and "utter_check_left_open" in heard.keys
    assert "先放着：法定的惩罚性赔偿只适用于生活消费" in heard.text
    assert "consumer_use" in (await scene.case()).declined


async def test_an_answer_to_something_else_sets_no_count_back(scene: Scene) -> None:
    talk = await fake(scene)
    await talk.say("能退一赔三吗", QUESTION)
    await talk.say("没穿过，吊牌还在", "provide_order_info")
    heard = await talk.say("商家不理我", "seller_unresponsive_or_rude")

    assert "consumer_use" not in heard.questions and "consumer_use" in (await scene.case()).declined


async def test_without_a_price_the_way_it_is_computed_is_told_and_the_price_asked_first(scene: Scene) -> None:
    talk = await case_of(scene, "counterfeit", platform="taobao", order_stage="signed")
    heard = await talk.say("能赔三倍吗", QUESTION)

    assert "退一赔三：如果成立，价款的3倍，不足500元按500元" in heard.text and heard.questions == ["amount"]


async def test_a_complaint_read_as_a_question_is_taken_and_answered(scene: Scene) -> None:
    talk = Talk(scene)
    heard = await talk.say("酸奶收到就过期了，可以要求十倍赔偿吗", QUESTION, types={"food": 0.96})

    assert (await scene.case()).types == ["food"] and heard.questions == ["amount"]
    assert (await scene.case()).facts["problem"].value == "酸奶收到就过期了"


async def test_a_question_before_the_complaint_is_kept_and_answered_with_it(scene: Scene) -> None:
    talk = Talk(scene)
    platform = {"entity": "platform", "value": "京东", "start": 0, "end": 2, "resolved": {"value": "jd"}}
    first = await talk.say("京东买到假货能赔三倍吗", QUESTION, found=[platform])
    assert "utter_rules_without_case" in first.keys
    assert (await scene.case()).facts["platform"].value == "jd"
    heard = await talk.say("鞋子是假的", "report_dispute", types={"counterfeit": 0.9})

    assert "utter_remedies" in heard.keys and heard.questions == ["amount"]
    again = await talk.press(check="stop")
    assert "utter_remedies" not in again.keys
    dialogue = (await scene.case()).dialogue
    assert not {"unanswered", "question", "check"} & dialogue.keys()


async def test_what_was_asked_about_comes_first_and_the_rest_by_name(scene: Scene) -> None:
    talk = await fake(scene)
    heard = await talk.say("能赔三倍吗", QUESTION)

    assert "退一赔三：如果成立" in heard.text and "往返运费：" not in heard.text
    assert "此外还可能有：" in heard.text and "往返运费" in heard.text


async def test_answers_in_a_whole_sentence_are_taken_and_stay_out_of_the_account(scene: Scene) -> None:
    talk = await fake(scene, problem="专柜说是假的")
    await talk.say("能赔三倍吗", QUESTION)
    await talk.say("有，详情页写的正品", "report_dispute")
    await talk.say("不想聊赔偿了，先往下走", "nlu_fallback")

    facts = (await scene.case()).facts
    assert facts["problem"].value == "专柜说是假的"
    assert "check" not in (await scene.case()).dialogue


@pytest.mark.parametrize(("platform", "named"), [("taobao", False), ("jd", True)])
async def test_the_rules_of_another_platform_are_not_told(scene: Scene, platform: str, named: bool) -> None:
    talk = await fake(scene, platform=platform)
    heard = await talk.say("运费谁出", QUESTION)

    assert ("京东" in heard.text) is named
