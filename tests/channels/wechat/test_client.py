"""Calls to the platform against a local server that plays it."""

from __future__ import annotations

import asyncio
import itertools
import logging
import traceback
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from typing import Any

import pytest
import pytest_asyncio

from bot.channels.wechat import menu
from bot.channels.wechat.accounts import WeChatAccount
from bot.channels.wechat.api_errors import (
    Away,
    Misconfigured,
    NoGrant,
    NoRight,
    Rejected,
    TokenRefused,
    TooLarge,
    Uncertain,
    WeChatError,
)
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.transport import JSON_BYTES, Transport
from tests.channels.wechat.api_server import (
    APP_ID,
    APP_SECRET,
    MEDIA,
    MENU,
    SEND,
    TOKEN,
    TYPING,
    Answer,
    PlatformApi,
)

OPENID = "o-openid-that-no-log-may-hold"
TEXT = {"msgtype": "text", "text": {"content": '您好，"退货"请看 <说明> 😀'}}


def impatient(client: WeChatClient) -> None:
    """From now on it gives an answer little time (before that it has enough of it on a busy machine)."""
    client._transport = Transport(connect_s=1.0, whole_s=0.3)


@pytest_asyncio.fixture
async def api() -> AsyncIterator[PlatformApi]:
    async with PlatformApi() as one:
        yield one


def account_at(url: str) -> WeChatAccount:
    return WeChatAccount("main", APP_ID, APP_SECRET, "token", verified=True, api_base=url)


@pytest_asyncio.fixture
async def client(api: PlatformApi) -> AsyncIterator[WeChatClient]:
    one = WeChatClient(account_at(api.url))
    yield one
    await one.close()


async def test_chinese_is_sent_as_it_is(api: PlatformApi, client: WeChatClient) -> None:
    assert await client.send_custom(OPENID, TEXT) is None
    assert api.sent == [{"touser": OPENID, **TEXT}]
    assert "您好，" in api.raw[0].decode() and b"\\u" not in api.raw[0]


async def test_typing_and_menu(api: PlatformApi, client: WeChatClient) -> None:
    await client.typing(OPENID)
    await menu.install(client)
    assert api.calls == [TOKEN, TYPING, MENU]
    assert api.menu is not None
    assert [(one["type"], one["key"], one["name"]) for one in api.menu["button"]] == [
        ("click", "start", "说说问题"),
        ("click", "progress", "查进度"),
        ("click", "human", "转人工"),
    ]
    assert all(len(one["name"].encode()) <= 16 for one in api.menu["button"])


async def test_twenty_sends_meet_a_refused_token(api: PlatformApi, client: WeChatClient) -> None:
    await client.check()
    # Somebody forced a new token: the old one is refused, and the platform's normal mode knows the new one.
    api.spoil_token()
    await asyncio.gather(*(client.send_custom(OPENID, TEXT) for _ in range(20)))
    assert len(api.sent) == 20
    assert len(api.token_requests) == 2  # the first one, and one refresh
    assert api.forced == 0
    assert api.calls.count(SEND) == 40


async def test_twenty_sends_meet_a_token_that_only_force_renews(
    api: PlatformApi, client: WeChatClient
) -> None:
    await client.check()
    api.next(SEND, *[40001] * 20)
    await asyncio.gather(*(client.send_custom(OPENID, TEXT) for _ in range(20)))
    assert len(api.sent) == 20
    assert api.forced == 1


@pytest.mark.parametrize("code", [40001, 40014, 42001])
async def test_one_more_attempt_with_another_token(api: PlatformApi, client: WeChatClient, code: int) -> None:
    api.next(SEND, code)
    await client.send_custom(OPENID, TEXT)
    assert api.calls.count(SEND) == 2 and len(api.sent) == 1


async def test_a_token_refused_for_ever_ends_after_two_calls(api: PlatformApi, client: WeChatClient) -> None:
    api.refuse_all_tokens = True
    with pytest.raises(TokenRefused):
        await client.send_custom(OPENID, TEXT)
    assert api.calls.count(SEND) == 2
    for _ in range(10):  # and the daily number of forced refreshes is not burnt by trying on
        with pytest.raises(Away):
            await client.send_custom(OPENID, TEXT)
    assert api.forced == 1


ERRORS: list[tuple[Answer, type[WeChatError]]] = [
    (-1, Away),
    (45011, Away),
    ("http 502", Away),
    ("drop", Uncertain),
    ("hang", Uncertain),
    ("not json", Uncertain),
    (45015, NoGrant),
    (45047, NoGrant),
    (43004, NoGrant),
    (48001, NoRight),
    (45002, Rejected),
    (40003, Rejected),
    (99999, Rejected),
    ("http 302", Rejected),
    ("http 403", Rejected),
    (40164, Misconfigured),
]


@pytest.mark.parametrize(("answer", "kind"), ERRORS, ids=[str(row[0]) for row in ERRORS])
async def test_errors_by_what_to_do(
    api: PlatformApi, client: WeChatClient, answer: Answer, kind: type[WeChatError]
) -> None:
    await client.check()
    if answer == "hang":
        impatient(client)
    api.next(SEND, answer)
    with pytest.raises(WeChatError) as caught:
        await client.send_custom(OPENID, TEXT)
    assert type(caught.value) is kind
    assert caught.value.code == (answer if isinstance(answer, int) else None)
    assert api.calls.count(SEND) == 1  # whether to try again is the caller's to decide


async def test_a_platform_that_is_not_there(api: PlatformApi, client: WeChatClient) -> None:
    await client.check()
    await api.__aexit__()
    with pytest.raises(Away) as caught:
        await client.send_custom(OPENID, TEXT)
    assert not any("access-token-" in text for text in _everything(caught.value))


async def test_a_token_request_without_an_answer_may_be_repeated(
    api: PlatformApi, client: WeChatClient
) -> None:
    api.pause = 1.0
    impatient(client)
    with pytest.raises(Away):
        await client.send_custom(OPENID, TEXT)


async def test_wrong_secret_says_so(api: PlatformApi) -> None:
    client = WeChatClient(replace(account_at(api.url), app_secret="another-secret"))
    with pytest.raises(Misconfigured, match="AppSecret"):
        await client.send_custom(OPENID, TEXT)
    await client.close()


async def test_an_api_below_a_path(api: PlatformApi) -> None:
    client = WeChatClient(account_at(f"{api.url}/proxy"))
    with pytest.raises(WeChatError):
        await client.check()
    assert api.calls == ["/proxy" + TOKEN]
    await client.close()


PNG = b"\x89PNG\r\n\x1a\n" + b"x" * 3000


async def test_media(api: PlatformApi, client: WeChatClient) -> None:
    api.media["m1"] = (PNG, "image/png", "m1.png")
    assert await client.get_media("m1") == (PNG, "image/png", "m1.png")


@pytest.mark.parametrize(
    ("given", "kept"), [("", ""), ("../../etc/passwd", "passwd"), ("n" * 300, "n" * 120), ("..", "..")]
)
async def test_media_names_have_no_path(
    api: PlatformApi, client: WeChatClient, given: str, kept: str
) -> None:
    api.media["m1"] = (PNG, "image/png", given)
    assert (await client.get_media("m1")).name == kept


async def test_media_errors(api: PlatformApi, client: WeChatClient) -> None:
    with pytest.raises(Rejected, match="three days"):
        await client.get_media("gone")
    api.media["m1"] = (PNG, "image/png", "")
    api.next(MEDIA, 40001)
    assert (await client.get_media("m1")).data == PNG  # a stale token is renewed here as well


async def test_a_video_is_fetched_from_the_address_given(api: PlatformApi, client: WeChatClient) -> None:
    api.media["v1"] = (f'{{"video_url": "{api.url}/v1.mp4"}}'.encode(), "text/plain", "")
    api.media["v1.mp4"] = (b"video", "video/mp4", "v1.mp4")
    assert (await client.get_media("v1")).data == b"video"
    api.media["v2"] = (b'{"video_url": "http://10.0.0.1/v1.mp4"}', "text/plain", "")
    with pytest.raises(Rejected):
        await client.get_media("v2")


@pytest.mark.parametrize("extra", [0, 1])
async def test_the_size_limit_is_exact(api: PlatformApi, client: WeChatClient, extra: int) -> None:
    api.media["m1"] = (PNG, "image/png", "")
    if extra:
        with pytest.raises(TooLarge):
            await client.get_media("m1", len(PNG) - 1)
    else:
        assert (await client.get_media("m1", len(PNG))).data == PNG


async def test_a_size_that_is_not_announced_is_cut_all_the_same() -> None:
    async def endless(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        await reader.readuntil(b"\r\n\r\n")
        writer.write(b"HTTP/1.1 200 OK\r\nContent-Type: image/png\r\n\r\n")
        try:
            while True:
                writer.write(b"x" * 65536)
                await writer.drain()
        except OSError:
            writer.close()

    server = await asyncio.start_server(endless, "127.0.0.1", 0)
    url = f"http://127.0.0.1:{server.sockets[0].getsockname()[1]}"
    client = WeChatClient(account_at(url))
    with pytest.raises(TooLarge):
        await client.get_picture(f"{url}/p", 200_000)
    await client.close()
    server.close()


async def test_an_answer_without_end_is_not_read(api: PlatformApi, client: WeChatClient) -> None:
    await client.check()
    api.media["send"] = (b"[" * (JSON_BYTES + 1), "text/plain", "")
    with pytest.raises(TooLarge):
        await client._post("/media/send", {})


async def test_pictures(api: PlatformApi, client: WeChatClient) -> None:
    api.media["p1"] = (PNG, "image/png", "")
    api.media["p2"] = (b"<html>", "text/html", "")
    assert (await client.get_picture(f"{api.url}/p1")).data == PNG
    with pytest.raises(Rejected, match="no picture"):
        await client.get_picture(f"{api.url}/p2")
    api.next("/p1", "http 302")
    with pytest.raises(Rejected):
        await client.get_picture(f"{api.url}/p1")
    assert "/elsewhere" not in api.calls
    assert TOKEN not in api.calls  # a public address gets no token of ours


@pytest.mark.parametrize(
    ("url", "fine"),
    [
        ("https://mmbiz.qpic.cn/mmbiz_jpg/x/0", True),
        ("http://mmbiz.qpic.cn/mmbiz_jpg/x/0?wx_fmt=jpeg", True),
        ("https://MMBIZ.QPIC.CN/x", True),
        ("https://qpic.cn/x", False),
        ("https://evilqpic.cn/x", False),
        ("https://mmbiz.qpic.cn.evil.example/x", False),
        ("https://mmbiz.qpic.cn@127.0.0.1/x", False),
        ("https://user@mmbiz.qpic.cn/x", False),
        ("https://user:pass@mmbiz.qpic.cn/x", False),
        ("https://mmbiz.qpic.cn:8443/x", False),
        ("http://127.0.0.1/x", False),
        ("http://[::1]/x", False),
        ("http://169.254.169.254/latest/meta-data", False),
        ("http://127.0.0.1\\.qpic.cn/x", False),
        ("http://127.0.0.1#.qpic.cn", False),
        ("https://api.weixin.qq.com/cgi-bin/x", False),
        ("file:///etc/passwd", False),
        ("ftp://mmbiz.qpic.cn/x", False),
        ("//mmbiz.qpic.cn/x", False),
        ("http://[bad/x", False),
        ("http://mmbiz.qpic.cn:99999/x", False),
        ("", False),
    ],
)
def test_where_pictures_may_come_from(url: str, fine: bool) -> None:
    client = WeChatClient(WeChatAccount("main", APP_ID, APP_SECRET, "token", verified=True))
    if fine:
        assert (client._allowed(url, (".qpic.cn",)).host or "").endswith(".qpic.cn")
    else:
        with pytest.raises(Rejected):
            client._allowed(url, (".qpic.cn",))


CALLS: list[Callable[[WeChatClient], Any]] = [
    lambda client: client.send_custom(OPENID, TEXT),
    lambda client: client.typing(OPENID),
    lambda client: client.get_media("m1"),
    lambda client: client.create_menu(menu.menu()),
]


async def test_no_secret_in_errors_and_logs(api: PlatformApi, caplog: pytest.LogCaptureFixture) -> None:
    caplog.set_level(logging.DEBUG)
    hours = itertools.count(0, 7200)  # so that every call may force a token
    client = WeChatClient(account_at(api.url), clock=lambda: float(next(hours)))
    impatient(client)
    told = [repr(client), str(client.__dict__)]
    answers: list[Answer] = ["drop", "hang", "not json", "http 502", "http 302", 40003, 45015, 40001, 40164]
    for call in CALLS:
        for answer in answers:
            api.next(SEND, *[answer] * 2)
            api.next(TYPING, *[answer] * 2)
            api.next(MEDIA, *[answer] * 2)
            api.next(MENU, *[answer] * 2)
            try:
                await call(client)
            except WeChatError as error:
                told += _everything(error)
            for script in api.script.values():
                script.clear()
    await api.__aexit__()
    with pytest.raises(Away) as caught:
        await client.send_custom(OPENID, TEXT)
    told += _everything(caught.value)
    await client.close()
    assert all(path in api.calls for path in (SEND, TYPING, MEDIA, MENU)) and len(told) > 140
    for text in [*told, caplog.text]:
        for secret in (APP_SECRET, "access-token-", OPENID, "secret words", "退货"):
            assert secret not in text


def _everything(error: BaseException) -> list[str]:
    """The error, whatever hangs on it, and the traceback as a log would print it."""
    told = ["".join(traceback.format_exception(error))]
    step: BaseException | None = error
    while step is not None:
        told += [str(step), repr(step), repr(step.__dict__)]
        step = step.__cause__ or step.__context__
    return told
