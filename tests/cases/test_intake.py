"""Which facts a message states: all of them, corrections included, doubts never taken."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.cases.heard import Heard
from bot.cases.intake import take_facts
from bot.cases.model import Case
from bot.cases.problem import note_problem
from bot.disputes.facts import fact_kinds
from bot.zh.reading import read_entities

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
KINDS = fact_kinds()


def entity(kind: str, said: str, /, certainty: str = "exact", **resolved: Any) -> dict[str, Any]:
    return {"entity": kind, "value": said, "resolved": resolved, "certainty": certainty}


def heard(text: str, *entities: dict[str, Any], intent: str = "provide_order_info", **more: Any) -> Heard:
    placed = tuple(
        {**one, "start": (start := text.find(one["value"])), "end": start + len(one["value"])}
        for one in entities
    )
    return Heard(text=text, intent=intent, message_id=text, at=NOW, entities=placed, **more)


def facts_after(case: Case) -> dict[str, Any]:
    return {name: record.value for name, record in case.facts.items()}


@pytest.fixture
def case() -> Case:
    return Case.new("web-1", NOW)


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        (heard("天猫", entity("platform", "天猫", value="tmall")), {"platform": "tmall"}),
        (
            heard(
                "京东买的电饭煲，实付299元，要退货",
                entity("platform", "京东", value="jd"),
                entity("product", "电饭煲"),
                entity("amount", "299元", value="299"),
                entity("remedy", "退货", value="return_refund"),
            ),
            {"platform": "jd", "product": "电饭煲", "amount": "299.00", "demand": "return_refund"},
        ),
        (
            heard("双11付的款", entity("date_time", "双11", value="2026-11-11T00:00:00+08:00", role="paid")),
            {"paid_at": "2026-11-11T00:00:00+08:00"},
        ),
        (
            heard(
                "昨天", entity("date_time", "昨天", value="2026-11-20T00:00:00+08:00"), asked="fact:signed_at"
            ),
            {"signed_at": "2026-11-20T00:00:00+08:00", "order_stage": "signed"},
        ),
        (heard("299", asked="fact:amount"), {"amount": "299.00"}),
        (heard("小熊家居", asked="fact:shop"), {"shop": "小熊家居"}),
        (heard("没有", intent="deny", asked="fact:goods_used"), {"goods_used": False}),
        (heard("是的", intent="affirm", asked="fact:goods_intact"), {"goods_intact": True}),
        (
            heard("199块", entity("amount", "199块", value="199"), asked="fact:order_stage"),
            {"amount": "199.00"},
        ),
        (heard("199块", entity("amount", "199块", value="199"), asked="offer"), {}),
        (
            heard("显示签收了可是驿站说没有我的件，我没拿到", entity("courier", "驿站", pickup_point=True)),
            {"tracking_status": "delivered_not_received"},
        ),
        # a sum without a word of paying is not the price paid
        (heard("赔我500", entity("amount", "500", value="500")), {}),
        (
            heard("最多补20", entity("amount", "20", value="20"), intent="merchant_reply"),
            {"offer_amount": "20.00"},
        ),
        (
            heard("今天", origin="button", asked="fact:signed_at", answer={"signed_at": "today"}),
            {"signed_at": "2026-11-21T00:00:00+08:00", "order_stage": "signed"},
        ),
        (
            heard("还有2天", entity("countdown", "还有2天", seconds=172800)),
            {"page_deadline_at": "2026-11-23T10:00:00+08:00"},
        ),
    ],
)
def test_everything_stated_is_taken(case: Case, said: Heard, facts: dict[str, Any]) -> None:
    take_facts(case, said, KINDS)

    assert facts_after(case) == facts


@pytest.mark.parametrize(
    "said",
    [
        heard("订单123", entity("order_number", "123", value="123", certainty="check", why="位数不够")),
        heard("下周一签收", entity("date_time", "下周一", value="2026-11-30T00:00:00+08:00", role="signed")),
        heard("付了-5元", entity("amount", "-5元", value="-5")),
    ],
)
def test_what_cannot_be_right_is_asked_again_and_not_kept(case: Case, said: Heard) -> None:
    taken = take_facts(case, said, KINDS)

    assert facts_after(case) == {}
    assert [doubt.why for doubt in taken.doubts] != []


WEEK = {"value": "2026-11-09T00:00:00+08:00", "to": "2026-11-16T00:00:00+08:00"}
FORENOON = {"value": "2026-11-21T08:00:00+08:00", "to": "2026-11-21T12:00:00+08:00", "role": "signed"}


@pytest.mark.parametrize(
    ("said", "facts", "doubts"),
    [
        (heard("上周买的", entity("date_time", "上周", "range", **WEEK, role="paid")), {}, 0),
        (heard("上周", entity("date_time", "上周", "range", **WEEK), asked="fact:paid_at"), {}, 1),
        (heard("几十块钱买的", entity("amount", "几十块钱", "range", value="20")), {}, 0),
        (heard("几十块", entity("amount", "几十块", "range", value="20"), asked="fact:amount"), {}, 1),
        (heard("一百多", entity("amount", "一百多", "approximate", value="100"), asked="fact:amount"), {}, 1),
        (heard("大概300", asked="fact:amount"), {}, 1),
        (heard("大概300块买的", entity("amount", "300块", "approximate", value="300")), {}, 0),
        (heard("收到当天", answer={"found_at": "signed_day"}, origin="button"), {}, 1),
    ],
    ids=lambda part: part.text if isinstance(part, Heard) else None,
)
def test_a_stretch_is_not_taken_for_its_first_day_nor_its_lowest_sum(
    case: Case, said: Heard, facts: dict[str, Any], doubts: int
) -> None:
    taken = take_facts(case, said, KINDS)
    assert (facts_after(case), len(taken.doubts)) == (facts, doubts)


def test_a_part_of_the_day_gives_the_day_and_no_hour(case: Case) -> None:
    take_facts(case, heard("今天上午收到", entity("date_time", "今天上午", "approximate", **FORENOON)), KINDS)
    assert case.facts["signed_at"].value == "2026-11-21T00:00:00+08:00"


@pytest.mark.parametrize(
    ("said", "facts"),
    [
        (heard("橘子烂了 最多赔5块", entity("amount", "5块", value="5")), {"offer_amount": "5.00"}),
        (heard("昨天买的今天降价300", entity("amount", "300", value="300")), {}),
        (
            heard("5斤的 29块9", entity("amount", "29块9", value="29.9"), asked="fact:signed_at"),
            {"amount": "29.90"},
        ),
        (heard("1299", asked="fact:signed_at"), {"amount": "1299.00"}),
        (heard("1299", asked="fact:order_number"), {}),
        (heard("299", asked="fact:order_number"), {"amount": "299.00"}),
        (heard("1299", asked="offer"), {}),
    ],
    ids=lambda part: part.text if isinstance(part, Heard) else None,
)
def test_a_sum_is_the_price_only_where_it_can_be(case: Case, said: Heard, facts: dict[str, Any]) -> None:
    take_facts(case, said, KINDS)
    assert facts_after(case) == facts


@pytest.mark.parametrize(
    ("said", "demand"),
    [
        ("卖家打电话来说手机有质量问题要三倍赔偿", None),
        ("客服说可以退货退款", None),
        ("我跟商家说要退货退款", "return_refund"),
        ("商家不理我 我要退货退款", "return_refund"),
    ],
)
def test_a_remedy_in_the_merchants_mouth_is_no_wish(case: Case, said: str, demand: str | None) -> None:
    words, code = ("赔偿", "compensation") if "赔偿" in said else ("退货退款", "return_refund")
    take_facts(case, heard(said, entity("remedy", words, value=code), intent="report_dispute"), KINDS)
    assert facts_after(case).get("demand") == demand


def test_a_countdown_to_an_automatic_refund_is_not_the_one_waited_for(case: Case) -> None:
    said = heard("剩余1天 商家不处理就自动退款", entity("countdown", "剩余1天", seconds=86400))
    take_facts(case, said, KINDS)
    assert facts_after(case) == {}


def test_to_know_the_same_more_surely_is_no_correction(case: Case) -> None:
    for certainty in ("approximate", "exact"):
        said = heard(
            "京东" if certainty == "exact" else "好像京东", entity("platform", "京东", certainty, value="jd")
        )
        taken = take_facts(case, said, KINDS)
    assert (taken.changed, taken.corrected, case.facts["platform"].certainty) == ([], [], "exact")


def test_a_later_statement_corrects_and_the_old_value_stays_in_the_trail(case: Case) -> None:
    take_facts(case, heard("实付128", entity("amount", "128", value="128")), KINDS)
    taken = take_facts(case, heard("实付是138", entity("amount", "138", value="138")), KINDS)

    assert facts_after(case) == {"amount": "138.00"}
    assert taken.corrected == ["amount"]
    assert [entry.detail["old"] for entry in case.audit if entry.what == "fact.amount"] == [None, "128.00"]


def test_two_values_in_one_message_are_no_correction(case: Case) -> None:
    said = heard(
        "付款128，不对，付款138", entity("amount", "128", value="128"), entity("amount", "138", value="138")
    )
    taken = take_facts(case, said, KINDS)
    assert facts_after(case) == {"amount": "138.00"}
    assert taken.corrected == []
    assert taken.changed == ["amount"]


@pytest.mark.parametrize(
    ("words", "product"), [("鞋子送的袜子没给", "鞋子"), ("我买的不是鞋子，是袜子", "袜子")]
)
def test_of_two_goods_the_first_is_what_was_bought(case: Case, words: str, product: str) -> None:
    take_facts(case, heard(words, entity("product", "鞋子"), entity("product", "袜子")), KINDS)
    assert facts_after(case) == {"product": product}


@pytest.mark.parametrize(
    ("words", "facts"),
    [("199", {"amount": "199.00"}), ("￥199元", {}), ("iPhone 15", {"product": "iPhone 15"})],
)
def test_a_bare_number_names_no_goods(case: Case, words: str, facts: dict[str, Any]) -> None:
    take_facts(case, heard(words, asked="fact:product"), KINDS)
    assert facts_after(case) == facts


def test_the_problem_is_the_buyers_own_words_and_grows(case: Case) -> None:
    for words in ("鞋底开胶了", "鞋底开胶了", "商家不理我"):
        note_problem(case, heard(words, intent="report_dispute"))

    assert facts_after(case)["problem"] == "鞋底开胶了；商家不理我"


def test_the_problem_leaves_out_what_is_a_fact_of_its_own(case: Case) -> None:
    text = "天猫买的运动鞋昨天签收，一看鞋底开胶了，实付299元，想退货退款"
    spans = {
        "天猫": "platform",
        "运动鞋": "product",
        "昨天": "date_time",
        "299元": "amount",
        "退货退款": "remedy",
    }
    entities = [
        {**entity(kind, said), "start": text.index(said), "end": text.index(said) + len(said)}
        for said, kind in spans.items()
    ]

    note_problem(case, heard(text, *entities, intent="report_dispute"))

    assert facts_after(case)["problem"] == "一看鞋底开胶了"


RECEIVED = entity("date_time", "昨天", value="2026-11-20T00:00:00+08:00", role="signed")


@pytest.mark.parametrize(
    ("account", "said", "found"),
    [
        ("台灯收到就是坏的", "昨天收到的", True),  # told before the day is known
        (None, "昨天收到的，到手就碎了", True),
        (None, "昨天收到 当天就发现了", True),
        ("用了一阵打开就黑屏", "昨天收到的", False),
        ("收到就想退", "昨天收到的", False),
        ("收到就不想要了", "昨天收到的", False),
        ("台灯坏了", "昨天收到的", False),
    ],
)
def test_trouble_that_showed_at_once_was_found_on_the_day_of_receipt(
    case: Case, account: str | None, said: str, found: bool
) -> None:
    if account is not None:
        note_problem(case, heard(account))
    take_facts(case, heard(said, RECEIVED), KINDS)
    assert ("found_at" in case.facts) is found
    if found:
        assert case.facts["found_at"].value == case.facts["signed_at"].value


@pytest.mark.parametrize(
    ("said", "promise"),
    [
        ("卖家说99新", "卖家说99新"),
        ("卖家不承认 说发的时候好好的", None),
        ("页面写着不退不换", "页面写着不退不换"),
        ("商家说穿过了不退", None),
    ],
)
def test_a_denial_is_no_promise(case: Case, said: str, promise: str | None) -> None:
    entities = tuple(one.to_json() for one in read_entities(said, NOW))
    told = Heard(said, "provide_order_info", "m1", NOW, entities=entities, asked="fact:promise")
    take_facts(case, told, KINDS)
    found = case.facts.get("promise")
    assert (found.value if found else None) == promise


def test_a_wish_is_no_name_of_goods(case: Case) -> None:
    take_facts(case, heard("要求全额退", asked="fact:product"), KINDS)
    assert "product" not in case.facts


@pytest.mark.parametrize(
    ("fact", "at", "stage"),
    [
        ("signed_at", NOW - timedelta(days=3), "signed"),
        ("signed_at", NOW - timedelta(days=60), None),  # has confirmed itself, or not: the page tells
        ("return_signed_at", NOW - timedelta(days=60), "signed"),
        ("returned_at", NOW - timedelta(days=3), "signed"),
        ("shipped_at", NOW - timedelta(days=3), "shipped"),
    ],
)
def test_a_date_implies_how_far_the_order_is(case: Case, fact: str, at: datetime, stage: str | None) -> None:
    case.take(fact, at.isoformat(), at=NOW, message_id="m0")
    take_facts(case, heard("好的"), KINDS)
    assert (case.facts["order_stage"].value if "order_stage" in case.facts else None) == stage


def test_what_was_sent_back_is_not_returned_again(case: Case) -> None:
    case.take("returned_at", NOW.isoformat(), at=NOW, message_id="m0")
    take_facts(case, heard("退货退款", asked="fact:demand"), KINDS)
    assert case.facts["demand"].value == "refund_only"
