"""What speaks for a person: threats with the law, large sums, not being understood."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.cases.model import Case
from bot.disputes.facts import SHANGHAI
from bot.handoff.hours import DeskPolicy, OfficeHours
from bot.handoff.model import Disposition, Reason
from bot.handoff.reasons import (
    DISPOSITIONS,
    LABELS,
    is_high_amount,
    legal_threat,
    misunderstood,
    reason_label,
)

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
POLICY = DeskPolicy(OfficeHours(), timedelta(minutes=10), Decimal("5000"))


@pytest.mark.parametrize(
    "text",
    [
        "我要起诉你们",
        "再不退款我就去法院起诉",
        "再不退钱，我就起诉商家",
        "法院见！",
        "我们法庭上见吧",
        "等着收律师函吧",
        "我已经找了律师，明天就给你们发律师函",
        "我的律师会联系你们",
        "我要去法院告你们",
        "不退钱就告上法庭",
        "再拖我就曝光你们",
        "我要曝光这家店铺，曝光他们",
        "我这就找媒体曝光",
        "我认识记者，马上找记者来",
        "信不信我找电视台",
        "我直接发到抖音上",
        "你们等着，我发到网上让大家看看",
        "把你们曝光到网上",
        "我是律师，你们考虑清楚",
        "你們再不退款我就起訴你們",
        "你们到底退不退？不退我就去起诉你们",
        "能不能退？不能退我就曝光你们",
        "我一定要打官司",
        "我就发抖音让大家都看看",
        "12315投诉再加起诉你们",
        "请好律师跟你们谈",
    ],
)
def test_a_threat(text: str) -> None:
    assert legal_threat(text)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "怎么起诉商家",
        "可以起诉商家吗",
        "起诉商家需要什么材料",
        "我想起诉商家，要准备哪些证据？",
        "我要起诉商家，流程是什么",
        "去法院起诉费用多少钱",
        "要不要找律师处理",
        "律师函怎么写",
        "商家说要起诉我",
        "商家威胁说要曝光我",
        "收到商家发来的律师函",
        "他们给我发了律师函，我该怎么办",
        "商家说让我去法院起诉他们",
        "我不想打官司，只想退款",
        "我不会去法院起诉，太麻烦",
        "朋友建议我找律师处理",
        "在抖音上买的",
        "我是在抖音直播间买的，主播说是正品",
        "商家发到网上的图片和实物不一样",
        "发到微信上的链接打不开",
        "可以打12315投诉吗",
        "我要投诉商家",
        "媒体播放器坏了",
        "律师事务所的资料打印错了",
        "我告诉你们了，杯子是碎的",
        "法院拍卖买的车",
        "这台相机曝光不准",
        "我告诉他了",
        "我去工商局告他",
        "平台不作为我要去12315告你们平台",
        "虚假广告你们管不管",
        "我把照片发到网上的网盘里了",
        "商家让我发朋友圈集赞才返现",
    ],
)
def test_no_threat(text: str) -> None:
    assert not legal_threat(text)


@pytest.mark.parametrize(
    ("amount", "high"), [("4999.99", False), ("5000.00", True), ("12000.00", True), (None, False)]
)
def test_a_large_sum(amount: str | None, high: bool) -> None:
    case = Case.new("web-a", NOW)
    if amount is not None:
        case.take("amount", amount, at=NOW, message_id="m1")

    assert is_high_amount(case, POLICY) is high


def test_without_a_case_there_is_no_sum() -> None:
    assert not is_high_amount(None, POLICY)


@pytest.mark.parametrize(("times", "enough"), [(0, False), (2, False), (3, True), (7, True)])
def test_not_understood(times: int, enough: bool) -> None:
    assert misunderstood(times, POLICY) is enough


def test_everything_has_a_chinese_name() -> None:
    assert set(LABELS) == set(Reason)
    assert set(DISPOSITIONS) == set(Disposition)
    assert reason_label(Reason.LEGAL_THREAT) == "法律威胁"
