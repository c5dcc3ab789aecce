"""The account's menu under the chat: three entries that arrive as CLICK events with our keys.

Limits (developers.weixin.qq.com, 自定义菜单): at most three entries, names of at most 16 bytes, keys of 128.
"""

from __future__ import annotations

from typing import Any

from bot.channels.wechat.client import WeChatClient

ENTRIES = {"start": "说说问题", "progress": "查进度", "human": "转人工"}  # key of the event -> name


def menu() -> dict[str, Any]:
    """The menu as the platform wants it."""
    return {"button": [{"type": "click", "name": name, "key": key} for key, name in ENTRIES.items()]}


async def install(client: WeChatClient) -> None:
    """Give the client's account this menu instead of the one it has.

    Raises:
        WeChatError: it could not be done; the message says why (NoRight: the account is not verified).
    """
    await client.create_menu(menu())
