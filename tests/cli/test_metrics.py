"""What /metrics says of the outbox, the queue and WeChat."""

from __future__ import annotations

import asyncio
from datetime import datetime
from pathlib import Path
from zoneinfo import ZoneInfo

from sqlalchemy import update

from bot import wiring
from bot.channels.wechat.sender import SendCounts
from bot.cli.metrics import stored_metrics
from bot.conversation import inbox
from bot.conversation.messages import Incoming, Reply
from bot.conversation.tables import outbox
from bot.handoff.model import Reason
from bot.rasa.metrics import to_text
from bot.settings import Settings
from bot.wiring import Services

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))


async def fill(services: Services) -> None:
    """Three lines for WeChat, one of them sent; two buyers in the queue."""
    await services.agents.create("wang", "correct horse 42", now=NOW)
    for conversation in ("wechat:main:o1", "wechat:main:o2"):
        async with services.database.transaction() as tx:
            hello = Incoming(conversation, "wechat", f"m-{conversation}", text="转人工")
            await inbox.store(tx, hello, NOW)
        await services.handoffs.request(conversation, Reason.USER_REQUEST, now=NOW)
    async with services.database.transaction() as tx:
        await services.voice.say(tx, "wechat:main:o1", [Reply("一"), Reply("二"), Reply("三")], NOW)
        for row, state in ((1, "sent"), (2, "held")):
            await tx.execute(update(outbox).where(outbox.c.id == row).values(state=state))


def test_outbox_queue_and_sender(data: Path) -> None:
    async def look() -> tuple[str, str]:
        settings = Settings(data_dir=data, desk_hours="always")
        async with wiring.opened(settings) as services:
            before = to_text(await stored_metrics(services, None)())
            services.voice.push["wechat"] = NOW - NOW
            await fill(services)
            counts = {"main": SendCounts(sent=5, held=1)}
            return before, to_text(await stored_metrics(services, counts)())

    before, after = asyncio.run(look())
    assert "bot_handoffs_queued 0\n" in before
    assert "wechat" not in before
    assert after.splitlines()[2:4] == [
        'bot_outbox_lines{channel="wechat",state="held"} 1',
        'bot_outbox_lines{channel="wechat",state="pending"} 1',
    ]
    assert "bot_handoffs_queued 2\n" in after
    assert 'bot_wechat_lines_total{account="main",outcome="sent"} 5\n' in after
    assert 'bot_wechat_lines_total{account="main",outcome="failed"} 0\n' in after
    assert ":o1" not in after  # whoever reads metrics learns of no buyer
