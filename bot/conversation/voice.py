"""Saying a line: the log, the button tokens and the outbox, in the transaction of what the line talks about."""

from __future__ import annotations

import logging
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from datetime import datetime, timedelta

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import buttons, message_log, outbox
from bot.conversation.messages import BOT_NAME, AuthorType, Entry, InboxMessage, Reply
from bot.conversation.notices import Notice, NoticeBoard
from bot.conversation.tables import conversations
from bot.disputes.safety import SafetyRules, read_safety, safe_to_say

logger = logging.getLogger(__name__)


class Voice:
    """The only way a line that is not the buyer's comes into the log and out to a platform."""

    def __init__(
        self,
        board: NoticeBoard,
        push: Mapping[str, timedelta] | None = None,
        *,
        safety: SafetyRules | None = None,
    ) -> None:
        """`push` names the channels that do not read the log themselves: their lines go through the outbox.

        The time is how long the outbox leaves the answer to a message alone: so long the channel may still
        hand it over itself, as the answer to the platform's own request.
        """
        self.board = board
        self.push = dict(push or {})
        self.safety = safety  # what the bot must not say; the packaged rules when none are given
        self.on_work: list[Callable[[str], None]] = []  # who takes the turns (the road)
        self.on_lines: list[Callable[[], None]] = []  # who sends (the relay)

    async def say(
        self,
        tx: AsyncConnection,
        conversation_id: str,
        replies: Sequence[Reply],
        now: datetime,
        *,
        author_type: AuthorType = "bot",
        author_name: str = BOT_NAME,
        answering: InboxMessage | None = None,
        client_msg_id: str | None = None,
    ) -> list[Entry]:
        """Log `replies` in order and queue them where the conversation's platform has to be told.

        A line of the bot's own that must not be said (`safe_to_say`) is replaced by a safe sentence.

        Args:
            answering: the message these lines answer; they go where it came from. Without one they go to
                the channel on which the conversation began.
        """
        drafts = []
        for reply in replies:
            if author_type == "bot":
                reply = guarded(reply, self.safety)
            draft = message_log.draft(
                conversation_id,
                now,
                author_type=author_type,
                author_name=author_name,
                text=reply.text,
                card=reply.card,
                attachment=reply.attachment,
                client_msg_id=client_msg_id,
            )
            tokens = await buttons.issue(tx, conversation_id, reply.buttons, draft.id, now)
            drafts.append(replace(draft, buttons=tokens or None))
        entries = await message_log.append(tx, drafts)
        if self.push and entries:
            await self._queue(tx, conversation_id, entries, now, answering)
        return entries

    async def _queue(
        self,
        tx: AsyncConnection,
        conversation_id: str,
        entries: list[Entry],
        now: datetime,
        answering: InboxMessage | None,
    ) -> None:
        channel = answering.channel if answering is not None else await _home(tx, conversation_id)
        if channel not in self.push:
            return
        due = now if answering is None else max(now, answering.received_at + self.push[channel])
        await outbox.queue(
            tx, channel, entries, now, due=due, in_reply_to=answering.id if answering is not None else None
        )

    def announce(self, conversation_id: str) -> None:
        """After the commit: tell the watchers and whoever sends that there are new lines."""
        self.board.publish(conversation_id, Notice("messages"))
        for tell in self.on_lines:
            tell()

    def wake(self, conversation_id: str) -> None:
        """After the commit: have somebody look at the conversation's inbox."""
        for tell in self.on_work:
            tell(conversation_id)


def guarded(reply: Reply, rules: SafetyRules | None = None) -> Reply:
    """The reply, or a safe sentence in its place. What is replaced is a defect of ours: logged, without its words."""
    rules = rules or read_safety()
    unsafe = safe_to_say(reply.text, rules) if reply.text else None
    if unsafe is None:
        return reply
    logger.error("a line of the bot was not safe to say (%s, %s) and was replaced", unsafe.kind, unsafe.sign)
    return Reply(text=rules.safe_line)


async def _home(tx: AsyncConnection, conversation_id: str) -> str:
    query = select(conversations.c.channel).where(conversations.c.id == conversation_id)
    return str((await tx.execute(query)).scalar_one_or_none() or "")
