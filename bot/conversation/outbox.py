"""The outbox: lines for platforms that we push to. Rows only; `bot.conversation.relay` sends them.

pending → sending (leased to who sends) → sent | held | failed; a lease that ran out counts as pending.
`held` waits for the buyer's next message: the platform takes nothing before. The web page and the terminal
read the message log themselves and need no rows here.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from itertools import takewhile
from typing import Any, Literal

from sqlalchemy import and_, func, insert, or_, select, update
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.messages import Entry
from bot.conversation.tables import conversations, message_log, outbox

MAX_ATTEMPTS = 8  # pauses 1, 2, 4 … s: a little over two minutes of a platform being away
LEASE = timedelta(seconds=60)  # longer than any sender waits for its platform


@dataclass(frozen=True)
class Outgoing:
    """One line that is ours to send now."""

    row_id: int
    attempts: int
    entry: Entry
    channel: str = ""
    parts_sent: int = 0  # pieces of it that the buyer has already


@dataclass(frozen=True)
class Outcome:
    """What became of a line. `retry_after` in seconds; without one the pauses grow by themselves.

    `parts`: how many pieces of a long line the buyer has by now, when it is held in the middle.
    """

    state: Literal["sent", "held", "retry", "failed"]
    platform_id: str | None = None
    error: str = ""
    retry_after: float | None = None
    parts: int = 0


async def queue(
    tx: AsyncConnection,
    channel: str,
    entries: Sequence[Entry],
    now: datetime,
    *,
    due: datetime,
    in_reply_to: int | None = None,
) -> None:
    """Queue log lines for delivery from `due` on, in the transaction that stored them."""
    rows = [
        {
            "conversation_id": entry.conversation_id,
            "log_id": entry.id,
            "channel": channel,
            "state": "pending",
            "attempts": 0,
            "next_try_at": due,
            "created_at": now,
            "in_reply_to": in_reply_to,
        }
        for entry in entries
    ]
    if rows:
        await tx.execute(insert(outbox), rows)


def _waiting(now: datetime) -> Any:
    return or_(outbox.c.state == "pending", and_(outbox.c.state == "sending", outbox.c.lease_until <= now))


async def conversations_due(tx: AsyncConnection, now: datetime, limit: int) -> list[str]:
    """Conversations with a line to send now, the longest waiting first."""
    query = (
        select(outbox.c.conversation_id)
        .where(_waiting(now), outbox.c.next_try_at <= now)
        .group_by(outbox.c.conversation_id)
        .order_by(func.min(outbox.c.id))
        .limit(limit)
    )
    return [str(row.conversation_id) for row in (await tx.execute(query)).all()]


async def next_due(tx: AsyncConnection) -> datetime | None:
    """When the next pending line becomes due; None when there is none."""
    query = (
        select(outbox.c.next_try_at)
        .where(outbox.c.state == "pending")
        .order_by(outbox.c.next_try_at)
        .limit(1)
    )
    found: datetime | None = (await tx.execute(query)).scalar_one_or_none()
    return found


async def waits(
    tx: AsyncConnection, conversation_id: str, states: Sequence[str] = ("pending", "held", "sending")
) -> bool:
    """Whether there are lines that the buyer has not got, in one of `states`."""
    query = select(outbox.c.id).where(
        outbox.c.conversation_id == conversation_id, outbox.c.state.in_(list(states))
    )
    return (await tx.execute(query.limit(1))).first() is not None


_TAKEN = (
    outbox.c.id.label("row_id"),
    outbox.c.attempts,
    outbox.c.channel,
    outbox.c.parts_sent,
    outbox.c.next_try_at,
)


async def take(
    tx: AsyncConnection,
    conversation_id: str,
    now: datetime,
    *,
    lease: timedelta = LEASE,
    everything: bool = False,
) -> list[Outgoing]:
    """Claim the conversation's lines in their order; nothing while somebody else is sending them.

    Args:
        everything: also what is not due yet or is held: the buyer has just written, so that all may go.
    """
    # Whoever wants to send queues up here on a database with row locks; SQLite has one writer anyway.
    await tx.execute(
        select(conversations.c.id).where(conversations.c.id == conversation_id).with_for_update()
    )
    busy = select(outbox.c.id).where(
        outbox.c.conversation_id == conversation_id, outbox.c.state == "sending", outbox.c.lease_until > now
    )
    if (await tx.execute(busy.limit(1))).first() is not None:
        return []
    wanted = or_(_waiting(now), outbox.c.state == "held") if everything else _waiting(now)
    query = (
        select(*_TAKEN, message_log)
        .join(message_log, message_log.c.id == outbox.c.log_id)
        .where(outbox.c.conversation_id == conversation_id, wanted)
        .order_by(outbox.c.id)
    )
    rows = (await tx.execute(query)).all()
    if not everything:  # what comes later must not overtake what is not due yet
        rows = list(takewhile(lambda row: row.next_try_at <= now, rows))
    taken = [_outgoing(row) for row in rows]
    if taken:
        ids = [one.row_id for one in taken]
        await tx.execute(
            update(outbox).where(outbox.c.id.in_(ids)).values(state="sending", lease_until=now + lease)
        )
    return taken


def _outgoing(row: Any) -> Outgoing:
    fields = dict(row._mapping)
    own = {name: fields.pop(name) for name in ("row_id", "attempts", "channel", "parts_sent")}
    fields.pop("next_try_at")
    return Outgoing(entry=Entry(**fields), **own)


async def settle(tx: AsyncConnection, outcomes: Sequence[tuple[Outgoing, Outcome]], now: datetime) -> None:
    """Write down what became of lines that `take` gave out."""
    for line, outcome in outcomes:
        values = _settled(line, outcome, now)
        await tx.execute(
            update(outbox)
            .where(outbox.c.id == line.row_id, outbox.c.state == "sending")
            .values(lease_until=None, **values)
        )


def _settled(line: Outgoing, outcome: Outcome, now: datetime) -> dict[str, Any]:
    attempts, error = line.attempts + 1, outcome.error[:500] or None
    if outcome.state == "sent":
        return {
            "state": "sent",
            "attempts": attempts,
            "sent_at": now,
            "platform_message_id": outcome.platform_id,
        }
    if outcome.state == "retry" and attempts < MAX_ATTEMPTS:
        pause = outcome.retry_after if outcome.retry_after is not None else 2.0 ** (attempts - 1)
        later = now + timedelta(seconds=pause)
        return {"state": "pending", "attempts": attempts, "error": error, "next_try_at": later}
    state = "held" if outcome.state == "held" else "failed"
    parts = max(line.parts_sent, outcome.parts)
    return {"state": state, "attempts": attempts, "error": error, "parts_sent": parts}


async def give_back(tx: AsyncConnection, lines: Sequence[Outgoing], now: datetime) -> None:
    """Lines that were taken and not sent after all: whoever comes next may send them at once."""
    ids = [line.row_id for line in lines]
    await tx.execute(
        update(outbox)
        .where(outbox.c.id.in_(ids), outbox.c.state == "sending")
        .values(state="pending", lease_until=None, next_try_at=now)
    )


async def release(tx: AsyncConnection, conversation_id: str, now: datetime, *, due: datetime) -> int:
    """The buyer wrote, so the platform takes lines again: what was held becomes pending, from `due` on."""
    result = await tx.execute(
        update(outbox)
        .where(outbox.c.conversation_id == conversation_id, outbox.c.state == "held")
        .values(state="pending", next_try_at=due, attempts=0)
    )
    return int(result.rowcount)


async def counts(tx: AsyncConnection) -> dict[tuple[str, str], int]:
    """How many lines there are by (channel, state), those already sent left out."""
    query = (
        select(outbox.c.channel, outbox.c.state, func.count().label("n"))
        .where(outbox.c.state != "sent")
        .group_by(outbox.c.channel, outbox.c.state)
    )
    return {(str(row.channel), str(row.state)): int(row.n) for row in (await tx.execute(query)).all()}
