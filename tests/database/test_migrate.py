"""Migrations: they build what the code declares, and a database that cannot be used is named exactly."""

from __future__ import annotations

import os
import sqlite3
import threading
from pathlib import Path

import pytest
from alembic import command
from alembic.autogenerate import compare_metadata
from alembic.runtime.migration import MigrationContext
from sqlalchemy import create_engine, inspect

import bot.cases.tables
import bot.conversation.tables
import bot.handoff.tables  # noqa: F401 (all three add their tables to the shared metadata)
from bot.database import migrate
from bot.database.errors import (
    Corrupted,
    DatabaseProblem,
    MissingFolder,
    ReadOnly,
    SchemaNewer,
    SchemaOlder,
    Unreachable,
)
from bot.database.schema import metadata


@pytest.fixture
def file(tmp_path: Path) -> Path:
    return tmp_path / "bot.db"


def url_of(file: Path) -> str:
    return f"sqlite+aiosqlite:///{file}"


def run_sql(file: Path, sql: str) -> None:
    connection = sqlite3.connect(file)
    connection.execute(sql)
    connection.commit()
    connection.close()


def test_migrations_build_what_the_code_declares(file: Path) -> None:
    migrate.upgrade(url_of(file))
    engine = create_engine(f"sqlite:///{file}", future=True)
    with engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_server_default": True})
        assert compare_metadata(context, metadata) == []
        found = inspect(connection)
        for table in metadata.sorted_tables:  # names are not compared above
            declared = {(one.name, one.unique) for one in table.indexes}
            assert {(one["name"], bool(one["unique"])) for one in found.get_indexes(table.name)} >= declared
            keys = [column.name for column in table.primary_key.columns]
            assert sorted(found.get_pk_constraint(table.name)["constrained_columns"]) == sorted(keys)
    engine.dispose()


def test_only_one_active_case_is_a_rule_of_the_database(file: Path) -> None:
    migrate.upgrade(url_of(file))
    row = "INSERT INTO cases VALUES ('{}', 'c', '2026-01-01', '2026-01-01', 1, '{}', '[]', '[]', 0, '{{}}')"
    run_sql(file, row.format("1", "closed"))
    run_sql(file, row.format("2", "intake"))
    with pytest.raises(sqlite3.IntegrityError):
        run_sql(file, row.format("3", "evidence"))


def test_upgrade_then_check_passes_and_may_be_repeated(file: Path) -> None:
    migrate.upgrade(url_of(file))
    migrate.upgrade(url_of(file))
    migrate.check(url_of(file))


def test_downgrade_removes_every_table(file: Path) -> None:
    migrate.upgrade(url_of(file))
    with migrate._connection(url_of(file), writes=True) as connection:
        command.downgrade(migrate._config(connection), "base")
        assert inspect(connection).get_table_names() == ["alembic_version"]


def test_processes_that_start_together_both_succeed(file: Path) -> None:
    failures: list[BaseException] = []

    def start() -> None:
        try:
            migrate.upgrade(url_of(file))
        except BaseException as error:
            failures.append(error)

    threads = [threading.Thread(target=start) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert failures == []
    migrate.check(url_of(file))


def test_a_failed_migration_leaves_nothing_behind(file: Path) -> None:
    run_sql(file, "CREATE TABLE cases (id TEXT)")  # in the way of the first revision, half way through it
    with pytest.raises(DatabaseProblem):
        migrate.upgrade(url_of(file))
    connection = sqlite3.connect(file)
    assert connection.execute("SELECT name FROM sqlite_master WHERE type = 'table'").fetchall() == [
        ("cases",)
    ]
    connection.close()


def _newer(file: Path) -> None:
    migrate.upgrade(url_of(file))
    run_sql(file, "UPDATE alembic_version SET version_num = '9999'")


def _damaged(file: Path) -> None:
    migrate.upgrade(url_of(file))
    whole = bytearray(file.read_bytes())
    whole[4096 : 4096 * 3] = b"\xa5" * 8192
    file.write_bytes(whole)


PROBLEMS = [
    ("no file yet", lambda file: None, SchemaOlder, "no tables yet"),
    ("empty file", lambda file: file.touch(), SchemaOlder, "no tables yet"),
    ("tables of a newer version", _newer, SchemaNewer, "revision 9999"),
    ("damaged pages", _damaged, Corrupted, "damaged"),
    ("no database at all", lambda file: file.write_bytes(b"hello " * 500), Corrupted, "no database"),
    ("a folder in its place", lambda file: file.mkdir(), ReadOnly, "cannot be written"),
]


@pytest.mark.parametrize(("what", "prepare", "error", "says"), PROBLEMS, ids=[row[0] for row in PROBLEMS])
def test_check_names_the_problem_in_one_sentence(file: Path, what, prepare, error, says) -> None:
    prepare(file)
    with pytest.raises(error, match=says) as caught:
        migrate.check(url_of(file))
    sentence = str(caught.value)
    assert sentence.startswith("The database ")
    assert sentence.endswith(".")
    assert "\n" not in sentence


@pytest.mark.parametrize("ask", [migrate.check, migrate.upgrade])
def test_missing_folder(tmp_path: Path, ask) -> None:
    with pytest.raises(MissingFolder, match="does not exist"):
        ask(url_of(tmp_path / "no" / "bot.db"))


@pytest.mark.parametrize("ask", [migrate.check, migrate.upgrade])
def test_unwritable_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch, ask) -> None:
    if os.geteuid() == 0:  # rights do not stop root, so the refusal is staged

        def refuse(self: Path, *args: object, **kwargs: object) -> None:
            raise PermissionError(13, "Permission denied")

        monkeypatch.setattr(Path, "touch", refuse)
    else:
        tmp_path.chmod(0o500)
    with pytest.raises(ReadOnly, match=r"folder .* cannot be written"):
        ask(url_of(tmp_path / "bot.db"))


def test_upgrade_leaves_a_newer_database_alone(file: Path) -> None:
    _newer(file)
    before = file.read_bytes()
    with pytest.raises(SchemaNewer):
        migrate.upgrade(url_of(file))
    assert file.read_bytes() == before


def test_a_server_that_does_not_answer_is_named_without_its_password() -> None:
    with pytest.raises(Unreachable) as caught:
        migrate.check("postgresql://bot:geheim@127.0.0.1:1/bot?connect_timeout=1")
    assert "geheim" not in str(caught.value)


def test_command_line(file: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert migrate.main([url_of(file)]) == 0
    assert migrate.head() in capsys.readouterr().out
    assert migrate.main([url_of(file.parent / "no" / "bot.db")]) == 1
    assert "does not exist" in capsys.readouterr().err
    assert migrate.main([]) == 2
