"""Both stores behind the same fixture: every test of the store runs over each."""

from __future__ import annotations

import shutil
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


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file: copied for each test, for migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("blank") / "bot.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
async def sql(tmp_path: Path, blank_database: Path) -> AsyncIterator[Kept]:
    database = Database(f"sqlite+aiosqlite:///{shutil.copy(blank_database, tmp_path)}")
    await database.connect()
    yield Kept(SqlCaseStore(), database)
    await database.close()


@pytest.fixture(params=["memory", "sql"])
async def kept(request: pytest.FixtureRequest, tmp_path: Path, blank_database: Path) -> AsyncIterator[Kept]:
    if request.param == "memory":
        yield Kept(MemoryCaseStore(), NoDatabase())
        return
    database = Database(f"sqlite+aiosqlite:///{shutil.copy(blank_database, tmp_path)}")
    await database.connect()
    yield Kept(SqlCaseStore(), database)
    await database.close()
