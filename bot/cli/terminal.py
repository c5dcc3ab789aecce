"""A conversation without a server: the same road, the same model, the same store, a terminal as the channel."""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cases.model import Case
from bot.cli.output import step
from bot.conversation.errors import RoadError
from bot.conversation.messages import Entry, Incoming
from bot.conversation.road import Road
from bot.evidence.errors import EvidenceRefused
from bot.settings import Settings, load_settings
from bot.wiring import Services, opened

CHANNEL = "terminal"


class Terminal:
    """One conversation; each turn waits for its replies."""

    def __init__(self, services: Services, road: Road, clock: Callable[[], datetime]) -> None:
        self._services = services
        self._road = road
        self._clock = clock
        self.conversation_id = f"terminal-{uuid.uuid4().hex[:12]}"
        self._seen = 0

    @classmethod
    @asynccontextmanager
    async def open(cls, begun: datetime) -> AsyncIterator[Terminal]:
        """Load the model (training it when it is missing or old) and open the store."""
        from bot.cli.train import is_current, train_now
        from bot.rasa.start import road_for

        settings: Settings = load_settings()
        if not is_current(settings.models_dir):
            train_now(settings.models_dir)
        clock = moving_clock(begun)
        async with opened(settings, create=True) as services:
            with step("loading the model"):
                road = await road_for(services, clock=clock)
            await road.start()
            try:
                yield cls(services, road, clock)
            finally:
                await road.stop()

    async def turn(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """One turn of the buyer; what came back, as the channels publish it."""
        try:
            if "upload" in row:
                await self._upload(str(row["upload"]))
            else:
                await self._road.accept(self._incoming(row))
        except (RoadError, EvidenceRefused) as refused:
            return [{"author": {"type": "system", "name": "系统"}, "text": refused.message_zh}]
        await self._road.idle()
        entries, _ = await self._road.history(self.conversation_id, after_seq=self._seen, limit=200)
        self._seen = max((entry.seq for entry in entries), default=self._seen)
        return [_published(entry) for entry in entries if entry.author_type != "buyer"]

    def fresh(self) -> Terminal:
        """Another conversation over the same model and store."""
        return Terminal(self._services, self._road, self._clock)

    def _incoming(self, row: dict[str, Any]) -> Incoming:
        given: dict[str, Any] = {}
        if "button" in row:
            given["title"] = str(row["button"])
        elif "text" in row:
            given["text"] = row["text"] if isinstance(row["text"], str) else str(row["text"])
        elif "say" in row:
            given["text"] = str(row["say"])
        return Incoming(self.conversation_id, CHANNEL, uuid.uuid4().hex, **given)

    async def _upload(self, path: str) -> None:
        file = Path(path)
        try:
            data = await asyncio.to_thread(file.read_bytes)
        except OSError:
            raise EvidenceRefused("没有读到这个文件，请检查路径。", f"cannot read {path}") from None

        async def keep() -> dict[str, Any]:
            item = await self._services.evidence.add(self.conversation_id, file.name, data, self._clock())
            return {
                "evidence_id": item.id,
                "name": item.name,
                "mime": item.mime,
                "size": item.size,
                "sha256": item.sha256,
            }

        await self._road.accept_upload(self._incoming({}), keep)

    async def case(self) -> Case | None:
        """The conversation's newest case."""
        stored = await self._services.cases.of_conversation(self.conversation_id)
        return stored[-1] if stored else None


def moving_clock(begun: datetime) -> Callable[[], datetime]:
    """A clock that reads ``begun`` now and goes on from there."""
    started = time.monotonic()
    return lambda: begun + timedelta(seconds=time.monotonic() - started)


def _published(entry: Entry) -> dict[str, Any]:
    shown = entry.to_json()
    if "buttons" in shown:
        shown["buttons"] = [button["title"] for button in shown["buttons"]]
    return shown


def show_replies(replies: list[dict[str, Any]]) -> None:
    """Print replies with their buttons."""
    for reply in replies:
        print(f"{reply['author']['name']}：{reply.get('text', '')}")
        if reply.get("buttons"):
            print("   " + "  ".join(f"[{title}]" for title in reply["buttons"]))
    sys.stdout.flush()
