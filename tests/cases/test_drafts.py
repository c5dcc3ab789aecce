"""Texts written for the buyer stay with the case: the newest of each kind, for the export, the desk and the record."""

from __future__ import annotations

from datetime import datetime, timedelta

import pytest

from bot.cases.drafts import NAMES, drafts_of, keep_draft, newest_draft
from bot.cases.export import to_text
from bot.cases.model import Case
from bot.channels.desk.case_view import case_view
from bot.disputes.facts import SHANGHAI
from bot.disputes.rulebook import load_rulebook

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)


@pytest.fixture
def case() -> Case:
    return Case.new("c1", NOW)


def test_the_newest_of_each_kind_is_kept_and_the_same_text_once(case: Case) -> None:
    assert keep_draft(case, "complaint", "一稿", NOW, blanks=("真实姓名",))
    assert keep_draft(case, "report", "举报", NOW)
    assert not keep_draft(case, "report", "举报", NOW)
    assert keep_draft(case, "complaint", "二稿", NOW + timedelta(hours=1), template="c.v1", message_id="m9")

    first, second = drafts_of(case)
    assert (first.kind, first.text, first.template, first.message_id) == ("complaint", "二稿", "c.v1", "m9")
    assert (first.blanks, first.at) == ((), NOW + timedelta(hours=1))
    assert second.kind == "report"
    assert newest_draft(case, "appeal") is None
    assert [one.what for one in case.audit].count("draft.report") == 1


def test_an_unknown_kind_is_a_fault(case: Case) -> None:
    with pytest.raises(KeyError):
        keep_draft(case, "poem", "一首诗", NOW)


def test_other_entries_of_the_trail_are_no_drafts(case: Case) -> None:
    case.record(NOW, "bot", "complaint", {"text": "不是"})
    case.record(NOW, "bot", "draft.poem", {"text": "不是"})

    assert drafts_of(case) == []


def test_the_page_shows_text_and_blanks(case: Case) -> None:
    keep_draft(case, "complaint", "投诉人：（请补充：真实姓名）\n请求", NOW, blanks=("真实姓名",))

    page = to_text(case)

    assert f"【文稿】\n{NAMES['complaint']}（2026-11-21 10:00 起草，由买家自己提交）" in page
    assert "   投诉人：（请补充：真实姓名）\n   请求\n   待补充：真实姓名" in page


def test_the_desk_sees_them_masked(case: Case) -> None:
    keep_draft(case, "pleading", "电话 13800138000", NOW, blanks=("住址",))

    view = case_view(case, NOW, load_rulebook(), lambda text: text.replace("13800138000", "138****8000"))

    (shown,) = view["drafts"]
    assert (shown["title"], shown["text"], shown["blanks"]) == ("起诉状提纲", "电话 138****8000", ["住址"])
