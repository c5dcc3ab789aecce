"""Database addresses: the async and the plain driver of the same database, and where a SQLite file is."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from sqlalchemy.engine import make_url

_ASYNC = {"sqlite": "sqlite+aiosqlite", "postgresql": "postgresql+asyncpg"}
_PLAIN = {"sqlite": "sqlite", "postgresql": "postgresql+psycopg2"}


def async_url(url: str) -> Any:
    """``url`` with the driver the running program uses.

    Raises:
        ValueError: neither SQLite nor PostgreSQL, or a SQLite database without a file.
    """
    return _with_driver(url, _ASYNC)


def plain_url(url: str) -> Any:
    """``url`` with the blocking driver that migrations use; errors as `async_url`."""
    return _with_driver(url, _PLAIN)


def sqlite_file(url: str) -> Path | None:
    """The file of a SQLite address, None for a server; errors as `async_url`."""
    parsed = _with_driver(url, _PLAIN)
    return Path(parsed.database) if parsed.get_backend_name() == "sqlite" else None


def _with_driver(url: str, drivers: dict[str, str]) -> Any:
    parsed = make_url(url)
    backend = parsed.get_backend_name()
    if backend not in drivers:
        raise ValueError(f"the database must be SQLite or PostgreSQL, not {backend}")
    if backend == "sqlite" and parsed.database in (None, "", ":memory:"):
        raise ValueError("the SQLite database needs a file: sqlite+aiosqlite:///path/to/bot.db")
    return parsed.set(drivername=drivers[backend])
