"""How SQLite connections are set up: write-ahead log, foreign keys, patience, and one writer at a time."""

from __future__ import annotations

import asyncio
import sqlite3
import time
from typing import Any

from sqlalchemy import event
from sqlalchemy.util.concurrency import await_only

BUSY_TIMEOUT_MS = 5_000
_PAUSE_S = 0.05


def set_up(engine: Any, *, writes: bool, patience_ms: int = BUSY_TIMEOUT_MS) -> None:
    """Attach the hooks to a (sync) engine; `patience_ms` is how long one process waits for another.

    The driver's own transaction handling is switched off and BEGIN is ours, as SQLAlchemy documents
    for SQLite. A writing transaction begins IMMEDIATE: it waits for its turn at the start, instead of
    failing in the middle when a reader turns writer.
    """

    @event.listens_for(engine, "connect")  # type: ignore[untyped-decorator]
    def _on_connect(connection: Any, _record: Any) -> None:
        connection.isolation_level = None
        cursor = connection.cursor()
        cursor.execute(f"PRAGMA busy_timeout = {patience_ms}")
        cursor.execute("PRAGMA foreign_keys = ON")
        if writes:
            _write_ahead(cursor, patience_ms)
            # A commit that was acknowledged must survive a power cut, not only a killed process.
            cursor.execute("PRAGMA synchronous = FULL")
        else:
            cursor.execute("PRAGMA query_only = ON")
        cursor.close()

    @event.listens_for(engine, "begin")  # type: ignore[untyped-decorator]
    def _on_begin(connection: Any) -> None:
        connection.exec_driver_sql("BEGIN IMMEDIATE" if writes else "BEGIN")


def _write_ahead(cursor: Any, patience_ms: int) -> None:
    """Switch to the write-ahead log. That needs the file alone, and SQLite does not wait for it by itself."""
    until = time.monotonic() + patience_ms / 1000
    while True:
        try:
            cursor.execute("PRAGMA journal_mode = WAL")
            return
        except sqlite3.OperationalError:
            if time.monotonic() >= until:
                raise
            time.sleep(_PAUSE_S)


def use_daemon_threads(engine: Any) -> None:
    """Let the program end although a connection is still open.

    aiosqlite 0.22 runs each connection in a thread that is no daemon, and SQLAlchemy 1.4 still sets the
    flag on an object that is no thread any more: after a failed start the process would never exit.
    """

    @event.listens_for(engine, "do_connect")  # type: ignore[untyped-decorator]
    def _connect(dialect: Any, _record: Any, arguments: Any, options: Any) -> Any:
        from sqlalchemy.dialects.sqlite.aiosqlite import AsyncAdapt_aiosqlite_connection

        adapted = dialect.dbapi
        raw = adapted.aiosqlite.connect(*arguments, **{**options, "check_same_thread": False})
        thread = getattr(raw, "_thread", raw)
        thread.daemon = True
        try:
            return AsyncAdapt_aiosqlite_connection(adapted, await_only(raw))
        except BaseException:
            # The thread still has a last word to say to the loop; a closed loop would print a traceback.
            await_only(asyncio.to_thread(thread.join, 1))
            raise
