"""The real server as a process, for tests that a buyer's browser or a crash would see."""

from __future__ import annotations

import os
import signal
import socket
import subprocess
import sys
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN = 120.0


class LiveServer:
    """`bot serve` on a free port of this machine, with a data folder of its own."""

    def __init__(self, data: Path) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.data = data
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, "BOT_DATA_DIR": str(self.data), "BOT_LOG_LEVEL": "WARNING"}

    def start(self) -> LiveServer:
        command = [sys.executable, "-m", "bot.cli.main", "serve", "--port", str(self.port), "--no-train"]
        self.log = (self.data / "server.log").open("ab")
        self.process = subprocess.Popen(command, cwd=ROOT, env=self.env, stdout=self.log, stderr=self.log)
        self._wait_ready()
        return self

    def _wait_ready(self) -> None:
        deadline = time.monotonic() + READY_WITHIN
        while time.monotonic() < deadline:
            assert self.process is not None and self.process.poll() is None, self.words()
            try:
                with urllib.request.urlopen(f"{self.url}/readyz", timeout=1):
                    return
            except (urllib.error.URLError, OSError):
                time.sleep(0.1)
        raise AssertionError(f"not ready in {READY_WITHIN} s: {self.words()}")

    def words(self) -> str:
        return (self.data / "server.log").read_text(encoding="utf-8", errors="replace")[-3000:]

    def kill(self) -> None:
        """As a power cut: no chance to finish anything."""
        assert self.process is not None
        self.process.send_signal(signal.SIGKILL)
        self.process.wait(10)

    def stop(self) -> None:
        if self.process is not None and self.process.poll() is None:
            self.process.terminate()
            self.process.wait(30)

    def bot(self, *arguments: str) -> subprocess.CompletedProcess[str]:
        """Run another `bot` command on the same data."""
        command = [sys.executable, "-m", "bot.cli.main", *arguments]
        return subprocess.run(command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False)


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[Callable[[], LiveServer]]:
    """`live_server()` starts one; it is stopped at the end of the test."""
    started: list[LiveServer] = []

    def start() -> LiveServer:
        started.append(LiveServer(tmp_path).start())
        return started[-1]

    yield start
    for one in started:
        one.stop()
