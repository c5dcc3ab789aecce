"""What the record is made of, read from a real database after real moves at the desk."""

from __future__ import annotations

from typing import Any

from jsonschema import Draft7Validator

from bot.conversation.messages import Incoming
from bot.conversation.outbox import queue
from bot.disputes.rulebook import load_rulebook
from bot.handoff.model import Disposition, Settlement
from bot.handoff.record import build_record, record_schema
from bot.handoff.record_parts import gather
from tests.handoff.samples import ORDER


def errors(record: dict[str, Any]) -> list[str]:
    return [one.message for one in Draft7Validator(record_schema()).iter_errors(record)]


async def test_gathered_from_the_database(desk: Any) -> None:
    await desk.buyer_says(f"订单号{ORDER}，商家不退")
    async with desk.cases.edit("web-a", desk.now) as case:
        case.set_types(["not_shipped"], desk.now, message_id="m1")
        case.take("order_number", ORDER, at=desk.now, message_id="m1")
    taken = await desk.claimed()
    agent = desk.agents["wang"]
    said = await desk.handoffs.say(taken.id, agent, "您好", desk.now)
    await desk.handoffs.note(taken.id, agent, "老客户", desk.now)
    async with desk.database.transaction() as tx:
        await queue(tx, "wechat", [said], desk.now, due=desk.now)
    found = await desk.handoffs.get(taken.id)

    parts = await gather(desk.database, desk.cases, load_rulebook(), found, desk.now)
    record = build_record(parts, now=desk.now)

    assert errors(record) == []
    assert record["case"]["claims"][0]["message_id"] == record["transcript"][0]["id"]
    assert record["transcript"][0]["text"] == "订单号****6789，商家不退"
    assert next(one for one in record["transcript"] if one["id"] == said.id)["delivery"] == "pending"
    assert [one["text"] for one in record["notes"]] == ["老客户"]
    assert record["agent"]["name"] == "小王"


async def test_an_event_without_words_is_no_line(desk: Any) -> None:
    taken = await desk.claimed()
    await desk.buyer_says("在吗")  # the last line is the buyer's: with an agent the bot keeps silent
    await desk.road.accept(Incoming("web-a", "web", "event-1", event="channel_welcome", values={}))
    await desk.road.idle()

    parts = await gather(desk.database, desk.cases, load_rulebook(), taken, desk.now)

    assert parts.entries[-1].text == "在吗"
    assert set(parts.lines) == {"m1", "m2"}


async def test_a_settled_handoff(desk: Any) -> None:
    taken = await desk.claimed()
    await desk.handoffs.close(
        taken.id, desk.agents["wang"], Disposition.RESOLVED, Settlement("已退款", "agreed"), desk.now
    )
    found = await desk.handoffs.get(taken.id)

    record = build_record(
        await gather(desk.database, desk.cases, load_rulebook(), found, desk.now), now=desk.now
    )

    assert errors(record) == []
    assert record["outcome"]["label"] == "已解决"
    assert record["outcome"]["text"] == "已退款"
    assert record["timeline"][-1]["event"] == "人工客服结束会话"
