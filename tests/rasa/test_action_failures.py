"""A failed action is never taken for done: the buyer hears no confirmation without a stored ticket."""

from __future__ import annotations

import asyncio
import json
from datetime import datetime

import pytest
from aiohttp import web
from rasa_sdk.interfaces import ActionExecutionRejection

from bot.rasa.action_endpoint import (
    ActionFailed,
    ActionsUnavailable,
    InProcessActions,
    RemoteActions,
    load_executor,
)

pytestmark = pytest.mark.model


def _raise(*_args):
    raise RuntimeError("boom")


async def _hang(*_args):
    await asyncio.sleep(30)


FAILURES = {
    "raises": _raise,
    "hangs": _hang,
    "answers no JSON": lambda *_: [{"event": "slot", "name": "ticket", "value": datetime.now()}],
    "unknown event": lambda *_: [{"event": "no_such_event", "name": "x"}],
    "event without its fields": lambda *_: [{"event": "slot"}],
    "cannot connect inside": lambda *_: (_ for _ in ()).throw(ConnectionError("refused")),
    "exits": lambda *_: (_ for _ in ()).throw(KeyError("x")),
}


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_no_confirmation_after_a_failed_action(bench, behaviour, failure):
    behaviour.do = failure
    (line,) = await bench.texts("提交")
    assert "问题编号" in line
    assert await bench.slot("ticket") is None
    assert behaviour.calls == 3
    behaviour.do = None
    assert await bench.texts("提交") == ["已提交"]


@pytest.mark.parametrize("failure", FAILURES.values(), ids=FAILURES)
async def test_no_answer_on_a_failed_slot_extraction(bench, behaviour, failure):
    behaviour.slots = failure
    (line,) = await bench.texts("提交")
    assert "问题编号" in line
    assert behaviour.calls == 0


async def test_what_failed_once_is_done_exactly_once_in_the_end(bench, behaviour):
    def second_time_lucky(dispatcher, tracker):
        dispatcher.utter_message(text="编号 T1")
        if behaviour.calls == 1:
            raise RuntimeError("boom")
        return [{"event": "slot", "name": "ticket", "value": "T1"}]

    behaviour.do = second_time_lucky
    assert await bench.texts("提交") == ["编号 T1", "已提交"]
    assert await bench.slot("ticket") == "T1"


async def test_a_rejection_is_no_failure(bench, behaviour):
    behaviour.do = lambda *_: (_ for _ in ()).throw(ActionExecutionRejection("action_submit"))
    await bench.texts("提交")
    assert behaviour.calls >= 1
    assert await bench.slot("ticket") is None


async def test_an_action_nobody_registered(bench, executor, monkeypatch):
    monkeypatch.delitem(executor.actions, "action_submit")
    (line,) = await bench.texts("提交")
    assert "问题编号" in line


def test_a_package_that_cannot_be_imported_is_an_error_and_no_exit():
    with pytest.raises(ActionsUnavailable):
        load_executor("no_such_package_of_actions")


async def test_the_answer_went_through_json(executor, behaviour):
    behaviour.do = lambda *_: [{"event": "slot", "name": "ticket", "value": ("a", 1)}]
    endpoint = InProcessActions(executor)
    call = {"next_action": "action_submit", "tracker": {"sender_id": "a", "slots": {}, "events": []}}
    answer = await endpoint.request(json=call)
    assert answer["events"][0]["value"] == ["a", 1]


# -- the same over HTTP ---------------------------------------------------------------------------------


async def _slow(_request):
    await asyncio.sleep(5)
    return web.json_response({"events": [], "responses": []})


REMOTE = {
    "500": lambda _r: web.Response(status=500, text="oops"),
    "404": lambda _r: web.json_response({"error": "x", "action_name": "a"}, status=404),
    "400 no JSON": lambda _r: web.Response(status=400, text="<html>"),
    "400 other JSON": lambda _r: web.json_response(["x"], status=400),
    "html": lambda _r: web.Response(text="<html>", content_type="text/html"),
    "null": lambda _r: web.json_response(None),
    "list": lambda _r: web.json_response([]),
    "truncated": lambda _r: web.Response(text='{"events": [', content_type="application/json"),
    "hangs": _slow,
}


@pytest.fixture
async def serve(unused_tcp_port):
    runners = []

    async def start(handler) -> str:
        async def call(request):
            result = handler(request)
            return await result if asyncio.iscoroutine(result) else result

        app = web.Application()
        app.router.add_post("/webhook", call)
        runner = web.AppRunner(app)
        await runner.setup()
        await web.TCPSite(runner, "127.0.0.1", unused_tcp_port).start()
        runners.append(runner)
        return f"http://127.0.0.1:{unused_tcp_port}/webhook"

    yield start
    for runner in runners:
        await runner.cleanup()


@pytest.mark.parametrize("answer", REMOTE.values(), ids=REMOTE)
async def test_every_failure_of_a_server_is_action_failed(serve, answer):
    endpoint = RemoteActions(await serve(answer), timeout=0.3)
    with pytest.raises(ActionFailed):
        await endpoint.request(json={"next_action": "a"}, method="post", timeout=300)


async def test_a_server_that_refuses_the_connection(unused_tcp_port):
    with pytest.raises(ActionFailed):
        await RemoteActions(f"http://127.0.0.1:{unused_tcp_port}/webhook").request(json={})


async def test_a_good_answer_and_a_rejection_pass(serve):
    body = {"events": [], "responses": [{"text": "好"}]}

    async def answer(request):
        call = await request.json()
        if call["next_action"] == "no":
            return web.Response(status=400, text=json.dumps({"error": "no", "action_name": "no"}))
        return web.json_response(body)

    endpoint = RemoteActions(await serve(answer))
    assert await endpoint.request(json={"next_action": "yes"}) == body
    from rasa.utils.endpoints import ClientResponseError

    with pytest.raises(ClientResponseError):
        await endpoint.request(json={"next_action": "no"})
