"""The clock of the queue: buyers whom nobody answers are told so in time."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from datetime import datetime

from bot.handoff.service import HandoffService

logger = logging.getLogger(__name__)

EVERY_S = 5.0


async def watch_queue(
    handoffs: HandoffService, clock: Callable[[], datetime], every: float = EVERY_S
) -> None:
    """Look at the queue for ever; a database that is away only delays the next look."""
    while True:
        try:
            await handoffs.expire(clock())
        except Exception:
            logger.exception("the queue could not be looked at")
        await asyncio.sleep(every)
