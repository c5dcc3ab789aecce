"""Who may work at the desk: accounts, passwords (argon2id) and log-in sessions."""

from __future__ import annotations

import asyncio
import hashlib
import hmac
import re
import secrets
import unicodedata
from collections.abc import Sequence
from datetime import datetime, timedelta
from functools import cached_property
from typing import Any, get_args

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from sqlalchemy import delete, insert, select, update
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.database.engine import Transactions
from bot.handoff.errors import AccountError
from bot.handoff.model import Agent, Role
from bot.handoff.tables import desk_agents, desk_sessions

LONGEST_SESSION = timedelta(hours=12)
LONGEST_IDLE = timedelta(hours=2)
SEEN_WITHIN = timedelta(minutes=2)
SEEN_EVERY = timedelta(seconds=30)
"""How exactly it is known when an agent was here last: not every request is a write."""
SHORTEST_PASSWORD, LONGEST_PASSWORD = 10, 200
_NAME = re.compile(r"[\w.-]{2,32}")
_LONGEST_DISPLAY_NAME = 20
_COOKIE_BYTES = 32
_AT_ONCE = 2  # a check takes 64 MB and 50 ms of a core


class AgentAccounts:
    """Agents and their sessions. Log-in names do not tell upper case from lower."""

    def __init__(self, database: Transactions, hasher: PasswordHasher | None = None) -> None:
        self._database = database
        self._hasher = hasher or PasswordHasher()
        self._checks = asyncio.Semaphore(_AT_ONCE)

    async def create(
        self,
        name: str,
        password: str,
        *,
        now: datetime,
        display_name: str = "",
        role: Role = "agent",
    ) -> Agent:
        """Make an account.

        Args:
            display_name: what buyers see (人工客服 小王); the log-in name when empty.

        Raises:
            AccountError: the name is taken, or something is not as it must be; the message says what to do.
        """
        login, shown = _login(name), unicodedata.normalize("NFKC", display_name).strip() or name.strip()
        _check_account(login, shown, role)
        _check_password(password, login)
        hashed = await self._in_thread(self._hasher.hash, password)
        account = insert(desk_agents).values(
            name=login, display_name=shown, password_hash=hashed, role=role, active=True, created_at=now
        )
        try:
            async with self._database.transaction() as tx:
                await tx.execute(account)
                row = (await tx.execute(select(desk_agents).where(desk_agents.c.name == login))).one()
        except IntegrityError:
            raise AccountError(f"there is an agent named {login} already: choose another name") from None
        return _agent(row)

    async def verify(self, name: str, password: str) -> Agent | None:
        """The agent with this name and password, None when there is none who may work here.

        An unknown name takes as long as a wrong password, so that names cannot be found out by the clock.
        """
        async with self._database.read() as tx:
            row = await _by_name(tx, _login(name))
        stored = row.password_hash if row is not None else await self._in_thread(self._no_ones_hash)
        right = len(password) <= LONGEST_PASSWORD and await self._in_thread(self._matches, stored, password)
        if row is None or not right or not row.active:
            return None
        if self._hasher.check_needs_rehash(stored):
            await self._store_password(row.id, password)
        return _agent(row)

    async def set_password(self, name: str, password: str) -> None:
        """Change the password and end the agent's sessions.

        Raises:
            AccountError: no such agent, or the password is too weak.
        """
        login = _login(name)
        _check_password(password, login)
        agent_id = await self._id_of(login)
        await self._store_password(agent_id, password)
        await self._end_sessions(agent_id)

    async def deactivate(self, name: str) -> None:
        """Keep the account for the records, but let nobody in with it; its sessions end now.

        Raises:
            AccountError: no such agent.
        """
        agent_id = await self._id_of(_login(name))
        async with self._database.transaction() as tx:
            await tx.execute(update(desk_agents).where(desk_agents.c.id == agent_id).values(active=False))
            await tx.execute(delete(desk_sessions).where(desk_sessions.c.agent_id == agent_id))

    async def all(self) -> Sequence[Agent]:
        """Every agent who may work here, by name."""
        query = select(desk_agents).where(desk_agents.c.active.is_(True)).order_by(desk_agents.c.name)
        async with self._database.read() as tx:
            return [_agent(row) for row in (await tx.execute(query)).all()]

    async def online(self, now: datetime) -> Sequence[Agent]:
        """The agents seen within `SEEN_WITHIN`, by name."""
        query = select(desk_agents).where(
            desk_agents.c.active.is_(True), desk_agents.c.last_seen_at > now - SEEN_WITHIN
        )
        async with self._database.read() as tx:
            return [_agent(row) for row in (await tx.execute(query.order_by(desk_agents.c.name))).all()]

    async def open_session(self, agent: Agent, now: datetime) -> tuple[str, str]:
        """(cookie, csrf token) of a new session; of the cookie only its hash is kept. Expired ones go."""
        cookie, csrf = secrets.token_urlsafe(_COOKIE_BYTES), secrets.token_urlsafe(_COOKIE_BYTES)
        session = {
            "id": _digest(cookie),
            "agent_id": agent.id,
            "csrf": csrf,
            "created_at": now,
            "expires_at": now + LONGEST_IDLE,
        }
        async with self._database.transaction() as tx:
            await tx.execute(delete(desk_sessions).where(desk_sessions.c.expires_at <= now))
            await tx.execute(insert(desk_sessions).values(**session))
            await _seen(tx, agent.id, now)
        return cookie, csrf

    async def find_session(self, cookie: str, now: datetime) -> tuple[Agent, str] | None:
        """(agent, csrf token) of a session that is still good, which then lasts `LONGEST_IDLE` from now.

        No session lasts longer than `LONGEST_SESSION`.
        """
        query = (
            select(
                desk_agents,
                desk_sessions.c.csrf,
                desk_sessions.c.created_at.label("since"),
                desk_sessions.c.expires_at,
            )
            .join(desk_agents, desk_agents.c.id == desk_sessions.c.agent_id)
            .where(desk_sessions.c.id == _digest(cookie), desk_agents.c.active.is_(True))
        )
        async with self._database.read() as tx:
            row = (await tx.execute(query)).first()
        if row is None or row.expires_at <= now:
            return None
        expires = min(row.since + LONGEST_SESSION, now + LONGEST_IDLE)
        unseen = row.last_seen_at is None or now - row.last_seen_at >= SEEN_EVERY
        if unseen or expires - row.expires_at >= SEEN_EVERY:
            async with self._database.transaction() as tx:
                this = update(desk_sessions).where(desk_sessions.c.id == _digest(cookie))
                await tx.execute(this.values(expires_at=expires))
                await _seen(tx, row.id, now)
        return _agent(row), str(row.csrf)

    async def close_session(self, cookie: str) -> None:
        """Log out; nothing happens for a session that is over."""
        async with self._database.transaction() as tx:
            await tx.execute(delete(desk_sessions).where(desk_sessions.c.id == _digest(cookie)))

    async def _id_of(self, login: str) -> int:
        async with self._database.read() as tx:
            row = await _by_name(tx, login)
        if row is None:
            raise AccountError(f"there is no agent named {login}: check the name, or create the agent first")
        return int(row.id)

    async def _store_password(self, agent_id: int, password: str) -> None:
        hashed = await self._in_thread(self._hasher.hash, password)
        async with self._database.transaction() as tx:
            this = update(desk_agents).where(desk_agents.c.id == agent_id)
            await tx.execute(this.values(password_hash=hashed))

    async def _end_sessions(self, agent_id: int) -> None:
        async with self._database.transaction() as tx:
            await tx.execute(delete(desk_sessions).where(desk_sessions.c.agent_id == agent_id))

    async def _in_thread(self, work: Any, *values: str) -> Any:
        """Hashing is slow on purpose: the loop goes on meanwhile, and a few at once are enough."""
        async with self._checks:
            return await asyncio.to_thread(work, *values)

    def _matches(self, stored: str, password: str) -> bool:
        try:
            return self._hasher.verify(stored, password)
        except (VerificationError, InvalidHashError, UnicodeEncodeError):
            return False

    def _no_ones_hash(self) -> str:
        return self._dummy

    @cached_property
    def _dummy(self) -> str:
        return self._hasher.hash(secrets.token_urlsafe())


def csrf_matches(expected: str, given: str | None) -> bool:
    """Whether a request carries the token of its session, compared in constant time."""
    return hmac.compare_digest(expected.encode(), (given or "").encode("utf-8", "replace"))


def _login(name: str) -> str:
    return unicodedata.normalize("NFKC", name).strip().casefold()


def _check_account(login: str, shown: str, role: str) -> None:
    if not _NAME.fullmatch(login):
        raise AccountError(
            "the name needs 2 to 32 letters, digits or Chinese characters; _ . - may be among them"
        )
    if len(shown) > _LONGEST_DISPLAY_NAME or not shown.isprintable():
        raise AccountError(f"the display name may have up to {_LONGEST_DISPLAY_NAME} printable characters")
    if role not in get_args(Role):
        raise AccountError(f"the role must be one of {', '.join(get_args(Role))}, not {role!r}")


def _check_password(password: str, login: str) -> None:
    if not SHORTEST_PASSWORD <= len(password) <= LONGEST_PASSWORD:
        raise AccountError(f"the password needs {SHORTEST_PASSWORD} to {LONGEST_PASSWORD} characters")
    if _login(password) == login:
        raise AccountError("the password must not be the name: choose another one")
    if any("\ud800" <= char <= "\udfff" for char in password):
        raise AccountError("the password has characters that cannot be encoded: choose another one")


def _digest(cookie: str) -> str:
    return hashlib.sha256(cookie.encode("utf-8", "replace")).hexdigest()


def _agent(row: Any) -> Agent:
    return Agent(row.id, row.name, row.display_name, row.role)


async def _by_name(tx: AsyncConnection, login: str) -> Any:
    return (await tx.execute(select(desk_agents).where(desk_agents.c.name == login))).first()


async def _seen(tx: AsyncConnection, agent_id: int, now: datetime) -> None:
    await tx.execute(update(desk_agents).where(desk_agents.c.id == agent_id).values(last_seen_at=now))
