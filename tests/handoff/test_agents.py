"""Who may work at the desk: accounts, passwords, sessions."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from sqlalchemy import select

from bot.database.engine import Database
from bot.disputes.facts import SHANGHAI
from bot.handoff.agents import AgentAccounts, csrf_matches
from bot.handoff.errors import AccountError
from bot.handoff.tables import desk_agents, desk_sessions

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=SHANGHAI)
GOOD = "correct horse"
HOUR = timedelta(hours=1)


class CountingHasher(PasswordHasher):
    """As weak as argon2 allows, so that tests are quick; counts the wrong passwords it really computed."""

    def __init__(self, time_cost: int = 1) -> None:
        super().__init__(time_cost=time_cost, memory_cost=8, parallelism=1)
        self.wrong = 0

    def verify(self, hash: str | bytes, password: str | bytes) -> Any:
        try:
            return super().verify(hash, password)
        except VerifyMismatchError:
            self.wrong += 1
            raise


@pytest.fixture
def hasher() -> CountingHasher:
    return CountingHasher()


@pytest.fixture
def accounts(database: Database, hasher: CountingHasher) -> AgentAccounts:
    return AgentAccounts(database, hasher)


async def rows(database: Database, table: Any) -> list[Any]:
    async with database.read() as tx:
        return list((await tx.execute(select(table))).all())


async def test_log_in_with_name_and_password(accounts: AgentAccounts, database: Database) -> None:
    made = await accounts.create("Wang.Li", GOOD, now=NOW, display_name="小王", role="supervisor")

    assert (made.name, made.display_name, made.role) == ("wang.li", "小王", "supervisor")
    assert await accounts.verify(" WANG.LI ", GOOD) == made
    assert await accounts.verify("wang.li", GOOD + "!") is None
    (row,) = await rows(database, desk_agents)
    assert row.password_hash.startswith("$argon2id$")
    assert GOOD not in row.password_hash


@pytest.mark.parametrize(
    ("name", "password", "why"),
    [
        ("w", GOOD, "2 to 32"),
        ("w" * 33, GOOD, "2 to 32"),
        ("wang li", GOOD, "2 to 32"),
        ("<b>wang", GOOD, "2 to 32"),
        ("wang", "short", "10 to 200"),
        ("wang", "x" * 201, "10 to 200"),
        ("wangxiaoming", "WangXiaoMing", "must not be the name"),
        ("wang", "ten letters\ud800", "cannot be encoded"),
        ("Taken", GOOD, "already"),
    ],
)
async def test_what_makes_no_account(accounts: AgentAccounts, name: str, password: str, why: str) -> None:
    await accounts.create("taken", GOOD, now=NOW)
    with pytest.raises(AccountError, match=why):
        await accounts.create(name, password, now=NOW)
    assert [one.name for one in await accounts.all()] == ["taken"]


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"display_name": "长" * 21}, "up to 20"),
        ({"display_name": "小\n王"}, "printable"),
        ({"role": "boss"}, "role"),
    ],
)
async def test_odd_names_and_roles(accounts: AgentAccounts, fields: dict[str, Any], why: str) -> None:
    with pytest.raises(AccountError, match=why):
        await accounts.create("wang", GOOD, now=NOW, **fields)


@pytest.mark.parametrize("name", ["王小明", "wang_1", "w-2", "小王"])
async def test_names_may_be_chinese(accounts: AgentAccounts, name: str) -> None:
    assert (await accounts.create(name, GOOD, now=NOW)).display_name == name


@pytest.mark.parametrize("name", ["nobody", "", "x" * 500, "wang"])
async def test_an_unknown_name_costs_as_much_as_a_wrong_password(
    accounts: AgentAccounts, hasher: CountingHasher, name: str
) -> None:
    await accounts.create("wang", GOOD, now=NOW)
    assert await accounts.verify(name, "wrong password") is None
    assert hasher.wrong == 1


@pytest.mark.parametrize("password", ["", "\ud800", "x" * 100_000])
async def test_odd_passwords_are_only_wrong(accounts: AgentAccounts, password: str) -> None:
    await accounts.create("wang", GOOD, now=NOW)
    assert await accounts.verify("wang", password) is None


async def test_a_damaged_hash_lets_nobody_in(accounts: AgentAccounts, database: Database) -> None:
    await accounts.create("wang", GOOD, now=NOW)
    async with database.transaction() as tx:
        await tx.execute(desk_agents.update().values(password_hash="plain"))
    assert await accounts.verify("wang", "plain") is None


async def test_stronger_parameters_come_with_the_next_log_in(
    accounts: AgentAccounts, database: Database
) -> None:
    await accounts.create("wang", GOOD, now=NOW)
    (before,) = await rows(database, desk_agents)
    await accounts.verify("wang", GOOD)
    assert (await rows(database, desk_agents)) == [before]

    stronger = AgentAccounts(database, CountingHasher(time_cost=2))
    assert await stronger.verify("wang", "wrong password") is None
    assert await stronger.verify("wang", GOOD) is not None
    (after,) = await rows(database, desk_agents)
    assert "t=1" in before.password_hash
    assert "t=2" in after.password_hash
    assert await stronger.verify("wang", GOOD) is not None


async def test_a_session_is_known_by_its_cookie_alone(accounts: AgentAccounts, database: Database) -> None:
    wang = await accounts.create("wang", GOOD, now=NOW)
    cookie, csrf = await accounts.open_session(wang, NOW)

    assert await accounts.find_session(cookie, NOW) == (wang, csrf)
    (row,) = await rows(database, desk_sessions)
    assert cookie not in str(row)
    assert len(row.id) == 64
    assert await accounts.find_session(row.id, NOW) is None
    assert await accounts.find_session("\ud800", NOW) is None
    await accounts.close_session(cookie)
    await accounts.close_session(cookie)
    assert await accounts.find_session(cookie, NOW) is None


@pytest.mark.parametrize(
    ("visits", "good"),
    [
        ([1.99], [True]),
        ([2.0], [False]),
        ([1.5, 3.4, 5.3], [True, True, True]),
        ([1.5, 3.5], [True, False]),
        ([1.9, 3.7, 5.5, 7.3, 9.1, 10.9, 11.99, 12.0], [True] * 7 + [False]),
    ],
)
async def test_two_idle_hours_or_twelve_in_all_end_a_session(
    accounts: AgentAccounts, visits: list[float], good: list[bool]
) -> None:
    wang = await accounts.create("wang", GOOD, now=NOW)
    cookie, _ = await accounts.open_session(wang, NOW)

    assert [await accounts.find_session(cookie, NOW + at * HOUR) is not None for at in visits] == good


async def test_expired_sessions_are_cleared_away(accounts: AgentAccounts, database: Database) -> None:
    wang = await accounts.create("wang", GOOD, now=NOW)
    await accounts.open_session(wang, NOW)
    await accounts.open_session(wang, NOW + HOUR)
    await accounts.open_session(wang, NOW + 2 * HOUR)
    assert len(await rows(database, desk_sessions)) == 2


@pytest.mark.parametrize("how", ["deactivate", "set_password"])
async def test_what_ends_every_session_of_an_agent(accounts: AgentAccounts, how: str) -> None:
    wang = await accounts.create("wang", GOOD, now=NOW)
    li = await accounts.create("li", GOOD, now=NOW)
    cookie, _ = await accounts.open_session(wang, NOW)
    other, _ = await accounts.open_session(li, NOW)
    calls: dict[str, Callable[[], Any]] = {
        "deactivate": lambda: accounts.deactivate("Wang"),
        "set_password": lambda: accounts.set_password("wang", "another password"),
    }
    await calls[how]()

    assert await accounts.find_session(cookie, NOW) is None
    assert await accounts.find_session(other, NOW) is not None
    assert await accounts.verify("wang", GOOD) is None
    assert (await accounts.verify("wang", "another password") is None) is (how == "deactivate")
    assert [one.name for one in await accounts.all()] == (["li"] if how == "deactivate" else ["li", "wang"])


async def test_a_session_of_an_account_that_is_off_opens_nothing(
    accounts: AgentAccounts, database: Database
) -> None:
    cookie, _ = await accounts.open_session(await accounts.create("wang", GOOD, now=NOW), NOW)
    async with database.transaction() as tx:
        await tx.execute(desk_agents.update().values(active=False))
    assert await accounts.find_session(cookie, NOW) is None


async def test_an_agent_nobody_knows(accounts: AgentAccounts) -> None:
    for call in (accounts.deactivate("wang"), accounts.set_password("wang", GOOD)):
        with pytest.raises(AccountError, match="there is no agent named wang"):
            await call


async def test_who_is_at_the_desk(accounts: AgentAccounts, database: Database) -> None:
    wang = await accounts.create("wang", GOOD, now=NOW)
    await accounts.create("li", GOOD, now=NOW)
    cookie, _ = await accounts.open_session(wang, NOW)

    async def names(seconds: float) -> list[str]:
        return [one.name for one in await accounts.online(NOW + timedelta(seconds=seconds))]

    async def visit(seconds: float) -> datetime:
        await accounts.find_session(cookie, NOW + timedelta(seconds=seconds))
        return next(row for row in await rows(database, desk_agents) if row.name == "wang").last_seen_at

    assert (await names(119), await names(120)) == (["wang"], [])
    assert await visit(29) == NOW  # not every request is a write
    assert await visit(30) == NOW + timedelta(seconds=30)
    assert await names(149) == ["wang"]
    await accounts.deactivate("wang")
    assert await names(31) == []


@pytest.mark.parametrize(
    ("given", "good"), [("abc", True), ("abd", False), ("", False), (None, False), ("好", False)]
)
def test_the_token_against_forged_requests(given: str | None, good: bool) -> None:
    assert csrf_matches("abc", given) is good
