"""The access token of one account: fetched once for everybody, renewed before its end.

Source: developers.weixin.qq.com/doc/service/api/base/api_getstableaccesstoken.html. The normal mode gives every
process the same token while it is valid, so that workers do not take it from each other. The forced mode makes
the old token useless; it is allowed 20 times a day and at least 30 s apart.
"""

from __future__ import annotations

import asyncio
import copy
import logging
import time
from collections import deque
from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import Any

from bot.channels.wechat.api_errors import Away, TokenRefused, Uncertain, WeChatError, token_error_of

logger = logging.getLogger(__name__)

PATH = "/cgi-bin/stable_token"
EARLY_S = 300.0  # the platform gives out the next token in the last 5 minutes; both are valid then
MIN_USE_S = 60.0  # a token with less left than EARLY_S is not asked for again at once
FORCED_APART_S = 60.0
FORCED_A_DAY = 15
_DAY_S = 86_400.0
AWAY_S = 1.0  # how long a failed request answers for those who come after it: the platform was away,
MISCONFIGURED_S = 60.0  # or our settings are wrong

Ask = Callable[[dict[str, Any]], Awaitable[dict[str, Any]]]


@dataclass(frozen=True, repr=False)
class _Token:
    value: str
    renew_at: float
    ends_at: float


class ForcedRefreshes:
    """Keeps forced refreshes below the platform's daily limit."""

    def __init__(self) -> None:
        self._times: deque[float] = deque()

    def wait(self, now: float) -> float:
        """Seconds until the next one is allowed; 0 when it is allowed now."""
        while self._times and self._times[0] <= now - _DAY_S:
            self._times.popleft()
        if len(self._times) >= FORCED_A_DAY:
            return self._times[0] + _DAY_S - now
        if not self._times:
            return 0.0
        return max(0.0, self._times[-1] + FORCED_APART_S - now)

    def note(self, now: float) -> None:
        """One is made now."""
        self._times.append(now)


class TokenKeeper:
    """Gives out the access token. Safe for any number of callers at once."""

    def __init__(
        self, app_id: str, secret: str, ask: Ask, clock: Callable[[], float] = time.monotonic
    ) -> None:
        """Nothing is fetched yet.

        Args:
            ask: posts a body to `PATH` and returns the JSON answer; raises `WeChatError`.
            clock: seconds that only grow.
        """
        self._app_id = app_id
        self._secret = secret
        self._ask = ask
        self._clock = clock
        self._lock = asyncio.Lock()
        self._current: _Token | None = None
        self._refused: str | None = None
        self._failure: tuple[WeChatError, float] | None = None
        self._forced = ForcedRefreshes()

    async def get(self) -> str:
        """The token to use now.

        Raises:
            Away: the platform cannot be asked at the moment (TokenRefused: it gives only a refused token).
            Misconfigured: the account's settings are wrong; the message says what to do.
        """
        token = self._fresh()
        if token is None:
            async with self._lock:
                token = self._fresh() or await self._renew()
        return token.value

    def invalidate(self, token: str) -> None:
        """The platform refused `token`: the next `get` gives another one. Nothing happens for an older token."""
        if self._current is not None and self._current.value == token:
            self._refused = token
            self._current = None

    def _fresh(self) -> _Token | None:
        current = self._current
        return current if current is not None and self._clock() < current.renew_at else None

    async def _renew(self) -> _Token:
        self._raise_recent_failure()
        try:
            token = await self._next()
        except WeChatError as error:
            kept = self._kept_meanwhile(error)
            if kept is not None:
                return kept
            lasts = AWAY_S if isinstance(error, Away) else MISCONFIGURED_S
            self._failure = (error, self._clock() + lasts)
            raise
        self._current, self._refused, self._failure = token, None, None
        return token

    def _raise_recent_failure(self) -> None:
        # Those who waited for the lock share the failure as they would have shared the token.
        if self._failure is not None and self._clock() < self._failure[1]:
            raise copy.copy(self._failure[0])

    def _kept_meanwhile(self, error: WeChatError) -> _Token | None:
        current, now = self._current, self._clock()
        if current is None or not isinstance(error, Away) or now + MIN_USE_S >= current.ends_at:
            return None
        logger.warning("the WeChat access token could not be renewed yet, the present one is used: %s", error)
        self._current = _Token(current.value, now + MIN_USE_S, current.ends_at)
        return self._current

    async def _next(self) -> _Token:
        # Another process may have renewed it already: ask in the normal mode first, that costs nothing.
        token = await self._fetch(force=False)
        if token.value != self._refused:
            return token
        pause = self._forced.wait(self._clock())
        if pause > 0:
            raise TokenRefused("the platform refuses its own access token", retry_after=pause)
        self._forced.note(self._clock())
        token = await self._fetch(force=True)
        if token.value == self._refused:
            raise TokenRefused("the platform refuses its own access token", retry_after=FORCED_APART_S)
        return token

    async def _fetch(self, *, force: bool) -> _Token:
        body: dict[str, Any] = {
            "grant_type": "client_credential",
            "appid": self._app_id,
            "secret": self._secret,
        }
        if force:
            body["force_refresh"] = True
        asked_at = self._clock()
        answer = await self._answer(body)
        value, lasts = answer.get("access_token"), answer.get("expires_in")
        if not isinstance(value, str) or not value:
            raise token_error_of(_number(answer.get("errcode")), str(answer.get("errmsg", "")))
        ends_after = float(lasts) if isinstance(lasts, (int, float)) else EARLY_S
        use = max(ends_after - EARLY_S, min(MIN_USE_S, ends_after / 2))
        return _Token(value, asked_at + use, asked_at + ends_after)

    async def _answer(self, body: dict[str, Any]) -> dict[str, Any]:
        try:
            return await self._ask(body)
        except Uncertain as error:  # asking twice for a token does no harm
            problem = str(error)
        raise Away(f"no access token: {problem}")


def _number(value: Any) -> int:
    return value if isinstance(value, int) else 0
