"""Opening an intervention: one record and one number, whatever is retried or tried at once."""

from __future__ import annotations

import asyncio
import json
from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path

import pytest

from bot.cases.model import Case, Stage
from bot.cases.service import CaseService
from bot.cases.session import turn_of
from bot.cases.sql_store import SqlCaseStore
from bot.cases.store import StaleCase
from bot.database.engine import Database
from bot.database.migrate import upgrade
from bot.disputes.facts import SHANGHAI
from bot.disputes.letters import Numbered
from bot.disputes.statements import Statement
from bot.intervention.builtin_desk import BuiltinDesk
from bot.intervention.gateway import InterventionRefused
from bot.intervention.number import intervention_number

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
STATEMENT = Statement(
    text="2026年11月12日购买的保温杯开胶，请支持退货退款。",
    model="保温杯",
    purchase_time="2026年11月12日",
    what_happened="开胶",
    demand="退货退款",
    evidence_numbers=(Numbered(1, "file1", "E08", "问题照片或视频"),),
    chronology=((NOW - timedelta(days=2), "签收"), (NOW - timedelta(days=1), "商家拒绝")),
    sources=("tb-65",),
    length=26,
    limit=500,
)


class World:
    """One process on the shared database."""

    def __init__(self, database: Database) -> None:
        self.database = database
        self.cases = CaseService(SqlCaseStore(), database)
        self.desk = BuiltinDesk(self.cases)

    async def learn(self) -> Case:
        async with self.cases.edit("c1", NOW) as case:
            case.take("product", "保温杯", at=NOW, message_id="m1")
        return case

    async def open(self, now: datetime = NOW) -> str:
        async with self.cases.edit("c1", now) as case:
            return (await self.desk.open(case, STATEMENT, now)).number

    async def stored(self) -> list[tuple[str, str]]:
        async with self.database.read() as tx:
            rows = await tx.exec_driver_sql("SELECT case_id, number FROM interventions")
            return [tuple(row) for row in rows.all()]


async def connected(url: str) -> World:
    database = Database(url)
    await database.connect()
    return World(database)


@pytest.fixture
async def worlds(tmp_path: Path) -> AsyncIterator[tuple[World, World]]:
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    upgrade(url)
    one, other = await connected(url), await connected(url)
    yield one, other
    await one.database.close()
    await other.database.close()


async def test_what_is_opened_is_what_is_stored(worlds) -> None:
    world, _ = worlds
    number = await world.open()
    case = await world.cases.show(number)
    found = case.intervention
    assert (found.number, found.state, found.opened_at) == (number, "受理", NOW)
    assert (found.statement, found.demand) == (STATEMENT.text, "退货退款")
    assert found.history == [("受理", NOW, "申请已提交")]
    assert found.chronology[1] == {"at": "2026-11-20T10:00:00+08:00", "text": "商家拒绝"}
    assert found.evidence_numbers[0] == {
        "number": 1,
        "evidence_id": "file1",
        "kind": "E08",
        "label": "问题照片或视频",
    }
    assert json.dumps(found.evidence_numbers)
    assert case.stage is Stage.INTERVENTION_OPEN
    assert [entry.what for entry in case.audit if entry.what.startswith("intervention")] == [
        "intervention.opened"
    ]


async def test_opening_twice_gives_the_same_number(worlds) -> None:
    world, _ = worlds
    number = await world.open()
    assert await world.open(NOW + timedelta(days=3)) == number
    assert len(await world.stored()) == 1


async def test_a_retry_after_a_failure_gives_the_same_number(worlds) -> None:
    world, _ = worlds
    await world.learn()
    promised = []
    with pytest.raises(RuntimeError):
        async with world.cases.edit("c1", NOW) as case:
            promised.append((await world.desk.open(case, STATEMENT, NOW)).number)
            raise RuntimeError("killed before the commit")
    assert await world.stored() == []
    assert [await world.open()] == promised
    assert len(await world.stored()) == 1


async def test_two_processes_at_once_end_with_one_intervention(worlds) -> None:
    await worlds[0].learn()
    numbers = await asyncio.gather(*(world.open() for world in worlds * 3))
    assert len(set(numbers)) == 1
    assert [number for _, number in await worlds[0].stored()] == numbers[:1]


@pytest.mark.parametrize("case_exists", [True, False])
async def test_two_turns_at_once_end_with_one_intervention(worlds, case_exists: bool) -> None:
    """Both turns load the case before either is written: the second write is refused, its retry finds the first."""
    if case_exists:
        await worlds[0].learn()
    sessions = [world.cases.session() for world in worlds]
    numbers = []
    for world, session in zip(worlds, sessions, strict=True):
        with turn_of(session):
            numbers.append(await world.open())
    results = await asyncio.gather(
        *(flush(world, session) for world, session in zip(worlds, sessions, strict=True)),
        return_exceptions=True,
    )
    assert sorted(type(one).__name__ for one in results) == ["NoneType", "StaleCase"]
    loser = worlds[[isinstance(one, StaleCase) for one in results].index(True)]
    retried = await loser.open()
    assert [number for _, number in await loser.stored()] == [retried]
    if case_exists:
        assert set(numbers) == {retried}


async def flush(world: World, session) -> None:
    async with world.database.transaction() as tx:
        await session.flush(tx)


async def test_a_number_that_is_taken_is_not_given_again(worlds, monkeypatch: pytest.MonkeyPatch) -> None:
    world, _ = worlds
    taken = await world.open()
    monkeypatch.setattr(
        "bot.intervention.builtin_desk.intervention_number",
        lambda case_id, now, attempt=0: taken if attempt == 0 else intervention_number(case_id, now, attempt),
    )
    async with world.cases.edit("c2", NOW) as case:
        other = await world.desk.open(case, STATEMENT, NOW)
    assert other.number != taken
    assert len(await world.stored()) == 2


async def test_refused_leaves_the_case_unchanged(worlds) -> None:
    world, _ = worlds
    case = Case.new("c1", NOW)
    empty = Statement(**{**vars(STATEMENT), "text": " \n"})
    with pytest.raises(InterventionRefused, match="empty statement"):
        await world.desk.open(case, empty, NOW)
    assert (case.intervention, case.stage) == (None, Stage.INTAKE)
    case.move_to(Stage.CLOSED, NOW, "重新开始")
    with pytest.raises(InterventionRefused, match="closed"):
        await world.desk.open(case, STATEMENT, NOW)
