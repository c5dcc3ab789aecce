"""A case for outside: complete JSON, and a page an agent can read."""

from __future__ import annotations

import json
from dataclasses import fields
from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.cases.export import to_json, to_text
from bot.cases.model import Case, DeadlineRecord, EvidenceItem, Intervention, Stage
from bot.disputes.facts import SHANGHAI

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def case() -> Case:
    case = Case.new("c1", NOW)
    case.set_types(["damaged"], NOW)
    case.take("amount", "120.5", at=NOW, message_id="m1")
    case.take("amount", "199", at=NOW, message_id="m2")
    case.take("goods_used", False, at=NOW, message_id="m3", origin="button")
    case.take("order_stage", "signed", at=NOW, message_id=None, origin="rule")
    case.decline("signed_at", NOW)
    case.add_evidence(
        EvidenceItem("f1", "E08", "杯子.jpg", "image/jpeg", 1234, "ab" * 32, "x/f1.jpg", NOW, "m4"), NOW
    )
    case.add_round(
        NOW, ours="请退货退款", theirs="只退 20", stance="partial", offer=Decimal("20"), message_id="m5"
    )
    case.set_deadlines(
        [
            DeadlineRecord(
                "T-1", "举证期", "platform", NOW + timedelta(days=3), None, "逾期视为放弃", ("tb-65",)
            ),
            DeadlineRecord("L-1", "退货期", "statutory", None, "signed_at"),
        ],
        NOW,
    )
    history = [("受理", NOW, "申请已提交")]
    made = Intervention("JR20261121-K7QX4M", "受理", NOW, "杯子破损。\n请退款。", [], [], "退货退款", history)
    case.attach_intervention(made, NOW)
    return case


def test_json_is_plain_and_complete(case: Case) -> None:
    exported = json.loads(json.dumps(to_json(case), ensure_ascii=False))
    assert set(exported) == {field.name for field in fields(Case)}
    assert exported["stage"] == "intake"
    assert exported["facts"]["amount"] == {
        "name": "amount",
        "value": "199.00",
        "certainty": "exact",
        "message_id": "m2",
        "at": "2026-11-21T10:00:00+08:00",
        "origin": "buyer",
    }
    assert exported["rounds"][0]["offer"] == "20.00"
    assert exported["declined"] == ["signed_at"]
    assert exported["intervention"]["number"] == "JR20261121-K7QX4M"
    assert exported["intervention"]["history"] == [
        {"state": "受理", "at": "2026-11-21T10:00:00+08:00", "note": "申请已提交"}
    ]
    assert exported["evidence"][0]["sha256"] == "ab" * 32


def test_json_without_an_intervention_says_null() -> None:
    assert to_json(Case.new("c1", NOW))["intervention"] is None


@pytest.mark.parametrize(
    "line",
    [
        "纠纷类型：",
        "实付金额：199.00 元（买家说明，消息 m2）",
        "商品是否已使用：否（买家点选，消息 m3）",
        "订单状态：已签收未确认收货（推断，消息 无）",
        "买家无法提供：签收时间",
        "1. 问题照片或视频（E08）：杯子.jpg（image/jpeg，1234 字节）",
        f"SHA-256 {'ab' * 32}",
        "商家：只退 20",
        "商家态度：只同意一部分",
        "商家出价：20.00 元",
        "举证期（平台）：2026-11-24 10:00，依据 tb-65",
        "退货期（法定）：起算时间未知",
        "编号：JR20261121-K7QX4M",
        "   请退款。",
        "2026-11-21 10:00  受理  申请已提交",
        "fact.amount  120.50 → 199.00",
    ],
)
def test_the_page_says(case: Case, line: str) -> None:
    assert line in to_text(case)


def test_an_empty_case_says_that_there_is_nothing() -> None:
    page = to_text(Case.new("c1", NOW))
    assert page.count("（无）") == 6
    assert "纠纷类型：未确定" in page


@pytest.mark.parametrize("stage", list(Stage))
def test_every_stage_has_its_words(stage: Stage) -> None:
    case = Case.new("c1", NOW)
    case.stage = stage
    assert "阶段：" in to_text(case)
