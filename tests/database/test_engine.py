"""The engine: real transactions on SQLite, one writer at a time, readers that do not wait."""

from __future__ import annotations

import asyncio
import subprocess
import sys
from pathlib import Path

import pytest
from sqlalchemy.exc import IntegrityError, OperationalError

from bot.database.engine import Database
from bot.database.errors import Unreachable
from bot.database.urls import async_url, plain_url


@pytest.fixture
async def database(tmp_path: Path):
    database = Database(f"sqlite+aiosqlite:///{tmp_path}/a.db")
    await database.connect()
    async with database.transaction() as tx:
        await tx.exec_driver_sql("CREATE TABLE parent (id INTEGER PRIMARY KEY)")
        await tx.exec_driver_sql("CREATE TABLE child (parent_id INTEGER REFERENCES parent(id))")
    yield database
    await database.close()


async def count(database: Database) -> int:
    async with database.read() as tx:
        return int((await tx.exec_driver_sql("SELECT count(*) FROM parent")).scalar_one())


@pytest.mark.parametrize(
    ("pragma", "value"),
    [("journal_mode", "wal"), ("foreign_keys", 1), ("busy_timeout", 5000), ("synchronous", 2)],
)
async def test_writing_connections_are_set_up(database: Database, pragma: str, value: object) -> None:
    async with database.transaction() as tx:
        assert (await tx.exec_driver_sql(f"PRAGMA {pragma}")).scalar_one() == value


async def test_commits_at_the_end(database: Database) -> None:
    async with database.transaction() as tx:
        await tx.exec_driver_sql("INSERT INTO parent VALUES (1)")
        assert await count(database) == 0
    assert await count(database) == 1


async def test_an_exception_rolls_back_data_and_tables(database: Database) -> None:
    with pytest.raises(RuntimeError):
        async with database.transaction() as tx:
            await tx.exec_driver_sql("INSERT INTO parent VALUES (1)")
            await tx.exec_driver_sql("CREATE TABLE half_done (id INTEGER)")
            raise RuntimeError("stop")
    assert await count(database) == 0
    async with database.read() as tx:
        tables = (await tx.exec_driver_sql("SELECT name FROM sqlite_master")).scalars().all()
    assert "half_done" not in tables


async def test_foreign_keys_hold(database: Database) -> None:
    with pytest.raises(IntegrityError):
        async with database.transaction() as tx:
            await tx.exec_driver_sql("INSERT INTO child VALUES (7)")


async def test_read_refuses_to_write(database: Database) -> None:
    async with database.read() as tx:
        with pytest.raises(OperationalError, match="readonly"):
            await tx.exec_driver_sql("INSERT INTO parent VALUES (1)")


async def test_read_is_one_picture(database: Database) -> None:
    async with database.read() as reader:
        before = (await reader.exec_driver_sql("SELECT count(*) FROM parent")).scalar_one()
        async with database.transaction() as writer:
            await writer.exec_driver_sql("INSERT INTO parent VALUES (1)")
        again = (await reader.exec_driver_sql("SELECT count(*) FROM parent")).scalar_one()
    assert (before, again, await count(database)) == (0, 0, 1)


async def test_writers_of_two_processes_take_turns(database: Database) -> None:
    """Read, wait, write: without BEGIN IMMEDIATE the second writer fails or loses an update."""
    other = Database(database.url)
    await other.connect()

    async def add_one(which: Database) -> None:
        async with which.transaction() as tx:
            highest = (await tx.exec_driver_sql("SELECT coalesce(max(id), 0) FROM parent")).scalar_one()
            await asyncio.sleep(0.01)
            await tx.exec_driver_sql(f"INSERT INTO parent VALUES ({highest + 1})")

    await asyncio.gather(*(add_one(which) for which in (database, other) * 5))
    await other.close()
    assert await count(database) == 10


async def test_a_cancelled_transaction_leaves_nothing_and_no_lock(database: Database) -> None:
    started = asyncio.Event()

    async def slow() -> None:
        async with database.transaction() as tx:
            await tx.exec_driver_sql("INSERT INTO parent VALUES (1)")
            started.set()
            await asyncio.sleep(60)

    task = asyncio.create_task(slow())
    await started.wait()
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    async with database.transaction() as tx:
        await tx.exec_driver_sql("INSERT INTO parent VALUES (2)")
    assert await count(database) == 1


async def test_not_connected_is_said() -> None:
    with pytest.raises(RuntimeError, match="not connected"):
        async with Database("sqlite+aiosqlite:///x.db").read():
            pass


async def test_connecting_where_no_file_can_be_is_unreachable(tmp_path: Path) -> None:
    with pytest.raises(Unreachable, match="cannot be opened"):
        await Database(f"sqlite+aiosqlite:///{tmp_path}/missing/a.db").connect()


async def test_connect_and_close_may_be_repeated(database: Database) -> None:
    await database.connect()
    await database.close()
    await database.close()
    await database.connect()
    assert await count(database) == 0


def test_an_open_connection_does_not_keep_the_process_alive(tmp_path: Path) -> None:
    code = (
        "import asyncio\n"
        "from bot.database.engine import Database\n"
        f"asyncio.run(Database('sqlite+aiosqlite:///{tmp_path}/a.db').connect())\n"
    )
    assert subprocess.run([sys.executable, "-c", code], timeout=30, check=False).returncode == 0


@pytest.mark.parametrize(
    ("given", "running", "migrating"),
    [
        ("sqlite:///a.db", "sqlite+aiosqlite:///a.db", "sqlite:///a.db"),
        ("sqlite+aiosqlite:////d/a.db", "sqlite+aiosqlite:////d/a.db", "sqlite:////d/a.db"),
        ("postgresql://u@h/d", "postgresql+asyncpg://u@h/d", "postgresql+psycopg2://u@h/d"),
        ("postgresql+asyncpg://u@h/d", "postgresql+asyncpg://u@h/d", "postgresql+psycopg2://u@h/d"),
    ],
)
def test_one_address_serves_both_drivers(given: str, running: str, migrating: str) -> None:
    assert (str(async_url(given)), str(plain_url(given))) == (running, migrating)


@pytest.mark.parametrize("url", ["mysql://h/d", "sqlite://", "sqlite:///:memory:"])
def test_other_databases_are_refused(url: str) -> None:
    with pytest.raises(ValueError, match=r"must be SQLite or PostgreSQL|needs a file"):
        Database(url)


def test_a_start_that_fails_prints_no_traceback_of_its_own(tmp_path: Path) -> None:
    code = (
        "import asyncio\n"
        "from bot.database.engine import Database\n"
        "from bot.database.errors import Unreachable\n"
        "async def start():\n"
        "    try:\n"
        f"        await Database('sqlite+aiosqlite:///{tmp_path}/missing/a.db').connect()\n"
        "    except Unreachable:\n"
        "        print('unreachable')\n"
        "for _ in range(10): asyncio.run(start())\n"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], timeout=60, check=True, capture_output=True, text=True
    )
    assert (done.stdout.split(), done.stderr) == (["unreachable"] * 10, "")
