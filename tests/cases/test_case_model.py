"""The case: what is learned, where it came from, and a trail of every change."""

from __future__ import annotations

from datetime import datetime, timedelta
from decimal import Decimal

import pytest

from bot.cases.model import (
    Case,
    DeadlineRecord,
    EvidenceItem,
    FactError,
    Intervention,
    Stage,
    UnknownEvidence,
)
from bot.cases.view import view_of
from bot.disputes.facts import SHANGHAI

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
LATER = NOW + timedelta(minutes=5)


@pytest.fixture
def case() -> Case:
    return Case.new("c1", NOW)


def item(sha256: str = "aa", **fields) -> EvidenceItem:
    values = {"id": f"id-{sha256}", "kind": None, "name": "图.jpg", "mime": "image/jpeg", "size": 3} | fields
    return EvidenceItem(**values, sha256=sha256, path=f"{sha256}.jpg", uploaded_at=NOW, message_id="m9")


def last(case: Case) -> tuple[str, str, object, object]:
    entry = case.audit[-1]
    return entry.actor, entry.what, entry.detail["old"], entry.detail["new"]


@pytest.mark.parametrize(
    ("name", "given", "stored"),
    [
        ("amount", "120.5", "120.50"),
        ("amount", Decimal("120.50"), "120.50"),
        ("signed_at", "2026-11-18T00:00:00+08:00", "2026-11-18T00:00:00+08:00"),
        ("signed_at", datetime(2026, 11, 18, tzinfo=SHANGHAI), "2026-11-18T00:00:00+08:00"),
        ("goods_used", False, False),
        ("platform", "taobao", "taobao"),
        ("shop", "小明旗舰店", "小明旗舰店"),
    ],
)
def test_a_fact_is_kept_in_its_json_form(case: Case, name: str, given: object, stored: object) -> None:
    assert case.take(name, given, at=NOW, message_id="m1")
    assert case.facts[name].value == stored


def test_a_fact_keeps_the_message_it_came_from(case: Case) -> None:
    case.take("amount", "99", at=NOW, message_id="m1", certainty="approximate", origin="document")
    record = case.facts["amount"]
    assert (record.message_id, record.at, record.certainty, record.origin) == (
        "m1",
        NOW,
        "approximate",
        "document",
    )


def test_saying_the_same_again_changes_nothing(case: Case) -> None:
    case.take("amount", "99", at=NOW, message_id="m1")
    trail = list(case.audit)
    assert not case.take("amount", "99.00", at=LATER, message_id="m2")
    assert case.facts["amount"].message_id == "m1"
    assert case.audit == trail


def test_a_correction_keeps_the_old_value_in_the_trail(case: Case) -> None:
    case.take("amount", "99", at=NOW, message_id="m1")
    assert case.take("amount", "199", at=LATER, message_id="m2")
    assert case.facts["amount"].message_id == "m2"
    assert last(case) == ("buyer", "fact.amount", "99.00", "199.00")
    assert case.audit[-1].at == LATER
    assert case.audit[-1].detail["message_id"] == "m2"
    assert case.updated_at == LATER


def test_becoming_certain_is_a_change(case: Case) -> None:
    case.take("amount", "99", at=NOW, message_id="m1", certainty="approximate")
    assert case.take("amount", "99", at=LATER, message_id="m2")
    assert case.facts["amount"].certainty == "exact"


@pytest.mark.parametrize(
    ("name", "value"),
    [("colour", "red"), ("amount", "-1"), ("amount", None), ("platform", "amazon"), ("goods_used", "yes")],
)
def test_what_cannot_be_right_is_not_taken(case: Case, name: str, value: object) -> None:
    before = len(case.audit)
    with pytest.raises(FactError):
        case.take(name, value, at=NOW, message_id="m1")
    assert case.facts == {}
    assert len(case.audit) == before


def test_unknown_origin_is_refused(case: Case) -> None:
    with pytest.raises(ValueError, match="origin"):
        case.take("amount", "1", at=NOW, message_id="m1", origin="guess")


def test_what_a_rule_concludes_is_not_laid_to_the_buyer(case: Case) -> None:
    case.take("order_stage", "signed", at=NOW, message_id=None, origin="rule")
    assert case.audit[-1].actor == "bot"


def test_a_declined_fact_is_no_longer_declined_once_known(case: Case) -> None:
    assert case.decline("signed_at", NOW)
    assert not case.decline("signed_at", NOW)
    assert view_of(case).declined == {"signed_at"}
    case.take("signed_at", "2026-11-18T00:00:00+08:00", at=LATER, message_id="m2")
    assert case.declined == set()
    with pytest.raises(FactError):
        case.decline("colour", NOW)


def test_forgetting_leaves_the_old_value_in_the_trail(case: Case) -> None:
    case.take("amount", "99", at=NOW, message_id="m1")
    assert case.forget("amount", LATER)
    assert last(case) == ("buyer", "fact.amount", "99.00", None)
    assert not case.forget("amount", LATER)


CHANGES = [
    ("types", lambda case: case.set_types(["damaged", "damaged"], LATER), "types", [], ["damaged"]),
    ("gaps", lambda case: case.acknowledge_gaps(LATER), "gaps_acknowledged", False, True),
    ("stage", lambda case: case.move_to(Stage.EVIDENCE, LATER, "事实齐了"), "stage", "intake", "evidence"),
]


@pytest.mark.parametrize(("label", "change", "what", "old", "new"), CHANGES, ids=[row[0] for row in CHANGES])
def test_each_change_is_recorded_once(case: Case, label, change, what, old, new) -> None:
    assert change(case)
    assert last(case)[1:] == (what, old, new)
    length = len(case.audit)
    assert not change(case)
    assert len(case.audit) == length


def test_the_same_bytes_are_one_piece_of_evidence(case: Case) -> None:
    first = case.add_evidence(item(), NOW)
    assert case.add_evidence(item(id="other"), LATER) is first
    assert len(case.evidence) == 1
    assert [entry.what for entry in case.audit].count("evidence.added") == 1


def test_evidence_is_labelled_later(case: Case) -> None:
    case.add_evidence(item(), NOW)
    assert case.label_evidence("id-aa", "E08", LATER)
    assert view_of(case).evidence[0].kind == "E08"
    assert last(case) == ("buyer", "evidence.kind", None, "E08")
    assert not case.label_evidence("id-aa", "E08", LATER)
    assert case.label_evidence("id-aa", None, LATER)


@pytest.mark.parametrize("kind", ["E00", "E21", "e01", "E1", "photo", ""])
def test_only_kinds_of_the_catalogue(case: Case, kind: str) -> None:
    case.add_evidence(item(), NOW)
    with pytest.raises(ValueError, match="unknown kind"):
        case.label_evidence("id-aa", kind, NOW)


def test_labelling_an_unknown_file(case: Case) -> None:
    with pytest.raises(UnknownEvidence):
        case.label_evidence("nothing", "E01", NOW)


def test_rounds_are_numbered_and_filled_in(case: Case) -> None:
    case.add_round(NOW, ours="请退货退款")
    second = case.add_round(NOW, theirs="只退 20", stance="partial", offer=Decimal("20"), message_id="m4")
    assert second.no == 2
    answered = case.update_round(1, LATER, theirs="不行", stance="deny", verdict="intervene")
    assert (answered.ours, answered.theirs) == ("请退货退款", "不行")
    assert [one.theirs for one in view_of(case).rounds] == ["不行", "只退 20"]
    assert view_of(case).rounds[1].offer == Decimal("20.00")
    assert case.audit[-1].detail["old"]["ours"] == "请退货退款"
    with pytest.raises(LookupError):
        case.update_round(3, NOW, theirs="?")
    with pytest.raises(FactError):
        case.add_round(NOW, offer=Decimal("-1"))


def test_deadlines_are_kept_as_told(case: Case) -> None:
    due = DeadlineRecord("T-11", "举证期", "platform", NOW, "signed_at", "逾期视为放弃", ("tb-65",))
    assert case.set_deadlines([due], NOW)
    assert not case.set_deadlines([due], LATER)
    assert case.set_deadlines([], LATER)
    assert last(case)[2:] == ({"T-11": NOW.isoformat()}, {})


def test_one_intervention_per_case(case: Case) -> None:
    def intervention(number: str) -> Intervention:
        return Intervention(number, "受理", NOW, "说明", [], [], "退货退款")

    first = case.attach_intervention(intervention("JR1"), NOW)
    assert case.attach_intervention(intervention("JR1"), LATER) is first
    with pytest.raises(ValueError, match="already has intervention JR1"):
        case.attach_intervention(intervention("JR2"), LATER)
    assert [entry.what for entry in case.audit].count("intervention.opened") == 1


def test_the_view_is_what_the_rulebook_needs(case: Case) -> None:
    case.set_types(["damaged"], NOW)
    case.take("amount", "99", at=NOW, message_id="m1")
    case.add_evidence(item(kind="E07"), NOW)
    view = view_of(case)
    assert view.types == ("damaged",)
    assert view.facts.amount == Decimal("99.00")
    assert [(one.id, one.kind, one.sha256) for one in view.evidence] == [("id-aa", "E07", "aa")]
    assert (view.stage, view.opened_at, view.gaps_acknowledged) == ("intake", None, False)
    case.attach_intervention(Intervention("JR1", "受理", LATER, "说明", [], [], ""), LATER)
    assert view_of(case).opened_at == LATER
