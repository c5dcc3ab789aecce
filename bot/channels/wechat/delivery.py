"""Answering a callback: the reply inside the platform's own request where that works (被动回复).

The platform ends a request after 5 s and repeats it twice. A passive reply costs none of the messages that an
account may push, and for an unverified account it is the only way out. Everything is read from the stored
rows, so a repetition may arrive at another process and is answered all the same.
"""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta

from bot.channels.wechat import quota
from bot.channels.wechat.accounts import LONGEST_WAIT_S, WeChatAccount
from bot.channels.wechat.passive import Composed, compose
from bot.channels.wechat.sender import CHANNEL, WeChatSender
from bot.conversation import inbox, outbox
from bot.conversation.notices import Subscription
from bot.conversation.outbox import Outgoing
from bot.conversation.road import Road
from bot.database.engine import Database

BUSY = 16  # conversations at work; twice as many as have their turn at the same time
POLL_S = 0.25  # for answers that another process writes; our own are announced
ENOUGH = 2  # messages: with one left, whatever does not fit into it would wait
HANG_UP_S = 5.6  # by now the platform has ended its request and will repeat it
LAST_REQUEST = timedelta(seconds=9)  # requests come at 0, 5 and 10 s
STILL_WORKING = "正在整理您的问题，请稍等几秒，然后回复“继续”查看结果。"


@dataclass(frozen=True)
class Answer:
    """What goes into the response; nothing of it counts as sent before `Delivery.settle`."""

    text: str
    composed: Composed | None = None


class Delivery:
    """Waits for the turn of one message and takes its lines, if they can be said passively."""

    def __init__(
        self,
        road: Road,
        database: Database,
        sender: WeChatSender,
        clock: Callable[[], datetime],
        link_for: Callable[[str], str | None],
    ) -> None:
        self._road = road
        self._database = database
        self._sender = sender
        self._clock = clock
        self._link_for = link_for

    def can_push(self, account: WeChatAccount) -> bool:
        """Whether the account may send by itself, as far as we know."""
        return account.verified and account.key not in self._sender.passive_only

    async def answer(
        self,
        account: WeChatAccount,
        conversation_id: str,
        message_id: str,
        arrived: float,
        *,
        typed: bool = False,
    ) -> Answer | None:
        """The passive reply; None when there is none (the relay sends, or there is nothing to say).

        Args:
            arrived: of the request, on the event loop's clock.
            typed: the buyer wrote it, which allows five new messages; the ledger need not be asked.
        """
        pushes = self.can_push(account) and (typed or await self._may_push(conversation_id))
        wait = self._patience(account) if pushes else LONGEST_WAIT_S
        if await self._over(conversation_id, message_id, arrived + wait):
            return await self._collect(conversation_id, pushes, arrived + wait)
        if pushes:
            return None
        if await self._last_request(message_id, arrived):
            return Answer(STILL_WORKING)
        # Any answer would end the platform's patience: let it hang up and ask again.
        await asyncio.sleep(max(0.0, arrived + HANG_UP_S - asyncio.get_running_loop().time()))
        return None

    async def _may_push(self, conversation_id: str) -> bool:
        """Whether an answer of the usual length can still be pushed; else it goes the passive way, page by page."""
        async with self._database.read() as tx:
            return await quota.left(tx, conversation_id, self._clock()) >= ENOUGH

    def _patience(self, account: WeChatAccount) -> float:
        """Seconds that the answer is waited for: none while so many are being answered that it cannot be near."""
        return account.passive_wait_s if self._road.at_work <= BUSY else 0.0

    async def _over(self, conversation_id: str, message_id: str, until: float) -> bool:
        """Whether the message has had its turn before `until`."""
        loop = asyncio.get_running_loop()
        with self._road.subscribe(conversation_id) as watcher:
            while not await self._road.answered(CHANNEL, message_id):
                left = until - loop.time()
                if left <= 0:
                    return False
                await _new_lines(watcher, min(left, POLL_S))
        return True

    async def _last_request(self, message_id: str, arrived: float) -> bool:
        """Whether the platform will not ask again: told by how long after the first request this one came."""
        came = self._clock() - timedelta(seconds=asyncio.get_running_loop().time() - arrived)
        async with self._database.read() as tx:
            stored = await inbox.find(tx, CHANNEL, message_id)
        return stored is not None and came - stored.received_at >= LAST_REQUEST

    async def _collect(self, conversation_id: str, pushes: bool, until: float) -> Answer | None:
        lines = await self._take(conversation_id, pushes, until)
        if not lines:
            return None
        now = self._clock()
        async with self._database.transaction() as tx:
            if pushes and await self._better_pushed(tx, conversation_id, lines, now):
                await outbox.give_back(tx, lines, now)
                composed = None
            else:
                composed = compose(lines, link=self._link_for(conversation_id), pages=not pushes)
                await outbox.give_back(tx, composed.left_over, now)
        if composed is None or composed.left_over:
            self._road.voice.announce(conversation_id)
        return Answer(composed.text, composed) if composed and composed.text else None

    async def _take(self, conversation_id: str, pushes: bool, until: float) -> list[Outgoing]:
        """The conversation's lines, once nobody else has them in hand."""
        while True:
            async with self._database.transaction() as tx:
                lines = await outbox.take(tx, conversation_id, self._clock(), everything=True)
                in_hand = not lines and await outbox.waits(tx, conversation_id, ("sending",))
            # Who cannot push has only this way: the relay will put the lines down again in a moment.
            if pushes or not in_hand or asyncio.get_running_loop().time() >= until:
                return lines
            await asyncio.sleep(POLL_S / 5)

    @staticmethod
    async def _better_pushed(tx: object, conversation_id: str, lines: list[Outgoing], now: datetime) -> bool:
        """Buttons that can be tapped need a pushed message; and a reply goes one way, or it loses its order."""
        if not any(line.entry.buttons for line in lines):
            return False
        return await quota.left(tx, conversation_id, now) >= ENOUGH  # type: ignore[arg-type]

    async def settle(self, answer: Answer, *, written: bool) -> None:
        """The response was written (or the platform had hung up: then the lines are free again)."""
        if answer.composed is None:
            return
        now = self._clock()
        async with self._database.transaction() as tx:
            if written:
                await outbox.settle(tx, answer.composed.outcomes, now)
            else:
                await outbox.give_back(tx, [line for line, _ in answer.composed.outcomes], now)


async def _new_lines(watcher: Subscription, seconds: float) -> None:
    """Wait so long, or until the log has grown; that somebody types is no reason to look."""
    loop = asyncio.get_running_loop()
    until = loop.time() + seconds
    while (left := until - loop.time()) > 0:
        notice = await watcher.next(left)
        if notice is None or notice.kind == "messages":
            return
