"""Every fact there is takes a plausible answer to the question after it, whatever the language part made of it alone."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml

from bot.cases.heard import Heard
from bot.cases.intake import take_facts
from bot.cases.model import Case
from bot.disputes.facts import FactKind, fact_kinds
from bot.nlu.short_acts import whole_message_act
from bot.zh.moments import SHANGHAI
from bot.zh.open_question import Read, in_context
from bot.zh.plain_answer import read_plain
from bot.zh.reading import read_entities

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
KINDS = fact_kinds()
DOMAIN = Path(__file__).parents[2] / "domain"
# Texts that have a form of their own, and choices and questions that buyers answer in other words than the label's.
OWN: dict[str, dict[str, Any]] = {
    "order_number": {"2512345678901234567": "2512345678901234567"},
    "tracking_number": {"SF1234567890123": "SF1234567890123"},
    "merchant_reply": {"说是正常现象": "说是正常现象"},
}
BY_KIND: dict[str, dict[str, Any]] = {
    "text": {"小熊家的那个": "小熊家的那个"},
    "money": {"120": "120.00", "120块": "120.00", "一百二": "120.00", "应该是120吧": "120.00"},
    "count": {"3": 3, "三": 3, "大概3": 3},
    "datetime": {
        "昨天": "2026-11-20T00:00:00+08:00",
        "11月15号": "2026-11-15T00:00:00+08:00",
        "15号": "2026-11-15T00:00:00+08:00",
        "11.15": "2026-11-15T00:00:00+08:00",
    },
    "bool": {
        "是": True,
        "是的": True,
        "对": True,
        "嗯": True,
        "有": True,
        "不是": False,
        "没有": False,
        "没": False,
    },
}
# What the language part may make of an answer alone. Of a text it has to be unsure: it could be a new complaint.
ALONE = ("nlu_fallback", "out_of_scope")
RIGHT_IS_NOT_WRONG = {("address_wrong", "对")}  # asked for a mistake, 对 says there is none


def answers(kind: FactKind) -> dict[str, Any]:
    if kind.kind == "choice":
        return {label: code for code, label in kind.choices}
    return OWN.get(kind.name, BY_KIND[kind.kind])


def heard(fact: str, text: str, alone: str, case: Case) -> Any:
    """What the case knows after the answer: read by the grammars, in context, and taken."""
    entities = tuple(one.to_json() for one in read_entities(text, NOW))
    asked = f"fact:{fact}"
    read = Read(text, whole_message_act(text) or alone, 0.5, tuple(str(one["entity"]) for one in entities))
    intent = in_context(read, asked, KINDS[fact], NOW)
    said = Heard(text=text, intent=intent, message_id="m1", at=NOW, entities=entities, asked=asked)
    take_facts(case, said, KINDS)
    return case.facts[fact].value if fact in case.facts else None


@pytest.fixture
def case() -> Case:
    return Case.new("web-1", NOW)


@pytest.mark.parametrize(
    ("fact", "text", "value"),
    [
        (fact, text, value)
        for fact, kind in KINDS.items()
        for text, value in answers(kind).items()
        if (fact, text) not in RIGHT_IS_NOT_WRONG
    ],
)
def test_every_fact_takes_a_plausible_answer(fact: str, text: str, value: Any) -> None:
    for alone in ALONE if KINDS[fact].kind == "text" else (*ALONE, "report_dispute", "ask_progress"):
        assert heard(fact, text, alone, Case.new("web-1", NOW)) == value, alone


@pytest.mark.parametrize(
    ("fact", "text", "taken"),
    [
        (
            "return_signed_at",
            "昨天签收的",
            {"return_signed_at": "2026-11-20T00:00:00+08:00", "order_stage": "signed"},
        ),
        ("complaint_filed_at", "昨天投诉的", {"complaint_filed_at": "2026-11-20T00:00:00+08:00"}),
        ("proof_submitted_at", "昨天提交的", {"proof_submitted_at": "2026-11-20T00:00:00+08:00"}),
        # another verb, another date
        ("found_at", "昨天签收的", {"signed_at": "2026-11-20T00:00:00+08:00", "order_stage": "signed"}),
        ("ruled_at", "昨天付的款", {"paid_at": "2026-11-20T00:00:00+08:00"}),
        ("freight_paid", "实付299元，运费12元", {"amount": "299.00", "freight_paid": "12.00"}),
    ],
)
def test_the_verb_beside_it_tells_another_fact(
    fact: str, text: str, taken: dict[str, Any], case: Case
) -> None:
    heard(fact, text, "nlu_fallback", case)
    assert {name: record.value for name, record in case.facts.items()} == taken


@pytest.mark.parametrize(
    ("fact", "text"),
    [
        ("amount", "是"),
        ("repair_count", "昨天"),
        ("paid_at", "299"),
        ("goods_used", "昨天"),
        ("category", "不知道"),
        ("order_number", "小熊家居"),
        ("shop", "能退吗？"),
    ],
)
def test_what_is_no_answer_is_not_taken(fact: str, text: str, case: Case) -> None:
    assert heard(fact, text, "nlu_fallback", case) is None


@pytest.mark.parametrize(
    ("stage", "types", "demand"),
    [
        ("paid", [], "refund_only"),
        ("shipped", [], "refund_only"),
        (None, ["not_shipped"], "refund_only"),
        ("signed", ["quality_visible"], "return_refund"),
        (None, [], None),
    ],
)
def test_giving_up_is_a_wish(stage: str | None, types: list[str], demand: str | None, case: Case) -> None:
    if stage:
        case.take("order_stage", stage, at=NOW, message_id="m0")
    case.set_types(types, NOW, message_id="m0")
    said = Heard(text="那我不要了", intent="cancel_order", message_id="m1", at=NOW)
    take_facts(case, said, KINDS)
    assert (case.facts["demand"].value if "demand" in case.facts else None) == demand


@pytest.mark.parametrize(
    ("text", "demand"),
    [("退吧", "return_refund"), ("换", "exchange"), ("能退吗", None), ("多久能退完", None)],
)
def test_a_bare_wish_needs_no_question(text: str, demand: str | None, case: Case) -> None:
    said = Heard(text=text, intent="return_exchange_request", message_id="m1", at=NOW)
    take_facts(case, said, KINDS)
    assert (case.facts["demand"].value if "demand" in case.facts else None) == demand


def test_a_known_demand_is_not_overwritten_by_a_bare_wish(case: Case) -> None:
    case.take("demand", "exchange", at=NOW, message_id="m0")
    take_facts(
        case,
        Heard(text="退吧", intent="return_exchange_request", message_id="m1", at=NOW, asked="offer"),
        KINDS,
    )
    assert case.facts["demand"].value == "exchange"


@pytest.mark.parametrize(("stage", "demand"), [("paid", "refund_only"), ("signed", "return_refund")])
def test_sending_back_needs_goods(stage: str, demand: str, case: Case) -> None:
    case.take("order_stage", stage, at=NOW, message_id="m0")
    assert heard("demand", "退吧", "nlu_fallback", case) == demand


def test_buttons_and_words_mean_the_same() -> None:
    """是 under a yes-or-no question is what its button 是 is: else the question is put the wrong way round."""
    responses: dict[str, Any] = {}
    for file in DOMAIN.rglob("*.yml"):
        responses.update(yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {})
    for fact, kind in KINDS.items():
        said = responses.get(f"utter_ask_{fact}") if kind.kind == "bool" else None
        for button in (said or [{}])[0].get("buttons", []):
            plain = read_plain(kind, button["title"], NOW)
            if plain is not None:
                assert f'"{fact}": {str(plain.value).lower()}' in button["payload"], (fact, button)
