"""Who answers, as the page hears it; lines of agents and the system; conversations of other channels."""

from __future__ import annotations

import asyncio
from datetime import timedelta
from io import BytesIO
from types import SimpleNamespace

import jwt
import pytest
from PIL import Image

from bot.channels.web import stream
from bot.conversation.notices import Notice

SECRET = "s" * 40
WECHAT = "wechat:main:oABC-1_xyz"
LONG = "wechat:" + "a" * 121  # the longest id there may be


def status(owner: str, position: int | None = None, agent: str | None = None) -> SimpleNamespace:
    return SimpleNamespace(owner=owner, queue_position=position, agent_name=agent)


def refused(answer) -> str:
    assert answer.status_code == 400, answer.text
    error = answer.json()["error"]
    assert any("一" <= letter <= "鿿" for letter in error["message"]), error
    return error["code"]


def owners(reader) -> list[dict]:
    return [data for kind, data, _ in reader.events if kind == "owner_changed"]


# -- the owner ------------------------------------------------------------------------------------------


async def test_the_owner_is_told_at_once_and_at_every_change(site, buyer):
    async with buyer.listen() as reader:
        await reader.until(lambda: len(reader.events) == 2)
        assert [kind for kind, _, _ in reader.events] == ["session_confirm", "owner_changed"]
        for now in (
            status("queued", 3),
            status("queued", 2),
            status("human", agent="小王"),
            status("wrap_up", agent="小王"),
            status("bot"),
        ):
            site.statuses[buyer.session_id] = now
            before = len(owners(reader))
            site.road.board.publish(buyer.session_id, Notice("owner"))
            await reader.until(lambda before=before: len(owners(reader)) > before)
        assert [tuple(told.values()) for told in owners(reader)] == [
            ("bot", None, None),
            ("queued", 3, None),
            ("queued", 2, None),
            ("human", None, "小王"),
            ("wrap_up", None, "小王"),
            ("bot", None, None),
        ]
        assert set(owners(reader)[0]) == {"owner", "queue_position", "agent_name"}


async def test_a_change_by_another_process_is_told_with_the_ping_and_once(site, buyer):
    sent: list[str] = []

    async def send(text: str) -> None:
        sent.append(text)

    async def ask(_conversation_id: str) -> SimpleNamespace:
        return now[0]

    now = [status("bot")]
    until = site.now[0] + timedelta(hours=1)
    events = stream.EventStream(site.road, buyer.session_id, dict, lambda: site.now[0], until, ask)
    task = asyncio.create_task(events.run(0, send, ping_every=0.02))
    await asyncio.sleep(0.1)
    now[0] = status("human", agent="小王")
    await asyncio.sleep(0.1)
    task.cancel()
    await asyncio.gather(task, return_exceptions=True)
    told = [text for text in sent if text.startswith("event: owner_changed")]
    assert len(told) == 2, told
    assert "小王" in told[1]
    assert sent.count(": ping\n\n") > 3


async def test_without_a_desk_the_road_says_who_owns_the_conversation(site, buyer):
    told = await stream.asks_road(site.road)(buyer.session_id)
    assert (told.owner, told.queue_position, told.agent_name) == ("bot", None, None)


# -- lines of agents and of the system ------------------------------------------------------------------


async def test_an_agent_and_the_system_are_named_in_the_log_and_the_transcript(site, buyer):
    await buyer.say("转人工")
    await site.tell(buyer.session_id, "人工客服 小王 已接入。", "system", "系统")
    await site.tell(buyer.session_id, "您好，<b>请</b>发一下照片。", "agent", "小王<i>")
    await site.tell(buyer.session_id, "我也在。", "agent", "")
    authors = [entry["author"]["type"] for entry in await buyer.log()]
    assert authors == ["buyer", "bot", "system", "agent", "agent"]
    text = (await buyer.get("transcript?format=txt")).text
    for line in ("系统：\n人工客服 小王 已接入。", "人工客服（小王<i>）：\n您好", "人工客服：\n我也在"):
        assert line in text
    html = (await buyer.get("transcript?format=html")).text
    assert "人工客服（小王&lt;i&gt;）" in html
    assert "&lt;b&gt;请&lt;/b&gt;" in html


# -- links from other channels --------------------------------------------------------------------------


def link_token(site, key: str = SECRET, **claims) -> str:
    end = site.now[0].timestamp() + 600
    body = {"sub": WECHAT, "aud": "web-resume", "exp": end, **claims}
    return jwt.encode(body, key, algorithm="HS256")


@pytest.mark.parametrize("conversation_id", [WECHAT, LONG], ids=["wechat", "longest"])
async def test_a_link_opens_the_conversation_in_every_endpoint(site, buyer, conversation_id):
    answer = await site.resume(site.links.issue(conversation_id))
    assert answer.status_code == 200, answer.text
    body = answer.json()
    assert set(body) == {"token", "session_id", "expires_in"}
    assert body["session_id"] == conversation_id
    buyer.token, buyer.session_id = body["token"], body["session_id"]

    posts = [await buyer.post({"client_msg_id": "c" * 64, "text": "按钮"}) for _ in range(2)]
    assert [post.json() for post in posts] == [{"seq": 1, "dup": False}, {"seq": 1, "dup": True}]
    await site.road.idle()
    token = (await buyer.log())[-1]["buttons"][0]["token"]
    assert (await buyer.post({"client_msg_id": "b", "button": token})).status_code == 200
    await site.road.idle()
    picture = BytesIO()
    Image.new("RGB", (64, 64), "red").save(picture, "PNG")
    uploaded = await buyer.upload(picture.getvalue())
    assert uploaded.status_code == 200, uploaded.text
    assert (await site.client.get(uploaded.json()["thumb"])).status_code == 200
    async with buyer.listen() as reader:
        await reader.until(lambda: len(reader.messages()) == 6)
        assert reader.events[0][1]["session_id"] == conversation_id
    assert "按钮" in (await buyer.get("transcript?format=txt")).text
    renewed = await site.client.post("/webhooks/web/session", headers=buyer.headers)
    assert renewed.json()["session_id"] == conversation_id
    erased = await site.client.delete("/webhooks/web/session", headers=buyer.headers)
    assert erased.status_code == 204
    assert refused(await site.resume(site.links.issue(conversation_id))) == "bad_resume"


async def test_a_link_lasts_a_day(site):
    token = site.links.issue(WECHAT)
    site.move(timedelta(hours=23, minutes=59))
    assert (await site.resume(token)).json()["session_id"] == WECHAT
    site.move(timedelta(minutes=1))
    assert refused(await site.resume(token)) == "bad_resume"


@pytest.mark.parametrize(
    ("key", "claims"),
    [
        ("another-key-" + "x" * 32, {}),
        (SECRET, {"aud": "web-session"}),
        (SECRET, {"exp": 1}),
        (SECRET, {"sub": ""}),
        (SECRET, {"sub": 7}),
    ],
    ids=["other key", "a session token", "ended", "no conversation", "a number"],
)
async def test_a_forged_link_is_refused(site, key, claims):
    assert refused(await site.resume(link_token(site, key, **claims))) == "bad_resume"
    assert (await site.resume(link_token(site))).status_code == 200  # what each of them falls short of


@pytest.mark.parametrize(("bad", "code"), [("", "bad_resume"), ("x", "bad_resume"), (7, "bad_type")])
async def test_what_is_no_link_is_refused(site, bad, code):
    assert refused(await site.resume(bad)) == code


async def test_a_link_is_no_session_token(site):
    headers = {"Authorization": f"Bearer {site.links.issue(WECHAT)}"}
    assert (await site.client.get("/webhooks/web/history", headers=headers)).status_code == 401
    opened = await site.client.post("/webhooks/web/session", headers=headers)
    assert opened.json()["session_id"] != WECHAT


async def test_a_link_wins_over_the_session_the_browser_has(site, buyer):
    body = {"resume": site.links.issue(WECHAT)}
    answer = await site.client.post("/webhooks/web/session", json=body, headers=buyer.headers)
    assert answer.json()["session_id"] == WECHAT
