"""Which time limits count in which state of the intervention, and from when they are counted."""

from __future__ import annotations

from datetime import datetime, timedelta
from typing import Any

import pytest

from bot.cases.model import Case, Intervention
from bot.disputes.facts import SHANGHAI
from bot.disputes.rulebook import load_rulebook
from bot.intervention.clocks import SET_BY_DESK, clock, clocks
from bot.intervention.steps import Step, take_step

OPENED = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
NOW = OPENED + timedelta(hours=1)
BOOK = load_rulebook()


def case_after(*steps: dict[str, Any], platform: str = "tmall") -> Case:
    case = Case.new("c1", OPENED)
    case.set_types(["quality_visible"], OPENED)
    facts = {
        "platform": platform,
        "order_stage": "signed",
        "signed_at": "2026-11-20",
        "refused_at": "2026-11-21",
    }
    for name, value in facts.items():
        case.take(name, value, at=OPENED, message_id="m1")
    opened = Intervention("JR1", "受理", OPENED, "说明", [], [], "退货退款", [("受理", OPENED, "申请已提交")])
    case.attach_intervention(opened, OPENED)
    for values in steps:
        assert take_step(case, Step.read(values), NOW)
    return case


ASK = {"kind": "ask_evidence", "due_at": "2026-11-26T18:00:00+08:00"}
PROPOSE = {"kind": "propose", "amount": "10"}
RULE = {"kind": "rule", "result": "rejected"}


@pytest.mark.parametrize(
    ("steps", "platform", "due"),
    [
        # 双方举证 three days from the opening, 判定 six working days after that, until the decision.
        ((), "tmall", {"T-14": "2026-11-24 10:00", "T-16": "2026-12-03 00:00"}),
        ((PROPOSE,), "tmall", {"T-16": "2026-12-03 00:00"}),
        # The desk's own time goes before the platform's usual one, and moves what follows.
        ((ASK,), "tmall", {"T-14": "2026-11-26 18:00", "T-16": "2026-12-05 00:00"}),
        ((ASK, PROPOSE), "tmall", {"T-16": "2026-12-05 00:00"}),
        # 申诉 seven days from the decision; nowhere a date that the platform has not published.
        ((RULE,), "tmall", {"T-17": "2026-11-28 11:00"}),
        ((RULE,), "jd", {"T-17": "2026-11-28 11:00"}),
        ((RULE,), "pdd", {}),
        ((RULE, {"kind": "open_review"}), "tmall", {}),
        ((RULE, {"kind": "close"}), "tmall", {}),
    ],
)
def test_what_counts(steps: tuple[dict[str, Any], ...], platform: str, due: dict[str, str]) -> None:
    found = clocks(case_after(*steps, platform=platform), NOW, BOOK)
    shown = {
        one.id: f"{one.due.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"
        for one in found
        if one.due and one.id in ("T-12", "T-13", "T-14", "T-16", "T-17")
    }

    assert shown == due
    assert "L-05" in {one.id for one in found}  # the law's own limits stay


def test_a_time_of_the_desk_says_so() -> None:
    found = clock(case_after(ASK), "T-14", NOW, BOOK)

    assert found is not None
    assert (found.base_fact, found.due_zh, found.note_zh) == (
        SET_BY_DESK,
        "2026年11月26日 18:00",
        "工作人员给的时间",
    )
    assert not found.passed


def test_soonest_first() -> None:
    dues = [one.due for one in clocks(case_after(ASK), NOW, BOOK) if one.due]

    assert dues == sorted(dues)


def test_without_an_intervention_it_is_the_rulebook() -> None:
    case = case_after()
    case.intervention = None

    assert "T-13" in {one.id for one in clocks(case, NOW, BOOK)}
    assert clock(case, "T-14", NOW, BOOK) is None
