"""How many messages the platform still takes for a conversation.

Source: developers.weixin.qq.com/doc/subscription/guide/product/kf/intro.md. A message of the buyer grants five
messages within 48 hours; following, a click in the account's menu, a scan or a click on an item of a menu message
grants three within one minute. A new grant of a kind takes the place of the older one, nothing adds up. Passive
answers are not counted. The page does not say whether grants of the two kinds add up. Counted is as if they did not:
while the 48 hours of a message run, clicks allow nothing more. Who counts on too much sends a line that the platform
refuses (45047; `exhausted` says so to the ledger), and the buyer who taps on waits for it in silence.
"""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Literal

from sqlalchemy import select, update
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation.tables import send_grants

Kind = Literal["message", "event"]

ALLOWANCES: dict[Kind, tuple[int, timedelta]] = {
    "message": (5, timedelta(hours=48)),
    "event": (3, timedelta(minutes=1)),
}


@dataclass(frozen=True)
class Grant:
    """`left` messages until `expires_at`, as read from the ledger."""

    id: int
    kind: Kind
    left: int
    expires_at: datetime


async def granted(tx: AsyncConnection, conversation_id: str, kind: Kind, now: datetime) -> None:
    """The buyer did something at `now` that allows messages. A late, older one changes nothing."""
    most, lasts = ALLOWANCES[kind]
    make = postgresql.insert if tx.dialect.name == "postgresql" else sqlite.insert
    row = make(send_grants).values(
        conversation_id=conversation_id, kind=kind, left=most, expires_at=now + lasts
    )
    await tx.execute(
        row.on_conflict_do_update(
            index_elements=["conversation_id", "kind"],
            set_={"left": row.excluded.left, "expires_at": row.excluded.expires_at},
            where=send_grants.c.expires_at <= row.excluded.expires_at,
        )
    )


async def open_grants(tx: AsyncConnection, conversation_id: str, now: datetime) -> list[Grant]:
    """What may still be used at `now`: that of the buyer's last message, else that of the last click."""
    query = select(send_grants.c.id, send_grants.c.kind, send_grants.c.left, send_grants.c.expires_at).where(
        send_grants.c.conversation_id == conversation_id, send_grants.c.expires_at > now
    )
    running = [Grant(**dict(row._mapping)) for row in (await tx.execute(query)).all()]
    by_message = [grant for grant in running if grant.kind == "message"]
    return [grant for grant in by_message or running if grant.left > 0]


async def left(tx: AsyncConnection, conversation_id: str, now: datetime) -> int:
    """How many messages may be sent at `now`."""
    return sum(grant.left for grant in await open_grants(tx, conversation_id, now))


async def take(tx: AsyncConnection, conversation_id: str, now: datetime) -> Grant | None:
    """Use one message that is allowed; None when there is none.

    Take before sending and commit: a crash may then waste a message, but never sends one too many.
    """
    for grant in await open_grants(tx, conversation_id, now):
        result = await tx.execute(
            update(send_grants)
            .where(_same(grant), send_grants.c.left > 0)
            .values(left=send_grants.c.left - 1)
        )
        if result.rowcount == 1:
            return grant
    return None


async def put_back(tx: AsyncConnection, grant: Grant) -> None:
    """The message that `grant` was taken for did not go out. A newer grant in its place stays as it is."""
    most = ALLOWANCES[grant.kind][0]
    await tx.execute(
        update(send_grants).where(_same(grant), send_grants.c.left < most).values(left=send_grants.c.left + 1)
    )


async def exhausted(tx: AsyncConnection, conversation_id: str, known: Iterable[Grant] | None = None) -> None:
    """The platform takes no more messages (45047, 45015): what the ledger thought is left is not.

    Args:
        known: the grants that were there before the platform was asked; a grant that came since stays. Without
            it all of them end.
    """
    if known is None:
        await tx.execute(
            update(send_grants).where(send_grants.c.conversation_id == conversation_id).values(left=0)
        )
        return
    for grant in known:
        await tx.execute(update(send_grants).where(_same(grant)).values(left=0))


def _same(grant: Grant) -> Any:
    return (send_grants.c.id == grant.id) & (send_grants.c.expires_at == grant.expires_at)
