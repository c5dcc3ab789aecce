"""The queue and everything an agent does with a handoff."""

from __future__ import annotations

import asyncio
from datetime import timedelta

import pytest

from bot.channels.desk.parts import DeskLimits
from bot.channels.web.rate_limit import Rate
from tests.channels.desk.world import NUMBER, PHONE, error_of

ITEM = {
    "id",
    "conversation_id",
    "channel",
    "state",
    "reason",
    "priority",
    "summary",
    "requested_at",
    "claimed_at",
    "waiting_s",
    "nearest",
    "agent",
    "buyer",
    "position",
    "intervention_number",
    "case_id",
    "left_text",
}


async def test_the_queue_shows_who_waits_how_long_and_what_runs_out_first(site, agent):
    await site.with_case("web-1")
    handoff_id = await site.handed_over("web-1")
    site.move(timedelta(seconds=90))
    body = (await agent.get("queue")).json()
    assert body["office_open"] is True
    assert body["now"].startswith("2026-11-21T10:01:30")
    (item,) = body["items"]
    assert set(item) == ITEM
    assert item["id"] == handoff_id
    assert item["state"] == "queued"
    assert item["reason"] == {"code": "user_request", "label": "买家要求", "detail": "买家要求人工"}
    assert (item["waiting_s"], item["position"]) == (90, 1)
    assert item["nearest"] == {"name": "双方举证", "due": "2026-11-22T06:00:00+08:00"}
    assert item["priority"] == "high"
    assert item["agent"] is None
    assert item["buyer"] == "网页买家 eb-1"
    assert item["intervention_number"] == NUMBER
    assert 0 < len(item["summary"]) <= 200


async def test_out_of_hours_the_queue_says_so(site, agent):
    site.move(timedelta(hours=11, minutes=30))
    agent = await site.sign_in("wang")
    assert (await agent.get("queue")).json() == {
        "now": "2026-11-21T21:30:00+08:00",
        "office_open": False,
        "items": [],
    }


async def test_a_claim_takes_it_from_everybody_else(site, agent):
    handoff_id = await site.handed_over()
    item = await agent.claim(handoff_id)
    assert (item["state"], item["agent"]) == ("human", {"id": agent.id, "name": "小wang"})
    other = await site.agent("li")
    refused = await other.post(f"handoffs/{handoff_id}/claim")
    assert refused.status_code == 409
    assert error_of(refused) == "already_claimed"
    assert "小wang" in refused.json()["error"]["message"]
    log = (await agent.get("conversations/web-1/history")).json()["entries"]
    assert log[-1]["author"]["type"] == "system"
    assert "小wang" in log[-1]["text"]


async def test_of_many_at_once_exactly_one_gets_it(site):
    agents = [await site.agent(f"agent{number}") for number in range(8)]
    handoff_id = await site.handed_over()
    answers = await asyncio.gather(*(one.post(f"handoffs/{handoff_id}/claim") for one in agents))
    assert sorted(answer.status_code for answer in answers) == [200] + [409] * 7


async def test_only_who_has_it_can_move_it(site, agent):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    other = await site.agent("li")
    bodies = {
        "wrap-up": {},
        "release": {},
        "messages": {"text": "你好", "client_msg_id": "a1"},
        "return": {"text": "已处理"},
        "close": {"disposition": "resolved", "text": "已处理"},
    }
    for move, body in bodies.items():
        refused = await other.post(f"handoffs/{handoff_id}/{move}", body)
        assert refused.status_code == 409, move
        assert error_of(refused) == "not_yours", move
    assert (await agent.get(f"handoffs/{handoff_id}")).json()["handoff"]["state"] == "human"


@pytest.mark.parametrize("move", ["release", "wrap-up", "resume"])
async def test_a_move_out_of_turn_is_refused(site, agent, move):
    handoff_id = await site.handed_over()
    refused = await agent.post(f"handoffs/{handoff_id}/{move}")
    assert refused.status_code == 409
    assert error_of(refused) == "wrong_state"


async def test_wrap_up_resume_release(site, agent):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    for move, state in (("wrap-up", "wrap_up"), ("resume", "human"), ("release", "queued")):
        answer = await agent.post(f"handoffs/{handoff_id}/{move}")
        assert answer.status_code == 200, answer.text
        assert set(answer.json()) == ITEM
        assert answer.json()["state"] == state
    assert answer.json()["agent"] is None


@pytest.mark.parametrize("identifier", ["nobody", "%2e%2e", "a%20b", "x" * 200, "h_1%3A2"])
async def test_a_handoff_that_is_not_there(agent, identifier):
    for method, tail in (("GET", ""), ("POST", "/claim"), ("POST", "/notes"), ("GET", "/record")):
        path = f"handoffs/{identifier}{tail}"
        answer = await (agent.get(path) if method == "GET" else agent.post(path, {"text": "备注"}))
        assert answer.status_code == 404, (method, tail, answer.text)
        error_of(answer)


# -- words ----------------------------------------------------------------------------------------------


async def test_a_line_is_said_once_however_often_it_is_sent(site, agent):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    body = {"text": "<b>您好</b>，我来处理。", "client_msg_id": "a-1"}
    first = (await agent.post(f"handoffs/{handoff_id}/messages", body)).json()
    again = (await agent.post(f"handoffs/{handoff_id}/messages", body)).json()
    assert first["dup"] is False
    assert again == {"seq": first["seq"], "dup": True}
    log = (await agent.get(f"conversations/web-1/history?after_seq={first['seq'] - 1}")).json()["entries"]
    assert [(one["author"], one["text"]) for one in log] == [
        ({"type": "agent", "name": "小wang"}, "<b>您好</b>，我来处理。")
    ]


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({"client_msg_id": "a"}, "empty_text"),
        ({"text": " \n", "client_msg_id": "a"}, "empty_text"),
        ({"text": "x" * 2001, "client_msg_id": "a"}, "too_long"),
        ({"text": 5, "client_msg_id": "a"}, "bad_type"),
        ({"text": "好"}, "bad_client_msg_id"),
        ({"text": "好", "client_msg_id": "a b"}, "bad_client_msg_id"),
        ({"text": "好", "client_msg_id": "a" * 65}, "bad_client_msg_id"),
        ([], "bad_json"),
    ],
)
async def test_a_line_of_another_form_is_refused(site, agent, body, code):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    before = (await agent.get("conversations/web-1/history")).json()
    answer = await agent.post(f"handoffs/{handoff_id}/messages", body)
    assert (answer.status_code, error_of(answer)) == (400, code)
    assert (await agent.get("conversations/web-1/history")).json() == before


async def test_an_agent_cannot_flood_a_buyer(make_site):
    site = await make_site(DeskLimits(lines_per_agent=Rate(2, 1)))
    agent = await site.agent()
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    answers = [
        await agent.post(f"handoffs/{handoff_id}/messages", {"text": "好", "client_msg_id": f"a{number}"})
        for number in range(3)
    ]
    assert [answer.status_code for answer in answers] == [200, 200, 429]
    assert int(answers[-1].headers["retry-after"]) > 0


async def test_notes_are_for_colleagues_only(site, agent):
    handoff_id = await site.handed_over()
    other = await site.agent("li")
    assert (await other.post(f"handoffs/{handoff_id}/notes", {"text": f"已致电{PHONE}"})).status_code == 200
    await agent.claim(handoff_id)
    body = (await agent.get(f"handoffs/{handoff_id}")).json()
    assert body["notes"] == [
        {"at": "2026-11-21T10:00:00+08:00", "agent_name": "小li", "text": f"已致电{PHONE}"}
    ]
    assert PHONE not in (await other.get(f"handoffs/{handoff_id}")).text
    log = (await agent.get("conversations/web-1/history")).json()["entries"]
    assert not any("致电" in one.get("text", "") for one in log)
    assert error_of(await agent.post(f"handoffs/{handoff_id}/notes", {"text": ""})) == "empty_text"


async def test_everything_that_happened_is_on_record(site, agent):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    await agent.post(f"handoffs/{handoff_id}/wrap-up")
    events = (await agent.get(f"handoffs/{handoff_id}")).json()["events"]
    assert [event["what"] for event in events] == ["申请人工", "接入", "开始收尾"]
    assert events[1]["actor"] == "wang"
    assert set(events[1]) == {"at", "actor", "what", "detail"}


# -- the end --------------------------------------------------------------------------------------------


async def test_what_was_settled_goes_back_to_the_bot(site, agent):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    body = {"text": "商家同意退款", "outcome": "退款", "amount": "120.5"}
    answer = await agent.post(f"handoffs/{handoff_id}/return", body)
    assert answer.status_code == 200, answer.text
    assert answer.json()["state"] == "returned"
    await site.road.idle()
    (event,) = site.handler.events
    assert event["intent"] == "handoff_returned"
    assert event["entities"] == {**body, "amount": "120.50", "agent_name": "小wang"}
    assert (await site.handoffs.status("web-1")).owner == "bot"


@pytest.mark.parametrize(
    ("body", "code"),
    [
        ({}, "empty_text"),
        ({"text": "好", "amount": "0"}, "bad_amount"),
        ({"text": "好", "amount": "-1"}, "bad_amount"),
        ({"text": "好", "amount": "1.234"}, "bad_amount"),
        ({"text": "好", "amount": "NaN"}, "bad_amount"),
        ({"text": "好", "amount": "1e9"}, "bad_amount"),
        ({"text": "好", "amount": "1" * 60000}, "bad_amount"),
        ({"text": "好", "amount": "1.0" + "0" * 60 + "1"}, "bad_amount"),
        ({"text": "好", "amount": True}, "bad_amount"),
        ({"text": "好", "amount": [1]}, "bad_amount"),
        ({"text": "好", "outcome": "x" * 101}, "too_long"),
    ],
)
async def test_a_settlement_of_another_form_is_refused(site, agent, body, code):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    answer = await agent.post(f"handoffs/{handoff_id}/return", body)
    assert (answer.status_code, error_of(answer)) == (400, code)
    assert (await site.handoffs.status("web-1")).owner == "human"


async def test_closing_says_how_it_ended(site, agent):
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    for body in ({"text": "好"}, {"disposition": "won", "text": "好"}, {"disposition": [], "text": "好"}):
        answer = await agent.post(f"handoffs/{handoff_id}/close", body)
        assert error_of(answer) == "bad_disposition"
    answer = await agent.post(f"handoffs/{handoff_id}/close", {"disposition": "resolved", "text": "退款已到"})
    assert answer.json()["state"] == "closed"
    assert (await site.handoffs.status("web-1")).owner == "closed"
    assert (await agent.get("queue")).json()["items"] == []


async def test_an_agent_steps_in_unasked_where_the_desk_may_look(site, agent):
    await site.buyer_says("你好", "web-2")
    assert (await agent.post("conversations/web-2/claim")).status_code == 404
    await site.with_case("web-2")
    answer = await agent.post("conversations/web-2/claim")
    assert answer.status_code == 200, answer.text
    assert answer.json()["reason"]["code"] == "agent"
    other = await site.agent("li")
    assert error_of(await other.post("conversations/web-2/claim")) == "already_claimed"


async def test_what_waits_is_masked_until_it_is_taken(site, agent):
    handoff_id = await site.handed_over()
    await site.handoffs.leave_message("web-1", f"请打{PHONE}", site.now[0])
    boss = await site.agent("boss", "supervisor")
    (seen,) = (await agent.get("queue")).json()["items"]
    assert seen["state"] == "left_message"
    assert PHONE not in str(seen) and seen["left_text"].startswith("请打138")
    assert (await boss.get("queue")).json()["items"][0]["left_text"] == f"请打{PHONE}"
    await agent.claim(handoff_id)
    assert (await agent.get("queue")).json()["items"][0]["left_text"] == f"请打{PHONE}"


async def test_canned_replies(agent):
    items = (await agent.get("canned")).json()["items"]
    assert len(items) >= 5
    assert all(set(item) == {"title", "text"} and item["text"] for item in items)
