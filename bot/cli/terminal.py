"""A conversation without a server: the same road, the same model, the same store, a terminal as the channel."""

from __future__ import annotations

import asyncio
import sys
import time
import uuid
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

from bot.cases.model import Case
from bot.cli.output import printable, step
from bot.cli.turns import turn_fault
from bot.conversation.errors import ButtonRefused, EmptyMessage, MessageTooLong, RoadError
from bot.conversation.messages import Entry, Incoming
from bot.conversation.road import Road
from bot.conversation.sanitise import MAX_STORED, clean_text
from bot.evidence.errors import EvidenceRefused
from bot.evidence.limits import MB
from bot.settings import Settings, load_settings
from bot.wiring import Services, opened

CHANNEL = "terminal"
_WHY = {
    ButtonRefused: "the assistant's last buttons do not include this one; use a title that it offered",
    EmptyMessage: "nothing readable is left of the text; write a sentence",
    MessageTooLong: f"the text is longer than {MAX_STORED} characters; split it",
}


@dataclass(frozen=True)
class Refusal:
    """Why a turn got no answer of the dialogue, for the operator.

    ``unplayable``: the fault lies in the turn as it was written, not in something a buyer can do.
    """

    why: str
    unplayable: bool


class Unplayable(Exception):
    """A turn that names what is not there; the message is for the operator."""

    def __init__(self, message_zh: str, why: str) -> None:
        super().__init__(why)
        self.message_zh = message_zh


class Terminal:
    """One conversation; each turn waits for its replies."""

    def __init__(self, services: Services, road: Road, clock: Callable[[], datetime]) -> None:
        self._services = services
        self._road = road
        self._clock = clock
        self.conversation_id = f"terminal-{uuid.uuid4().hex[:12]}"
        self._seen = 0
        self.refusal: Refusal | None = None  # of the last turn

    @classmethod
    @asynccontextmanager
    async def open(cls, begun: datetime) -> AsyncIterator[Terminal]:
        """Open the store and load the model, training it when it is missing, damaged or old."""
        from bot.cli.train import is_current, train_now

        settings: Settings = load_settings()
        clock = moving_clock(begun)
        async with opened(settings, create=True) as services:
            if not is_current(settings.models_dir):
                train_now(settings.models_dir)
            with step("loading the model"):
                from bot.rasa.start import road_for

                road = await road_for(services, clock=clock)
            await road.start()
            try:
                yield cls(services, road, clock)
            finally:
                await road.stop()

    async def turn(self, row: dict[str, Any]) -> list[dict[str, Any]]:
        """One turn of the buyer; what came back, as the channels publish it. `refusal` says why nothing did."""
        self.refusal = None
        try:
            await self._accept(row)
        except (RoadError, EvidenceRefused, Unplayable) as refused:
            self.refusal = _refusal(refused)
            return [{"author": {"type": "system", "name": "系统"}, "text": refused.message_zh}]
        await self._road.idle()
        entries, _ = await self._road.history(self.conversation_id, after_seq=self._seen, limit=200)
        self._seen = max((entry.seq for entry in entries), default=self._seen)
        return [_published(entry) for entry in entries if entry.author_type != "buyer"]

    async def _accept(self, row: dict[str, Any]) -> None:
        fault = turn_fault(row)
        if fault:
            raise Unplayable("这一行的写法不对，没有发送。", fault)
        if "upload" in row:
            await self._upload(row["upload"])
        elif "button" in row:
            await self._road.accept(self._incoming(title=clean_text(row["button"])))
        else:
            await self._road.accept(self._incoming(text=row["text"]))

    def turn_seconds(self) -> list[float]:
        """How long the latest turns took, from the stored message to the stored reply (all conversations)."""
        return list(self._road.runner.counters.recent)

    def fresh(self) -> Terminal:
        """Another conversation over the same model and store."""
        return Terminal(self._services, self._road, self._clock)

    def _incoming(self, **given: Any) -> Incoming:
        return Incoming(self.conversation_id, CHANNEL, uuid.uuid4().hex, **given)

    async def _upload(self, path: str) -> None:
        file = Path(path)
        limits = self._services.settings
        most = max(limits.max_image_mb, limits.max_file_mb) * MB
        try:
            # One byte over the limit is enough to refuse it; a whole disk image need not be read for that.
            data = await asyncio.to_thread(_first_bytes, file, most + 1)
        except (OSError, ValueError) as error:
            why = f"cannot read {path!r} ({error}): check the path"
            raise Unplayable("没有读到这个文件，请检查路径。", why) from None

        async def keep() -> dict[str, Any]:
            name = clean_text(file.name) or "file"
            item = await self._services.evidence.add(self.conversation_id, name, data, self._clock())
            return item.as_attachment()

        await self._road.accept_upload(self._incoming(), keep)

    async def case(self) -> Case | None:
        """The conversation's newest case."""
        stored = await self._services.cases.of_conversation(self.conversation_id)
        return stored[-1] if stored else None


def _first_bytes(file: Path, most: int) -> bytes:
    if not file.is_file():
        raise FileNotFoundError("no such file")
    with file.open("rb") as opened_file:
        return opened_file.read(most)


def _refusal(refused: RoadError | EvidenceRefused | Unplayable) -> Refusal:
    if isinstance(refused, RoadError):
        return Refusal(_WHY.get(type(refused), refused.code), isinstance(refused, ButtonRefused))
    return Refusal(str(refused), isinstance(refused, Unplayable))


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
        print(printable(f"{reply['author']['name']}：{reply.get('text', '')}"))
        if reply.get("buttons"):
            print("   " + "  ".join(f"[{title}]" for title in reply["buttons"]))
    sys.stdout.flush()
