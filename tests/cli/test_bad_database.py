"""What an operator reads when the database is missing, damaged or of another version; it is never touched."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

import pytest
from click.testing import Result

Bot = Callable[..., Result]
Check = Callable[..., None]

READERS = (("case", "list"), ("case", "show", "JR1"), ("case", "export", "JR1", "--output", "case.json"))
WRITERS = (("serve",), ("converse",), ("chat",))


@pytest.mark.parametrize("command", READERS, ids=" ".join)
def test_no_database_yet(bot: Bot, one_sentence: Check, tmp_path: Path, command: tuple[str, ...]) -> None:
    one_sentence(bot(*command), "nothing has been stored yet", "bot.db", "`bot serve`", "BOT_DATA_DIR")
    assert not (tmp_path / "var").exists(), "looking makes nothing"


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("command", READERS + WRITERS, ids=" ".join)
def test_newer_database(bot: Bot, one_sentence: Check, data: Path, command: tuple[str, ...]) -> None:
    with closing(sqlite3.connect(data / "bot.db")) as connection:
        connection.execute("UPDATE alembic_version SET version_num = '9999'")
        connection.commit()
    one_sentence(bot(*command), "revision 9999", "newer version")
    with closing(sqlite3.connect(data / "bot.db")) as connection:
        assert connection.execute("SELECT version_num FROM alembic_version").fetchone() == ("9999",)


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("command", READERS + WRITERS, ids=" ".join)
@pytest.mark.parametrize("content", [b"no database at all" * 400, b"SQLite format 3\x00" + b"\xee" * 8000])
def test_damaged_database(
    bot: Bot, one_sentence: Check, tmp_path: Path, command: tuple[str, ...], content: bytes
) -> None:
    file = tmp_path / "var" / "bot.db"
    file.parent.mkdir()
    file.write_bytes(content)
    one_sentence(bot(*command), str(file), "damaged", "restore a backup")
    assert file.read_bytes() == content


@pytest.mark.usefixtures("no_training")
@pytest.mark.parametrize("command", [("case", "list"), ("serve",)])
def test_folder_in_place_of_the_database(
    bot: Bot, one_sentence: Check, tmp_path: Path, command: tuple[str, ...]
) -> None:
    (tmp_path / "var" / "bot.db").mkdir(parents=True)
    one_sentence(bot(*command), "bot.db", "cannot be written")


@pytest.mark.parametrize("number", ["JR20261121-ABC234", "", "'; DROP TABLE cases", "\udcff", "案" * 3000])
@pytest.mark.usefixtures("data")
def test_unknown_case(bot: Bot, one_sentence: Check, number: str) -> None:
    one_sentence(bot("case", "show", "--", number), "there is no case", "`bot case list`")


def test_known_case_is_shown(bot: Bot, case_id: str) -> None:
    shown = bot("case", "show", case_id, "--json")
    assert (shown.exit_code, shown.stderr) == (0, "")
    assert json.loads(shown.stdout)["id"] == case_id


@pytest.mark.parametrize("target", ["", "nowhere/case.json", "file/case.json"])
def test_export_that_cannot_be_written(
    bot: Bot, one_sentence: Check, case_id: str, tmp_path: Path, target: str
) -> None:
    (tmp_path / "file").write_text("precious")
    one_sentence(bot("case", "export", case_id, "--output", tmp_path / target), "cannot write")
    assert (tmp_path / "file").read_text() == "precious"


def test_export_of_an_unknown_case_keeps_the_older_file(bot: Bot, data: Path, tmp_path: Path) -> None:
    (tmp_path / "case.json").write_text("older")
    assert bot("case", "export", "JR1", "--output", tmp_path / "case.json").exit_code == 1
    assert (tmp_path / "case.json").read_text() == "older"


def test_export_keeps_the_older_file_when_the_disk_is_full(
    bot: Bot, one_sentence: Check, case_id: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    def full(_path: Path, _data: bytes) -> int:
        raise OSError(28, "No space left on device")

    (tmp_path / "case.json").write_text("older")
    monkeypatch.setattr(Path, "write_bytes", full)
    one_sentence(bot("case", "export", case_id, "--output", tmp_path / "case.json"), "No space left")
    assert (tmp_path / "case.json").read_text() == "older"


def test_export_writes_the_whole_case(bot: Bot, case_id: str, tmp_path: Path) -> None:
    done = bot("case", "export", case_id, "--output", tmp_path / "case.json")
    assert (done.exit_code, done.stderr) == (0, "")
    assert json.loads((tmp_path / "case.json").read_text(encoding="utf-8"))["id"] == case_id
    assert sorted(one.name for one in tmp_path.iterdir()) == ["case.json", "var"]


@pytest.mark.parametrize("limit", ["0", "-5", "many"])
def test_wrong_limit(bot: Bot, limit: str) -> None:
    assert bot("case", "list", "--limit", limit).exit_code == 2
