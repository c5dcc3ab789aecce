"""The WeChat channel put together from the services: what needs no road, then the door itself."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.wechat.accounts import WeChatAccount
from bot.channels.wechat.channel import WeChatInput
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.media import WeChatMedia
from bot.channels.wechat.sender import CHANNEL, WeChatSender
from bot.conversation.road import Road
from bot.wiring import Services

# After the callback was answered without a reply, the relay may send it; so much later it surely was.
MARGIN = timedelta(seconds=0.4)


@dataclass(frozen=True)
class WeChatParts:
    """Everything of the channel that works before there is a road."""

    accounts: Mapping[str, WeChatAccount]
    clients: Mapping[str, WeChatClient]
    sender: WeChatSender
    media: WeChatMedia
    link_for: Callable[[str], str | None]

    async def close(self) -> None:
        """Close the connections to the platform."""
        for client in self.clients.values():
            await client.close()

    def door(self, services: Services, road: Road, clock: Callable[[], datetime]) -> WeChatInput:
        """The callbacks' side."""
        return WeChatInput(
            self.accounts,
            road,
            services.database,
            clock=clock,
            sender=self.sender,
            clients=self.clients,
            link_for=self.link_for,
        )


def wechat_parts(
    services: Services,
    accounts: Mapping[str, WeChatAccount],
    clock: Callable[[], datetime],
    link_for: Callable[[str], str | None],
) -> WeChatParts:
    """The parts for these accounts; from now on lines for their buyers go through the outbox."""
    clients = {key: WeChatClient(account) for key, account in accounts.items()}
    longest = max(account.passive_wait_s for account in accounts.values())
    services.voice.push[CHANNEL] = timedelta(seconds=longest) + MARGIN
    return WeChatParts(
        accounts,
        clients,
        WeChatSender(services.database, clients, clock, link_for),
        WeChatMedia(clients),
        link_for,
    )
