"""The `bot` command in this process, on data and models of the test's own."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import Callable
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from click.testing import Result
from typer.testing import CliRunner

from bot import wiring
from bot.cli import train
from bot.cli.main import app
from bot.database.migrate import upgrade
from bot.settings import Settings

ROOT = Path(__file__).resolve().parents[2]
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))

Bot = Callable[..., Result]


def free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])


@pytest.fixture
def bot(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Bot:
    """`bot("case", "list", BOT_PORT="abc")` runs one command; the result has exit_code, stdout and stderr."""
    monkeypatch.chdir(tmp_path)  # no .env of the checkout
    monkeypatch.setattr(wiring, "_current", [])
    monkeypatch.setenv("BOT_DATA_DIR", str(tmp_path / "var"))
    monkeypatch.setenv("BOT_MODELS_DIR", str(tmp_path / "models"))
    monkeypatch.setenv("BOT_PORT", str(free_port()))
    for name in ("BOT_SECRET", "BOT_OVERRIDES_DIR", "BOT_DATABASE_URL", "BOT_LOG_LEVEL"):
        monkeypatch.delenv(name, raising=False)

    def run(*arguments: object, **env: str) -> Result:
        runner = CliRunner(mix_stderr=False)
        return runner.invoke(app, [str(one) for one in arguments], env=env)

    return run


@pytest.fixture
def no_training(monkeypatch: pytest.MonkeyPatch) -> None:
    """A minute of training must not begin before what is wrong has been said."""

    def refuse(_folder: Path) -> None:
        raise AssertionError("training began")

    monkeypatch.setattr(train, "train_now", refuse)


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("blank") / "bot.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def data(tmp_path: Path, blank_database: Path) -> Path:
    """The data folder with an empty, migrated database."""
    folder = tmp_path / "var"
    folder.mkdir()
    shutil.copy(blank_database, folder)
    return folder


@pytest.fixture
def case_id(data: Path) -> str:
    """A stored case."""

    async def store() -> str:
        async with wiring.opened(Settings(data_dir=data)) as services:
            async with services.cases.edit("web-1", NOW) as case:
                case.take("amount", "299.00", at=NOW, message_id="m1")
            return str(case.id)

    return asyncio.run(store())


@pytest.fixture
def trained(tmp_path: Path) -> Path:
    """BOT_MODELS_DIR with the newest model of the checkout, taken as current so that nothing retrains."""
    archives = sorted((ROOT / "models").glob("*.tar.gz"), key=lambda one: one.stat().st_mtime)
    if not archives:
        pytest.skip("no trained model (make train)")
    folder = tmp_path / "models"
    folder.mkdir()
    (folder / archives[-1].name).symlink_to(archives[-1])
    (folder / "fingerprint.json").write_text(json.dumps({"trained_on": train.fingerprint()}))
    return folder


@pytest.fixture
def one_sentence() -> Callable[..., None]:
    """`one_sentence(result, *words)`: exit code 1 and, besides progress, one line on stderr with the words."""

    def check(result: Any, *words: str) -> None:
        said = [line for line in result.stderr.splitlines() if not line.startswith(("==> ", "    done in "))]
        assert result.exit_code == 1, (result.exit_code, said, result.stdout, result.exception)
        assert len(said) == 1, said
        assert said[0].startswith("bot: ")
        assert "Traceback" not in said[0] and "unexpected" not in said[0], said[0]
        for word in words:
            assert word in said[0], said[0]

    return check
