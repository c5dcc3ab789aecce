"""The summary in 200 characters: what stands in it, in which order, and how it is cut."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.cases.model import Case, Stage
from bot.disputes.facts import SHANGHAI
from bot.disputes.rulebook import load_rulebook
from bot.handoff.summary import LONGEST, open_question, summary_of
from bot.handoff.words import due_text, left_text
from tests.handoff.samples import NOW, full_case

RULEBOOK = load_rulebook()


def summary(case: Case | None, reason: str = "买家要求") -> str:
    return summary_of(case, RULEBOOK, reason, NOW)


def case_with(types: list[str], **facts: object) -> Case:
    case = Case.new("c1", NOW)
    case.set_types(types, NOW)
    for name, value in facts.items():
        case.take(name, value, at=NOW, message_id="m1")
    return case


def test_the_whole_of_it() -> None:
    assert summary(full_case()) == (
        "转人工：买家要求。质量或性能故障（看不出来），天猫，无线降噪耳机 X3，299.00 元，已签收未确认收货。买家要求退货退款。"
        "最近期限：双方举证 2026-11-23 12:00（剩 50 小时）。商家说是买家造成的，出价 20.00 元。已协商 2 轮。已传证据 3 份。"
        "介入 JR20261120-K7QX4M 已到“双方举证”。待解决：介入已经开始，接下来跟进平台的处理。"
    )


def test_without_a_case() -> None:
    assert summary(None, "没听懂") == "转人工：没听懂。还没有案件信息。"


def test_an_empty_case() -> None:
    empty = Case.new("c1", NOW)

    assert summary(empty) == "转人工：买家要求。纠纷类型未确定。待解决：弄清纠纷类型。阶段：了解情况。"


def test_the_open_question_names_the_missing_fact() -> None:
    case = case_with(["not_shipped"], platform="tmall")

    assert "待解决：问清" in summary(case)
    assert "还没有联系商家" not in summary(case)
    case.take("contacted_merchant", False, at=NOW, message_id="m1")
    assert "还没有联系商家。" in summary(case)


def test_personal_data_is_masked() -> None:
    case = case_with(["not_shipped"], product="耳机 收件人李明 13800138000")

    assert "耳机 收件人李* 138****8000" in summary(case)


def test_a_clause_that_does_not_fit_is_left_out_whole() -> None:
    case = full_case()
    case.set_types(
        ["quality_hidden", "misdescribed", "false_ad", "aftersale_broken", "price", "freight"], NOW
    )
    case.take("product", "型" * 60, at=NOW, message_id="m1")

    text = summary(case, "金额较大")

    assert len(text) <= LONGEST
    assert text.endswith("。……")
    assert "型" * 23 + "…，" in text


@pytest.mark.parametrize("code", sorted(RULEBOOK.types))
def test_never_too_long_at_any_stage(code: str) -> None:
    for stage in Stage:
        case = full_case()
        case.set_types([code, "custom"], NOW)
        case.move_to(stage, NOW, "test")

        text = summary(case)

        assert 20 < len(text) <= LONGEST, stage
        assert RULEBOOK.types[code].name in text


def test_a_type_that_is_no_longer_in_the_rulebook() -> None:
    case = Case.new("c1", NOW)
    case.types = ["gone"]

    assert "gone" in summary(case)
    assert open_question(case, None, RULEBOOK) is None


@pytest.mark.parametrize(
    ("hour", "shown"), [("2026-11-24T00:00", "2026-11-23 24:00"), ("2026-11-23T12:05", "2026-11-23 12:05")]
)
def test_midnight_belongs_to_the_day_before(hour: str, shown: str) -> None:
    assert due_text(datetime.fromisoformat(hour).replace(tzinfo=SHANGHAI)) == shown


@pytest.mark.parametrize(
    ("minutes", "shown"),
    [(-1, "已过"), (0, "0 分钟"), (119, "119 分钟"), (120, "2 小时"), (4319, "71 小时"), (4320, "3 天")],
)
def test_how_long_is_left(minutes: int, shown: str) -> None:
    assert left_text(NOW + timedelta(minutes=minutes), NOW) == shown
