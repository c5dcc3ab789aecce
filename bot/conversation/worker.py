"""Running turns: time limit, retries, the apology when all fails, and what the watchers hear of it."""

from __future__ import annotations

import asyncio
import logging
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Protocol

from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.session import CaseSession, active_session
from bot.cases.store import StaleCase
from bot.conversation import inbox, message_log
from bot.conversation.errors import MediaLost, OwnerChanged, TurnSuperseded
from bot.conversation.messages import InboxMessage, Reply
from bot.conversation.notices import Notice
from bot.conversation.ownership import owner_of
from bot.conversation.turn import OwnMove, Turn, TurnHandler, active_turn
from bot.conversation.voice import Voice
from bot.database.engine import Database

logger = logging.getLogger(__name__)

APOLOGY = (
    "很抱歉，您刚才这条消息我处理时出了问题，没能给出答复（问题编号 {reference}）。"
    "您的消息已经完整保存，没有丢失；请稍后换个说法再发一次，或回复“转人工”。"
)
NO_REPLY = "您的消息我收到了，但我没能判断您想办什么。请换个说法再告诉我一次，或回复“转人工”。"
QUEUE_CHOICE = "handoff_choice"  # the one thing a buyer in the queue can press
AWAY = "系统暂时繁忙，您的消息已保存，恢复后会继续回复您。"


@dataclass(frozen=True)
class RoadLimits:
    """Seconds, unless named otherwise. An action (8 s) must fit into a turn."""

    turn_timeout: float = 15.0
    attempts: int = 3
    crash_attempts: int = 5  # more than `attempts`: a queued message may just have been near a crash
    retry_pauses: tuple[float, ...] = (0.2, 1.0)
    away_pauses: tuple[float, ...] = (1.0, 2.0, 5.0, 15.0, 30.0)
    parallel_turns: int = 8
    conflicts: int = 20  # times another process may be first before it counts as a failure


@dataclass
class Counters:
    """What has happened since the start (metrics)."""

    turns: int = 0
    retries: int = 0
    apologies: int = 0
    seconds: float = 0.0
    slowest: float = 0.0
    recent: list[float] = field(default_factory=list)

    def took(self, seconds: float) -> None:
        """Count one finished turn."""
        self.turns += 1
        self.seconds += seconds
        self.slowest = max(self.slowest, seconds)
        self.recent = [*self.recent[-199:], seconds]


class MediaKeeper(Protocol):
    """Fetches a file from the platform and keeps it as evidence."""

    async def keep(self, message: InboxMessage, now: datetime) -> dict[str, Any]:
        """The attachment for the log. Safe to repeat.

        Raises MediaLost when it cannot be had; anything else has it tried again.
        """
        ...


class TurnRunner:
    """Takes the next pending message of a conversation through its turn. The caller serialises."""

    def __init__(
        self,
        database: Database,
        handler: TurnHandler,
        voice: Voice,
        *,
        clock: Callable[[], datetime],
        case_session: Callable[[], CaseSession] | None,
        media: MediaKeeper | None,
        own_move: OwnMove | None,
        limits: RoadLimits,
    ) -> None:
        self._database = database
        self._handler = handler
        self._voice = voice
        self._board = voice.board
        self._clock = clock
        self._case_session = case_session
        self._media = media
        self._own_move = own_move
        self._limits = limits
        self._slots = asyncio.Semaphore(limits.parallel_turns)
        self._away: dict[str, int] = {}
        self._conflicts: dict[int, int] = {}  # by inbox row
        self.counters = Counters()

    def forget(self, conversation_id: str) -> None:
        """Drop whatever is kept in memory about an erased conversation."""
        self._away.pop(conversation_id, None)
        self._forget_dialogue(conversation_id)

    def _forget_dialogue(self, conversation_id: str) -> None:
        forget = getattr(self._handler, "forget", None)
        if forget is not None:
            forget(conversation_id)

    async def run_next(self, conversation_id: str) -> bool:
        """Run the turn of the oldest pending message; False when there is none.

        A database that is away is waited for: the message stays pending and the watchers are told.
        """
        try:
            async with self._database.read() as tx:
                message = await inbox.next_pending(tx, conversation_id)
                if message is None:
                    return False
                owner = await owner_of(tx, conversation_id)
                ours = _is_ours(message, owner) or await self._asked_before(tx, message, owner)
                context = await message_log.last_bot_text(tx, conversation_id, message.log_seq)
            if ours:
                self._board.publish(conversation_id, Notice("typing", on=True))
            try:
                async with self._slots:
                    await self._run(message, owner if ours else None, context)
            finally:
                self._board.publish(conversation_id, Notice("typing", on=False))
        except Exception:  # whatever it is, the message must stay pending and be tried again
            await self._wait_for_database(conversation_id)
            return True
        self._away.pop(conversation_id, None)
        self._voice.announce(conversation_id)
        return True

    async def _wait_for_database(self, conversation_id: str) -> None:
        logger.exception("database is away; the message stays pending")
        count = self._away.get(conversation_id, 0)
        self._away[conversation_id] = count + 1
        self._board.publish(conversation_id, Notice("error", code="unavailable", message=AWAY))
        pauses = self._limits.away_pauses
        await asyncio.sleep(pauses[min(count, len(pauses) - 1)])

    async def _asked_before(self, tx: AsyncConnection, message: InboxMessage, owner: str) -> bool:
        """Whether an earlier attempt at this turn has queued the buyer: the turn still has to say so."""
        return owner == "queued" and self._own_move is not None and await self._own_move(tx, message)

    async def _run(self, message: InboxMessage, owner: str | None, context: str | None) -> None:
        """One look at the message; `owner` is None when it is not for the bot to answer."""
        started = asyncio.get_running_loop().time()
        try:
            if message.attempts >= self._limits.crash_attempts:
                await self._give_up(message)
                return
            if message.kind == "media":
                message = await self._fetch(message)
            if owner is not None:
                await self._attempt(message, owner, context)
            else:
                await self._finish_quietly(message)
        except (TurnSuperseded, OwnerChanged) as reason:
            # Superseded: done elsewhere. A new owner: the next look at the queue leaves it to the person.
            logger.info("turn dropped: %s", type(reason).__name__)
            self._forget_dialogue(message.conversation_id)
        except (IntegrityError, StaleCase) as error:
            await self._after_conflict(message, error)
        except asyncio.CancelledError:
            raise
        except Exception as error:
            await self._after_failure(message, error)
        self.counters.took(asyncio.get_running_loop().time() - started)

    async def _fetch(self, message: InboxMessage) -> InboxMessage:
        """Get the file of a media message, whoever owns the conversation: the platform keeps it for days only."""
        if self._media is None:
            raise RuntimeError("a media message came, but nothing here can fetch it")
        try:
            keeping = self._media.keep(message, self._clock())
            attachment = await asyncio.wait_for(keeping, self._limits.turn_timeout)
        except MediaLost as lost:
            body: dict[str, Any] = {
                "intent": "media_lost",
                "entities": {"kind": lost.kind, "why": lost.message_zh},
            }
            async with self._database.transaction() as tx:
                return await inbox.media_kept(tx, message, "event", body)
        async with self._database.transaction() as tx:
            return await inbox.media_kept(tx, message, "upload", {"attachment": attachment})

    async def _finish_quietly(self, message: InboxMessage) -> None:
        async with self._database.transaction() as tx:
            await inbox.finish(tx, message.id, self._clock())

    async def _attempt(self, message: InboxMessage, owner: str, context: str | None) -> None:
        turn = Turn(
            conversation_id=message.conversation_id,
            channel=message.channel,
            message=message,
            now=self._clock(),
            context=context,
            owner=owner,
            cases=self._case_session() if self._case_session else None,
            own_move=self._own_move,
        )
        turn_token, case_token = active_turn.set(turn), active_session.set(turn.cases)
        try:
            await asyncio.wait_for(self._handler.handle(turn), self._limits.turn_timeout)
            if not turn.replies and not turn.silent:
                turn.say(NO_REPLY)
            async with self._database.transaction() as tx:
                await turn.commit(tx, self._voice)
        finally:
            active_session.reset(case_token)
            active_turn.reset(turn_token)
        self._conflicts.pop(message.id, None)
        if turn.moved:
            self._board.publish(message.conversation_id, Notice("owner"))
        for step in turn.after_commit:
            step()

    async def _after_conflict(self, message: InboxMessage, error: Exception) -> None:
        """Another process wrote this conversation first: look again with fresh eyes, that is no failure."""
        self._forget_dialogue(message.conversation_id)
        count = self._conflicts.pop(message.id, 0) + 1
        if count > self._limits.conflicts:
            await self._after_failure(message, error)
            return
        self._conflicts[message.id] = count
        await asyncio.sleep(random.uniform(0.01, 0.05 * count))  # noqa: S311 (to step out of each other's way)

    async def _after_failure(self, message: InboxMessage, error: Exception) -> None:
        """Count the failed attempt; the last one ends in the apology, the others in a short pause."""
        attempt = message.attempts + 1
        logger.error("turn failed (attempt %s, inbox row %s)", attempt, message.id, exc_info=error)
        note = f"{type(error).__name__}: {error}"[:500]
        async with self._database.transaction() as tx:
            await inbox.count_failure(tx, message.id, note)
        if attempt >= self._limits.attempts:
            await self._give_up(message, note)
            return
        self.counters.retries += 1
        pauses = self._limits.retry_pauses
        await asyncio.sleep(pauses[min(attempt - 1, len(pauses) - 1)])

    async def _give_up(self, message: InboxMessage, note: str = "the process ended during this turn") -> None:
        now = self._clock()
        reference = f"E{now:%m%d}-{message.id:05d}"
        reply = Reply(text=APOLOGY.format(reference=reference))
        async with self._database.transaction() as tx:
            if not await inbox.finish(tx, message.id, now, state="failed", error=f"{reference} {note}"):
                return
            await self._voice.say(tx, message.conversation_id, [reply], now, answering=message)
        self.counters.apologies += 1


def _is_ours(message: InboxMessage, owner: str) -> bool:
    """Whether the bot answers: it never talks over a person, but what an agent has decided is always told."""
    if message.body.get("silent"):
        return False
    if owner in ("bot", "closed") or message.body.get("always"):
        return True
    return owner == "queued" and message.kind == "button" and message.body.get("intent") == QUEUE_CHOICE
