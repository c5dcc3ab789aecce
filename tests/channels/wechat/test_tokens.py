"""The access token: one request for everybody, renewed in time, forced only when nothing else helps."""

from __future__ import annotations

import asyncio
from typing import Any

import pytest

from bot.channels.wechat.api_errors import Away, Misconfigured, TokenRefused, Uncertain, WeChatError
from bot.channels.wechat.tokens import FORCED_A_DAY, FORCED_APART_S, ForcedRefreshes, TokenKeeper


class Platform:
    """Gives token-1, token-2, …; `spoil` makes the present one useless as another process would."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.number = 1
        self.lasts: Any = 7200
        self.requests: list[dict[str, Any]] = []
        self.faults: list[WeChatError | dict[str, Any]] = []
        self.forcing_helps = True

    async def ask(self, body: dict[str, Any]) -> dict[str, Any]:
        self.requests.append(body)
        await asyncio.sleep(0)
        if self.faults:
            fault = self.faults.pop(0)
            if isinstance(fault, WeChatError):
                raise fault
            return fault
        if body.get("force_refresh") and self.forcing_helps:
            self.number += 1
        return {"access_token": f"token-{self.number}", "expires_in": self.lasts}

    @property
    def forced(self) -> int:
        return sum(bool(body.get("force_refresh")) for body in self.requests)


@pytest.fixture
def platform() -> Platform:
    return Platform()


@pytest.fixture
def keeper(platform: Platform) -> TokenKeeper:
    return TokenKeeper("wx-app", "the-secret", platform.ask, lambda: platform.now)


async def test_many_callers_share_one_request(platform: Platform, keeper: TokenKeeper) -> None:
    assert set(await asyncio.gather(*(keeper.get() for _ in range(50)))) == {"token-1"}
    assert platform.requests == [
        {"grant_type": "client_credential", "appid": "wx-app", "secret": "the-secret"}
    ]


@pytest.mark.parametrize(
    ("lasts", "later", "requests"),
    [
        (7200, 6899, 1),
        (7200, 6900, 2),  # five minutes before its end
        (310, 30, 1),  # never asked for again at once
        (310, 60, 2),
        (60, 29, 1),
        (60, 30, 2),
        ("soon", 59, 1),
    ],
)
async def test_is_renewed_before_its_end(
    platform: Platform, keeper: TokenKeeper, lasts: Any, later: float, requests: int
) -> None:
    platform.lasts = lasts
    await keeper.get()
    platform.now += later
    await keeper.get()
    assert len(platform.requests) == requests


async def test_a_renewal_that_fails_leaves_the_present_token(platform: Platform, keeper: TokenKeeper) -> None:
    await keeper.get()
    platform.now += 6901
    platform.faults = [Away("busy")]
    assert await keeper.get() == "token-1"
    assert await keeper.get() == "token-1"
    assert len(platform.requests) == 2  # not tried with every call
    platform.now += 60
    platform.number = 2
    assert await keeper.get() == "token-2"


async def test_at_its_end_there_is_no_token_without_the_platform(
    platform: Platform, keeper: TokenKeeper
) -> None:
    await keeper.get()
    platform.now += 7200
    platform.faults = [Uncertain("no answer")]
    with pytest.raises(Away):
        await keeper.get()


async def test_a_refused_token_is_forced_away_once(platform: Platform, keeper: TokenKeeper) -> None:
    old = await keeper.get()
    for _ in range(20):  # twenty calls that had the same token
        keeper.invalidate(old)
    assert set(await asyncio.gather(*(keeper.get() for _ in range(20)))) == {"token-2"}
    keeper.invalidate(old)  # a slow one
    assert await keeper.get() == "token-2"
    assert platform.forced == 1 and len(platform.requests) == 3


async def test_what_another_process_renewed_is_taken_without_force(
    platform: Platform, keeper: TokenKeeper
) -> None:
    old = await keeper.get()
    platform.number = 7
    keeper.invalidate(old)
    assert await keeper.get() == "token-7"
    assert platform.forced == 0


async def test_forced_refreshes_keep_their_distance(platform: Platform, keeper: TokenKeeper) -> None:
    keeper.invalidate(await keeper.get())
    keeper.invalidate(await keeper.get())
    platform.now += 10
    with pytest.raises(TokenRefused) as caught:
        await keeper.get()
    assert caught.value.retry_after == FORCED_APART_S - 10
    platform.now += FORCED_APART_S
    assert await keeper.get() == "token-3"
    assert platform.forced == 2


async def test_force_that_does_not_help_is_an_error(platform: Platform, keeper: TokenKeeper) -> None:
    platform.forcing_helps = False
    keeper.invalidate(await keeper.get())
    with pytest.raises(TokenRefused):
        await keeper.get()
    assert platform.forced == 1


def test_forced_refreshes_a_day() -> None:
    forced = ForcedRefreshes()
    for number in range(FORCED_A_DAY):
        assert forced.wait(number * 100.0) == 0
        forced.note(number * 100.0)
    now = FORCED_A_DAY * 100.0
    assert forced.wait(now) == 86_400 - now
    assert forced.wait(86_400.0) == 0


@pytest.mark.parametrize(
    ("code", "message", "kind", "words"),
    [
        (40013, "invalid appid", Misconfigured, "AppID"),
        (40125, "invalid appsecret", Misconfigured, "AppSecret"),
        (40001, "invalid credential", Misconfigured, "AppSecret"),
        (40164, "invalid ip 203.0.113.9 ipv6 ::1, not in whitelist", Misconfigured, "203.0.113.9"),
        (40164, "invalid ip", Misconfigured, "IP白名单"),
        (40243, "frozen", Misconfigured, "unfreeze"),
        (89503, "needs the administrator rid: 5f1a-22-33", Misconfigured, "rid 5f1a-22-33"),
        (-1, "system error", Away, "busy"),
        (45009, "quota", Away, "quota"),
    ],
)
async def test_errors_say_what_to_do(
    platform: Platform,
    keeper: TokenKeeper,
    code: int,
    message: str,
    kind: type[WeChatError],
    words: str,
) -> None:
    platform.faults = [{"errcode": code, "errmsg": message}]
    with pytest.raises(kind) as caught:
        await keeper.get()
    assert words in str(caught.value)
    assert "the-secret" not in repr(caught.value)


async def test_an_answer_without_a_token(platform: Platform, keeper: TokenKeeper) -> None:
    platform.faults = [{"access_token": ["odd"]}]
    with pytest.raises(Misconfigured):
        await keeper.get()


async def test_a_failure_is_shared_by_those_who_waited(platform: Platform, keeper: TokenKeeper) -> None:
    platform.faults = [Away("busy", retry_after=7), Away("busy"), Away("busy")]
    found = await asyncio.gather(*(keeper.get() for _ in range(20)), return_exceptions=True)
    assert {type(one) for one in found} == {Away}
    assert {getattr(one, "retry_after", None) for one in found} == {7}
    assert len(platform.requests) == 1


async def test_wrong_settings_are_not_hammered(platform: Platform, keeper: TokenKeeper) -> None:
    platform.faults = [{"errcode": 40125, "errmsg": "no"}]
    for _ in range(3):
        with pytest.raises(Misconfigured):
            await keeper.get()
    assert len(platform.requests) == 1
    platform.now += 61
    assert await keeper.get() == "token-1"
