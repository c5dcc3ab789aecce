"""Bring the tables up to date, and say clearly when the database cannot be used.

``python -m bot.database.migrate URL`` does the first from a terminal.
"""

from __future__ import annotations

import os
import sqlite3
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import Any

from alembic import command
from alembic.config import Config
from alembic.runtime.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import create_engine, text
from sqlalchemy.exc import DatabaseError
from sqlalchemy.pool import NullPool

from bot.database import sqlite
from bot.database.errors import (
    Corrupted,
    DatabaseProblem,
    MissingFolder,
    ReadOnly,
    SchemaNewer,
    SchemaOlder,
    Unreachable,
)
from bot.database.urls import plain_url, sqlite_file

_MIGRATIONS = Path(__file__).with_name("migrations")
# Any number that nothing else in the same PostgreSQL database uses for an advisory lock.
_UPGRADE_LOCK = 5_060_001
# Processes that start together upgrade one after the other, on a busy disk for some seconds each.
_PATIENCE_MS = 60_000


def upgrade(url: str) -> None:
    """Apply the revisions that are missing; all or none of them, one process at a time.

    Raises:
        DatabaseProblem: as `check`, except that missing or older tables are what this repairs.
    """
    check_storage(url)
    with _connection(url, writes=True) as connection:
        if connection.dialect.name == "postgresql":
            connection.execute(text(f"SELECT pg_advisory_xact_lock({_UPGRADE_LOCK})"))
        _refuse_newer(connection)
        command.upgrade(_config(connection), "head")


def check(url: str) -> None:
    """Everything that can be known before the first query: storage, damage, version of the tables.

    Raises:
        MissingFolder, ReadOnly, Corrupted: the SQLite file or its folder.
        Unreachable: the server does not answer.
        SchemaNewer, SchemaOlder: the tables belong to another version of the program.
    """
    check_storage(url)
    file = sqlite_file(url)
    if file is not None and not file.exists():
        raise SchemaOlder(_older(url, "no tables yet"))
    with _connection(url, writes=False) as connection:
        _refuse_newer(connection)
        current, wanted = _revision(connection), head()
    if current != wanted:
        found = "no tables yet" if current is None else f"tables of revision {current}, not {wanted}"
        raise SchemaOlder(_older(url, found))


def check_storage(url: str) -> None:
    """The part of `check` that looks at the SQLite file and its folder; a server passes."""
    file = sqlite_file(url)
    if file is None:
        return
    folder = file.parent
    if not folder.is_dir():
        raise MissingFolder(f"The database folder {folder} does not exist: create it or name another one.")
    if not _can_write(folder):
        raise ReadOnly(f"The database folder {folder} cannot be written: give this user the right to.")
    if file.exists():
        _check_file(file)


def head() -> str:
    """The newest revision this program knows."""
    return str(ScriptDirectory(str(_MIGRATIONS)).get_current_head())


def _check_file(file: Path) -> None:
    if not file.is_file() or not os.access(file, os.W_OK):
        raise ReadOnly(f"The database file {file} cannot be written: give this user the right to.")
    damaged = f"The database file {file} is damaged or is no database: restore a backup or move it away."
    try:
        connection = sqlite3.connect(file, timeout=sqlite.BUSY_TIMEOUT_MS / 1000)
        try:
            answer = connection.execute("PRAGMA quick_check(1)").fetchone()
        finally:
            connection.close()
    except sqlite3.OperationalError as error:
        raise ReadOnly(f"The database file {file} cannot be opened ({error}): check its rights.") from error
    except sqlite3.DatabaseError as error:
        raise Corrupted(damaged) from error
    if answer is None or answer[0] != "ok":
        raise Corrupted(damaged)


def _can_write(folder: Path) -> bool:
    # Trying is the only sure way: rights, read-only mounts and full quotas all look alike from outside.
    probe = folder / f".write-test-{os.getpid()}"
    try:
        probe.touch(exist_ok=True)
    except OSError:
        return False
    with suppress(OSError):
        probe.unlink()
    return True


@contextmanager
def _connection(url: str, *, writes: bool) -> Iterator[Any]:
    engine = create_engine(plain_url(url), future=True, poolclass=NullPool)
    if engine.dialect.name == "sqlite":
        sqlite.set_up(engine, writes=writes, patience_ms=_PATIENCE_MS if writes else sqlite.BUSY_TIMEOUT_MS)
    try:
        with engine.begin() as connection:
            yield connection
    except DatabaseError as error:
        raise Unreachable(f"The database {engine.url!r} does not work: {error.orig}") from error
    finally:
        engine.dispose()


def _config(connection: Any) -> Config:
    config = Config()
    config.set_main_option("script_location", str(_MIGRATIONS).replace("%", "%%"))
    config.attributes["connection"] = connection
    return config


def _revision(connection: Any) -> str | None:
    revision = MigrationContext.configure(connection).get_current_revision()
    return None if revision is None else str(revision)


def _refuse_newer(connection: Any) -> None:
    current = _revision(connection)
    known = {script.revision for script in ScriptDirectory(str(_MIGRATIONS)).walk_revisions()}
    if current is not None and current not in known:
        raise SchemaNewer(
            f"The database has tables of revision {current}, but this program only knows {head()}: "
            "start the newer version of the program or restore an older backup."
        )


def _older(url: str, found: str) -> str:
    # No address in the command: it may hold a password, and this sentence goes to logs.
    return f"The database {plain_url(url)!r} has {found}: run `python -m bot.database.migrate URL` first."


def main(arguments: list[str]) -> int:
    """Upgrade the database named on the command line; 0 when it is up to date."""
    if len(arguments) != 1:
        print("usage: python -m bot.database.migrate URL", file=sys.stderr)
        return 2
    try:
        upgrade(arguments[0])
    except (DatabaseProblem, ValueError) as error:
        print(error, file=sys.stderr)
        return 1
    print(f"The database is at revision {head()}.")
    return 0


if __name__ == "__main__":
    raise SystemExit(main(sys.argv[1:]))
