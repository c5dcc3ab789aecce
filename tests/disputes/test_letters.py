"""Letters: the four elements, the limit, the tone; nothing invented, nothing threatening."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.disputes.facts import SHANGHAI
from bot.disputes.model import CaseView, Facts, HeldEvidence, Round
from bot.disputes.negotiation import draft_message, offer_worth
from bot.disputes.rulebook import load_rulebook
from bot.disputes.statements import complaint_12315, intervention_statement, refund_note
from bot.disputes.tone import neutral, neutral_name

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


def test_a_day_told_as_about_right_stays_so_in_every_letter() -> None:
    view = replace(VIEW, about=frozenset({"signed_at", "paid_at"}))
    told = [draft_message(view, NOW, BOOK).text, intervention_statement(view, NOW, BOOK).text]
    told += [refund_note(view, NOW, BOOK).text, complaint_12315(view, NOW, BOOK).text]
    for text in told:
        assert "11月18日前后" in text and not re.search("1[58]日(?!前后)", text), text


def test_the_chronology_is_in_order_and_quotes_the_merchant() -> None:
    rounds = (Round(NOW, ours="请退货退款"), Round(NOW + timedelta(hours=1), theirs="不退", stance="deny"))
    events = intervention_statement(replace(VIEW, rounds=rounds), NOW, BOOK).chronology
    assert [at for at, _ in events] == sorted(at for at, _ in events)
    assert events[-1][1] == "转述商家答复“不退”"


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


TONE = BOOK.policy.tone
HARD = [
    "傻逼",
    "王八蛋",
    "骗子",
    "nmsl，",
    "他妈的",
    "奸商",
    "不退我就曝光你",
    "再不退款就给差评",
    "弄死你",
    "就是假货",
]
PIECES = [
    "11月18日签收",
    "肩带开线",
    "实付239.00元",
    "，",
    "。",
    "！",
    "？",
    "垃圾桶裂了",
    "商家拒绝退款",
    " ",
    *HARD,
]


@pytest.mark.table("tone_cases.yml")
def test_calm_words_stay_as_they_are(row: dict[str, Any]) -> None:
    assert neutral(row["becomes"], TONE).text == row["becomes"]


@settings(max_examples=300, deadline=None)
@given(st.lists(st.sampled_from(PIECES), max_size=14))
def test_no_mix_of_insults_and_facts_keeps_an_insult(pieces: list[str]) -> None:
    calm = neutral("".join(pieces), TONE).text
    for word in ("傻逼", "王八蛋", "骗子", "nmsl", "他妈的", "奸商", "曝光", "弄死", "！", "差评"):
        assert word not in calm
    assert neutral(calm, TONE).text == calm


@given(
    st.lists(
        st.sampled_from(["肩带开线", "11月18日签收", "实付239.00元", "垃圾桶裂了"]), min_size=1, max_size=6
    )
)
def test_facts_between_insults_all_stay(facts: list[str]) -> None:
    angry = "".join(f"{fact}！你们这些骗子，再不退我就曝光你。" for fact in facts)
    assert neutral(angry, TONE).text == "。".join(facts) + "。"


def test_a_name_may_hold_such_a_word_a_complaint_may_not() -> None:
    assert neutral_name("骗子手办", TONE) == "骗子手办"
    assert neutral_name("你们卖的垃圾包", TONE) == "你们卖的有问题的包"
    assert neutral_name("傻逼牌杯子！", TONE) == "牌杯子。"
    assert neutral("骗子手办断了，你们这些骗子", TONE, ["骗子手办"]).text == "骗子手办断了"
    assert neutral("傻逼杯子漏水", TONE, ["傻逼杯子"]).text == "杯子漏水"


def test_an_accusation_stays_once_an_authority_has_found_so() -> None:
    said = "行政处罚决定认定是假货"
    assert neutral(said, TONE, proven=True).text == said
    assert neutral(said, TONE).text == "行政处罚决定认定疑似是假货"
    found = replace(VIEW, types=("counterfeit",), facts=replace(FACTS, problem=said, official_finding=True))
    assert said in intervention_statement(found, NOW, BOOK).text


def test_a_merchants_threat_is_told_not_repeated() -> None:
    rounds = (
        Round(NOW, theirs="不退，再投诉就上门找你", stance="hostile"),
        Round(NOW, theirs="你个傻逼，不退！", stance="deny"),
    )
    events = [
        words for _, words in intervention_statement(replace(VIEW, rounds=rounds), NOW, BOOK).chronology
    ]
    assert "转述商家答复大意为“不退”，并含威胁性言语" in events
    assert "转述商家答复大意为“你个，不退”" in events or "转述商家答复大意为“不退”" in events


@pytest.mark.parametrize(
    "planted", ["{{ 7 * 7 }}", "{% for x in y %}", "{# note #}", "{{ demand }}", "%s %(a)s {0}"]
)
def test_a_buyers_template_marks_are_only_text(planted: str) -> None:
    view = replace(
        VIEW, facts=replace(FACTS, problem=f"开线 {planted}", product=f"包 {planted}", shop=planted)
    )
    for text in (
        intervention_statement(view, NOW, BOOK).text,
        refund_note(view, NOW, BOOK).text,
        draft_message(view, NOW, BOOK).text,
    ):
        assert planted.rstrip() in text and "49" not in text.replace("249", "")


def test_templates_are_named_with_their_version() -> None:
    assert intervention_statement(VIEW, NOW, BOOK).template == "intervention_statement.v1"
    assert refund_note(VIEW, NOW, BOOK).template == "refund_note.v1"
    assert draft_message(VIEW, NOW, BOOK).template == "negotiation_message.v1"


def test_a_file_without_a_kind_is_named_calmly() -> None:
    held = (HeldEvidence("f1", None, "0" * 64, NOW, "骗子商家的破东西！！.jpg"),)
    label = intervention_statement(replace(VIEW, evidence=held), NOW, BOOK).evidence_numbers[0].label
    assert "！" not in label and label


def test_ten_files_of_one_minute_keep_their_order() -> None:
    held = tuple(HeldEvidence(f"file-{no}", "E08", "0" * 64, NOW, "x") for no in range(1, 12))
    numbers = intervention_statement(replace(VIEW, evidence=held), NOW, BOOK).evidence_numbers
    assert [item.evidence_id for item in numbers] == [item.id for item in held]


def test_a_timeline_is_thinned_before_it_goes() -> None:
    rounds = tuple(
        Round(NOW + timedelta(hours=no), theirs="我们还在核实请您耐心等待" * 3, stance="stall")
        for no in range(20)
    )
    statement = intervention_statement(replace(VIEW, rounds=rounds), NOW, BOOK)
    assert statement.length <= 500 and "timeline" not in statement.dropped
    assert "11月15日付款" in statement.text and statement.text.count("商家答复") < 20
