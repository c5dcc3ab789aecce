"""Who works at the desk: log-in, the session cookie, and what every request has to prove."""

from __future__ import annotations

import functools
import unicodedata
from collections.abc import Callable, Coroutine
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import urlsplit

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.desk.answers import address_of, as_desk_error
from bot.channels.desk.parts import DeskLimits
from bot.channels.desk.views import agent_view
from bot.channels.web.answers import ApiError, failure, json_answer, optional_text, read_json, too_many
from bot.channels.web.rate_limit import RateLimiter
from bot.handoff.agents import LONGEST_PASSWORD, LONGEST_SESSION, AgentAccounts, csrf_matches
from bot.handoff.model import Agent

COOKIE = "desk_session"
PATH = "/desk"
LONGEST_NAME = 64
_LONGEST_COOKIE = 100
_READING = ("GET", "HEAD", "OPTIONS")

Route = tuple[str, str, Callable[..., Coroutine[Any, Any, Any]]]
"""Path under /desk/api, method, handler."""


@dataclass(frozen=True)
class SignedIn:
    """The agent of a request. ``cookie`` is the secret of the session itself."""

    agent: Agent
    csrf: str
    cookie: str


def refuse_foreign_origin(request: Request, public_url: str) -> None:
    """Refuse a request that another site's page made. Raises ApiError 403.

    Browsers name the page's site in Origin; a program that sends none has no cookie of a browser to abuse.
    """
    origin = request.headers.get("origin")
    if request.method in _READING or origin is None:
        return
    own = {request.host.lower(), urlsplit(public_url).netloc.lower()} - {""}
    if urlsplit(origin).netloc.lower() not in own:
        raise ApiError(403, "foreign_origin", "请求来自其他网站，已拒绝。请在工作台页面里操作。")


class DeskAuth:
    """Log-in and log-out, and the guard around every other handler."""

    def __init__(
        self, accounts: AgentAccounts, clock: Callable[[], datetime], limits: DeskLimits, public_url: str
    ) -> None:
        self._accounts = accounts
        self._clock = clock
        self._public_url = public_url
        self._secure = urlsplit(public_url).scheme == "https"
        self._by_name = RateLimiter(limits.logins_per_name)
        self._logins_by_address = RateLimiter(limits.logins_per_address)
        self._by_address = RateLimiter(limits.requests_per_address)

    def open_routes(self) -> list[Route]:
        """The routes that need no session."""
        return [("/login", "POST", self._open(self._login))]

    def routes(self) -> list[Route]:
        """The routes of who is signed in."""
        return [("/logout", "POST", self._logout), ("/me", "GET", self._me)]

    # -- guards ---------------------------------------------------------------------------------------

    def guarded(self, handler: Callable[..., Coroutine[Any, Any, Any]]) -> Any:
        """Wrap ``handler(request, who, …)``: session, CSRF token and errors are dealt with before and after."""

        async def checked(request: Request, **parts: str) -> Any:
            who = await self.signed_in(request)
            if request.method not in _READING:
                _check_csrf(request, who)
            return await handler(request, who, **parts)

        functools.update_wrapper(checked, handler)
        return self._open(checked)

    def _open(self, handler: Callable[..., Coroutine[Any, Any, Any]]) -> Any:
        @functools.wraps(handler)
        async def checked(request: Request, **parts: str) -> Any:
            try:
                self._limit(self._by_address, address_of(request))
                refuse_foreign_origin(request, self._public_url)
                return await handler(request, **parts)
            except Exception as error:
                return failure(as_desk_error(error))

        return checked

    async def signed_in(self, request: Request) -> SignedIn:
        """Who asks. Raises ApiError 401."""
        found = await self.find(request.cookies.get(COOKIE) or "")
        if found is None:
            raise ApiError(401, "unauthorized", "请先登录；如果已经登录过，登录可能已过期。")
        return found

    async def find(self, cookie: str) -> SignedIn | None:
        """The session of a cookie; None when it ended, was closed, or the agent may not work here any more."""
        if not cookie or len(cookie) > _LONGEST_COOKIE:
            return None
        session = await self._accounts.find_session(cookie, self._clock())
        return None if session is None else SignedIn(*session, cookie)

    # -- handlers -------------------------------------------------------------------------------------

    async def _login(self, request: Request) -> HTTPResponse:
        body = read_json(request)
        name = (optional_text(body, "name", LONGEST_NAME) or "").strip()
        password = optional_text(body, "password", LONGEST_PASSWORD) or ""
        self._limit(self._logins_by_address, address_of(request))
        self._limit(self._by_name, unicodedata.normalize("NFKC", name).casefold())
        agent = await self._accounts.verify(name, password) if name and password else None
        if agent is None:
            # One sentence for every cause: a stranger must not learn which names exist.
            raise ApiError(401, "login_failed", "用户名或密码不正确。")
        cookie, csrf = await self._accounts.open_session(agent, self._clock())
        answer = json_answer({"agent": agent_view(agent), "csrf": csrf})
        self._set_cookie(answer, cookie, int(LONGEST_SESSION.total_seconds()))
        return answer

    async def _logout(self, _request: Request, who: SignedIn) -> HTTPResponse:
        await self._accounts.close_session(who.cookie)
        answer = json_answer({})
        self._set_cookie(answer, "", 0)
        return answer

    async def _me(self, _request: Request, who: SignedIn) -> HTTPResponse:
        return json_answer({"agent": agent_view(who.agent), "csrf": who.csrf})

    def _set_cookie(self, answer: HTTPResponse, value: str, seconds: int) -> None:
        answer.cookies[COOKIE] = value
        cookie = answer.cookies[COOKIE]
        cookie["path"] = PATH
        cookie["httponly"] = True
        cookie["samesite"] = "Strict"
        cookie["max-age"] = seconds
        cookie["secure"] = self._secure

    @staticmethod
    def _limit(limiter: RateLimiter, key: str) -> None:
        wait = limiter.take(key)
        if wait:
            raise too_many(wait)


def _check_csrf(request: Request, who: SignedIn) -> None:
    if not csrf_matches(who.csrf, request.headers.get("x-csrf-token")):
        raise ApiError(403, "bad_csrf", "页面已过期，请刷新后再操作。")
