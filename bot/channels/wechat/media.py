"""Pictures and videos of buyers on WeChat: the platform keeps them for three days, we fetch them at once."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from bot.channels.media import Fetched
from bot.channels.wechat.api_errors import Away, Uncertain, WeChatError
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.transport import Download
from bot.conversation.errors import MediaLost

_NAMES = {"image": "图片", "video": "视频", "voice": "语音"}
_EXTENSIONS = {
    "image/jpeg": ".jpg",
    "image/png": ".png",
    "image/gif": ".gif",
    "image/webp": ".webp",
    "video/mp4": ".mp4",
    "video/mpeg4": ".mp4",
}


class WeChatMedia:
    """The fetching half of the channel (`bot.channels.media.MediaFetcher`)."""

    def __init__(self, clients: Mapping[str, WeChatClient]) -> None:
        """`clients` by the account's key."""
        self._clients = clients

    async def fetch(self, media: Mapping[str, Any], now: datetime) -> Fetched:
        """The picture at its PicUrl, which needs no access token, else by its media id.

        Raises:
            MediaLost: the platform has it no more, or does not give it to this account.
            Away, Uncertain: not now.
        """
        kind = str(media.get("kind", "image"))
        client = self._clients.get(str(media.get("account")))
        if client is None:
            raise MediaLost(kind)
        try:
            found = await _download(client, media)
        except (Away, Uncertain):
            raise
        except WeChatError as error:
            raise MediaLost(kind) from error
        extension = _EXTENSIONS.get(found.content_type, "")
        return Fetched(f"微信{_NAMES.get(kind, '文件')}{now:%m%d-%H%M%S}{extension}", found.data)


async def _download(client: WeChatClient, media: Mapping[str, Any]) -> Download:
    url, media_id = media.get("url"), media.get("media_id")
    if url:
        try:
            return await client.get_picture(str(url))
        except WeChatError:
            if not (media_id and client.account.verified):
                raise
    return await client.get_media(str(media_id))
