"""The connection to the database: short write transactions and reads that never wait for them."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import AbstractAsyncContextManager, asynccontextmanager
from typing import Any, Protocol

from sqlalchemy.exc import DBAPIError
from sqlalchemy.ext.asyncio import AsyncConnection, AsyncEngine, create_async_engine
from sqlalchemy.pool import AsyncAdaptedQueuePool

from bot.database import sqlite
from bot.database.errors import Unreachable
from bot.database.urls import async_url

_READERS = 4
_WAIT_S = 30
_RECYCLE_S = 1_800


class Transactions(Protocol):
    """What services need of a database; `Database` is the real one."""

    def transaction(self) -> AbstractAsyncContextManager[Any]:
        """A write transaction: committed at the end, rolled back on any exception."""

    def read(self) -> AbstractAsyncContextManager[Any]:
        """One consistent picture of the data, without a write lock."""


class Database:
    """A SQLite file or a PostgreSQL server.

    SQLite has one writing connection, so that the writers of this process queue up in order, and a few
    reading ones. PostgreSQL has one pool whose connections are tested before use: a dropped connection
    is replaced, it never becomes an empty answer.
    """

    def __init__(self, url: str) -> None:
        """No connection is made yet.

        Args:
            url: ``sqlite+aiosqlite:///file`` or ``postgresql+asyncpg://…``.

        Raises:
            ValueError: another kind of database, or SQLite without a file.
        """
        self.url = url
        self._parsed = async_url(url)
        self._writer: AsyncEngine | None = None
        self._reader: AsyncEngine | None = None

    @property
    def dialect(self) -> str:
        """``sqlite`` or ``postgresql``."""
        return str(self._parsed.get_backend_name())

    async def connect(self) -> None:
        """Make the pools and prove that the database answers; a second call does nothing.

        Raises:
            Unreachable: no connection can be made (see `bot.database.migrate.check` for the exact cause).
        """
        if self._writer is not None:
            return
        try:
            if self.dialect == "sqlite":
                self._writer = self._sqlite_engine(writes=True)
                self._reader = self._sqlite_engine(writes=False)
            else:
                self._writer = self._reader = self._server_engine()
            async with self.transaction() as tx:
                await tx.exec_driver_sql("SELECT 1")
        except (DBAPIError, OSError, ImportError) as error:
            await self.close()
            raise Unreachable(f"the database {self._parsed!r} cannot be opened: {error}") from error

    async def close(self) -> None:
        """Close every connection; the object can be connected again."""
        engines = {id(one): one for one in (self._writer, self._reader) if one is not None}
        self._writer = self._reader = None
        for engine in engines.values():
            await engine.dispose()

    @asynccontextmanager
    async def transaction(self) -> AsyncIterator[AsyncConnection]:
        """A write transaction: committed when the block ends, rolled back when it raises.

        Keep it short and do not open a second one inside it: on SQLite there is one writer.
        """
        async with self._engine(self._writer).begin() as connection:
            yield connection

    @asynccontextmanager
    async def read(self) -> AsyncIterator[AsyncConnection]:
        """One consistent picture of the data; takes no write lock, and SQLite refuses writes in it."""
        async with self._engine(self._reader).connect() as connection:
            yield connection

    @staticmethod
    def _engine(engine: AsyncEngine | None) -> AsyncEngine:
        if engine is None:
            raise RuntimeError("the database is not connected: await Database.connect() first")
        return engine

    def _sqlite_engine(self, *, writes: bool) -> AsyncEngine:
        engine = create_async_engine(
            self._parsed,
            future=True,
            hide_parameters=True,  # an error text must not hold what a buyer wrote
            poolclass=AsyncAdaptedQueuePool,
            pool_size=1 if writes else _READERS,
            max_overflow=0,
            pool_timeout=_WAIT_S,
        )
        sqlite.use_daemon_threads(engine.sync_engine)
        sqlite.set_up(engine.sync_engine, writes=writes)
        return engine

    def _server_engine(self) -> AsyncEngine:
        return create_async_engine(
            self._parsed,
            future=True,
            hide_parameters=True,
            pool_pre_ping=True,
            pool_recycle=_RECYCLE_S,
            pool_timeout=_WAIT_S,
        )
