"""Questions about time, testing and blame: how long the others take, what must not be missed, who proves, who pays."""

from __future__ import annotations

from typing import Any

import pytest

from bot.cases.model import Stage
from bot.disputes.safety import safe_to_say
from tests.actions.conftest import NOW, Scene
from tests.actions.talk import Talk

QUESTION, PROGRESS = "ask_rule_or_deadline", "ask_progress"
RETURNED = {
    "platform": "taobao",
    "order_stage": "signed",
    "returned_at": "2026-11-12T00:00:00+08:00",
    "return_signed_at": "2026-11-15T00:00:00+08:00",
}


async def case_of(scene: Scene, *types: str, **facts: Any) -> Talk:
    async with scene.cases.edit("web-1", NOW) as case:
        case.set_types(types, NOW)
        for name, value in facts.items():
            case.take(name, value, at=NOW, message_id="m0")
        case.move_to(Stage.EVIDENCE, NOW, "for the test")
    return Talk(scene)


@pytest.mark.parametrize(
    ("text", "intent"),
    [
        ("多长时间能退", QUESTION),
        ("到底要等多久啊", PROGRESS),
        ("要多久啊", "nlu_fallback"),
        ("钱什么时候到账", PROGRESS),
        ("多久能退啊", "return_exchange_request"),
        ("平台多久处理", "ask_intervention"),
    ],
)
async def test_what_the_seller_still_has_to_do(scene: Scene, text: str, intent: str) -> None:
    talk = await case_of(scene, "refund_withheld", **RETURNED)
    heard = await talk.say(text, intent)

    assert "utter_waits" in heard.keys and "份证据" not in heard.text
    assert "卖家确认收到退货：2026年11月22日" in heard.text
    assert "无理由退货返还货款：2026年11月23日 24:00 前（《消费者权益保护法》第25条）" in heard.text
    assert "平台作出判定：双方举证期满后 6 个工作日" in heard.text
    assert "不是保证" in heard.text and safe_to_say(heard.text) is None


async def test_before_anything_is_asked_for_the_steps_to_come(scene: Scene) -> None:
    talk = await case_of(
        scene, "counterfeit", platform="tmall", order_stage="signed", signed_at="2026-11-20T00:00:00+08:00"
    )
    heard = await talk.say("要多久啊", QUESTION)

    assert "申请退款后 48 小时" in heard.text and "退货寄出后 10 天" in heard.text
    assert "您自己最近的期限：质量不合格退货" in heard.text
    assert "质量异议通知" not in heard.text and "2028年" not in heard.text


async def test_no_time_is_made_up_for_a_platform_without_one(scene: Scene) -> None:
    talk = await case_of(scene, "counterfeit", platform="pdd", order_stage="signed")
    heard = await talk.say("要多久啊", QUESTION)

    assert "这个平台的规则我没有核到，请看订单页的倒计时" in heard.text and "48 小时" not in heard.text


async def test_a_story_with_the_word_is_no_question_of_time(scene: Scene) -> None:
    talk = await case_of(scene, "not_shipped", platform="taobao", order_stage="paid")
    heard = await talk.say("都不知道等了多久了，商家一直不发货，客服也不理人", "report_dispute")

    assert "utter_waits" not in heard.keys


@pytest.mark.parametrize("text", ["还有多久可以申请啊", "是不是有48小时", "还来得及吗"])
@pytest.mark.parametrize(("platform", "label"), [("pdd", "拼多多"), ("douyin", "抖音")])
async def test_fresh_goods_where_the_platform_has_no_table(
    scene: Scene, platform: str, label: str, text: str
) -> None:
    talk = await case_of(
        scene, "fresh", platform=platform, order_stage="signed", signed_at="2026-11-20T00:00:00+08:00"
    )
    heard = await talk.say(text, QUESTION)
    urgent = heard.text.index("别的平台一般要求签收后 48 小时内反馈")

    assert (
        f"{label}的具体时间我这里没有核到，请马上看订单页" in heard.text
        and "依据：平台常用时限" in heard.text
    )
    assert urgent < heard.text.index("质量不合格退货")
    assert safe_to_say(heard.text) is None


@pytest.mark.parametrize(
    ("types", "facts"),
    [
        (("fresh",), {"platform": "taobao"}),
        (("fresh",), {"platform": "jd"}),
        (("fresh",), {}),
        (("quality_visible",), {"platform": "pdd"}),
        (("fresh",), {"platform": "pdd", "page_deadline_at": "2026-11-22T00:00:00+08:00"}),
    ],
)
async def test_no_other_platform_is_named_where_it_is_not_needed(
    scene: Scene, types: tuple[str, ...], facts: dict[str, str]
) -> None:
    talk = await case_of(scene, *types, order_stage="signed", signed_at="2026-11-20T00:00:00+08:00", **facts)

    assert "别的平台" not in (await talk.say("还有多久可以申请啊", QUESTION)).text


@pytest.mark.parametrize(
    ("text", "intent"),
    [("鉴定费谁出", QUESTION), ("检测要我出钱吗", "report_dispute"), ("检测要我出钱吗", "ask_evidence")],
)
async def test_who_pays_for_a_test(scene: Scene, text: str, intent: str) -> None:
    talk = await case_of(scene, "counterfeit", platform="taobao", amount="399", order_stage="signed")
    heard = await talk.say(text, intent)

    assert "检测费由商家承担。（依据：《淘宝平台争议处理规则》第71条）" in heard.text
    assert "由双方协商。（依据：《淘宝平台争议处理规则》第72条）" in heard.text
    assert "现在该由商家举证" in heard.text and "京东" not in heard.text
    assert safe_to_say(heard.text) is None


async def test_who_pays_for_a_test_is_not_made_up(scene: Scene) -> None:
    talk = await case_of(scene, "fresh", platform="pdd", order_stage="signed")
    heard = await talk.say("检测要我出钱吗", QUESTION)

    assert "我没有核到" in heard.text and "淘宝" not in heard.text and "12315" in heard.text
    assert safe_to_say(heard.text) is None


@pytest.mark.parametrize(
    "intent", [QUESTION, "report_dispute", "seller_unresponsive_or_rude", "nlu_fallback"]
)
async def test_whose_fault_it_is(scene: Scene, intent: str) -> None:
    talk = await case_of(scene, "counterfeit", platform="taobao", amount="399", order_stage="signed")
    heard = await talk.say("这算商家的责任不", intent)

    assert "utter_whose_fault" in heard.keys and "utter_heard" not in heard.keys
    assert "不能替平台判断" in heard.text and "现在该由商家举证：来源凭证" in heard.text
    assert "按规则，这类情况一般是" in heard.text


async def test_what_the_merchant_holds_of_it_is_no_question(scene: Scene) -> None:
    talk = await case_of(scene, "counterfeit", platform="taobao", order_stage="signed")
    heard = await talk.say("商家说是快递的责任", "report_dispute")

    assert "utter_whose_fault" not in heard.keys
