"""Workers that serve an account's callbacks to a stand-in platform: real server, real database, real relay."""

from __future__ import annotations

import asyncio
import importlib.util
import shutil
import socket
import sys
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from sanic import Sanic
from sqlalchemy import func, select

from bot.cases.service import CaseService
from bot.cases.sql_store import SqlCaseStore
from bot.channels.media import EvidenceFromChannels
from bot.channels.wechat.accounts import WeChatAccount
from bot.channels.wechat.channel import WeChatInput
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.media import WeChatMedia
from bot.channels.wechat.sender import WeChatSender
from bot.conversation.notices import NoticeBoard
from bot.conversation.relay import OutboxRelay
from bot.conversation.road import Road
from bot.conversation.tables import outbox
from bot.conversation.turn import Turn
from bot.conversation.voice import Voice
from bot.conversation.worker import RoadLimits
from bot.database.engine import Database
from bot.database.migrate import upgrade
from bot.evidence.service import EvidenceService

SHANGHAI = ZoneInfo("Asia/Shanghai")
TOKEN, APP_ID, SECRET = "callbacktoken", "wx1234567890abcdef", "the-secret-no-log-may-hold"
AES_KEY = "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFG"


def _stand_in() -> Any:
    """The module beside this one: tests are no package."""
    path = Path(__file__).with_name("stand_in.py")
    spec = importlib.util.spec_from_file_location("wechat_stand_in", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    sys.modules[spec.name] = module
    spec.loader.exec_module(module)
    return module


STAND_IN = _stand_in()


def now() -> datetime:
    return datetime.now(SHANGHAI)


class Echo:
    """Answers every message with its own words; `seconds` is how long it thinks."""

    def __init__(self) -> None:
        self.seconds = 0.0
        self.turns: list[Turn] = []
        self.script: Callable[[Turn], Awaitable[None]] | None = None

    async def handle(self, turn: Turn) -> None:
        self.turns.append(turn)
        await asyncio.sleep(self.seconds)
        if self.script is not None:
            await self.script(turn)
            return
        body = turn.message.body
        turn.say(f"收到：{body.get('text') or body.get('title') or body.get('intent') or turn.message.kind}")


@dataclass
class Worker:
    """One process of the program, as far as this channel goes."""

    address: str
    road: Road
    database: Database
    relay: OutboxRelay
    sender: WeChatSender
    stops: list[Callable[[], Awaitable[object]]] = field(default_factory=list)

    async def stop(self) -> None:
        for stop in self.stops:
            await stop()


async def begin_worker(
    folder: Path,
    platform: Any,
    handler: Any,
    *,
    link: str | None = None,
    accounts: Any = None,
    **options: Any,
) -> Worker:
    given = WeChatAccount(
        "main",
        APP_ID,
        SECRET,
        TOKEN,
        AES_KEY if platform._key else None,
        platform.verified if "verified" not in options else options.pop("verified"),
        platform.url,
        **options,
    )
    accounts = accounts or {"main": given}
    database = Database(f"sqlite+aiosqlite:///{folder / 'bot.db'}")
    await database.connect()
    clients = {key: WeChatClient(account) for key, account in accounts.items()}
    sender = WeChatSender(database, clients, now, lambda _conversation: link)
    cases = CaseService(SqlCaseStore(), database)
    evidence = EvidenceService(folder / "evidence", cases)
    (folder / "evidence").mkdir(exist_ok=True)
    voice = Voice(NoticeBoard(), {"wechat": timedelta(seconds=given.passive_wait_s + 0.4)})
    road = Road(
        database,
        handler,
        clock=now,
        voice=voice,
        case_session=cases.session,
        erasers=(evidence,),
        media=EvidenceFromChannels(evidence, {"wechat": WeChatMedia(clients)}),
        limits=RoadLimits(retry_pauses=(0.0,), parallel_turns=200),
    )
    relay = OutboxRelay(database, {"wechat": sender}, now)
    voice.on_lines.append(relay.wake)
    door = WeChatInput(
        accounts, road, database, clock=now, sender=sender, clients=clients, link_for=lambda _c: link
    )
    port, server = await _serve(door)
    await road.start()
    sending = asyncio.create_task(relay.run())
    worker = Worker(f"http://127.0.0.1:{port}/webhooks/wechat/main", road, database, relay, sender)

    async def end_sending() -> None:
        sending.cancel()
        await asyncio.gather(sending, return_exceptions=True)

    async def close_clients() -> None:
        for client in clients.values():
            await client.close()

    async def close_server() -> None:
        server.close()
        await server.wait_closed()

    worker.stops += [end_sending, road.stop, close_server, close_clients, database.close]
    return worker


async def _serve(door: WeChatInput) -> tuple[int, Any]:
    app = Sanic(f"wechat_{id(door)}", configure_logging=False)
    app.config.RESPONSE_TIMEOUT = 60
    app.blueprint(door.blueprint(None))
    Sanic.test_mode = True  # lets one process start several apps
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = int(probe.getsockname()[1])
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    await server.startup()
    return port, server


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("blank") / "bot.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file


@pytest.fixture
def folder(tmp_path: Path, blank_database: Path) -> Path:
    shutil.copy(blank_database, tmp_path)
    return tmp_path


@pytest.fixture
def echo() -> Echo:
    return Echo()


@pytest_asyncio.fixture
async def make_platform() -> AsyncIterator[Callable[..., Awaitable[Any]]]:
    running: list[Any] = []

    async def make(aes: bool = True, **options: Any) -> Any:
        platform = STAND_IN.Platform(TOKEN, APP_ID, AES_KEY if aes else None, **options)
        await platform.__aenter__()
        running.append(platform)
        return platform

    yield make
    for platform in running:
        await platform.__aexit__()


@pytest_asyncio.fixture
async def make_worker(folder: Path, echo: Echo) -> AsyncIterator[Callable[..., Awaitable[Worker]]]:
    running: list[Worker] = []

    async def make(platform: Any, handler: Any = None, **options: Any) -> Worker:
        worker = await begin_worker(folder, platform, handler or echo, **options)
        running.append(worker)
        platform.callbacks = [one.address for one in running]
        return worker

    yield make
    for worker in running:
        await worker.stop()


async def _settled(worker: Worker, seconds: float = 10.0) -> None:
    """Until every turn is over and no line waits to be sent."""
    query = select(func.count()).where(outbox.c.state.in_(("pending", "sending")))
    for _ in range(int(seconds / 0.05)):
        await worker.road.idle()
        async with worker.database.read() as tx:
            if (await tx.execute(query)).scalar_one() == 0:
                return
        await asyncio.sleep(0.05)
    raise AssertionError("lines are still waiting")


@pytest.fixture
def settled() -> Callable[..., Awaitable[None]]:
    return _settled
