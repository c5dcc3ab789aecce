"""HTTP to the platform: bounded in time and size, follows no redirect, and its errors hold no address.

The access token travels in the query (developers.weixin.qq.com), and aiohttp's errors carry the whole address.
So an error of aiohttp never leaves this module, not even as the cause of another one.
"""

from __future__ import annotations

import asyncio
import json
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from pathlib import PurePosixPath
from typing import Any, NamedTuple, TypeVar, cast

import aiohttp
from yarl import URL

from bot.channels.wechat.api_errors import Away, Rejected, TooLarge, Uncertain

T = TypeVar("T")

CONNECT_S = 3.0
WHOLE_S = 8.0
DOWNLOAD_S = 30.0
JSON_BYTES = 256 * 1024
_CHUNK = 64 * 1024
_NAME_CHARS = 120


class Download(NamedTuple):
    """A file from the platform. `name` is what it calls the file, without a path; "" when it says nothing."""

    data: bytes
    content_type: str
    name: str


@dataclass
class _Sent:
    """Whether a request has begun to leave this machine."""

    yes: bool = False


async def _note_sent(session: aiohttp.ClientSession, context: Any, params: Any) -> None:
    context.trace_request_ctx.yes = True


class Transport:
    """At most 20 requests at once, the session made with the first one inside the running loop."""

    def __init__(self, *, connect_s: float = CONNECT_S, whole_s: float = WHOLE_S) -> None:
        """Times in seconds; `whole_s` is for a request with its answer (downloads have `DOWNLOAD_S`)."""
        self._api_timeout = aiohttp.ClientTimeout(total=whole_s, connect=connect_s, sock_connect=connect_s)
        self._download_timeout = aiohttp.ClientTimeout(
            total=DOWNLOAD_S, connect=connect_s, sock_connect=connect_s, sock_read=whole_s
        )
        self._session: aiohttp.ClientSession | None = None

    async def post(self, url: URL, body: Mapping[str, Any]) -> dict[str, Any]:
        """Post `body` as JSON in UTF-8 (the platform shows \\u escapes as they are) and read the JSON answer.

        Raises:
            Away, Uncertain, Rejected: see there.
        """
        data = json.dumps(body, ensure_ascii=False).encode()
        headers = {"Content-Type": "application/json"}
        return await self._exchange(
            "POST", url, _read_json, data=data, headers=headers, timeout=self._api_timeout
        )

    async def download(self, url: URL, most: int) -> Download:
        """Get a file of at most `most` bytes.

        Raises:
            Away, Uncertain, Rejected (TooLarge): see there.
        """

        async def read(response: aiohttp.ClientResponse) -> Download:
            data = await _read(response, most)
            disposition = response.content_disposition
            name = PurePosixPath((disposition and disposition.filename) or "").name[:_NAME_CHARS]
            return Download(data, response.content_type, name)

        return await self._exchange("GET", url, read, timeout=self._download_timeout)

    async def close(self) -> None:
        """Close the connections; the next request opens new ones."""
        session, self._session = self._session, None
        if session is not None:
            await session.close()

    async def _exchange(
        self,
        method: str,
        url: URL,
        read: Callable[[aiohttp.ClientResponse], Awaitable[T]],
        **options: Any,
    ) -> T:
        sent = _Sent()
        try:
            async with self._open().request(
                method, url, allow_redirects=False, trace_request_ctx=sent, **options
            ) as response:
                _check_status(response.status)
                return await read(response)
        except (aiohttp.ClientError, asyncio.TimeoutError, OSError, ValueError) as error:
            problem = type(error).__name__
        # Raised out here, where aiohttp's error with the address is no longer being handled.
        if sent.yes:
            raise Uncertain(f"no answer from the platform ({problem})")
        raise Away(f"the platform cannot be reached ({problem})")

    def _open(self) -> aiohttp.ClientSession:
        if self._session is None or self._session.closed:
            trace = aiohttp.TraceConfig()
            trace.on_request_headers_sent.append(cast(Any, _note_sent))
            self._session = aiohttp.ClientSession(
                # A new connection for each request: on a kept one that the server is just closing nobody can
                # tell whether a message arrived, and then it has to be held back.
                connector=aiohttp.TCPConnector(limit=20, force_close=True),
                cookie_jar=aiohttp.DummyCookieJar(),
                trace_configs=[trace],
            )
        return self._session


def _check_status(status: int) -> None:
    if status == 200:
        return
    if status >= 500 or status == 429:
        raise Away(f"the platform answers HTTP {status}")
    raise Rejected(f"the platform answers HTTP {status}")


async def _read(response: aiohttp.ClientResponse, most: int) -> bytes:
    if (response.content_length or 0) > most:
        raise TooLarge(f"more than {most} bytes")
    parts = bytearray()
    async for part in response.content.iter_chunked(_CHUNK):
        parts += part
        if len(parts) > most:  # the length in the header is only what the other side claims
            raise TooLarge(f"more than {most} bytes")
    return bytes(parts)


async def _read_json(response: aiohttp.ClientResponse) -> dict[str, Any]:
    answer = decoded(await _read(response, JSON_BYTES))
    if answer is None:
        raise Uncertain("the platform's answer is not JSON")
    return answer


def decoded(data: bytes) -> dict[str, Any] | None:
    """The JSON object in `data`, or None when it is none."""
    try:
        answer = json.loads(data)
    except (ValueError, RecursionError):
        return None
    return answer if isinstance(answer, dict) else None
