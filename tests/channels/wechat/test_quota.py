"""How many messages may still be pushed, as the platform counts."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio

from bot.channels.wechat import quota
from bot.channels.wechat.quota import Kind
from bot.database.engine import Database
from bot.database.migrate import upgrade

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
BUYER = "wechat:main:openid-of-a-buyer"
H = 3600


@pytest_asyncio.fixture
async def database(tmp_path: Path) -> AsyncIterator[Database]:
    url = f"sqlite+aiosqlite:///{tmp_path / 'bot.db'}"
    upgrade(url)
    one = Database(url)
    await one.connect()
    yield one
    await one.close()


def at(seconds: float) -> datetime:
    return NOW + timedelta(seconds=seconds)


TABLE: list[tuple[str, list[tuple[Kind, float]], float, int]] = [
    # what happened (kind, seconds after NOW), when we look, what is left
    ("nothing yet", [], 0, 0),
    ("a message", [("message", 0)], 0, 5),
    ("a message, just before 48 hours", [("message", 0)], 48 * H - 1, 5),
    ("a message, 48 hours later", [("message", 0)], 48 * H, 0),
    ("a click", [("event", 0)], 59, 3),
    ("a click, a minute later", [("event", 0)], 60, 0),
    ("two messages do not add up", [("message", 0), ("message", 10)], 20, 5),
    ("the newer message lasts longer", [("message", 0), ("message", H)], 48 * H + 10, 5),
    ("a message and a click do not add up", [("message", 0), ("event", 10)], 20, 5),
    ("a click, two days after the message", [("message", 0), ("event", 48 * H)], 48 * H + 10, 3),
    ("the click is over, the message is not", [("message", 0), ("event", 10)], 100, 5),
    ("an older message that comes late", [("message", H), ("message", 0)], 48 * H + 10, 5),
]


@pytest.mark.parametrize(("what", "happened", "later", "expected"), TABLE, ids=[row[0] for row in TABLE])
async def test_left(
    database: Database, what: str, happened: list[tuple[Kind, float]], later: float, expected: int
) -> None:
    async with database.transaction() as tx:
        for kind, when in happened:
            await quota.granted(tx, BUYER, kind, at(when))
        assert await quota.left(tx, BUYER, at(later)) == expected
        assert await quota.left(tx, "wechat:main:somebody-else", at(later)) == 0


async def test_takes_no_more_than_there_is(database: Database) -> None:
    async with database.transaction() as tx:
        await quota.granted(tx, BUYER, "message", NOW)
        await quota.granted(tx, BUYER, "event", NOW)
        taken = [await quota.take(tx, BUYER, at(1)) for _ in range(6)]
    assert [grant and grant.kind for grant in taken] == ["message"] * 5 + [None]


async def test_a_new_message_fills_up_again(database: Database) -> None:
    async with database.transaction() as tx:
        await quota.granted(tx, BUYER, "message", NOW)
        for _ in range(5):
            assert await quota.take(tx, BUYER, NOW)
        assert not await quota.take(tx, BUYER, NOW)
        await quota.granted(tx, BUYER, "message", NOW)  # within the same second
        assert await quota.left(tx, BUYER, NOW) == 5


async def test_put_back_gives_back_one_of_the_same_grant_only(database: Database) -> None:
    async with database.transaction() as tx:
        await quota.granted(tx, BUYER, "message", NOW)
        grant = await quota.take(tx, BUYER, NOW)
        assert grant is not None
        await quota.put_back(tx, grant)
        await quota.put_back(tx, grant)
        assert await quota.left(tx, BUYER, NOW) == 5
        await quota.granted(tx, BUYER, "message", at(5))
        await quota.take(tx, BUYER, at(5))
        await quota.put_back(tx, grant)  # of the grant before
        assert await quota.left(tx, BUYER, at(5)) == 4


async def test_exhausted_ends_what_was_known_and_spares_what_came_since(database: Database) -> None:
    async with database.transaction() as tx:
        await quota.granted(tx, BUYER, "message", NOW)
        await quota.granted(tx, BUYER, "event", NOW)
        known = await quota.open_grants(tx, BUYER, NOW)
        await quota.granted(tx, BUYER, "message", at(2))
        await quota.exhausted(tx, BUYER, known)
        assert await quota.left(tx, BUYER, at(2)) == 5
        await quota.exhausted(tx, BUYER)
        assert await quota.left(tx, BUYER, at(2)) == 0
