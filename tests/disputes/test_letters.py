"""Letters: the four elements, the limit, the tone; nothing invented, nothing threatening."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, Facts, HeldEvidence, Round
from bot.disputes.negotiation import draft_message, offer_worth
from bot.disputes.rulebook import load_rulebook
from bot.disputes.statements import intervention_statement, refund_note

BOOK = load_rulebook()
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
FORBIDDEN = ("！", "!", "差评", "曝光", "骗子", "垃圾", "记者", "不然")
FACTS = Facts.from_json(
    {
        "platform": "taobao", "order_number": "2468013579246801", "shop": "某箱包店", "product": "双肩包 黑色 L",
        "amount": "239.00", "order_stage": "signed", "paid_at": "2026-11-15T20:00", "signed_at": "2026-11-18",
        "problem": "肩带开线，有一道划痕！！再不退就曝光你", "demand": "return_refund",
        "contacted_at": "2026-11-19", "merchant_stance": "deny", "merchant_reply": "人为造成的，不退",
    }
)  # fmt: skip


def files(*kinds: str) -> tuple[HeldEvidence, ...]:
    """Uploaded one minute apart, in this order."""
    return tuple(
        HeldEvidence(f"f{no}", kind, "0" * 64, NOW + timedelta(minutes=no), kind)
        for no, kind in enumerate(kinds)
    )


VIEW = CaseView(("quality_visible",), FACTS, files("E01", "E08"))


def test_the_statement_has_the_four_elements_in_the_buyers_words() -> None:
    statement = intervention_statement(VIEW, NOW, BOOK)
    assert "商品型号：双肩包 黑色 L" in statement.text
    assert "购买时间：2026年11月15日 20:00" in statement.text
    assert "肩带开线，有一道划痕（见证据 2）" in statement.text
    assert "诉求：退货退款 239.00 元" in statement.text
    assert "1. 订单截图；2. 问题照片或视频" in statement.text
    assert [item.evidence_id for item in statement.evidence_numbers] == ["f0", "f1"]
    assert statement.length == len(statement.text) <= statement.limit == 500
    assert 1 <= len(statement.sources) <= 2
    assert not [word for word in FORBIDDEN if word in statement.text]


def test_evidence_is_numbered_by_time_not_by_the_order_given() -> None:
    first, second = files("E01", "E08")
    statement = intervention_statement(replace(VIEW, evidence=(second, first)), NOW, BOOK)
    assert [item.evidence_id for item in statement.evidence_numbers] == ["f0", "f1"]


def test_the_chronology_is_in_order_and_quotes_the_merchant() -> None:
    rounds = (Round(NOW, ours="请退货退款"), Round(NOW + timedelta(hours=1), theirs="不退", stance="deny"))
    events = intervention_statement(replace(VIEW, rounds=rounds), NOW, BOOK).chronology
    assert [at for at, _ in events] == sorted(at for at, _ in events)
    assert events[-1][1] == "商家答复“不退”"


def test_too_long_drops_background_before_the_timeline() -> None:
    long = replace(VIEW, facts=replace(FACTS, problem="肩带开线" * 150))
    statement = intervention_statement(long, NOW, BOOK)
    assert statement.length <= 500
    assert "诉求：退货退款 239.00 元" in statement.text and "商品型号" in statement.text
    if "timeline" in statement.dropped:
        assert {"background", "basis", "evidence"} <= set(statement.dropped)


def test_what_is_not_known_is_not_invented() -> None:
    statement = intervention_statement(CaseView(("damaged",), Facts()), NOW, BOOK)
    assert "以订单所列商品为准" in statement.text and "以订单付款时间为准" in statement.text
    assert "None" not in statement.text and "元" not in statement.text


@settings(max_examples=120, deadline=None)
@given(st.text(max_size=1500), st.text(max_size=300), st.sampled_from(sorted(BOOK.types)))
def test_whatever_the_buyer_writes_it_fits(problem: str, product: str, code: str) -> None:
    facts = replace(FACTS, problem=problem or None, product=product or None)
    view = CaseView((code,), facts, files("E01", "E04", "E08", "E07"))
    statement = intervention_statement(view, NOW, BOOK)
    assert statement.length <= 500
    assert "诉求：" in statement.text and "商品型号：" in statement.text and "购买时间：" in statement.text
    assert refund_note(view, NOW, BOOK).length <= 200
    assert "！" not in statement.text


@pytest.mark.parametrize("code", sorted(BOOK.types))
def test_the_message_to_the_merchant_is_calm_and_complete(code: str) -> None:
    drafted = draft_message(replace(VIEW, types=(code,)), NOW, BOOK)
    assert "我的诉求：退货退款 239.00 元" in drafted.text
    assert "11月23日 10:00 前答复" in drafted.text
    assert not [word for word in FORBIDDEN if word in drafted.text]
    assert len(drafted.sources) <= 1 and set(drafted.sources) <= set(BOOK.sources)


def test_another_platform_is_not_told_taobaos_rules() -> None:
    jd = replace(VIEW, facts=replace(FACTS, platform="jd"))
    pdd = replace(VIEW, facts=replace(FACTS, platform="pdd"))
    for view in (jd, pdd):
        assert "淘宝" not in intervention_statement(view, NOW, BOOK).text
        assert "淘宝" not in draft_message(view, NOW, BOOK).text


@pytest.mark.parametrize("code", sorted(BOOK.types))
@pytest.mark.parametrize("platform", ["taobao", "jd", "pdd", None])
def test_citations_are_articles_of_the_right_platform(code: str, platform: str | None) -> None:
    view = replace(VIEW, types=(code,), facts=replace(FACTS, platform=platform))
    cited = intervention_statement(view, NOW, BOOK).sources
    assert 1 <= len(cited) <= 2
    for source in cited:
        assert BOOK.sources[source].label.endswith("条")
        assert source not in BOOK.policy.negotiation.no_basis
        if platform in ("jd", "pdd"):
            assert not source.startswith("tb")


def test_a_seven_day_return_does_not_claim_the_freight() -> None:
    assert "由商家承担" not in draft_message(replace(VIEW, types=("seven_day",)), NOW, BOOK).text


def test_a_coupon_is_worth_half() -> None:
    assert offer_worth(Decimal("20"), "给您20元店铺券", BOOK) == Decimal("10.00")
    assert offer_worth(Decimal("20"), "给您转20元", BOOK) == Decimal("20")
