"""Files that a platform only names: fetched at once, kept as evidence with their SHA-256."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from bot.conversation.errors import MediaLost
from bot.conversation.messages import InboxMessage
from bot.evidence.errors import EvidenceRefused
from bot.evidence.service import EvidenceService


@dataclass(frozen=True)
class Fetched:
    """A file as the platform gave it."""

    name: str
    data: bytes


class MediaFetcher(Protocol):
    """The fetching half of a channel."""

    async def fetch(self, media: Mapping[str, Any], now: datetime) -> Fetched:
        """The file that an inbox message's `media` names.

        Raises:
            MediaLost: it is gone, or the platform does not give it to us; anything else is tried again.
        """
        ...


class EvidenceFromChannels:
    """What the road asks for a file (`bot.conversation.worker.MediaKeeper`)."""

    def __init__(self, evidence: EvidenceService, fetchers: Mapping[str, MediaFetcher]) -> None:
        """`fetchers` by channel."""
        self._evidence = evidence
        self._fetchers = fetchers

    async def keep(self, message: InboxMessage, now: datetime) -> dict[str, Any]:
        """Fetch the file and enter it in the case; the same bytes once more are the item that is there.

        Raises:
            MediaLost: it cannot be had or not be taken, with the sentence for the buyer where there is one.
        """
        media = message.body["media"]
        kind = str(media.get("kind", "file"))
        fetcher = self._fetchers.get(message.channel)
        if fetcher is None:
            raise MediaLost(kind)
        file = await fetcher.fetch(media, now)
        try:
            item = await self._evidence.add(
                message.conversation_id,
                file.name,
                file.data,
                now,
                message.message_id,
                source=message.channel,
            )
        except EvidenceRefused as refused:
            raise MediaLost(kind, refused.message_zh) from refused
        return item.as_attachment()
