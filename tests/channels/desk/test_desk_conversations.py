"""What an agent can read of a conversation, of which conversations, and how much of it."""

from __future__ import annotations

import json

import pytest

from tests.channels.desk.world import NUMBER, PHONE, error_of, in_path, png

OPENID = "wechat:main:oABC-123_x"


async def test_the_log_is_read_in_pages_with_who_said_what(site, agent):
    for text in ("第一", "第二", "第三"):
        await site.buyer_says(text)
    await site.with_case()
    body = (await agent.get("conversations/web-1/history?limit=2")).json()
    assert set(body) == {"entries", "has_more"}
    assert [one["text"] for one in body["entries"]] == ["第三", "收到。"]
    assert body["has_more"] is True
    assert [one["author"]["type"] for one in body["entries"]] == ["buyer", "bot"]
    earlier = (await agent.get("conversations/web-1/history?before_seq=5&limit=200")).json()
    assert [one["seq"] for one in earlier["entries"]] == [1, 2, 3, 4]
    later = (await agent.get("conversations/web-1/history?after_seq=4")).json()
    assert [one["seq"] for one in later["entries"]] == [5, 6]


@pytest.mark.parametrize("query", ["after_seq=-1", "before_seq=x", "limit=1e3"])
async def test_a_page_of_another_form_is_refused(site, agent, query):
    await site.handed_over()
    assert (await agent.get(f"conversations/web-1/history?{query}")).status_code == 400


@pytest.mark.parametrize("what", ["history", "case", "events"])
async def test_a_conversation_that_is_nobodys_business_here_is_not_there(site, agent, what):
    await site.buyer_says("私密", "web-2")
    await site.with_case("web-2", number=None)
    for conversation in ("web-2", "web-unknown", "%2e%2e", in_path("a/b"), "x" * 300):
        answer = await agent.get(f"conversations/{conversation}/{what}")
        assert answer.status_code == 404, conversation
        assert error_of(answer) == "not_found"


async def test_an_open_intervention_opens_the_conversation_until_it_is_closed(site, agent):
    await site.buyer_says("你好", "web-2")
    await site.with_case("web-2")
    assert (await agent.get("conversations/web-2/history")).status_code == 200
    answer = await agent.post(f"interventions/{NUMBER}/steps", {"kind": "close", "note": "已结案"})
    assert answer.status_code == 200, answer.text
    assert (await agent.get("conversations/web-2/history")).status_code == 404


async def test_ids_of_other_platforms_arrive_as_browsers_write_them(site, agent):
    await site.handed_over(OPENID, "wechat")
    for form in (OPENID, in_path(OPENID)):
        answer = await agent.get(f"conversations/{form}/history")
        assert answer.status_code == 200, form


async def test_personal_data_is_for_who_holds_it_and_for_supervisors(site, agent):
    await site.with_case()
    handoff_id = await site.handed_over()
    other, boss = await site.agent("li"), await site.agent("boss", "supervisor")
    await agent.claim(handoff_id)
    for what in ("history", "case"):
        seen = {
            one.name: PHONE in (await one.get(f"conversations/web-1/{what}")).text
            for one in (agent, other, boss)
        }
        assert seen == {"wang": True, "li": False, "boss": True}, what
    hidden = (await other.get("conversations/web-1/history")).json()["entries"][0]["text"]
    assert hidden.startswith("我的电话是138") and hidden.endswith("，请联系我")
    # Given back, it is masked for this agent as well.
    await agent.post(f"handoffs/{handoff_id}/release")
    assert PHONE not in (await agent.get("conversations/web-1/history")).text


async def test_words_of_the_buyer_stay_text(site, agent):
    await site.buyer_says("<script>alert(1)</script>\u2028</textarea>")
    await site.handed_over()
    answer = await agent.get("conversations/web-1/history")
    assert answer.json()["entries"][0]["text"] == "<script>alert(1)</script>\u2028</textarea>"
    assert answer.headers["content-type"].startswith("application/json")
    assert answer.headers["x-content-type-options"] == "nosniff"


async def test_a_button_shows_its_title_and_cannot_be_pressed_from_here(site, agent):
    async def offer(turn):
        turn.say(
            "请选择", buttons=[{"title": "只退款", "payload": '/answer_button{"demand": "refund_only"}'}]
        )

    site.handler.handle = offer
    await site.handed_over()
    log = (await agent.get("conversations/web-1/history")).json()["entries"]
    assert log[1]["buttons"] == [{"title": "只退款"}]


async def test_the_case_card(site, agent):
    case_id = await site.with_case()
    evidence_id = await site.with_file()
    await site.handed_over()
    body = (await agent.get("conversations/web-1/case")).json()
    assert body["id"] == case_id
    assert body["types_zh"] == ["商品质量问题"] or len(body["types_zh"]) == 1
    assert body["stage_zh"] == "了解情况"
    assert body["labels"]["amount"] == "实付金额"
    assert body["choices"]["platform"]["taobao"] == "淘宝"
    assert body["facts"]["amount"]["value"] == "299.00"
    assert all(set(gap) == {"name", "why"} and gap["name"] for gap in body["gaps"])
    assert body["gaps"]
    assert body["deadlines_open"]
    assert {"id", "name", "due", "kind", "consequence"} <= set(body["deadlines_open"][0])
    assert body["intervention"]["number"] == NUMBER
    assert not {"audit", "dialogue"} & set(body)
    (item,) = body["evidence"]
    assert item["url"] == f"/desk/api/evidence/web-1/{evidence_id}"
    assert item["thumb"] == item["url"] + "?thumb=1"
    assert "path" not in item


async def test_a_conversation_without_a_case(site, agent):
    await site.handed_over()
    answer = await agent.get("conversations/web-1/case")
    assert (answer.status_code, error_of(answer)) == (404, "no_case")


# -- files ----------------------------------------------------------------------------------------------


async def test_a_file_is_saved_never_shown_as_a_page(site, agent):
    await site.with_case()
    evidence_id = await site.with_file(name='x"; filename=y.html\r\nSet-Cookie: a=b 图.png')
    answer = await agent.get(f"evidence/web-1/{evidence_id}")
    assert answer.status_code == 200
    assert answer.content == png()
    disposition = answer.headers["content-disposition"]
    assert disposition.startswith(f"attachment; filename=\"{evidence_id}\"; filename*=UTF-8''")
    assert "\r" not in disposition and "y.html" not in disposition.split("filename*")[0]
    assert "set-cookie" not in answer.headers
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "sandbox" in answer.headers["content-security-policy"]


async def test_a_small_picture(site, agent):
    await site.with_case()
    evidence_id = await site.with_file()
    answer = await agent.get(f"evidence/web-1/{evidence_id}?thumb=1")
    assert answer.status_code == 200
    assert answer.headers["content-type"] == "image/jpeg"
    assert answer.content[:2] == b"\xff\xd8"


async def test_a_file_of_another_conversation_is_not_there(site, agent):
    await site.with_case("web-1")
    await site.buyer_says("你好", "web-2")
    await site.with_case("web-2", number=None)
    mine, foreign = await site.with_file("web-1"), await site.with_file("web-2")
    for path in (f"web-1/{foreign}", f"web-2/{foreign}", f"web-2/{mine}", "web-1/none", "web-1/..%2f.."):
        for query in ("", "?thumb=1"):
            answer = await agent.get(f"evidence/{path}{query}")
            assert answer.status_code == 404, path + query
            assert error_of(answer) == "not_found"


async def test_a_file_that_was_changed_on_disk_is_not_handed_out(site, agent, tmp_path):
    await site.with_case()
    evidence_id = await site.with_file()
    for file in (tmp_path / "evidence").rglob("*.png"):
        file.chmod(0o600)
        file.write_bytes(b"changed")
    answer = await agent.get(f"evidence/web-1/{evidence_id}")
    assert (answer.status_code, error_of(answer)) == (410, "evidence_damaged")


async def test_what_the_buyer_erased_is_gone_and_the_agent_stays_signed_in(site, agent):
    await site.with_case()
    evidence_id = await site.with_file()
    handoff_id = await site.handed_over()
    await agent.claim(handoff_id)
    await site.road.erase("web-1")
    for path in ("conversations/web-1/history", "conversations/web-1/case", f"evidence/web-1/{evidence_id}"):
        answer = await agent.get(path)
        assert (answer.status_code, error_of(answer)) == (410, "conversation_erased"), path
    said = await agent.post(f"handoffs/{handoff_id}/messages", {"text": "您好", "client_msg_id": "a"})
    assert said.status_code in (404, 410)
    assert PHONE not in json.dumps((await agent.get("queue")).json())
    assert (await agent.get("me")).status_code == 200
