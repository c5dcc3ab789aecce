"""The real server as a process, for tests that a buyer's browser or a crash would see."""

from __future__ import annotations

import asyncio
import importlib.util
import os
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.error
import urllib.request
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

# fixtures for every folder
from tests.nlu.tiny_onnx import encoder_anew, named_encoder  # noqa: F401
from tests.postgres import postgres_server, postgres_url  # noqa: F401

ROOT = Path(__file__).resolve().parents[1]
READY_WITHIN = 120.0
# What the buyer of the main job answers to each question, in whatever order they come.
INTAKE_ANSWERS = (
    ("请把订单号发给我", "2512345678901234567"),
    ("订单现在是什么状态", "已签收，没点确认"),
    ("有没有使用过", "没有用过"),
    ("什么时候付款的", "11月15日付款"),
    ("店铺叫什么名字", "先跳过"),
    ("什么时候发现问题", "收到当天"),
    ("哪一天签收", "昨天"),
    ("最希望怎么解决", "退货退款"),
    ("具体是什么问题", "鞋底前掌开胶，能伸进一根手指"),
    ("已经跟商家提过要求了吗", "还没有"),
)


class LiveServer:
    """`bot serve` on a free port of this machine, with a data folder of its own."""

    def __init__(self, data: Path, environment: dict[str, str] | None = None) -> None:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            self.port = int(probe.getsockname()[1])
        self.data = data
        self.environment = environment or {}
        self.url = f"http://127.0.0.1:{self.port}"
        self.process: subprocess.Popen[bytes] | None = None

    @property
    def env(self) -> dict[str, str]:
        return {**os.environ, "BOT_DATA_DIR": str(self.data), "BOT_LOG_LEVEL": "WARNING", **self.environment}

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

    def bot(self, *arguments: str, given: str = "") -> subprocess.CompletedProcess[str]:
        """Run another `bot` command on the same data; `given` is what it reads from standard input."""
        command = [sys.executable, "-m", "bot.cli.main", *arguments]
        return subprocess.run(
            command, cwd=ROOT, env=self.env, capture_output=True, text=True, check=False, input=given
        )


@pytest.fixture
def live_server(tmp_path: Path) -> Iterator[Callable[..., LiveServer]]:
    """`live_server(BOT_…="…")` starts one; it is stopped at the end of the test."""
    started: list[LiveServer] = []

    def start(**environment: str) -> LiveServer:
        started.append(LiveServer(tmp_path, environment).start())
        return started[-1]

    yield start
    for one in started:
        one.stop()


class WeChatPhone:
    """A stand-in for the WeChat platform in a thread of its own, and one buyer's phone on it."""

    APP_ID, TOKEN = "wx1234567890abcdef", "callbacktoken"
    AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"
    OPENID = "oBuyer-1"

    def __init__(self, verified: bool) -> None:
        path = ROOT / "tests" / "channels" / "wechat" / "stand_in.py"
        spec = importlib.util.spec_from_file_location("wechat_stand_in_thread", path)
        assert spec and spec.loader
        module = importlib.util.module_from_spec(spec)
        sys.modules[spec.name] = module
        spec.loader.exec_module(module)
        self.loop = asyncio.new_event_loop()
        threading.Thread(target=self.loop.run_forever, daemon=True).start()
        self.platform = module.Platform(self.TOKEN, self.APP_ID, self.AES_KEY, verified=verified)
        self._do(self.platform.__aenter__())

    def _do(self, work: Any) -> Any:
        return asyncio.run_coroutine_threadsafe(work, self.loop).result(60)

    def credentials(self, folder: Path) -> Path:
        """A credentials.yml for the program."""
        file = folder / "credentials.yml"
        file.write_text(
            "wechat: {accounts: {main: {"
            f"app_id: {self.APP_ID}, app_secret: secret-of-the-app, token: {self.TOKEN}, "
            f"aes_key: {self.AES_KEY}, verified: {str(self.platform.verified).lower()}, "
            f"api_base: '{self.platform.url}'}}}}}}"
        )
        return file

    def call(self, server: LiveServer) -> None:
        """From now on the account's callbacks go to this server."""
        self.platform.callbacks = [f"{server.url}/webhooks/wechat/main"]

    def say(self, text: str) -> None:
        self._do(self.platform.say(self.OPENID, text))

    def press(self, title: str) -> None:
        self._do(self.platform.press(self.OPENID, title))

    def send_picture(self, data: bytes) -> None:
        url = self.platform.picture(data)
        self._do(self.platform.message(self.OPENID, "image", PicUrl=url, MediaId="M1"))

    @property
    def shown(self) -> str:
        """Everything on the phone's screen, with the entries of menus."""
        chat = self.platform.buyer(self.OPENID).chat
        return "\n".join(one.text + " ".join(entry["content"] for entry in one.menu) for one in chat)

    def wait_for(self, words: str, seconds: float = 45.0) -> None:
        deadline = time.monotonic() + seconds
        while words not in self.shown:
            assert time.monotonic() < deadline, f"{words!r} did not come; on the screen:\n{self.shown}"
            time.sleep(0.05)

    def close(self) -> None:
        self._do(self.platform.__aexit__())
        self.loop.call_soon_threadsafe(self.loop.stop)


@pytest.fixture
def wechat_phone() -> Iterator[Callable[..., WeChatPhone]]:
    """`wechat_phone(verified=True)` -> a buyer's phone."""
    made: list[WeChatPhone] = []

    def make(verified: bool = True) -> WeChatPhone:
        made.append(WeChatPhone(verified))
        return made[-1]

    yield make
    for phone in made:
        phone.close()


@pytest.fixture
def intake_answers() -> tuple[tuple[str, str], ...]:
    return INTAKE_ANSWERS
