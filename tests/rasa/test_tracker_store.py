"""Dialogue state: never silently empty, never lost, one bad row is one bad row."""

from __future__ import annotations

import json
from datetime import datetime, timezone

import pytest
from rasa.core.tracker_store import create_tracker_store
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import ActionExecuted, SlotSet, UserUttered
from rasa.utils.endpoints import EndpointConfig
from sqlalchemy import insert, select
from sqlalchemy.exc import SQLAlchemyError

from bot.conversation.tables import tracker_events, tracker_events_quarantine
from bot.rasa import tracker_rows
from bot.rasa.tracker_store import LostEvents, TurnTrackerStore

pytestmark = pytest.mark.model

POISON = {
    "cut off": '{"event": "user", "text"',
    "not an object": "[1, 2]",
    "unknown event": '{"event": "from_a_newer_release", "timestamp": 1}',
    "no name": '{"timestamp": 1}',
    "user without parse_data": '{"event": "user", "text": "x", "timestamp": 1}',
    "slot without a name": '{"event": "slot", "timestamp": 1}',
    "null": "null",
}


async def events_of(database, table=tracker_events) -> list:
    async with database.read() as tx:
        columns = [column for column in table.c if column.name != "data"]
        return (await tx.execute(select(*columns).order_by(table.c.seq))).all()


@pytest.mark.parametrize("raw", POISON.values(), ids=POISON)
async def test_a_poison_row_is_put_aside_and_the_buyer_is_answered(bench, model, executor, raw):
    await bench.texts("提交")
    async with bench.database.transaction() as tx:
        last = len((await tx.execute(select(tracker_events.c.id))).all())
        sql = "insert into tracker_events (conversation_id, seq, event_type, data, created_at) values (?,?,?,?,?)"
        await tx.exec_driver_sql(sql, ("web-a", last + 1, "x", raw, "2026-11-21 02:00:00.000000"))
    bench.handler.forget("web-a")
    assert await bench.texts("你好") == ["你好，我能帮你什么？"]
    assert await bench.texts("你好", "web-b") == ["你好，我能帮你什么？"]
    assert await bench.slot("ticket") == "T1"
    (put_aside,) = await events_of(bench.database, tracker_events_quarantine)
    assert (put_aside.conversation_id, put_aside.seq) == ("web-a", last + 1)
    assert put_aside.error


async def test_a_database_error_is_never_an_empty_tracker(bench, monkeypatch):
    await bench.texts("提交")
    bench.handler.forget("web-a")
    failures = 2
    real = tracker_rows.load

    async def away(*args, **kwargs):
        nonlocal failures
        if failures:
            failures -= 1
            raise SQLAlchemyError("connection dropped")
        return await real(*args, **kwargs)

    monkeypatch.setattr(tracker_rows, "load", away)
    assert await bench.texts("你好") == ["你好，我能帮你什么？"]
    assert await bench.slot("ticket") == "T1"
    users = [row for row in await events_of(bench.database) if row.event_type == "user"]
    assert len(users) == 2


async def test_a_sequence_conflict_drops_the_turn_and_runs_it_again_on_what_is_stored(bench, behaviour):
    await bench.texts("你好")
    taken = len(await events_of(bench.database)) + 1

    async def another_worker_writes(dispatcher, tracker):
        if behaviour.calls == 1:
            event = SlotSet("heard", "别处").as_dict()
            values = {"conversation_id": "web-a", "seq": taken, "event_type": "slot", "data": event}
            async with bench.database.transaction() as tx:
                created = "2026-11-21 02:00:00.000000"
                sql = (
                    "insert into tracker_events (conversation_id, seq, event_type, data, created_at) "
                    "values (?,?,?,?,?)"
                )
                row = (*[values[key] for key in ("conversation_id", "seq", "event_type")], json.dumps(event))
                await tx.exec_driver_sql(sql, (*row, created))
        return [SlotSet("ticket", "T2").as_dict()]

    behaviour.do = another_worker_writes
    assert await bench.texts("提交") == ["已提交"]
    assert behaviour.calls == 2
    seqs = [row.seq for row in await events_of(bench.database)]
    assert seqs == list(range(1, len(seqs) + 1))
    assert await bench.slot("ticket") == "T2"


async def test_a_failed_turn_leaves_no_trace_in_memory(bench, behaviour):
    behaviour.do = lambda *_: (_ for _ in ()).throw(RuntimeError("boom"))
    await bench.texts("提交")
    behaviour.do = None
    await bench.texts("你好")
    tracker = await bench.agent.tracker_store.retrieve_full_tracker("web-a")
    assert [event.text for event in tracker.events if isinstance(event, UserUttered)] == ["你好"]


async def test_it_can_be_named_in_endpoints_yml(tmp_path, database):
    config = EndpointConfig(type="bot.rasa.tracker_store.TurnTrackerStore", db=database.url)
    store = create_tracker_store(config, Domain.empty())
    assert isinstance(store, TurnTrackerStore)  # a wrong class would be a silent in-memory stand-in
    tracker = await store.get_or_create_tracker("shell")
    tracker.update(SlotSet("session_started_metadata", {"a": 1}))
    await store.save(tracker)
    await store.save(tracker)
    again = create_tracker_store(config, Domain.empty())
    assert [event.type_name for event in (await again.retrieve("shell")).events] == ["action", "slot"]
    assert list(await again.keys()) == ["shell"]


async def test_a_tracker_from_elsewhere_is_not_saved_over_the_stored_one(database):
    store = TurnTrackerStore(Domain.empty(), database=database)
    tracker = await store.get_or_create_tracker("a")
    await store.save(tracker)
    store.forget("a")
    with pytest.raises(LostEvents):
        await store.save(tracker)
    await store.retrieve("a")
    with pytest.raises(LostEvents):
        await store.save(store.init_tracker("a"))


async def test_events_are_ordered_by_our_sequence_and_not_by_the_clock(database):
    store = TurnTrackerStore(Domain.empty(), database=database)
    rows = [
        {
            "conversation_id": "a",
            "seq": seq,
            "event_type": "action",
            "data": ActionExecuted(f"action_{seq}", timestamp=1000.0 - seq).as_dict(),
            "created_at": datetime(2026, 1, 1, tzinfo=timezone.utc),
        }
        for seq in (3, 1, 2)
    ]
    async with database.transaction() as tx:
        await tx.execute(insert(tracker_events), rows)
    tracker = await store.retrieve("a")
    assert [event.action_name for event in tracker.events] == ["action_1", "action_2", "action_3"]


def _long(store: TurnTrackerStore, turns: int, *, in_form_from: int | None = None):
    from rasa.shared.core.events import ActiveLoop

    tracker = store.init_tracker("a")
    tracker.update(ActionExecuted("action_session_start"))
    tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    for number in range(turns):
        tracker.update(UserUttered(str(number), {"name": "greet"}))
        if number == in_form_from:
            tracker.update(ActiveLoop("form"))
        tracker.update(SlotSet("number", str(number)))
        tracker.update(ActionExecuted("utter_greet"))
        tracker.update(ActionExecuted(ACTION_LISTEN_NAME))
    return tracker_rows.Loaded(tracker, len(tracker.events), len(tracker.events))


SLOTS = Domain.from_yaml(
    'version: "3.1"\nslots: {number: {type: text, mappings: [{type: custom}]}}\nintents: [greet]\n'
    "responses: {utter_greet: [{text: x}]}\nactions: []\n"
)


def test_a_long_history_is_rolled_without_changing_the_state(database):
    store = TurnTrackerStore(SLOTS, database=database)
    before = _long(store, 200)
    after = tracker_rows.rolled(before, store.init_tracker)
    assert len(after.tracker.events) < 80 < len(before.tracker.events)
    assert after.last_seq == before.last_seq
    assert after.stored == len(after.tracker.events)
    assert after.tracker.current_slot_values() == before.tracker.current_slot_values()
    assert after.tracker.latest_message.text == before.tracker.latest_message.text
    assert after.tracker.latest_action_name == ACTION_LISTEN_NAME
    texts = [event.text for event in after.tracker.events if isinstance(event, UserUttered)]
    assert texts == [str(number) for number in range(188, 200)]


def test_a_short_history_and_one_inside_a_form_are_left_alone(database):
    store = TurnTrackerStore(SLOTS, database=database)
    for turns, form in ((20, None), (100, 0)):
        loaded = _long(store, turns, in_form_from=form)
        count = len(loaded.tracker.events)
        after = tracker_rows.rolled(loaded, store.init_tracker)
        assert after.tracker.active_loop_name == loaded.tracker.active_loop_name
        assert after.tracker.current_slot_values() == loaded.tracker.current_slot_values()
        users = [event for event in after.tracker.events if isinstance(event, UserUttered)]
        assert (len(after.tracker.events), len(users)) == (count, turns)
