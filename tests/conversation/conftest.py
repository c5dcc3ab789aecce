"""A migrated database, a fake turn handler and a road on a fixed clock."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.conversation.road import Road
from bot.conversation.turn import Turn
from bot.conversation.worker import RoadLimits
from bot.database.engine import Database
from bot.database.migrate import upgrade

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
FAST = RoadLimits(turn_timeout=1.0, retry_pauses=(0.0,), away_pauses=(0.05,))


class Clock:
    """Stands still until moved."""

    def __init__(self) -> None:
        self.now = NOW

    def __call__(self) -> datetime:
        return self.now

    def move(self, by: timedelta) -> None:
        self.now += by


class FakeHandler:
    """Echoes; `script` may replace the behaviour."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.active: dict[str, int] = {}
        self.most_at_once = 0
        self.script: Callable[[Turn], Awaitable[None]] | None = None

    async def handle(self, turn: Turn) -> None:
        self.turns.append(turn)
        who = turn.conversation_id
        self.active[who] = self.active.get(who, 0) + 1
        self.most_at_once = max(self.most_at_once, self.active[who])
        try:
            if self.script is not None:
                await self.script(turn)
            else:
                await asyncio.sleep(0)
                turn.say(f"收到：{turn.message.body.get('text') or turn.message.body}")
        finally:
            self.active[who] -= 1


@pytest.fixture
def clock() -> Clock:
    return Clock()


@pytest.fixture
def handler() -> FakeHandler:
    return FakeHandler()


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
async def road(database: Database, handler: FakeHandler, clock: Clock) -> AsyncIterator[Road]:
    one = Road(database, handler, clock=clock, limits=FAST)
    await one.start()
    yield one
    await one.stop(grace=1.0)
