"""Both stores behind the same fixture: every test of the store runs over each."""

from __future__ import annotations

from collections.abc import AsyncIterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

from bot.cases.memory_store import MemoryCaseStore, NoDatabase
from bot.cases.service import CaseService
from bot.cases.sql_store import SqlCaseStore
from bot.database.engine import Database
from bot.database.migrate import upgrade


@dataclass
class Kept:
    """A store and the transactions it works in."""

    store: Any
    database: Any

    @property
    def service(self) -> CaseService:
        return CaseService(self.store, self.database)


@pytest.fixture
async def sql(tmp_path: Path) -> AsyncIterator[Kept]:
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    upgrade(url)
    database = Database(url)
    await database.connect()
    yield Kept(SqlCaseStore(), database)
    await database.close()


@pytest.fixture(params=["memory", "sql"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path) -> AsyncIterator[Kept]:
    if request.param == "memory":
        yield Kept(MemoryCaseStore(), NoDatabase())
        return
    url = f"sqlite+aiosqlite:///{tmp_path}/bot.db"
    upgrade(url)
    database = Database(url)
    await database.connect()
    yield Kept(SqlCaseStore(), database)
    await database.close()
