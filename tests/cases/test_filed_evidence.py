"""Which evidence the platform had: what was numbered or there before it decided, not what came later."""

from __future__ import annotations

from datetime import datetime, timedelta

from bot.cases.model import Case, EvidenceItem, Intervention
from bot.cases.view import DECIDED, view_of
from bot.disputes.facts import SHANGHAI
from bot.intervention.states import State

OPENED = datetime(2026, 11, 10, 9, tzinfo=SHANGHAI)
DAY = timedelta(days=1)


def piece(name: str, at: datetime) -> EvidenceItem:
    return EvidenceItem(name, "E08", name, "image/png", 1, f"sha-{name}", name, at)


def case_with(*items: EvidenceItem, numbered: tuple[str, ...] = (), decided: datetime | None = None) -> Case:
    case = Case.new("web:1", OPENED - 5 * DAY)
    case.types, case.evidence = ["damaged"], list(items)
    history = [(State.DECIDED.value, decided, "")] if decided else []
    case.intervention = Intervention(
        number="JR-1",
        state=State.ACCEPTED.value,
        opened_at=OPENED,
        statement="",
        chronology=[],
        evidence_numbers=[{"number": 1, "evidence_id": name} for name in numbered],
        demand="退货退款",
        history=history,
    )
    return case


def filed(case: Case) -> list[str]:
    return [item.id for item in view_of(case).filed]


def test_without_an_intervention_nothing_was_filed() -> None:
    case = case_with(piece("a", OPENED - DAY))
    case.intervention = None
    assert filed(case) == []


def test_what_was_there_when_it_opened_was_filed_and_later_pieces_were_not() -> None:
    case = case_with(piece("a", OPENED - DAY), piece("b", OPENED), piece("c", OPENED + timedelta(seconds=1)))
    assert filed(case) == ["a", "b"]


def test_what_the_platform_got_before_it_decided_was_filed() -> None:
    case = case_with(piece("a", OPENED + DAY), piece("b", OPENED + 5 * DAY), decided=OPENED + 3 * DAY)
    assert filed(case) == ["a"]


def test_a_numbered_piece_was_filed_whatever_its_date() -> None:
    assert filed(case_with(piece("a", OPENED + DAY), numbered=("a",))) == ["a"]


def test_the_name_of_the_deciding_state_is_the_interventions() -> None:
    assert State.DECIDED.value == DECIDED
