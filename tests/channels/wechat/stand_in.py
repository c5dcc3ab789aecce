"""A stand-in for the whole platform: signs, encrypts, waits 5 s, asks three times, counts what may be pushed.

What it enforces is what the platform's documentation says (接收消息, 被动回复, 客服消息); it never looks into the
program, only at what comes over HTTP.
"""

from __future__ import annotations

import asyncio
import base64
import hashlib
import itertools
import json
import random
import time
from collections import defaultdict
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from typing import Any
from xml.etree import ElementTree
from xml.sax.saxutils import escape

import aiohttp
from aiohttp import web
from wechatpy.crypto import PrpCrypto

SEND = "/cgi-bin/message/custom/send"
UNAVAILABLE = "该公众号暂时无法提供服务"
HANG_UP_S = 5.0
ATTEMPTS = 3


def sha1(*parts: str) -> str:
    return hashlib.sha1("".join(sorted(parts)).encode()).hexdigest()


@dataclass
class Shown:
    """One bubble on the buyer's phone."""

    how: str  # passive | custom | platform
    text: str
    menu: list[dict[str, str]] = field(default_factory=list)


@dataclass
class Buyer:
    """Somebody with a phone."""

    openid: str
    chat: list[Shown] = field(default_factory=list)
    may_push: int = 0
    until: float = 0.0

    @property
    def texts(self) -> list[str]:
        return [shown.text for shown in self.chat]


class Platform:
    """`async with platform:` serves its API at `url`; `say` and `happen` call the account's address back."""

    def __init__(
        self,
        token: str,
        app_id: str,
        aes_key: str | None,
        *,
        verified: bool = True,
        errors: float = 0.0,
        hang_up_s: float = HANG_UP_S,
        seed: int = 1,
    ) -> None:
        """`errors`: the share of API calls that fail with -1, a 502, an ended token or a closed connection."""
        self.token, self.app_id = token, app_id
        self._key = base64.b64decode(aes_key + "=") if aes_key else None
        self.verified = verified
        self.errors = errors
        self.hang_up_s = hang_up_s
        self.random = random.Random(seed)
        self.callbacks: Sequence[str] = ()  # addresses of the workers
        self.buyers: dict[str, Buyer] = {}
        self.acks: list[float] = []  # seconds until an answer
        self.attempts: dict[str, int] = defaultdict(int)  # by message id
        self.injected = 0
        self.calls: dict[str, int] = defaultdict(int)
        self.bodies: list[bytes] = []
        self.pictures: dict[str, bytes] = {}
        self._ids = itertools.count(24_000_000_000_000_001)
        self._access = 1

    # -- the API --------------------------------------------------------------------------------------

    async def __aenter__(self) -> Platform:
        app = web.Application(client_max_size=1 << 22)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._runner = web.AppRunner(app, access_log=None)
        await self._runner.setup()
        await web.TCPSite(self._runner, "127.0.0.1", 0).start()
        self.url = f"http://127.0.0.1:{self._runner.addresses[0][1]}"
        self._session = aiohttp.ClientSession(connector=aiohttp.TCPConnector(limit=200))
        return self

    async def __aexit__(self, *_: object) -> None:
        await self._session.close()
        await self._runner.cleanup()

    def buyer(self, openid: str) -> Buyer:
        return self.buyers.setdefault(openid, Buyer(openid))

    def picture(self, data: bytes) -> str:
        """The address under which the platform keeps a picture."""
        name = f"p{len(self.pictures)}.jpg"
        self.pictures[name] = data
        return f"{self.url}/pictures/{name}"

    def end_token(self) -> None:
        """The access token given out is worth nothing from now on."""
        self._access += 1

    @property
    def _access_token(self) -> str:
        return f"access-{self._access}"

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.calls[request.path] += 1
        body = await request.read()
        if request.path.startswith("/pictures/"):
            return web.Response(
                body=self.pictures[request.path.rpartition("/")[2]], content_type="image/jpeg"
            )
        if request.path.endswith("/stable_token"):
            if json.loads(body).get("force_refresh"):
                self._access += 1
            return web.json_response({"access_token": self._access_token, "expires_in": 7200})
        self.bodies.append(body)
        if self.errors and self.random.random() < self.errors:
            return self._fail(request)
        return _json(self._judge(request, json.loads(body)) if body else 0)

    def _fail(self, request: web.Request) -> web.StreamResponse:
        self.injected += 1
        kind = self.random.choice(("busy", "502", "token", "closed"))
        if kind == "token":
            self.end_token()
            return _json(40001)
        if kind == "502":
            return web.Response(status=502)
        if kind == "closed":
            # Refused before it is read: nothing of it has happened.
            return web.Response(status=503, headers={"Connection": "close"})
        return _json(-1)

    def _judge(self, request: web.Request, body: dict[str, Any]) -> int:
        if request.query.get("access_token") != self._access_token:
            return 40001
        if not self.verified:
            return 48001
        if request.path != SEND:
            return 0
        buyer = self.buyer(body["touser"])
        if buyer.until <= time.monotonic():
            return 45015
        if buyer.may_push <= 0:
            return 45047
        text = body.get("text", {}).get("content") or body.get("msgmenu", {}).get("head_content", "")
        if len(text.encode()) > 2048:
            return 45002
        buyer.may_push -= 1
        buyer.chat.append(Shown("custom", text, body.get("msgmenu", {}).get("list", [])))
        return 0

    # -- what buyers do -------------------------------------------------------------------------------

    async def say(self, openid: str, text: str, **fields: str) -> str:
        """A text message; returns its MsgId once it is answered or given up."""
        return await self.message(openid, "text", Content=text, **fields)

    async def press(self, openid: str, title: str) -> str:
        """A tap on an entry of the newest menu in the chat."""
        for shown in reversed(self.buyer(openid).chat):
            for entry in shown.menu:
                if entry["content"] == title:
                    return await self.say(openid, title, bizmsgmenuid=entry["id"])
        raise AssertionError(f"no entry {title!r} in the chat")

    async def message(self, openid: str, kind: str, **fields: str) -> str:
        message_id = str(next(self._ids))
        await self.deliver(openid, {"MsgType": kind, "MsgId": message_id, **fields})
        return message_id

    async def happen(self, openid: str, event: str, **fields: str) -> None:
        await self.deliver(openid, {"MsgType": "event", "Event": event, **fields})

    def grant(self, openid: str, fields: dict[str, str]) -> None:
        """What the buyer did allows this many pushed messages."""
        buyer, now = self.buyer(openid), time.monotonic()
        small = fields["MsgType"] == "event" or "bizmsgmenuid" in fields
        if not small:
            buyer.may_push, buyer.until = 5, now + 48 * 3600
        elif buyer.until <= now + 60:
            buyer.may_push, buyer.until = max(3, buyer.may_push), now + 60

    async def deliver(
        self, openid: str, fields: dict[str, str], *, to: Callable[[int], str] | None = None
    ) -> None:
        """Call back on the real schedule: 5 s of patience, three times, then tell the buyer."""
        self.grant(openid, fields)
        created = str(int(time.time()))
        for attempt in range(ATTEMPTS):
            address = to(attempt) if to else self.random.choice(list(self.callbacks))
            if await self.attempt(address, openid, {"CreateTime": created, **fields}):
                return
        self.buyer(openid).chat.append(Shown("platform", UNAVAILABLE))

    async def attempt(self, address: str, openid: str, fields: dict[str, str]) -> bool:
        """One request; whether it was answered in time and properly."""
        self.attempts[fields.get("MsgId", "event")] += 1
        query, body = self.sealed(openid, fields)
        begun = time.monotonic()
        try:
            # Not aiohttp's own timeout, which is rounded up to whole seconds.
            status, text = await asyncio.wait_for(self._post(address, query, body), self.hang_up_s)
        except (asyncio.TimeoutError, aiohttp.ClientError):
            return False
        self.acks.append(time.monotonic() - begun)
        if status != 200:
            return False
        if text in ("", "success"):
            return True
        return self._passive(openid, text)

    async def _post(self, address: str, query: dict[str, str], body: bytes) -> tuple[int, str]:
        async with self._session.post(address, params=query, data=body) as answer:
            return answer.status, await answer.text()

    def _passive(self, openid: str, text: str) -> bool:
        try:
            found = self.opened(text)
        except (ElementTree.ParseError, AssertionError, KeyError):
            self.buyer(openid).chat.append(Shown("platform", UNAVAILABLE))
            return True
        assert found["ToUserName"] == openid
        assert len(found["Content"].encode()) <= 2048
        self.buyer(openid).chat.append(Shown("passive", found["Content"]))
        return True

    # -- envelopes ------------------------------------------------------------------------------------

    def sealed(self, openid: str, fields: dict[str, str]) -> tuple[dict[str, str], bytes]:
        """(query, body) of a callback, signed and encrypted as configured."""
        given = {"ToUserName": "gh_account", "FromUserName": openid, **fields}
        inner = "".join(f"<{name}>{escape(value)}</{name}>" for name, value in given.items())
        xml = f"<xml>{inner}</xml>"
        timestamp, nonce = str(int(time.time())), str(self.random.randrange(10**9, 10**10))
        query = {"timestamp": timestamp, "nonce": nonce, "openid": openid}
        query["signature"] = sha1(self.token, timestamp, nonce)
        if self._key is None:
            return query, xml.encode()
        encrypted = PrpCrypto(self._key).encrypt(xml, self.app_id).decode()
        query |= {"encrypt_type": "aes", "msg_signature": sha1(self.token, timestamp, nonce, encrypted)}
        return query, f"<xml><ToUserName>gh_account</ToUserName><Encrypt>{encrypted}</Encrypt></xml>".encode()

    def opened(self, text: str) -> dict[str, str]:
        """The fields of a passive reply, its signature checked."""
        found = {child.tag: child.text or "" for child in ElementTree.fromstring(text)}
        if self._key is None:
            return found
        wanted = sha1(self.token, found["TimeStamp"], found["Nonce"], found["Encrypt"])
        assert found["MsgSignature"] == wanted
        inner = PrpCrypto(self._key).decrypt(found["Encrypt"], self.app_id)
        return {child.tag: child.text or "" for child in ElementTree.fromstring(inner)}


def _json(code: int) -> web.Response:
    words = "ok" if code == 0 else "refused"
    return web.Response(text=json.dumps({"errcode": code, "errmsg": words}), content_type="text/plain")
