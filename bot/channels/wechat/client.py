"""The calls to api.weixin.qq.com that the channel needs, for one account.

Source of paths and bodies: developers.weixin.qq.com/doc/service (客服消息, 自定义菜单, 临时素材).
"""

from __future__ import annotations

import time
from collections.abc import Awaitable, Callable, Mapping
from typing import Any, TypeVar

from yarl import URL

from bot.channels.wechat import tokens
from bot.channels.wechat.accounts import API_BASE, WeChatAccount
from bot.channels.wechat.api_errors import Rejected, StaleToken, TokenRefused, error_of
from bot.channels.wechat.tokens import TokenKeeper
from bot.channels.wechat.transport import Download, Transport, decoded

T = TypeVar("T")

MOST_BYTES = 20 * 1024 * 1024
PICTURE_HOSTS = (".qpic.cn",)  # where PicUrl points
VIDEO_HOSTS = (".qpic.cn", ".qq.com")
_ERROR_TYPES = frozenset({"application/json", "text/plain", "text/json"})


class WeChatClient:
    """Talks to the platform for `account`. Usable from any number of tasks of one event loop."""

    def __init__(
        self,
        account: WeChatAccount,
        transport: Transport | None = None,
        clock: Callable[[], float] = time.monotonic,
    ) -> None:
        """Nothing is opened yet."""
        self.account = account
        self._base = URL(account.api_base)
        self._transport = transport or Transport()
        self._tokens = TokenKeeper(account.app_id, account.app_secret, self._ask_token, clock)

    def __repr__(self) -> str:
        return f"WeChatClient({self.account.key!r})"

    async def check(self) -> None:
        """Prove that app id, secret and this machine's address are accepted.

        Raises:
            Away, Misconfigured: the message says what to do.
        """
        await self._tokens.get()

    async def send_custom(self, openid: str, body: Mapping[str, Any]) -> str | None:
        """Push one message (客服消息); returns the platform's id for it where it gives one.

        Args:
            openid: of the buyer.
            body: the message without `touser`, e.g. {"msgtype": "text", "text": {"content": "…"}}.

        Raises:
            WeChatError: see `bot.channels.wechat.api_errors`.
        """
        answer = await self._post("/cgi-bin/message/custom/send", {"touser": openid, **body})
        found = answer.get("msgid")
        return str(found) if found else None

    async def typing(self, openid: str) -> None:
        """Show the buyer 「对方正在输入…」 for some seconds; costs none of the messages allowed."""
        await self._post("/cgi-bin/message/custom/typing", {"touser": openid, "command": "Typing"})

    async def create_menu(self, menu: Mapping[str, Any]) -> None:
        """Replace the account's menu; buyers see it within some minutes or when they follow again."""
        await self._post("/cgi-bin/menu/create", menu)

    async def get_media(self, media_id: str, most: int = MOST_BYTES) -> Download:
        """A picture, voice message or video that a buyer sent; kept by the platform for three days.

        Raises:
            Rejected: it is gone (errcode 40007); TooLarge: it has more than `most` bytes.
            Away, Uncertain, Misconfigured: not now.
        """

        async def get(token: str) -> Download:
            return await self._transport.download(
                self._url("/cgi-bin/media/get", token).update_query(media_id=media_id), most
            )

        found = await self._with_token(lambda token: _checked(get(token)))
        answer = decoded(found.data) if found.content_type in _ERROR_TYPES else None
        if answer is not None and isinstance(answer.get("video_url"), str):
            return await self._get_public(answer["video_url"], VIDEO_HOSTS, most)
        return found

    async def get_picture(self, url: str, most: int = MOST_BYTES) -> Download:
        """The picture at a message's PicUrl.

        Only the platform's own hosts are asked and no redirect is followed: the address comes from outside
        and must not lead into the operator's network.

        Raises:
            Rejected: another host, no picture, or TooLarge. Away, Uncertain: not now.
        """
        found = await self._get_public(url, PICTURE_HOSTS, most)
        if not found.content_type.startswith("image/"):
            raise Rejected(f"PicUrl leads to {found.content_type}, which is no picture")
        return found

    async def close(self) -> None:
        """Close the connections."""
        await self._transport.close()

    async def _get_public(self, address: str, hosts: tuple[str, ...], most: int) -> Download:
        return await self._transport.download(self._allowed(address, hosts), most)

    def _allowed(self, address: str, hosts: tuple[str, ...]) -> URL:
        # The checked object itself is what is asked, so that no second reading of the text can differ.
        try:
            url = URL(address)
            where = (url.host or "", url.port)
        except ValueError:
            raise Rejected("the address of the file is not one") from None
        if url.scheme in ("http", "https") and url.user is None and url.password is None:
            if where[0].endswith(hosts) and url.is_default_port():
                return url
            # A stand-in for the platform serves its pictures itself.
            if self.account.api_base != API_BASE and where == (self._base.host, self._base.port):
                return url
        raise Rejected("the file is not on one of the platform's own hosts")

    async def _post(self, path: str, body: Mapping[str, Any]) -> dict[str, Any]:
        async def post(token: str) -> dict[str, Any]:
            answer = await self._transport.post(self._url(path, token), body)
            _raise_error(answer)
            return answer

        return await self._with_token(post)

    async def _ask_token(self, body: dict[str, Any]) -> dict[str, Any]:
        return await self._transport.post(URL(self.account.api_base + tokens.PATH), body)

    def _url(self, path: str, token: str) -> URL:
        return URL(self.account.api_base + path).with_query(access_token=token)

    async def _with_token(self, call: Callable[[str], Awaitable[T]]) -> T:
        """Call with a valid token; once again when the platform refuses it, and not more often."""
        for _ in range(2):
            token = await self._tokens.get()
            try:
                return await call(token)
            except StaleToken:
                self._tokens.invalidate(token)
        raise TokenRefused("the platform refuses an access token that it has just given out")


async def _checked(download: Awaitable[Download]) -> Download:
    found = await download
    if found.content_type in _ERROR_TYPES:
        _raise_error(decoded(found.data) or {})
    return found


def _raise_error(answer: Mapping[str, Any]) -> None:
    code = answer.get("errcode", 0)
    if code:
        raise error_of(code if isinstance(code, int) else 0, str(answer.get("errmsg", "")))
