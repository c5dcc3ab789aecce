"""Lines that a platform has not taken: how many wait for the buyer's next message, how many were given up."""

from __future__ import annotations

import asyncio
from dataclasses import dataclass
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from bot.settings import Settings


@dataclass(frozen=True)
class Undelivered:
    """Lines of one channel."""

    held: int
    failed: int

    def __str__(self) -> str:
        shown = ((self.held, "held until the buyer writes again"), (self.failed, "given up"))
        return ", ".join(f"{count} {what}" for count, what in shown if count)


def undelivered(settings: Settings) -> dict[str, Undelivered] | None:
    """By channel, channels without such lines left out; None while there is no database of this version to ask.

    Raises:
        SettingsError, DatabaseProblem: the database cannot be used; each says what to do.
    """
    from bot.database.errors import SchemaOlder
    from bot.wiring import check_database

    try:
        check_database(settings)
    except SchemaOlder:
        return None
    return asyncio.run(_count(settings))


async def _count(settings: Settings) -> dict[str, Undelivered]:
    from bot.conversation import outbox
    from bot.database.engine import Database

    database = Database(settings.db_url)
    await database.connect()
    try:
        async with database.read() as tx:
            found = await outbox.counts(tx)
    finally:
        await database.close()
    channels = sorted({channel for channel, state in found if state in ("held", "failed")})
    return {
        channel: Undelivered(found.get((channel, "held"), 0), found.get((channel, "failed"), 0))
        for channel in channels
    }
