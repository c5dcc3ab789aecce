"""Buyers, agents and their browsers for the tests of the desk."""

from __future__ import annotations

import asyncio
import json
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from io import BytesIO
from urllib.parse import quote
from zoneinfo import ZoneInfo

import httpx
from PIL import Image

from bot.cases.records import DeadlineRecord, Intervention
from bot.cases.service import CaseService
from bot.channels.desk.parts import DeskLimits
from bot.channels.web.rate_limit import Rate
from bot.conversation.messages import Incoming
from bot.conversation.road import Road
from bot.conversation.turn import Turn
from bot.database.engine import Database
from bot.evidence.service import EvidenceService
from bot.handoff.agents import AgentAccounts
from bot.handoff.model import Reason
from bot.handoff.service import HandoffService
from bot.intervention.states import State
from bot.intervention.steps import Step, take_step

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
PASSWORD = "correct horse 42"
PHONE = "13812345678"
NUMBER = "JR20261121-K7QX4M"
ROOMY = DeskLimits(
    logins_per_name=Rate(1000, 1000),
    logins_per_address=Rate(1000, 1000),
    requests_per_address=Rate(100_000, 100_000),
    lines_per_agent=Rate(1000, 1000),
)


def png(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "PNG")
    return out.getvalue()


def error_of(answer) -> str:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert any("一" <= letter <= "鿿" for letter in body["error"]["message"]), body
    assert "Traceback" not in answer.text
    return body["error"]["code"]


class FakeHandler:
    """Answers every message; takes the steps of an intervention as the real dialogue does, unless it sleeps."""

    def __init__(self, cases: CaseService) -> None:
        self._cases = cases
        self.events: list[dict] = []
        self.awake = asyncio.Event()
        self.awake.set()

    async def handle(self, turn: Turn) -> None:
        if turn.message.kind != "event":
            turn.say("收到。")
            return
        await self.awake.wait()
        body = turn.message.body
        self.events.append(body)
        if body["intent"] == "intervention_step":
            async with self._cases.edit(turn.conversation_id, turn.now) as case:
                if take_step(case, Step.read(body["entities"]), turn.now):
                    turn.say(f"介入 {body['entities']['number']} 有新进展。")


@dataclass
class AtDesk:
    """An agent's browser: the cookie and the CSRF token of one session."""

    site: Site
    id: int
    name: str
    client: httpx.AsyncClient
    csrf: str = ""

    async def get(self, path: str) -> httpx.Response:
        return await self.client.get(f"/desk/api/{path}")

    async def post(self, path: str, body: object = None, **headers: str) -> httpx.Response:
        sent = {"X-CSRF-Token": self.csrf, **headers}
        return await self.client.post(f"/desk/api/{path}", json={} if body is None else body, headers=sent)

    async def claim(self, handoff_id: str) -> dict:
        answer = await self.post(f"handoffs/{handoff_id}/claim")
        assert answer.status_code == 200, answer.text
        return answer.json()

    def listen(self, path: str) -> Reader:
        return Reader(self, path)


@dataclass
class Site:
    """A running server, its services, and the means to make buyers and agents."""

    url: str
    road: Road
    handler: FakeHandler
    database: Database
    cases: CaseService
    evidence: EvidenceService
    handoffs: HandoffService
    accounts: AgentAccounts
    now: list[datetime] = field(default_factory=lambda: [NOW])
    clients: list[httpx.AsyncClient] = field(default_factory=list)
    said: int = 0

    def move(self, by: timedelta) -> None:
        self.now[0] += by

    def client(self) -> httpx.AsyncClient:
        client = httpx.AsyncClient(base_url=self.url, timeout=15)
        self.clients.append(client)
        return client

    async def buyer_says(self, text: str, conversation_id: str = "web-1", channel: str = "web") -> None:
        self.said += 1
        await self.road.accept(Incoming(conversation_id, channel, f"m{self.said}", text=text))
        await self.road.idle()

    async def handed_over(self, conversation_id: str = "web-1", channel: str = "web") -> str:
        """A buyer with a phone number in the log asks for a person; the id of the handoff."""
        await self.buyer_says(f"我的电话是{PHONE}，请联系我", conversation_id, channel)
        asked = await self.handoffs.request(
            conversation_id, Reason.USER_REQUEST, now=self.now[0], detail="买家要求人工"
        )
        assert asked.status == "queued", asked
        items = await self.handoffs.queue(self.now[0])
        return next(one.handoff.id for one in items if one.handoff.conversation_id == conversation_id)

    async def with_case(self, conversation_id: str = "web-1", *, number: str | None = NUMBER) -> str:
        """A case with facts, a clock and (unless `number` is None) an open intervention; its id."""
        now = self.now[0]
        async with self.cases.edit(conversation_id, now) as case:
            case.set_types(["quality_visible"], now)
            for name, value in (
                ("platform", "taobao"),
                ("amount", "299.00"),
                ("problem", f"鞋底开胶，打{PHONE}找我"),
            ):
                case.take(name, value, at=now, message_id="m1")
            due = now + timedelta(hours=20)
            case.set_deadlines([DeadlineRecord("T-14", "双方举证", "platform", due)], now)
            if number is not None:
                case.attach_intervention(
                    Intervention(
                        number=number,
                        state=State.ACCEPTED.value,
                        opened_at=now,
                        statement=f"鞋底开胶，联系电话{PHONE}。",
                        chronology=[],
                        evidence_numbers=[],
                        demand="退货退款",
                        history=[(State.ACCEPTED.value, now, "申请已提交")],
                    ),
                    now,
                )
        return case.id

    async def with_file(self, conversation_id: str = "web-1", name: str = "鞋底.png") -> str:
        item = await self.evidence.add(conversation_id, name, png(), self.now[0], "m1")
        return item.id

    async def agent(self, name: str = "wang", role: str = "agent") -> AtDesk:
        """A new agent who is signed in."""
        await self.accounts.create(name, PASSWORD, now=self.now[0], display_name=f"小{name}", role=role)
        return await self.sign_in(name)

    async def sign_in(self, name: str) -> AtDesk:
        client = self.client()
        answer = await client.post("/desk/api/login", json={"name": name, "password": PASSWORD})
        assert answer.status_code == 200, answer.text
        body = answer.json()
        return AtDesk(self, body["agent"]["id"], name, client, body["csrf"])


class Reader:
    """Collects server-sent events of one open stream."""

    def __init__(self, agent: AtDesk, path: str) -> None:
        self._agent = agent
        self._path = path
        self.events: list[tuple[str, dict, str | None]] = []
        self.pings = 0
        self.status = 0
        self.ended = False

    async def __aenter__(self) -> Reader:
        self._task = asyncio.create_task(self._read())
        await self.until(lambda: self.events or self.status >= 400)
        return self

    async def __aexit__(self, *_exc) -> None:
        self._task.cancel()
        await asyncio.gather(self._task, return_exceptions=True)

    async def _read(self) -> None:
        async with self._agent.client.stream("GET", f"/desk/api/{self._path}") as answer:
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
        self.ended = True

    async def until(self, condition, seconds: float = 8.0) -> None:
        deadline = asyncio.get_running_loop().time() + seconds
        while not condition():
            assert asyncio.get_running_loop().time() < deadline, self.events
            await asyncio.sleep(0.01)

    def of(self, kind: str) -> list[dict]:
        return [data for name, data, _ in self.events if name == kind]

    def texts(self) -> list[str]:
        return [data.get("text", "") for data in self.of("message")]


def in_path(identifier: str) -> str:
    """As a browser writes an id into a path."""
    return quote(identifier, safe="")
