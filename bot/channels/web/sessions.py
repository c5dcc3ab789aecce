"""Sessions of the web channel: how one is opened, taken over from another channel and erased; whose a request is."""

from __future__ import annotations

from datetime import datetime, timedelta

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.web.answers import (
    SAFE_HEADERS,
    ApiError,
    json_answer,
    optional_text,
    read_json,
    too_many,
    unauthorized,
)
from bot.channels.web.rate_limit import RateLimiter
from bot.channels.web.signature import BadToken, IdentityKeys, ResumeLinks, SessionSigner, new_session_id
from bot.conversation.errors import ConversationErased
from bot.conversation.road import Road

RESUME_WITHIN = timedelta(days=60)  # a dispute lasts weeks: an ended token still renews its conversation
LONGEST_TOKEN = 4096


class Sessions:
    """A buyer's identity is only ever a token that we signed; a session's id is its conversation's id."""

    def __init__(
        self,
        road: Road,
        signer: SessionSigner,
        *,
        requests: RateLimiter,
        openings: RateLimiter,
        identities: IdentityKeys | None = None,
        resume: ResumeLinks | None = None,
    ) -> None:
        """`requests` and `openings` limit an address: any request, and the opening of sessions."""
        self._road = road
        self._signer = signer
        self._requests = requests
        self._openings = openings
        self._identities = identities
        self._resume = resume

    # -- whose a request is ---------------------------------------------------------------------------

    def of(self, request: Request) -> str:
        """The session a request belongs to. Raises ApiError 401/429."""
        return self.until(request)[0]

    def until(self, request: Request) -> tuple[str, datetime]:
        """(session id, end of the token). Raises ApiError 401/429."""
        self.count(request)
        try:
            return self._signer.verify(_bearer(request))
        except BadToken:
            raise unauthorized() from None

    def count(self, request: Request) -> None:
        """Count a request of this address. Raises ApiError 429."""
        spend(self._requests, _address(request))

    # -- opening and erasing --------------------------------------------------------------------------

    async def open(self, request: Request) -> HTTPResponse:
        """POST /session. Raises ApiError 400 bad_resume or bad_identity, 429."""
        spend(self._openings, _address(request))
        body = read_json(request) if request.body else {}
        site = optional_text(body, "site", 100)
        identity = optional_text(body, "identity_jwt", LONGEST_TOKEN)
        resume = optional_text(body, "resume", LONGEST_TOKEN)
        if resume is not None:
            return self._grant(await self._taken_over(resume))
        return self._grant(
            await self._resumed(request) or await self._identified(site, identity) or new_session_id()
        )

    async def erase(self, request: Request) -> HTTPResponse:
        """DELETE /session."""
        await self._road.erase(self.of(request))
        return HTTPResponse(status=204, headers=dict(SAFE_HEADERS))

    def _grant(self, session_id: str) -> HTTPResponse:
        return json_answer(
            {
                "token": self._signer.issue(session_id),
                "session_id": session_id,
                "expires_in": int(self._signer.lifetime.total_seconds()),
            }
        )

    async def _taken_over(self, token: str) -> str:
        """The conversation of another channel that a link of ours names."""
        try:
            if self._resume is None:
                raise BadToken("no links are given out")
            conversation_id = self._resume.verify(token)
            await self._road.state(conversation_id)
        except BadToken:
            sentence = "这个链接已经失效了。请回到原来的聊天里重新打开一个链接，之前的内容都还在。"
            raise ApiError(400, "bad_resume", sentence) from None
        except ConversationErased:
            raise ApiError(400, "bad_resume", "这段对话已经按您的要求删除，打不开了。") from None
        return conversation_id

    async def _resumed(self, request: Request) -> str | None:
        """The session of a token that is good or ended lately; a bad one just starts a new session."""
        try:
            session_id, _ = self._signer.verify(_bearer(request), grace=RESUME_WITHIN)
            await self._road.state(session_id)
        except (BadToken, ConversationErased):
            return None
        return session_id

    async def _identified(self, site: str | None, identity: str | None) -> str | None:
        if identity is None or self._identities is None:
            return None
        try:
            session_id = self._identities.session_id(site or "", identity)
            await self._road.state(session_id)
        except BadToken:
            raise ApiError(400, "bad_identity", "店铺提供的身份信息无效，请从店铺页面重新打开。") from None
        except ConversationErased:
            return None
        return session_id


def spend(limiter: RateLimiter, key: str) -> None:
    """Take one request from what `key` has left. Raises ApiError 429."""
    wait = limiter.take(key)
    if wait:
        raise too_many(wait)


def _bearer(request: Request) -> str:
    """The token of the Authorization header. Raises BadToken when there is none."""
    kind, _, token = (request.headers.get("authorization") or "").partition(" ")
    if kind.lower() != "bearer" or not token:
        raise BadToken("none")
    return token.strip()


def _address(request: Request) -> str:
    """The client's address; behind a trusted proxy Sanic fills in remote_addr (PROXIES_COUNT)."""
    return request.remote_addr or request.ip or "unknown"
