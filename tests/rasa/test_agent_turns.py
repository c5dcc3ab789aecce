"""The Rasa agent on the durable road: typed text, buttons, uploads, memory across restarts."""

from __future__ import annotations

import json

import pytest
from sqlalchemy import select

from bot.conversation.tables import tracker_events
from bot.rasa.action_endpoint import InProcessActions
from bot.rasa.agent import load_agent
from bot.rasa.model_check import ModelUnfit, check_model

pytestmark = pytest.mark.model


async def test_a_sentence_gets_its_answer_and_the_events_are_stored_in_order(bench):
    assert await bench.texts("你好") == ["你好，我能帮你什么？"]
    assert await bench.texts("提交") == ["已提交"]
    async with bench.database.read() as tx:
        rows = (await tx.execute(select(tracker_events).order_by(tracker_events.c.seq))).all()
    assert [row.seq for row in rows] == list(range(1, len(rows) + 1))
    assert [row.data["text"] for row in rows if row.event_type == "user"] == ["你好", "提交"]
    user = next(row.data for row in rows if row.event_type == "user")
    assert user["metadata"] | {"model_id": "", "assistant_id": ""} == {
        "now": "2026-11-21T10:00:00+08:00",
        "message_id": "m1",
        "trusted": False,
        "channel": "web",
        "context": None,
        "asked": None,
        "model_id": "",
        "assistant_id": "",
    }


@pytest.mark.parametrize("text", ['/answer_button{"demand":"x"}', "\u3000/greet", "/restart", "\x1c/submit"])
async def test_a_typed_command_is_no_command(bench, text, behaviour):
    await bench.texts("提交")
    assert await bench.texts(text) == ["没听懂"]
    assert (await bench.slot("demand"), await bench.slot("ticket")) == (None, "T1")
    assert behaviour.calls == 1


async def test_the_second_net_defuses_a_command_that_passed_the_first(bench):
    for text in ("/submit", "\u3000/submit", "\u2028/greet"):
        read = await bench.agent.parse_message(text)
        assert read["intent"]["name"] is None


async def test_a_button_sets_its_slot_by_our_own_payload(bench):
    (question,) = await bench.say("选择")
    (button,) = question.buttons
    (answer,) = await bench.say(button=button["token"])
    assert answer.text == "你选了refund_only"
    assert await bench.slot("demand") == "refund_only"


async def test_an_upload_reaches_the_action_as_entities_and_its_card_reaches_the_log(bench):
    attachment = {"evidence_id": "e1", "name": "图.png", "mime": "image/png", "size": 3}
    (answer,) = await bench.say(attachment=attachment)
    assert answer.text == "收到文件"
    assert answer.card == {"type": "evidence", "items": ["e1", "图.png", "image/png", 3]}


async def test_state_survives_a_restart(bench, model, executor, database):
    await bench.texts("提交")
    again = type(bench)(load_agent(model, database, InProcessActions(executor)), database)
    again.count = bench.count
    await again.road.start()
    assert await again.texts("你好") == ["你好，我能帮你什么？"]
    assert await again.slot("ticket") == "T1"


async def test_conversations_do_not_share_state(bench):
    await bench.texts("提交", "web-a")
    await bench.texts("你好", "web-b")
    assert (await bench.slot("ticket", "web-a"), await bench.slot("ticket", "web-b")) == ("T1", None)


async def test_a_paused_conversation_is_silent(bench, behaviour):
    behaviour.do = [{"event": "pause"}]
    await bench.texts("提交")
    assert await bench.texts("你好") == []


async def test_an_erased_conversation_is_forgotten(bench):
    await bench.texts("提交")
    await bench.road.erase("web-a")
    assert await bench.agent.tracker_store.retrieve("web-a") is None


async def test_the_right_model_passes_the_check(bench):
    await check_model(
        bench.agent,
        components=["KeywordIntentClassifier"],
        canary=[("你好", "greet")],
        actions=["action_submit", "action_listen_in", "action_card"],
    )


@pytest.mark.parametrize(
    ("demands", "named"),
    [
        ({"components": ["DisputeClassifier"]}, "DisputeClassifier"),
        ({"canary": [("你好", "submit")]}, "你好"),
        ({"actions": ["action_submit"]}, "action_card, action_listen_in"),
    ],
)
async def test_another_model_stops_the_start(bench, demands, named):
    with pytest.raises(ModelUnfit, match=named):
        await check_model(bench.agent, **demands)


async def test_chinese_is_readable_in_the_stored_events(bench):
    await bench.texts("你好")
    async with bench.database.read() as tx:
        raw = (await tx.exec_driver_sql("select data from tracker_events where event_type='user'")).scalar()
    assert "你好" in raw
    assert json.loads(raw)["text"] == "你好"
