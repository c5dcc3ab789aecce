"""A migrated database, a road with a bot that echoes, and a desk with two agents and a supervisor."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sqlalchemy import insert, select

from bot.cases.service import CaseService
from bot.cases.sql_store import SqlCaseStore
from bot.conversation.messages import Incoming
from bot.conversation.notices import Notice, Subscription
from bot.conversation.road import Road
from bot.conversation.turn import Turn
from bot.conversation.voice import Voice
from bot.conversation.worker import RoadLimits
from bot.database.engine import Database
from bot.database.migrate import upgrade
from bot.disputes.rulebook import load_rulebook
from bot.handoff.hours import DeskPolicy, OfficeHours
from bot.handoff.model import Agent, Handoff, Reason
from bot.handoff.service import HandoffService
from bot.handoff.tables import desk_agents

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
POLICY = DeskPolicy(OfficeHours.parse("09:00-21:00"), timedelta(minutes=10), Decimal("5000"))
CONVERSATION = "web-a"


class Clock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, **by: float) -> datetime:
        self.now += timedelta(**by)
        return self.now


class EchoBot:
    """Answers everything; `script` may replace the behaviour."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.script: Callable[[Turn], Awaitable[None]] | None = None

    async def handle(self, turn: Turn) -> None:
        self.turns.append(turn)
        if self.script is not None:
            await self.script(turn)
        else:
            turn.say(f"收到：{turn.message.body.get('text') or turn.message.body}")

    def events(self) -> list[tuple[str, dict[str, Any]]]:
        """What the bot was told of, beside what buyers said."""
        return [
            (str(turn.message.body["intent"]), turn.message.body["entities"])
            for turn in self.turns
            if turn.message.kind == "event"
        ]


@dataclass
class Desk:
    """Everything a test of the handoff works with."""

    database: Database
    cases: CaseService
    road: Road
    handoffs: HandoffService
    bot: EchoBot
    clock: Clock
    agents: dict[str, Agent] = field(default_factory=dict)
    _said: int = 0

    @property
    def now(self) -> datetime:
        return self.clock()

    async def buyer_says(self, text: str, conversation: str = CONVERSATION) -> None:
        """A message of the buyer, and whatever follows from it."""
        self._said += 1
        await self.road.accept(Incoming(conversation, "web", f"m{self._said}", text=text))
        await self.road.idle()

    async def queued(self, conversation: str = CONVERSATION, reason: Reason = Reason.USER_REQUEST) -> Handoff:
        """A conversation in which the buyer has asked for a person."""
        await self.buyer_says("你好", conversation)
        assert (await self.handoffs.request(conversation, reason, now=self.now)).status == "queued"
        found = await self.handoffs.active(conversation)
        assert found is not None
        return found

    async def claimed(self, by: str = "wang", conversation: str = CONVERSATION) -> Handoff:
        """A conversation that an agent has."""
        return await self.handoffs.claim((await self.queued(conversation)).id, self.agents[by], self.now)

    async def lines(self, conversation: str = CONVERSATION) -> list[tuple[str, str | None]]:
        return [(one.author_type, one.text) for one in await self.road.transcript(conversation)]

    async def owner(self, conversation: str = CONVERSATION) -> str:
        return (await self.road.state(conversation))[0]

    async def audit(self, handoff_id: str) -> list[str]:
        return [event.what for event in await self.handoffs.events(handoff_id)]

    async def rows(self, table: Any) -> list[Any]:
        async with self.database.read() as tx:
            return list((await tx.execute(select(table))).all())


@pytest.fixture
def service_of() -> Callable[..., HandoffService]:
    """`service_of(database, voice)`: the handoff service over any database."""

    def make(database: Database, voice: Voice, policy: DeskPolicy = POLICY) -> HandoffService:
        cases = CaseService(SqlCaseStore(), database)
        return HandoffService(database, cases, voice, rulebook=load_rulebook(), policy=policy)

    return make


@pytest.fixture
def hire() -> Callable[..., Awaitable[dict[str, Agent]]]:
    """`hire(database, {log-in name: display name})`: agents straight into the table, without hashing."""

    async def make(database: Database, names: dict[str, str], role: str = "agent") -> dict[str, Agent]:
        same = {"password_hash": "-", "role": role, "active": True, "created_at": NOW}
        rows = [{"name": name, "display_name": shown, **same} for name, shown in names.items()]
        async with database.transaction() as tx:
            await tx.execute(insert(desk_agents), rows)
            found = (await tx.execute(select(desk_agents).where(desk_agents.c.name.in_(names)))).all()
        return {row.name: Agent(row.id, row.name, row.display_name, row.role) for row in found}

    return make


@pytest.fixture
def heard() -> Callable[[Subscription], Awaitable[list[Notice]]]:
    """`heard(watcher)`: what a watcher has been told so far."""

    async def read(watcher: Subscription) -> list[Notice]:
        notices = []
        while (notice := await watcher.next(0.01)) is not None:
            notices.append(notice)
        return notices

    return read


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file: copied for each test, for migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("blank") / "bot.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def db_url(tmp_path: Path, blank_database: Path) -> str:
    return f"sqlite+aiosqlite:///{shutil.copy(blank_database, tmp_path)}"


@pytest_asyncio.fixture
async def database(db_url: str) -> AsyncIterator[Database]:
    one = Database(db_url)
    await one.connect()
    yield one
    await one.close()


@pytest_asyncio.fixture
async def empty_desk(database: Database, service_of: Any) -> AsyncIterator[Desk]:
    """A desk at which nobody works."""
    clock, bot = Clock(), EchoBot()
    cases = CaseService(SqlCaseStore(), database)
    limits = RoadLimits(turn_timeout=1.0, retry_pauses=(0.0,), away_pauses=(0.05,))
    road = Road(database, bot, clock=clock, case_session=cases.session, limits=limits)
    await road.start()
    yield Desk(database, cases, road, service_of(database, road.voice), bot, clock)
    await asyncio.wait_for(road.stop(grace=1.0), 5)


@pytest_asyncio.fixture
async def desk(empty_desk: Desk, hire: Any) -> Desk:
    """A desk with the agents wang (小王) and li (小李) and the supervisor chen (陈主管)."""
    empty_desk.agents = {
        **await hire(empty_desk.database, {"wang": "小王", "li": "小李"}),
        **await hire(empty_desk.database, {"chen": "陈主管"}, "supervisor"),
    }
    return empty_desk
