"""10,000 deliveries, many of them twice and out of order, to two workers, while the platform fails one call in 20."""

from __future__ import annotations

import asyncio
import random
from collections import Counter
from typing import Any

import pytest
from sqlalchemy import func, select

from bot.conversation.tables import inbox, message_log
from bot.conversation.tables import outbox as outbox_table

pytestmark = pytest.mark.faults

DELIVERIES = 10_000
BUYERS = 250
AT_ONCE = 40


def plan(seed: int) -> list[tuple[str, dict[str, str]]]:
    """(buyer, message) for each delivery: a message comes one to four times, near its place but out of order."""
    chance = random.Random(seed)
    found: list[tuple[float, str, dict[str, str]]] = []
    number = 0
    while len(found) < DELIVERIES:
        number += 1
        buyer = f"buyer{number % BUYERS}"
        fields = {"MsgType": "text", "MsgId": str(24_000_000 + number), "Content": f"第{number}条消息"}
        for _ in range(min(chance.randint(1, 4), DELIVERIES - len(found))):
            found.append((number + chance.uniform(0, 60), buyer, fields))
    return [(buyer, fields) for _, buyer, fields in sorted(found, key=lambda one: one[0])]


@pytest.mark.timeout(900)
async def test_one_turn_for_each_message_and_each_reply_once(make_platform, make_worker, settled, echo):
    async def thinks(turn: Any) -> None:
        # One in twenty is slow, so that pushing and passive answers meet.
        await asyncio.sleep(0.7 if turn.message.id % 20 == 0 else 0)
        turn.say(f"答{turn.message.body['text']}")

    echo.script = thinks
    platform = await make_platform(errors=0.05)
    workers = [await make_worker(platform) for _ in range(2)]
    deliveries = plan(7)
    gate = asyncio.Semaphore(AT_ONCE)

    async def deliver(buyer: str, fields: dict[str, str]) -> None:
        async with gate:
            platform.grant(buyer, fields)
            created = {"CreateTime": "1763776800", **fields}
            for address in random.Random(fields["MsgId"]).sample(platform.callbacks, 2):
                if await platform.attempt(address, buyer, created):
                    return

    await asyncio.gather(*(deliver(buyer, fields) for buyer, fields in deliveries))
    for worker in workers:
        await settled(worker, 120)

    messages = {fields["MsgId"]: (buyer, fields["Content"]) for buyer, fields in deliveries}
    database = workers[0].database
    async with database.read() as tx:
        states = dict((await tx.execute(select(inbox.c.state, func.count()).group_by(inbox.c.state))).all())
        by_author = dict(
            (
                await tx.execute(
                    select(message_log.c.author_type, func.count()).group_by(message_log.c.author_type)
                )
            ).all()
        )
        lines = (
            await tx.execute(
                select(outbox_table.c.state, message_log.c.conversation_id, message_log.c.text).join(
                    message_log, message_log.c.id == outbox_table.c.log_id
                )
            )
        ).all()
    assert states == {"done": len(messages)}
    assert by_author == {"buyer": len(messages), "bot": len(messages)}
    assert len(lines) == len(messages)
    assert {line.state for line in lines} <= {"sent", "held"}
    assert sum(worker.road.runner.counters.apologies for worker in workers) == 0

    held = {(line.conversation_id.rpartition(":")[2], line.text) for line in lines if line.state == "held"}
    for buyer, said in messages.values():
        seen = Counter("\n\n".join(platform.buyer(buyer).texts).split("\n\n"))[f"答{said}"]
        assert seen == (0 if (buyer, f"答{said}") in held else 1), (buyer, said, seen)
    ways = Counter(shown.how for buyer in platform.buyers.values() for shown in buyer.chat)
    assert platform.injected > 0
    assert ways["passive"] > ways["custom"] > 0
    assert ways["platform"] == 0
    print(f"{len(messages)} messages, {len(deliveries)} deliveries, {dict(ways)}, {len(held)} held,")
    print(f"{platform.injected} errors injected, {sum(len(w.road.runner.counters.recent) for w in workers)}")
