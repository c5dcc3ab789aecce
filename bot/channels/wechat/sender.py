"""Pushing log lines to buyers on WeChat: customer-service messages within what the platform allows."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from bot.channels.wechat import quota
from bot.channels.wechat.api_errors import (
    Away,
    Misconfigured,
    NoGrant,
    NoRight,
    Uncertain,
    WeChatError,
)
from bot.channels.wechat.client import WeChatClient
from bot.channels.wechat.quota import Grant
from bot.channels.wechat.render import CUSTOM, CUSTOM_NUMBERED, Message, custom_messages
from bot.conversation.outbox import MAX_ATTEMPTS, Outcome, Outgoing
from bot.database.engine import Transactions

logger = logging.getLogger(__name__)

CHANNEL = "wechat"
PAUSES_S = (0.5, 1.0, 2.0)
MOST_MESSAGES = 3  # of one turn, so that a few are left for what a human or a reminder has to say


@dataclass
class SendCounts:
    """Lines of one account since the start of the process."""

    sent: int = 0
    held: int = 0
    failed: int = 0
    retried: int = 0


@dataclass
class _Delivery:
    """One conversation's lines on their way."""

    conversation_id: str
    client: WeChatClient
    openid: str
    lines: Sequence[Outgoing]
    grants: Sequence[Grant] = ()
    by_line: dict[int, list[Outcome]] = field(default_factory=dict)

    @property
    def key(self) -> str:
        return self.client.account.key

    @property
    def rows(self) -> list[int]:
        return [line.row_id for line in self.lines]

    def note(self, message: Message, outcome: Outcome) -> None:
        for index in message.lines:
            self.by_line.setdefault(index, []).append(outcome)

    def begun(self, message: Message) -> bool:
        """Whether a piece of one of its lines went out already, in an earlier message."""
        return any(index in self.by_line for index in message.lines)

    def fate(self, index: int) -> Outcome:
        outcomes = self.by_line.get(index)
        if outcomes:
            return next((one for one in outcomes if one.state != "sent"), outcomes[-1])
        shows_something = custom_messages([self.lines[index].entry], MOST_MESSAGES, None)
        return _NO_ROOM if shows_something else Outcome("sent")


class WeChatSender:
    """The sending half of the channel (see `bot.conversation.relay.Sender`)."""

    def __init__(
        self,
        database: Transactions,
        clients: Mapping[str, WeChatClient],
        clock: Callable[[], datetime],
        link_for: Callable[[str], str | None] | None = None,
        pauses: Sequence[float] = PAUSES_S,
    ) -> None:
        """
        Args:
            clients: by the account's key.
            link_for: the address of a page that shows the whole conversation, for what does not fit.
            pauses: in seconds, between attempts for the rest of a line that has begun to arrive.
        """
        self._database = database
        self._clients = clients
        self._clock = clock
        self._link_for = link_for
        self._pauses = pauses
        self._complained: set[str] = set()
        self.passive_only: set[str] = set()  # accounts that the platform has told they may not push
        self.no_menus: set[str] = set()  # accounts that may send text but no msgmenu
        self.counts: dict[str, SendCounts] = {key: SendCounts() for key in clients}

    async def send(self, conversation_id: str, lines: Sequence[Outgoing]) -> list[Outcome]:
        """Deliver the lines in order; one outcome for each. Lines merged into one message share its fate.

        Raises:
            SQLAlchemyError: the ledger cannot be read or written.
        """
        key, openid = address_of(conversation_id)
        client = self._clients.get(key)
        if client is None:
            return [Outcome("held", error=f"the WeChat account {key!r} is not configured")] * len(lines)
        delivery = _Delivery(conversation_id, client, openid, lines)
        outcomes = await self._outcomes(delivery)
        self._count(key, outcomes)
        return outcomes

    async def _outcomes(self, delivery: _Delivery) -> list[Outcome]:
        count = len(delivery.lines)
        if not delivery.client.account.verified or delivery.key in self.passive_only:
            return [Outcome("held", error="the account can only answer passively")] * count
        async with self._database.read() as tx:
            delivery.grants = await quota.open_grants(tx, delivery.conversation_id, self._clock())
        left = sum(grant.left for grant in delivery.grants)
        if not left:
            return [_NO_GRANT] * count
        await self._deliver(delivery, self._messages(delivery, min(left, MOST_MESSAGES)))
        return [delivery.fate(index) for index in range(count)]

    def _messages(self, delivery: _Delivery, most: int) -> list[Message]:
        link = self._link_for(delivery.conversation_id) if self._link_for is not None else None
        limits = CUSTOM_NUMBERED if delivery.key in self.no_menus else CUSTOM
        return custom_messages([line.entry for line in delivery.lines], most, link, limits)

    async def _deliver(self, delivery: _Delivery, messages: Sequence[Message]) -> None:
        instead: Outcome | None = None  # once a message did not go out, what follows must not overtake it
        for message in messages:
            outcome = instead
            if outcome is None:
                try:
                    outcome, instead = await self._send_patiently(delivery, message)
                except Exception as error:  # whatever it is, what went out before must not go out again
                    logger.error("WeChat account %s: sending stopped: %s", delivery.key, type(error).__name__)
                    outcome = instead = self._again(delivery, type(error).__name__)
            delivery.note(message, outcome)

    async def _send_patiently(self, delivery: _Delivery, message: Message) -> tuple[Outcome, Outcome | None]:
        """As `_send_one`; the rest of a long line that has begun to arrive is tried some more times at once.

        The relay would send the whole line again.
        """
        for pause in self._pauses if delivery.begun(message) else ():
            outcome, instead = await self._send_one(delivery, message)
            if outcome.state != "retry" or outcome.retry_after is not None:
                return outcome, instead
            await asyncio.sleep(pause)
        return await self._send_one(delivery, message)

    async def _send_one(self, delivery: _Delivery, message: Message) -> tuple[Outcome, Outcome | None]:
        """What became of `message`, and what that means for the messages after it (None: go on)."""
        async with self._database.transaction() as tx:
            grant = await quota.take(tx, delivery.conversation_id, self._clock())
        if grant is None:
            return _NO_GRANT, _NO_GRANT
        try:
            platform_id = await delivery.client.send_custom(delivery.openid, message.body)
        except WeChatError as error:
            return await self._not_sent(delivery, message, grant, error)
        self._complained.discard(delivery.key)
        return Outcome("sent", platform_id), None

    async def _not_sent(
        self, delivery: _Delivery, message: Message, grant: Grant, error: WeChatError
    ) -> tuple[Outcome, Outcome | None]:
        if isinstance(error, Uncertain):
            # Sending it again might show it twice: the API has no documented guard against that.
            later = self._again(delivery, "the line before it is uncertain")
            return Outcome("held", error=f"uncertain: {error}"), later
        await self._book(delivery, grant, error)
        self._report(delivery, message, error)
        if _refuses_menu(message, error):
            outcome = self._again(delivery, str(error), 0.0)  # then with a list to answer by number
            return outcome, outcome
        if isinstance(error, Away):
            outcome = self._again(delivery, str(error), error.retry_after)
            return outcome, outcome
        if isinstance(error, (NoGrant, NoRight, Misconfigured)):
            outcome = Outcome("held", error=str(error))
            return outcome, outcome
        return Outcome("failed", error=str(error)), None

    async def _book(self, delivery: _Delivery, grant: Grant, error: WeChatError) -> None:
        async with self._database.transaction() as tx:
            if isinstance(error, NoGrant):
                await quota.exhausted(tx, delivery.conversation_id, delivery.grants)
            else:
                await quota.put_back(tx, grant)

    def _again(self, delivery: _Delivery, why: str, after: float | None = None) -> Outcome:
        # The last attempt must not throw the line away: the buyer's next message brings it out.
        if max(line.attempts for line in delivery.lines) + 1 >= MAX_ATTEMPTS:
            return Outcome("held", error=why)
        return Outcome("retry", error=why, retry_after=after)

    def _report(self, delivery: _Delivery, message: Message, error: WeChatError) -> None:
        # No conversation id here: it holds the buyer's openid.
        if isinstance(error, NoRight):
            if _first(delivery.key, self.passive_only):
                logger.warning(_PASSIVE_ONLY, delivery.key, error)
        elif _refuses_menu(message, error):
            if _first(delivery.key, self.no_menus):
                logger.warning(_NO_MENUS, delivery.key, error.code)
        elif isinstance(error, Misconfigured):
            if _first(delivery.key, self._complained):
                logger.error("WeChat account %s cannot send: %s", delivery.key, error)
        elif not isinstance(error, (Away, NoGrant)):
            logger.error("WeChat account %s: outbox rows %s: %s", delivery.key, delivery.rows, error)

    def _count(self, key: str, outcomes: Sequence[Outcome]) -> None:
        counts = self.counts.setdefault(key, SendCounts())
        for outcome in outcomes:
            counts.sent += outcome.state == "sent"
            counts.held += outcome.state == "held"
            counts.failed += outcome.state == "failed"
            counts.retried += outcome.state == "retry"


_NO_GRANT = Outcome("held", error="waits for the buyer's next message")
_NO_ROOM = Outcome("held", error="did not fit, waits for the buyer's next message")
_NO_MENU_CODES = frozenset({40008, 40200})  # invalid message type, invalid account type
_NO_MENUS = "WeChat account %s may not send menu messages (errcode %s): buttons become a numbered list"
_PASSIVE_ONLY = (
    "WeChat account %s may not push messages: %s. It answers only within the platform's own requests now. Have "
    "the account verified (微信认证) or set verified: false for it in credentials.yml, then restart"
)


def address_of(conversation_id: str) -> tuple[str, str]:
    """(account key, openid) of "wechat:<account>:<openid>", also with ":<number>" behind it (see `intake`).

    Raises:
        ValueError: it is no conversation of this channel.
    """
    parts = conversation_id.split(":")
    if len(parts) not in (3, 4) or parts[0] != CHANNEL or not all(parts):
        raise ValueError("no conversation of the WeChat channel")
    return parts[1], parts[2]


def _first(key: str, known: set[str]) -> bool:
    """Whether `key` is new to `known`, which has it from now on."""
    new = key not in known
    known.add(key)
    return new


def _refuses_menu(message: Message, error: WeChatError) -> bool:
    return message.body.get("msgtype") == "msgmenu" and error.code in _NO_MENU_CODES
