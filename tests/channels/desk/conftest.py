"""The real server with the desk on a loopback port, a fake turn handler, and agents who log in."""

from __future__ import annotations

import asyncio
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from datetime import datetime, timedelta
from decimal import Decimal
from pathlib import Path

import pytest
import pytest_asyncio
from argon2 import PasswordHasher
from sanic import Sanic

from bot.cases.service import CaseService
from bot.cases.sql_store import SqlCaseStore
from bot.channels.desk.channel import DeskInput
from bot.channels.desk.parts import DeskLimits, DeskParts
from bot.conversation.notices import NoticeBoard
from bot.conversation.road import Road
from bot.conversation.voice import Voice
from bot.conversation.worker import RoadLimits
from bot.database.engine import Database
from bot.database.migrate import upgrade
from bot.disputes.rulebook import load_rulebook
from bot.evidence.service import EvidenceService
from bot.handoff.agents import AgentAccounts
from bot.handoff.hours import DeskPolicy, OfficeHours
from bot.handoff.service import HandoffService
from bot.rasa.server import create_app
from tests.channels.desk.world import NOW, ROOMY, AtDesk, FakeHandler, Site


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    file = tmp_path_factory.mktemp("blank") / "bot.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file


@pytest_asyncio.fixture
async def make_site(tmp_path: Path, blank_database: Path) -> AsyncIterator[Callable[..., Awaitable[Site]]]:
    stops: list[Callable[[], Awaitable[None]]] = []

    async def make(limits: DeskLimits = ROOMY, public_url: str = "") -> Site:
        shutil.copy(blank_database, tmp_path)
        site, stop = await _serve(tmp_path, limits, public_url)
        stops.append(stop)
        return site

    yield make
    for stop in stops:
        await stop()


@pytest_asyncio.fixture
async def site(make_site: Callable[..., Awaitable[Site]]) -> Site:
    return await make_site()


@pytest_asyncio.fixture
async def agent(site: Site) -> AtDesk:
    return await site.agent()


async def _serve(
    folder: Path, limits: DeskLimits, public_url: str
) -> tuple[Site, Callable[[], Awaitable[None]]]:
    now = [NOW]

    def clock() -> datetime:
        return now[0]

    database = Database(f"sqlite+aiosqlite:///{folder / 'bot.db'}")
    cases = CaseService(SqlCaseStore(), database)
    (folder / "evidence").mkdir()
    evidence = EvidenceService(folder / "evidence", cases)
    rulebook, voice = load_rulebook(), Voice(NoticeBoard())
    policy = DeskPolicy(OfficeHours.parse("09:00-21:00"), timedelta(minutes=3), Decimal(5000))
    handoffs = HandoffService(database, cases, voice, rulebook=rulebook, policy=policy)
    accounts = AgentAccounts(database, PasswordHasher(time_cost=1, memory_cost=64))
    handler = FakeHandler(cases)
    road = Road(
        database,
        handler,
        clock=clock,
        voice=voice,
        case_session=cases.session,
        erasers=(evidence, handoffs),
        limits=RoadLimits(retry_pauses=(0.0,)),
    )
    parts = DeskParts(database, road, cases, evidence, rulebook, handoffs, accounts, clock)
    static = _static(folder)
    desk = DeskInput(parts, public_url=public_url, static=static, limits=limits)

    async def fine() -> bool:
        return True

    app = create_app(
        road, [desk], static, {"database": fine}, on_start=(database.connect,), name=f"desk_{id(road)}"
    )
    Sanic.test_mode = True  # lets one process start several apps
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    site = Site(f"http://127.0.0.1:{port}", road, handler, database, cases, evidence, handoffs, accounts, now)

    async def stop() -> None:
        for client in site.clients:
            await client.aclose()
        await server.before_stop()
        server.close()
        await asyncio.sleep(0)
        await database.close()

    return site, stop


def _static(folder: Path) -> Path:
    static = folder / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>工作台</title>", encoding="utf-8")
    (static / "loader.js").write_text("//", encoding="utf-8")
    (static / "assets" / "desk.js").write_text("//", encoding="utf-8")
    return static
