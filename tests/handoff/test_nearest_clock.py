"""The clock that runs out first: the queue, the summary and the record name the same one."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta

import pytest

from bot.cases.model import Case, DeadlineRecord
from bot.cases.view import deadline_records
from bot.disputes.rulebook import load_rulebook
from bot.handoff.gaps import advice_of, open_clocks
from bot.handoff.model import Handoff, HandoffState, Reason
from bot.handoff.record import build_record
from bot.handoff.requests import Asked
from tests.handoff.samples import NOW, full_case, full_parts

RULEBOOK = load_rulebook()


def told_nothing() -> Case:
    """The buyer has not been told of any time limit yet; the facts give some all the same."""
    case = full_case()
    case.set_deadlines([], NOW)
    return case


def told_of_one_more() -> Case:
    """The buyer was told of one that the facts no longer give."""
    case = told_nothing()
    case.set_deadlines([DeadlineRecord("T-x", "商家处理", "platform", NOW + timedelta(hours=3))], NOW)
    return case


def told_a_date_that_has_moved() -> Case:
    """What the buyer was told has been overtaken by a corrected fact."""
    case = Case.new("c1", NOW)
    case.set_types(["seven_day"], NOW)
    case.take("signed_at", (NOW - timedelta(days=3)).isoformat(), at=NOW, message_id="m1")
    advice = advice_of(case, RULEBOOK, NOW)
    assert advice is not None
    case.set_deadlines(deadline_records(advice.deadlines), NOW)
    case.take("signed_at", (NOW - timedelta(days=7)).isoformat(), at=NOW, message_id="m2")
    return case


def without_type() -> Case:
    """Nothing can be counted: only what was told remains."""
    case = Case.new("c1", NOW)
    due = [("过去的", -1), ("寄回商品", 30), ("商家处理", 26)]
    case.set_deadlines([DeadlineRecord(n, n, "platform", NOW + timedelta(hours=h)) for n, h in due], NOW)
    return case


def queued(case: Case | None) -> Handoff:
    asked = Asked("c1", Reason.USER_REQUEST, "", "m9", case)
    return asked.handoff("web", HandoffState.QUEUED, RULEBOOK, NOW)


def asked_for_evidence_until_tonight() -> Case:
    """The desk has set a time of its own; the rulebook's usual one is later."""
    case = full_case()
    told = [replace(one, due=NOW + timedelta(hours=8)) if one.id == "T-14" else one for one in case.deadlines]
    case.set_deadlines(told, NOW)
    return case


@pytest.mark.parametrize(
    ("made", "priority"),
    [
        (full_case, "normal"),
        (told_nothing, "normal"),
        (told_of_one_more, "high"),
        (told_a_date_that_has_moved, "high"),
        (without_type, "normal"),
        (asked_for_evidence_until_tonight, "high"),
    ],
)
def test_all_three_name_the_same(made: Callable[[], Case], priority: str) -> None:
    handoff = queued(made())
    record = build_record(full_parts(case=made(), handoff=handoff), now=NOW)
    ending = next(one for one in record["clocks"] if not one["opens"])

    assert handoff.nearest_due is not None
    assert (handoff.nearest_name, handoff.nearest_due.isoformat()) == (ending["name"], ending["due"])
    assert f"最近期限：{handoff.nearest_name} {ending['due_text']}" in handoff.summary
    assert handoff.summary == record["summary"]["text"]
    assert handoff.priority == priority
    assert ("deadline_24h" in record["priority"]["signals"]) == (priority == "high")


@pytest.mark.parametrize("case", [None, Case.new("c1", NOW)], ids=["no case", "empty case"])
def test_without_a_clock_there_is_none(case: Case | None) -> None:
    assert (queued(case).nearest_due, queued(case).nearest_name) == (None, None)
    assert queued(case).priority == "normal"


def test_the_time_that_the_desk_has_set_is_the_one_that_counts() -> None:
    handoff = queued(asked_for_evidence_until_tonight())
    assert (handoff.nearest_name, handoff.nearest_due) == ("双方举证", NOW + timedelta(hours=8))


def test_a_step_of_the_course_that_is_over_has_no_clock() -> None:
    """After the decision nobody has to hand in evidence, although the rulebook alone would still count it."""
    case = full_case()
    case.set_deadlines([one for one in case.deadlines if one.id not in ("T-14", "T-16")], NOW)
    names = [one.id for one in open_clocks(case, advice_of(case, RULEBOOK, NOW), RULEBOOK, NOW)]
    assert {"T-14", "T-16"}.isdisjoint(names) and "L-05" in names
