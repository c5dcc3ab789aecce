"""A proposal against the demand: sums compared, nothing promised."""

from __future__ import annotations

from datetime import datetime
from decimal import Decimal

import pytest

from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, Facts, HeldEvidence
from bot.disputes.rulebook import load_rulebook
from bot.intervention.proposal import weigh

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
MUST = ("E01", "E04", "E08")


@pytest.mark.parametrize(
    ("demand", "paid", "evidence", "text", "amount", "advice"),
    [
        ("return_refund", "299", (), "退货退款", "299", "达到了您要求的 299.00 元"),
        ("return_refund", "299", (), "退一部分", "280", "少 19.00 元。差额不大"),
        ("return_refund", "299", (), "退一部分", "100", "必要证据还差"),
        (
            "return_refund",
            "299",
            MUST,
            "退一部分",
            "100",
            "比您要求的 299.00 元少 199.00 元。必要证据已经齐了",
        ),
        (
            "refund_only",
            "100",
            MUST,
            "补100元优惠券",
            "100",
            "方案折合 50.00 元（券类按折算），比您要求的 100.00 元少",
        ),
        ("exchange", "299", (), "换货", "50", "请看内容合不合您的意"),
        ("return_refund", None, (), "退一半", "50", "请看内容合不合您的意"),
        ("return_refund", "299", (), "换一双", None, "请看内容合不合您的意"),
    ],
)
def test_the_advice(
    demand: str, paid: str | None, evidence: tuple[str, ...], text: str, amount: str | None, advice: str
) -> None:
    held = tuple(HeldEvidence(kind, kind, kind, NOW, kind) for kind in evidence)
    facts = Facts(demand=demand, amount=Decimal(paid) if paid else None)
    view = CaseView(types=("quality_visible",), facts=facts, evidence=held)

    said = weigh(view, text, Decimal(amount) if amount else None, NOW, load_rulebook())

    assert advice in said
    assert not any(word in said for word in ("一定", "保证", "必胜"))
