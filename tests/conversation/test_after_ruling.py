"""One dispute from the opening to the way outside: a rejected ruling, new evidence, the appeal, the final word, 12315."""

from __future__ import annotations

import json

import pytest

from bot.cases.drafts import drafts_of
from bot.cases.export import to_json, to_text
from bot.cases.memory_store import MemoryCaseStore, NoDatabase
from bot.cases.model import EvidenceItem, Stage
from bot.cases.service import CaseService
from bot.disputes.safety import safe_to_say
from tests.actions.conftest import NOW, services_of
from tests.conversation.talk import Talk

READY = {
    "platform": "tmall",
    "product": "运动鞋",
    "amount": "299.00",
    "order_number": "2512345678901234567",
    "order_stage": "signed",
    "paid_at": "2026-11-15",
    "signed_at": "2026-11-18",
    "found_at": "2026-11-18",
    "goods_used": False,
    "problem": "鞋底前掌开胶",
    "demand": "return_refund",
    "contacted_merchant": True,
    "contacted_at": "2026-11-18T20:00:00+08:00",
    "merchant_stance": "deny",
    "merchant_reply": "人为损坏不退",
}


@pytest.fixture
async def talk() -> Talk:
    cases = CaseService(MemoryCaseStore(), NoDatabase())
    async with cases.edit("web-1", NOW) as case:
        case.set_types(["quality_visible"], NOW)
        for name, value in READY.items():
            case.take(name, value, at=NOW, message_id="m0")
        case.add_evidence(EvidenceItem("e0", "E08", "开胶.jpg", "image/png", 1, "sha0", "e0", NOW), NOW)
        case.acknowledge_gaps(NOW)
        case.move_to(Stage.INTERVENTION_READY, NOW, "test")
    return Talk(services_of(cases), NOW)


async def opened(talk: Talk) -> str:
    said = await talk.say("申请客服介入", "ask_intervention")
    assert "这件事适合走订单页面的客服介入" in said
    await talk.press("确认提交")
    found = (await talk.case()).intervention
    assert found is not None
    return found.number


async def desk(talk: Talk, number: str, **step: str) -> str:
    return await talk.event("intervention_step", number=number, **step)


async def test_from_a_rejected_ruling_to_the_complaint(talk: Talk) -> None:
    number = await opened(talk)

    said = await desk(talk, number, kind="rule", result="rejected", note="照片看不出问题")
    assert "不支持您的诉求" in said and "有没有之前没交给平台的新证据" in said
    assert talk.asked == "fact:new_evidence"

    said = await talk.say("什么算新证据", "ask_evidence")  # a question in between
    assert talk.asked == "fact:new_evidence" and "有没有之前没交给平台的新证据" in said
    said = await talk.press("没有")
    assert said.count("现在要做的一件事") == 1 and "建议和商家协商" in said

    said = await talk.upload("检测报告.pdf", "E10")
    assert "带着新证据先联系商家" in said

    said = await talk.press("写申诉稿")
    assert "还没有提出" in said and "证据 2（质检或鉴定报告）" in said
    assert "已记下您要申诉" not in said
    said = await talk.press("确认提出申诉")
    assert "已记下您要申诉复审（新证据：质检或鉴定报告）" in said

    said = await desk(talk, number, kind="open_review")
    assert "复审已受理" in said
    said = await talk.say("怎么还没结果", "ask_progress")
    assert "复审还在进行" in said

    said = await desk(talk, number, kind="decide_review", result="rejected")
    assert "平台内的最终结果" in said
    assert "有没有被 12315、消协或法院处理过" in said
    said = await talk.press("没有")
    assert "12315 投诉：现在先走这一步" in said and "一次只走一步" in said
    assert "不要向平台声明" not in said and "中止处理" not in said

    said = await talk.press("写12315投诉")
    assert "退还货款 299.00 元" in said and "我没有替您提交" in said and "真实姓名和联系电话" in said

    case = await talk.case()
    assert [one.kind for one in drafts_of(case)] == ["appeal", "complaint"]
    assert "12315 投诉稿" in to_text(case)
    assert "draft.complaint" in json.dumps(to_json(case), ensure_ascii=False)
    said = await talk.say("还能怎么办", "ask_rule_or_deadline")
    assert "12315 投诉：现在先走这一步" in said


async def test_the_merchants_proof_is_answered_and_news_is_asked_for_once(talk: Talk) -> None:
    number = await opened(talk)

    said = await talk.say("怎么还没结果啊", "ask_progress")
    assert "还没到可以询问的时候" in said
    said = await desk(talk, number, kind="ask_evidence", note="商家提交了质检照片，称是人为损坏。请回应")
    assert "对商家举证的意见" in said and "关于“是人为或使用造成的”" in said

    said = await talk.say("我能不能直接去法院起诉", "ask_rule_or_deadline")
    assert "有没有和商家签过仲裁协议" in said
    said = await talk.press("没有")
    assert "先等它的结果" in said and "中止处理" in said

    assert [one.kind for one in drafts_of(await talk.case())] == ["rebuttal"]


async def test_what_is_said_may_be_said(talk: Talk) -> None:
    """No text of these is replaced on its way out."""
    number = await opened(talk)
    told = [await desk(talk, number, kind="rule", result="partly", note="只退一半")]
    told += [
        await talk.press("没有"),
        await talk.say("我要去12315", "ask_intervention"),
        await talk.press("没有"),
    ]
    told += [await talk.press("写12315投诉"), await talk.say("起诉状怎么写", "ask_rule_or_deadline")]

    assert [one for one in told if safe_to_say(one) is not None] == []
