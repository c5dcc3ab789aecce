"""The real server on a loopback port, with a fake turn handler and a real evidence folder."""

from __future__ import annotations

import asyncio
import json
import shutil
import socket
from collections.abc import AsyncIterator, Awaitable, Callable
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from pathlib import Path
from zoneinfo import ZoneInfo

import httpx
import pytest
import pytest_asyncio
from sanic import Sanic

from bot.cases.service import CaseService
from bot.cases.sql_store import SqlCaseStore
from bot.channels.web.calendar import asks_cases
from bot.channels.web.channel import WebInput, WebLimits
from bot.channels.web.rate_limit import Rate
from bot.channels.web.signature import IdentityKeys, LinkSigner, ResumeLinks, SessionSigner
from bot.channels.web.stream import Status, asks_road
from bot.channels.web.upload import Uploads
from bot.conversation.messages import AuthorType, Reply
from bot.conversation.road import Road
from bot.conversation.turn import Turn
from bot.conversation.worker import RoadLimits
from bot.database.engine import Database
from bot.database.migrate import upgrade
from bot.disputes.rulebook import load_rulebook
from bot.evidence.service import EvidenceService
from bot.rasa.metrics import Metric, single
from bot.rasa.server import create_app

SECRET = "s" * 40
SHOP_KEY = "shop-a-key-" + "k" * 32
NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
ROOMY = WebLimits(
    messages_per_session=Rate(10_000, 10_000),
    uploads_per_session=Rate(10_000, 10_000),
    requests_per_ip=Rate(100_000, 100_000),
    sessions_per_ip=Rate(10_000, 10_000),
)


class FakeHandler:
    """Echoes what it was given; `script` may replace it."""

    def __init__(self) -> None:
        self.turns: list[Turn] = []
        self.script: Callable[[Turn], Awaitable[None]] | None = None

    async def handle(self, turn: Turn) -> None:
        self.turns.append(turn)
        if self.script is not None:
            await self.script(turn)
        elif turn.message.kind == "text" and turn.message.body["text"] == "按钮":
            payload = '/answer_button{"demand": "refund_only"}'
            turn.say("请选择", buttons=[{"title": "只退款", "payload": payload}])
        else:
            turn.say("收到：" + json.dumps(turn.message.body, ensure_ascii=False))


@dataclass
class Site:
    """A running server and the means to talk to it."""

    client: httpx.AsyncClient
    road: Road
    handler: FakeHandler
    signer: SessionSigner
    links: ResumeLinks
    database: Database
    cases: CaseService
    now: list[datetime] = field(default_factory=lambda: [NOW])
    statuses: dict[str, Status] = field(default_factory=dict)

    def move(self, by: timedelta) -> None:
        self.now[0] += by

    async def buyer(self) -> Buyer:
        answer = await self.client.post("/webhooks/web/session", json={})
        assert answer.status_code == 200, answer.text
        return Buyer(self, answer.json()["token"], answer.json()["session_id"])

    async def resume(self, token: object) -> httpx.Response:
        return await self.client.post("/webhooks/web/session", json={"resume": token})

    async def tell(self, conversation_id: str, text: str, author: AuthorType, name: str) -> None:
        """A line of an agent or of the system, as the desk says it."""
        voice = self.road.voice
        async with self.database.transaction() as tx:
            await voice.say(
                tx, conversation_id, [Reply(text)], self.now[0], author_type=author, author_name=name
            )
        voice.announce(conversation_id)


@dataclass
class Buyer:
    site: Site
    token: str
    session_id: str
    count: int = 0

    @property
    def headers(self) -> dict[str, str]:
        return {"Authorization": f"Bearer {self.token}"}

    async def post(self, body: object) -> httpx.Response:
        return await self.site.client.post("/webhooks/web/messages", json=body, headers=self.headers)

    async def say(self, text: str) -> httpx.Response:
        self.count += 1
        answer = await self.post({"client_msg_id": f"c{self.count}", "text": text})
        await self.site.road.idle()
        return answer

    async def get(self, path: str) -> httpx.Response:
        return await self.site.client.get(f"/webhooks/web/{path}", headers=self.headers)

    async def log(self) -> list[dict]:
        return (await self.get("history?limit=200")).json()["entries"]

    def listen(self, after_seq: int | None = None) -> Reader:
        """The event stream, open inside `async with`."""
        return Reader(self, after_seq)

    async def upload(self, data: bytes, name: str = "图.png", client_id: str = "u1") -> httpx.Response:
        answer = await self.site.client.post(
            "/webhooks/web/upload",
            files={"file": (name, data)},
            data={"client_msg_id": client_id},
            headers=self.headers,
        )
        await self.site.road.idle()
        return answer


class Reader:
    """Collects server-sent events of one open stream."""

    def __init__(self, buyer, after_seq: int | None = None) -> None:
        self._buyer = buyer
        self._query = "" if after_seq is None else f"?after_seq={after_seq}"
        self.events: list[tuple[str, dict, str | None]] = []
        self.pings = 0
        self.status = 0

    async def __aenter__(self) -> Reader:
        self._task = asyncio.create_task(self._read())
        await self.until(lambda: self.events or self.status >= 400)
        return self

    async def __aexit__(self, *_exc) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> None:
        url = f"/webhooks/web/events{self._query}"
        async with self._buyer.site.client.stream("GET", url, headers=self._buyer.headers) as answer:
            self.status = answer.status_code
            self.kind = answer.headers["content-type"]
            event: dict[str, str] = {}
            async for line in answer.aiter_lines():
                if line.startswith(":"):
                    self.pings += 1
                elif line:
                    key, _, value = line.partition(": ")
                    event[key] = value
                elif event:
                    self.events.append((event["event"], json.loads(event["data"]), event.get("id")))
                    event = {}

    async def until(self, condition, seconds: float = 5.0) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, self.events
            await asyncio.sleep(0.01)

    def messages(self) -> list[tuple[str, str | None]]:
        return [(identity, data.get("text")) for kind, data, identity in self.events if kind == "message"]


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file: copied for each test, for migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("blank") / "bot.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file


@pytest_asyncio.fixture
async def make_site(tmp_path: Path, blank_database: Path) -> AsyncIterator[Callable[..., Awaitable[Site]]]:
    stops: list[Callable[[], Awaitable[None]]] = []

    async def make(limits: WebLimits = ROOMY) -> Site:
        shutil.copy(blank_database, tmp_path)
        site, stop = await _serve(tmp_path, limits)
        stops.append(stop)
        return site

    yield make
    for stop in stops:
        await stop()


@pytest_asyncio.fixture
async def site(make_site: Callable[..., Awaitable[Site]]) -> Site:
    return await make_site()


@pytest_asyncio.fixture
async def buyer(site: Site) -> Buyer:
    return await site.buyer()


async def _serve(folder: Path, limits: WebLimits) -> tuple[Site, Callable[[], Awaitable[None]]]:
    url = f"sqlite+aiosqlite:///{folder / 'bot.db'}"
    database = Database(url)
    now = [NOW]

    def clock() -> datetime:
        return now[0]

    cases = CaseService(SqlCaseStore(), database)
    evidence = EvidenceService(folder / "evidence", cases)
    (folder / "evidence").mkdir()
    handler = FakeHandler()
    road = Road(
        database,
        handler,
        clock=clock,
        case_session=cases.session,
        erasers=(evidence,),
        limits=RoadLimits(retry_pauses=(0.0,)),
    )
    signer, links = SessionSigner(SECRET, clock), ResumeLinks(SECRET, clock)
    statuses: dict[str, Status] = {}

    async def status(conversation_id: str) -> Status:
        return statuses.get(conversation_id) or await asks_road(road)(conversation_id)

    web = WebInput(
        road,
        signer,
        LinkSigner(SECRET, clock),
        clock=clock,
        uploads=Uploads(road, evidence, cases, clock),
        identities=IdentityKeys({"shop-a": SHOP_KEY}, SECRET, clock),
        resume=links,
        status=status,
        calendar=asks_cases(cases, load_rulebook(), clock),
        limits=limits,
    )
    static = folder / "static"
    (static / "assets").mkdir(parents=True)
    (static / "index.html").write_text("<!doctype html><title>页面</title>", encoding="utf-8")
    (static / "loader.js").write_text("//", encoding="utf-8")
    (static / "assets" / "widget.js").write_text("//", encoding="utf-8")

    async def fine() -> bool:
        return True

    async def queue_length() -> list[Metric]:
        if database._reader is None:
            raise ConnectionError("away")
        return [single("bot_handoffs_queued", "gauge", "queue", 3)]

    app = create_app(
        road,
        [web],
        static,
        {"database": fine},
        on_start=(database.connect,),
        extra_metrics=queue_length,
        name=f"test_{id(road)}",
    )
    Sanic.test_mode = True  # lets one process start several apps
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    server = await app.create_server("127.0.0.1", port, return_asyncio_server=True, access_log=False)
    await server.startup()
    await server.before_start()
    client = httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=10)

    async def stop() -> None:
        await client.aclose()
        await server.before_stop()
        server.close()
        await asyncio.sleep(0)
        await database.close()

    return Site(client, road, handler, signer, links, database, cases, now, statuses), stop
