"""What every store of cases promises, over memory and over SQL."""

from __future__ import annotations

from copy import deepcopy
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Any
from uuid import uuid4

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from bot.cases.model import (
    AuditEntry,
    Case,
    DeadlineRecord,
    EvidenceItem,
    FactRecord,
    Intervention,
    NegotiationRound,
    Stage,
)
from bot.cases.store import StaleCase
from bot.disputes.facts import SHANGHAI, fact_kinds

texts = st.text(st.characters(blacklist_categories=("Cs",), blacklist_characters="\x00"), max_size=12)
maybe = st.none() | texts
times = st.datetimes(datetime(2020, 1, 1), datetime(2030, 1, 1)).map(lambda at: at.replace(tzinfo=SHANGHAI))
plain = st.none() | st.booleans() | st.integers(-(2**53), 2**53) | texts
json_objects = st.dictionaries(texts, plain | st.lists(plain, max_size=3), max_size=3)
yuan = st.none() | st.decimals(0, 10**6, places=2).map(lambda value: value.quantize(Decimal("0.01")))
values = texts | st.booleans()

facts = st.builds(FactRecord, st.sampled_from(list(fact_kinds())), values, texts, maybe, times, texts)
evidence = st.builds(
    EvidenceItem,
    id=st.just("set by fresh()"),
    kind=st.sampled_from([None, "E01", "E20"]),
    name=texts,
    mime=texts,
    size=st.integers(0, 2**31 - 1),
    sha256=st.just("set by fresh()"),
    path=texts,
    uploaded_at=times,
    message_id=maybe,
    source=texts,
    notes=texts,
)
rounds = st.builds(NegotiationRound, st.just(0), times, maybe, maybe, maybe, yuan, maybe, maybe)
interventions = st.builds(
    Intervention,
    number=st.just("set by fresh()"),
    state=texts,
    opened_at=times,
    statement=texts,
    chronology=st.lists(texts | json_objects, max_size=3),
    evidence_numbers=st.lists(texts | st.integers(1, 30), max_size=3),
    demand=texts,
    history=st.lists(st.tuples(texts, times, texts), max_size=3),
)
deadlines = st.builds(
    DeadlineRecord,
    texts,
    texts,
    texts,
    st.none() | times,
    maybe,
    texts,
    st.lists(texts, max_size=2).map(tuple),
)
audit = st.builds(AuditEntry, times, texts, texts, json_objects)


def _numbered(made: list[NegotiationRound]) -> list[NegotiationRound]:
    for no, one in enumerate(made, start=1):
        one.no = no
    return made


contents = st.fixed_dictionaries(
    {
        "created_at": times,
        "updated_at": times,
        "types": st.lists(texts, max_size=3),
        "facts": st.lists(facts, max_size=4).map(lambda made: {one.name: one for one in made}),
        "declined": st.sets(texts, max_size=3),
        "gaps_acknowledged": st.booleans(),
        "evidence": st.lists(evidence, max_size=3),
        "rounds": st.lists(rounds, max_size=3).map(_numbered),
        "intervention": st.none() | interventions,
        "deadlines": st.lists(deadlines, max_size=3, unique_by=lambda one: one.id),
        "dialogue": json_objects,
    }
)
stages = st.sampled_from(list(Stage))
cases = st.builds(
    lambda stage, trail, content: Case(id="", conversation_id="", stage=stage, audit=trail, **content),
    stages,
    st.lists(audit, max_size=4),
    contents,
)


def fresh(case: Case) -> Case:
    """A copy with ids that no earlier example has used: the examples of one test share a database."""
    case = deepcopy(case)
    case.id, case.conversation_id = uuid4().hex, uuid4().hex
    fresh_parts(case)
    return case


def fresh_parts(case: Case) -> None:
    """Give the files and the intervention of a case new ids, in place."""
    for item in case.evidence:
        item.id, item.sha256 = uuid4().hex, uuid4().hex
    if case.intervention is not None:
        case.intervention.number = uuid4().hex


NOW = datetime(2026, 11, 21, 10, 0, 0, 123456, tzinfo=SHANGHAI)
round_trip = settings(
    max_examples=30,
    deadline=None,
    suppress_health_check=[HealthCheck.function_scoped_fixture, HealthCheck.too_slow],
)


async def save(kept: Any, *some: Case) -> None:
    async with kept.database.transaction() as tx:
        for case in some:
            await kept.store.save(tx, case)


async def load(kept: Any, case: Case) -> Case | None:
    async with kept.database.read() as tx:
        return await kept.store.by_id(tx, case.id)


def with_number(case: Case, number: str) -> Case:
    case.attach_intervention(Intervention(number, "受理", NOW, "说明", [], [], "退货退款"), NOW)
    return case


@round_trip
@given(case=cases)
async def test_what_is_saved_is_what_is_loaded(kept: Any, case: Case) -> None:
    case = fresh(case)
    await save(kept, case)
    assert case.version == 1
    assert await load(kept, case) == case


@round_trip
@given(case=cases, content=contents, stage=stages, more=st.lists(audit, max_size=3))
async def test_a_changed_case_is_loaded_as_changed(kept: Any, case, content, stage, more) -> None:
    case, content = fresh(case), deepcopy(content)
    await save(kept, case)
    before, after = case.intervention, content["intervention"]
    for name, value in content.items():
        setattr(case, name, value)
    case.stage = stage
    case.audit += more  # the trail, like the history of the intervention, only grows
    if before is not None:
        case.intervention = before
        before.history += after.history if after else []
    fresh_parts(case)
    await save(kept, case)
    assert case.version == 2
    assert await load(kept, case) == case


async def test_the_stored_case_is_a_copy(kept: Any) -> None:
    case = Case.new("c1", NOW)
    await save(kept, case)
    before = deepcopy(case)
    case.set_types(["damaged"], NOW)
    loaded = await load(kept, case)
    assert loaded == before
    loaded.set_types(["gift"], NOW)
    assert await load(kept, case) == before


async def test_an_older_version_never_overwrites(kept: Any) -> None:
    case = Case.new("c1", NOW)
    await save(kept, case)
    mine, theirs = await load(kept, case), await load(kept, case)
    theirs.set_types(["damaged"], NOW)
    await save(kept, theirs)
    mine.set_types(["gift"], NOW)
    with pytest.raises(StaleCase):
        await save(kept, mine)
    assert (await load(kept, case)).types == ["damaged"]
    assert mine.version == 1


async def test_a_new_case_never_overwrites(kept: Any) -> None:
    case = Case.new("c1", NOW)
    await save(kept, deepcopy(case))
    with pytest.raises(StaleCase):
        await save(kept, case)


async def test_one_active_case_per_conversation(kept: Any) -> None:
    first, second = Case.new("c1", NOW), Case.new("c1", NOW)
    await save(kept, first)
    with pytest.raises(StaleCase):
        await save(kept, second)
    first.move_to(Stage.CLOSED, NOW, "重新开始")
    await save(kept, first)
    await save(kept, second)
    async with kept.database.read() as tx:
        assert (await kept.store.load(tx, "c1")).id == second.id
        assert await kept.store.load(tx, "c2") is None
        of_c1 = await kept.store.of_conversation(tx, "c1")
    assert {case.id for case in of_c1} == {first.id, second.id}


async def test_an_intervention_number_is_given_once(kept: Any) -> None:
    first, second = with_number(Case.new("c1", NOW), "JR1"), with_number(Case.new("c2", NOW), "JR1")
    await save(kept, first)
    with pytest.raises(StaleCase):
        await save(kept, second)
    async with kept.database.read() as tx:
        assert (await kept.store.by_number(tx, "JR1")).id == first.id
        assert await kept.store.by_number(tx, "JR2") is None
        assert await kept.store.by_id(tx, second.id) is None


async def test_a_failed_save_leaves_nothing(sql: Any) -> None:
    good, bad = Case.new("c1", NOW), Case.new("c1", NOW)
    with pytest.raises(StaleCase):
        await save(sql, good, bad)
    assert await load(sql, good) is None


async def test_list_shows_the_latest_change_first_in_pages(kept: Any) -> None:
    some = [Case.new(f"c{n}", NOW + timedelta(hours=n)) for n in range(5)]
    await save(kept, *some)
    some[0].set_types(["gift"], NOW + timedelta(days=1))
    await save(kept, some[0])
    async with kept.database.read() as tx:
        first = await kept.store.list(tx, limit=2)
        rest = await kept.store.list(tx, limit=10, offset=2)
    assert [case.conversation_id for case in [*first, *rest]] == ["c0", "c4", "c3", "c2", "c1"]
    assert first[0] == some[0]


async def test_delete_removes_everything(kept: Any) -> None:
    case, other = with_number(Case.new("c1", NOW), "JR1"), with_number(Case.new("c2", NOW), "JR2")
    await save(kept, case, other)
    async with kept.database.transaction() as tx:
        await kept.store.delete(tx, case.id)
        await kept.store.delete(tx, "nothing")
    assert await load(kept, case) is None
    assert await load(kept, other) == other


@pytest.mark.parametrize("scratch", [{"at": NOW}, {"set": {1}}])
async def test_the_scratch_pad_holds_json_only(kept: Any, scratch: dict[str, Any]) -> None:
    case = Case.new("c1", NOW)
    case.dialogue = scratch
    with pytest.raises(Exception, match="JSON"):
        await save(kept, case)
    assert await load(kept, case) is None
