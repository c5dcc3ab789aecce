"""Kill the server in the middle of turns: every acknowledged message has exactly one reply, in order."""

from __future__ import annotations

import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path

import httpx
import pytest

from bot.database.migrate import upgrade

pytestmark = pytest.mark.faults
PROGRAM = Path(__file__).with_name("slow_server.py")


class Server:
    """The process, started and killed on one SQLite file."""

    def __init__(self, folder: Path) -> None:
        self.url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
        upgrade(self.url)
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = probe.getsockname()[1]
        self.log = folder / "server.log"
        self.process: subprocess.Popen[bytes] | None = None
        self.client = httpx.Client(base_url=f"http://127.0.0.1:{self.port}/webhooks/web", timeout=10)

    def start(self, seconds: float) -> None:
        with self.log.open("ab") as log:
            command = [sys.executable, str(PROGRAM), self.url, str(self.port), str(seconds)]
            self.process = subprocess.Popen(command, stdout=log, stderr=log)
        deadline = time.monotonic() + 60
        while True:
            try:
                httpx.get(f"http://127.0.0.1:{self.port}/healthz")
                return
            except httpx.TransportError:
                assert time.monotonic() < deadline, self.log.read_text(encoding="utf-8")
                assert self.process.poll() is None, self.log.read_text(encoding="utf-8")
                time.sleep(0.1)

    def end(self, how: signal.Signals) -> None:
        assert self.process is not None
        self.process.send_signal(how)
        self.process.wait(30)
        self.process = None

    def session(self) -> dict[str, str]:
        return {"Authorization": "Bearer " + self.client.post("/session").json()["token"]}

    def say(self, who: dict[str, str], number: int) -> dict:
        body = {"client_msg_id": f"c{number}", "text": f"第{number}条"}
        answer = self.client.post("/messages", json=body, headers=who)
        assert answer.status_code == 200, answer.text
        return answer.json()

    def texts(self, who: dict[str, str], author: str) -> list[str]:
        entries = self.client.get("/history?limit=200", headers=who).json()["entries"]
        return [entry["text"] for entry in entries if entry["author"]["type"] == author]

    def wait_for_replies(self, who: dict[str, str], count: int) -> list[str]:
        deadline = time.monotonic() + 30
        while len(replies := self.texts(who, "bot")) < count and time.monotonic() < deadline:
            time.sleep(0.05)
        time.sleep(0.3)  # a second reply would come now
        return self.texts(who, "bot") or replies


@pytest.fixture
def server(tmp_path: Path) -> Iterator[Server]:
    one = Server(tmp_path)
    yield one
    one.client.close()
    if one.process is not None:
        one.end(signal.SIGKILL)


@pytest.mark.parametrize("how", [signal.SIGKILL, signal.SIGTERM])
def test_a_message_in_its_turn_is_kept_and_answered_once(server, how):
    server.start(seconds=60)
    who = server.session()
    for number in range(3):
        server.say(who, number)
    time.sleep(0.3)
    assert server.texts(who, "bot") == []  # the first is in its turn
    server.end(how)
    server.start(seconds=0.01)
    expected = [f"收到：第{number}条" for number in range(3)]
    assert server.wait_for_replies(who, 3) == expected
    assert server.say(who, 0) == {"seq": 1, "dup": True}  # the client sends again what it is not sure of
    assert server.wait_for_replies(who, 3) == expected
    assert server.texts(who, "buyer") == [f"第{number}条" for number in range(3)]


def test_kills_at_random_moments_lose_and_double_nothing(server):
    acknowledged: list[int] = []
    server.start(seconds=0.02)
    who = server.session()
    for round_number in range(3):
        for number in range(round_number * 10, round_number * 10 + 10):
            server.say(who, number)
            acknowledged.append(number)
        time.sleep(0.03 * round_number)
        server.end(signal.SIGKILL)
        server.start(seconds=0.02)
    replies = server.wait_for_replies(who, len(acknowledged))
    assert replies == [f"收到：第{number}条" for number in acknowledged]
    assert server.texts(who, "buyer") == [f"第{number}条" for number in acknowledged]
