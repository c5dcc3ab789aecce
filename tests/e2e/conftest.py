"""One loaded model for all conversations of this folder."""

from __future__ import annotations

import os
from collections.abc import AsyncIterator
from datetime import datetime
from pathlib import Path

import pytest
import pytest_asyncio

from bot.cli.terminal import Terminal

NOW = "2026-11-21T10:00:00+08:00"


@pytest_asyncio.fixture(scope="session", loop_scope="session")
async def opened_terminal(tmp_path_factory: pytest.TempPathFactory) -> AsyncIterator[Terminal]:
    folder: Path = tmp_path_factory.mktemp("e2e")
    before = os.environ.get("BOT_DATA_DIR")
    os.environ["BOT_DATA_DIR"] = str(folder)
    async with Terminal.open(datetime.fromisoformat(NOW)) as terminal:
        yield terminal
    if before is None:
        del os.environ["BOT_DATA_DIR"]
    else:
        os.environ["BOT_DATA_DIR"] = before


@pytest.fixture
def terminal(opened_terminal: Terminal) -> Terminal:
    """A conversation of its own."""
    return opened_terminal.fresh()
