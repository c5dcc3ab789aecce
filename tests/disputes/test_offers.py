"""Offers weighed: worth, likely outcome by the rules, advice; never a probability, never a promise."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import datetime
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, Facts, MerchantReply, Round
from bot.disputes.negotiation import judge_reply, offer_worth
from bot.disputes.offer_reading import read_offer
from bot.disputes.offers import OfferReport, evaluate_offer
from bot.disputes.rulebook import load_rulebook

BOOK = load_rulebook()
NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
ViewOf = Callable[[dict[str, Any]], CaseView]
Moment = Callable[[object], datetime]
PROMISES = ("一定", "保证", "肯定", "胜率", "概率", "稳赢", "包赢")
FACTS = Facts.from_json(
    {"platform": "taobao", "amount": "239.00", "demand": "return_refund", "order_stage": "signed"}
)


def case_of(row: dict[str, Any], view_of: ViewOf, moment: Moment) -> tuple[CaseView, MerchantReply, datetime]:
    reply = MerchantReply(
        row.get("stance", "partial"), row["text"], Decimal(row["offer"]) if "offer" in row else None
    )
    rounds = [Round(moment("2026-11-20T20:00"), ours="请退货退款")]
    rounds += [
        Round(moment("2026-11-20T21:00"), theirs="之前的答复", stance=s) for s in row.get("before", [])
    ]
    if row.get("recorded"):
        rounds.append(Round(moment("2026-11-20T22:00"), theirs=reply.text, stance=reply.stance))
    view = view_of({"types": ["quality_visible"], "ready": True, **row})
    return replace(view, rounds=tuple(rounds)), reply, moment(row.get("now", "2026-11-21T10:00"))


@pytest.mark.table("offers_cases.yml")
def test_offer(row: dict[str, Any], view_of: ViewOf, moment: Moment) -> None:
    view, reply, now = case_of(row, view_of, moment)
    report = evaluate_offer(view, reply, now, BOOK)
    assert report.advice == row["advice"], report.why_zh
    assert row.get("says", "") in report.why_zh
    assert (report.urgent is not None) == row.get("urgent", report.urgent is not None)
    for key, found in (("worth", report.value.worth), ("gap", report.gap), ("likely", report.likely.amount)):
        if key in row:
            assert found == (None if row[key] == "none" else Decimal(row[key])), key
    if "small" in row:
        assert report.small is row["small"]
    assert report.needs == tuple(row.get("needs", ()))
    assert row.get("source", report.sources[0]) in report.sources
    assert set(report.sources) <= set(BOOK.sources)
    assert not [word for word in PROMISES if word in report.why_zh]


@pytest.mark.table("offers_cases.yml")
def test_the_verdict_says_what_the_report_says(row: dict[str, Any], view_of: ViewOf, moment: Moment) -> None:
    view, reply, now = case_of(row, view_of, moment)
    report = evaluate_offer(view, reply, now, BOOK)
    verdict = judge_reply(view, reply, now, BOOK)
    assert (verdict.advice, verdict.why_zh, verdict.report) == (report.advice, report.why_zh, report)
    assert bool(verdict.counter_text) == (report.advice != "intervene")


def weighed(text: str, offer: str | None = None) -> OfferReport:
    reply = MerchantReply("partial", text, Decimal(offer) if offer else None)
    return evaluate_offer(CaseView(("quality_visible",), FACTS), reply, NOW, BOOK)


@settings(max_examples=150, deadline=None)
@given(
    st.decimals("0.01", "100000", places=2),
    st.sampled_from(["退您{}元", "给您{}元优惠券", "赔您{}元，不用退货"]),
)
def test_a_better_offer_is_never_worse_advice(sum_: Decimal, words: str) -> None:
    rank = ["intervene", "counter", "accept"]
    lower, higher = weighed(words.format(sum_), str(sum_)), weighed(words.format(sum_ + 1), str(sum_ + 1))
    assert rank.index(lower.advice) <= rank.index(higher.advice)
    assert lower.value.worth < higher.value.worth
    assert lower.gap is not None and higher.gap is not None and lower.gap >= higher.gap >= 0


@settings(max_examples=150, deadline=None)
@given(st.text(max_size=200), st.none() | st.decimals("0", "100000", places=2))
def test_any_words_of_a_merchant_can_be_weighed(text: str, offer: Decimal | None) -> None:
    report = evaluate_offer(
        CaseView(("quality_visible",), FACTS), MerchantReply("partial", text, offer), NOW, BOOK
    )
    assert report.value.worth >= 0 and report.sources and report.why_zh


@pytest.mark.parametrize("code", sorted(BOOK.types))
@pytest.mark.parametrize("platform", ["taobao", "jd", "pdd", None])
def test_every_type_and_platform_is_weighed_with_sources_of_its_own(code: str, platform: str | None) -> None:
    view = CaseView((code,), replace(FACTS, platform=platform))
    report = evaluate_offer(view, MerchantReply("partial", "退您20元", Decimal(20)), NOW, BOOK)
    assert report.advice in ("accept", "counter", "intervene")
    if platform in ("jd", "pdd"):
        assert report.cost.days is None
    for source in report.sources:
        assert source in BOOK.sources


def test_the_coupon_rate_is_the_operators() -> None:
    policy = replace(BOOK.policy.negotiation, coupon_percent=30)
    assert read_offer(Decimal(100), "给您100元优惠券", None, policy).worth == Decimal("30.00")
    assert offer_worth(Decimal(100), "给您100元优惠券", BOOK) == Decimal("50.00")


def test_a_proposal_in_money_and_coupon_counts_both() -> None:
    assert offer_worth(Decimal(200), "退您200元，另送20元优惠券", BOOK) == Decimal("210.00")


def test_waiting_and_refusing_end_when_time_runs_out() -> None:
    facts = replace(FACTS, page_deadline_at=datetime(2026, 11, 22, 10, tzinfo=SHANGHAI))
    for stance in ("stall", "silent", "deny", "blame_user"):
        view = CaseView(("quality_visible",), facts, rounds=(Round(NOW, ours="请退货退款"),))
        verdict = judge_reply(view, MerchantReply(stance, ""), NOW, BOOK)
        assert verdict.advice == "intervene" and "不要再等" in verdict.why_zh
        calm = judge_reply(replace(view, facts=FACTS), MerchantReply(stance, ""), NOW, BOOK)
        assert calm.advice in ("wait", "counter")
