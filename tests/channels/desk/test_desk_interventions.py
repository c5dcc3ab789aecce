"""Interventions at the desk: they arrive, and their steps reach the buyer."""

from __future__ import annotations

import asyncio
from datetime import timedelta

from bot.channels.desk.parts import DeskLimits
from tests.channels.desk.world import NUMBER, PHONE, error_of

ITEM = {
    "number",
    "state",
    "conversation_id",
    "case_id",
    "types",
    "opened_at",
    "updated_at",
    "amount",
    "nearest",
    "handoff_id",
}
STEPS = f"interventions/{NUMBER}/steps"


async def opened(site) -> None:
    await site.buyer_says("你好")
    await site.with_case()


async def test_open_interventions_arrive_with_the_nearest_clock_first(site, agent):
    await opened(site)
    site.move(timedelta(hours=1))
    await site.buyer_says("你好", "web-2")
    await site.with_case("web-2", number="JR20261121-AAAAAA")
    await site.buyer_says("你好", "web-3")
    await site.with_case("web-3", number=None)
    items = (await agent.get("interventions")).json()["items"]
    assert [item["number"] for item in items] == [NUMBER, "JR20261121-AAAAAA"]
    assert set(items[0]) == ITEM
    assert items[0]["state"] == "受理"
    assert items[0]["amount"] == "299.00"
    assert items[0]["nearest"] == {"name": "双方举证", "due": "2026-11-22T06:00:00+08:00"}
    assert items[0]["handoff_id"] is None
    assert items[0]["types"] != ["quality_visible"]


async def test_a_handoff_and_its_intervention_know_each_other(site, agent):
    await site.with_case()
    handoff_id = await site.handed_over()
    (item,) = (await agent.get("interventions")).json()["items"]
    assert item["handoff_id"] == handoff_id
    site.move(timedelta(hours=30))
    agent = await site.sign_in("wang")
    assert (await agent.get("interventions")).json()["items"][0]["nearest"] is None


async def test_the_whole_way_of_an_intervention_reaches_the_buyer(site, agent):
    await opened(site)
    way = [
        ({"kind": "accept"}, "受理"),
        (
            {"kind": "ask_evidence", "note": "请补充", "items": ["开箱视频"], "due_at": "2026-11-22T18:00"},
            "双方举证",
        ),
        ({"kind": "propose", "note": "退一半", "amount": "150"}, "调解"),
        ({"kind": "rule", "note": "鞋底确有问题", "result": "supported", "amount": "299"}, "判决"),
        ({"kind": "open_review", "note": "商家申诉"}, "申诉复审"),
        ({"kind": "decide_review", "note": "维持原判", "result": "supported"}, "申诉复审"),
        ({"kind": "close", "note": "已退款"}, "结案"),
    ]
    for body, state in way:
        answer = await agent.post(STEPS, body)
        assert answer.status_code == 200, (body, answer.text)
        assert answer.json()["state"] == state
        assert {*ITEM, "history", "allowed", "demand", "statement"} == set(answer.json())
    told = [event["entities"] for event in site.handler.events]
    assert [one["kind"] for one in told] == [body["kind"] for body, _ in way]
    assert all(one["agent_name"] == "小wang" and one["number"] == NUMBER for one in told)
    assert told[1]["due_at"] == "2026-11-22T18:00:00+08:00"
    assert told[3]["amount"] == "299.00"
    entries, _ = await site.road.history("web-1", limit=200)
    assert sum("有新进展" in (entry.text or "") for entry in entries) == len(way)
    assert (await agent.get("interventions")).json()["items"] == []


async def test_steps_reach_the_buyer_even_while_an_agent_has_the_conversation(site, agent):
    await site.with_case()
    await agent.claim(await site.handed_over())
    answer = await agent.post(STEPS, {"kind": "propose", "note": "退一半", "amount": "150"})
    assert answer.status_code == 200, answer.text
    entries, _ = await site.road.history("web-1", limit=200)
    assert "有新进展" in (entries[-1].text or "")


async def test_a_step_that_cannot_follow_is_refused_and_nobody_is_told(site, agent):
    await opened(site)
    for body in (
        {"kind": "decide_review", "note": "好", "result": "partly"},
        {"kind": "open_review", "note": "好"},
    ):
        answer = await agent.post(STEPS, body)
        assert (answer.status_code, error_of(answer)) == (409, "not_allowed")
        assert "受理" in answer.json()["error"]["message"]
    assert (await agent.post(STEPS, {"kind": "propose"})).status_code == 400
    assert site.handler.events == []


async def test_a_step_clicked_twice_is_taken_once(site, agent):
    await opened(site)
    other = await site.agent("li")
    body = {"kind": "rule", "note": "支持", "result": "supported"}
    answers = await asyncio.gather(*(one.post(STEPS, body) for one in (agent, other, agent)))
    assert sorted(answer.status_code for answer in answers) == [200, 409, 409]
    assert len(site.handler.events) == 1


async def test_a_slow_turn_is_promised_not_claimed(make_site):
    site = await make_site(DeskLimits(step_wait_s=0.2))
    agent = await site.agent()
    await opened(site)
    site.handler.awake.clear()
    answer = await agent.post(STEPS, {"kind": "accept"})
    assert answer.status_code == 202
    assert answer.json()["message"] == "已登记，稍后生效。"
    assert answer.json()["pending"] is True
    site.handler.awake.set()
    await site.road.idle()
    assert site.handler.events[0]["entities"]["kind"] == "accept"


async def test_a_step_that_came_to_nothing_is_not_reported_as_done(site, agent):
    await opened(site)

    async def deaf(_turn):
        return None

    site.handler.handle = deaf
    answer = await agent.post(STEPS, {"kind": "close", "note": "好"})
    assert (answer.status_code, error_of(answer)) == (409, "not_allowed")


async def test_an_intervention_that_is_not_there(site, agent):
    case_id = await site.with_case()
    for number in ("JR20261121-XXXXXX", case_id, "..", "%00"):
        assert (await agent.get(f"interventions/{number}")).status_code == 404, number
        answer = await agent.post(f"interventions/{number}/steps", {"kind": "close", "note": "好"})
        assert (answer.status_code, error_of(answer)) == (404, "not_found"), number


async def test_one_intervention_whole(site, agent):
    await opened(site)
    body = (await agent.get(f"interventions/{NUMBER}")).json()
    assert body["history"] == [{"state": "受理", "at": "2026-11-21T10:00:00+08:00", "note": "申请已提交"}]
    assert body["allowed"] == ["accept", "ask_evidence", "propose", "rule", "close"]
    assert PHONE not in str(body) and "鞋底开胶" in body["statement"]
    boss = await site.agent("boss", "supervisor")
    assert PHONE in (await boss.get(f"interventions/{NUMBER}")).json()["statement"]
