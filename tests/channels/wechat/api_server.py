"""A local server that plays api.weixin.qq.com; what it answers next can be scripted per path."""

from __future__ import annotations

import asyncio
import json
from collections import defaultdict, deque
from dataclasses import dataclass, field
from typing import Any, Literal

from aiohttp import web

SEND = "/cgi-bin/message/custom/send"
TYPING = "/cgi-bin/message/custom/typing"
TOKEN = "/cgi-bin/stable_token"
MEDIA = "/cgi-bin/media/get"
MENU = "/cgi-bin/menu/create"

Fault = Literal["http 502", "http 302", "http 403", "drop", "hang", "not json"]
Answer = int | Fault  # an errcode, or something worse; 0 is the usual answer

APP_ID = "wx2c2769f8efd9abc2"
APP_SECRET = "an-app-secret-that-no-log-may-hold"
_WORDS = {
    40001: "invalid credential, access_token is invalid or not latest hint: [secret words] rid: 5f1a-22-33",
    40164: "invalid ip 203.0.113.9 ipv6 ::ffff:203.0.113.9, not in whitelist rid: 5f1a-22-33",
}


@dataclass
class PlatformApi:
    """`async with PlatformApi() as api` serves it at `api.url`."""

    token_lasts: int = 7200
    refuse_all_tokens: bool = False
    script: dict[str, deque[Answer]] = field(default_factory=lambda: defaultdict(deque))
    media: dict[str, tuple[bytes, str, str]] = field(default_factory=dict)  # id -> data, type, file name
    sent: list[dict[str, Any]] = field(default_factory=list)  # accepted messages
    raw: list[bytes] = field(default_factory=list)  # bodies of all POSTs, tokens apart
    calls: list[str] = field(default_factory=list)  # paths, in order
    token_requests: list[dict[str, Any]] = field(default_factory=list)
    tokens: int = 1
    menu: dict[str, Any] | None = None
    pause: float = 0.0  # seconds before each token answer

    @property
    def token(self) -> str:
        """The one that is valid now."""
        return f"access-token-{self.tokens}-that-no-log-may-hold"

    @property
    def forced(self) -> int:
        return sum(bool(request.get("force_refresh")) for request in self.token_requests)

    def next(self, path: str, *answers: Answer) -> None:
        """Answer the next calls of `path` so."""
        self.script[path].extend(answers)

    def spoil_token(self) -> None:
        """The token given out so far is refused from now on, and the normal mode knows a new one."""
        self.tokens += 1

    async def __aenter__(self) -> PlatformApi:
        app = web.Application(client_max_size=1 << 22)
        app.router.add_route("*", "/{path:.*}", self._serve)
        self._released = asyncio.Event()
        self._runner = web.AppRunner(app, access_log=None)  # it would write down the tokens
        await self._runner.setup()
        site = web.TCPSite(self._runner, "127.0.0.1", 0)
        await site.start()
        self.port = self._runner.addresses[0][1]
        self.url = f"http://127.0.0.1:{self.port}"
        return self

    async def __aexit__(self, *_: object) -> None:
        self._released.set()
        await self._runner.cleanup()

    async def _serve(self, request: web.Request) -> web.StreamResponse:
        self.calls.append(request.path)
        body = await request.read()
        answer: Answer = self.script[request.path].popleft() if self.script[request.path] else 0
        if request.path == TOKEN:
            return await self._give_token(json.loads(body), answer)
        if body:
            self.raw.append(body)
        if isinstance(answer, str):
            return await self._fault(request, answer)
        if answer == 0 and request.path.startswith("/cgi-bin/"):
            answer = self._judge_token(request)
        if answer != 0:
            return _json(answer)
        return self._do(request, body)

    def _judge_token(self, request: web.Request) -> int:
        wrong = request.query.get("access_token") != self.token
        return 40001 if wrong or self.refuse_all_tokens else 0

    def _do(self, request: web.Request, body: bytes) -> web.StreamResponse:
        if request.path == SEND:
            self.sent.append(json.loads(body))
        elif request.path == MENU:
            self.menu = json.loads(body)
        elif request.path != TYPING:
            return self._file(request)
        return _json(0)

    def _file(self, request: web.Request) -> web.StreamResponse:
        found = self.media.get(request.query.get("media_id") or request.path.rpartition("/")[2])
        if found is None:
            return _json(40007)
        data, content_type, name = found
        headers = {"Content-Disposition": f'attachment; filename="{name}"'} if name else {}
        return web.Response(body=data, content_type=content_type, headers=headers)

    async def _give_token(self, body: dict[str, Any], answer: Answer) -> web.StreamResponse:
        self.token_requests.append(body)
        await asyncio.sleep(self.pause)
        if answer == "http 502":
            return web.Response(status=502)
        if answer != 0:
            return _json(int(answer))
        if body["appid"] != APP_ID or body["secret"] != APP_SECRET:
            return _json(40125)
        if body.get("force_refresh"):
            self.tokens += 1
        return web.json_response({"access_token": self.token, "expires_in": self.token_lasts})

    async def _fault(self, request: web.Request, fault: Fault) -> web.StreamResponse:
        if fault == "drop":
            assert request.transport is not None
            request.transport.close()
        elif fault == "hang":
            await self._released.wait()
        elif fault == "http 302":
            return web.Response(status=302, headers={"Location": f"{self.url}/elsewhere"})
        elif fault != "not json":
            return web.Response(status=int(fault.removeprefix("http ")))
        return web.Response(text="<html>busy</html>")


def _json(code: int) -> web.Response:
    # The platform labels its JSON as text.
    words = _WORDS.get(code, "ok" if code == 0 else "refused hint: [secret words] rid: 5f1a-22-33")
    return web.Response(text=json.dumps({"errcode": code, "errmsg": words}), content_type="text/plain")
