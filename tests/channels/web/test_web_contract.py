"""Every endpoint: what it answers when all is well, and what it refuses."""

from __future__ import annotations

import json
from datetime import timedelta
from io import BytesIO

import httpx
import jwt
import pytest
from PIL import Image

SHOP_KEY = "shop-a-key-" + "k" * 32


def png(colour: str = "red") -> bytes:
    out = BytesIO()
    Image.new("RGB", (64, 64), colour).save(out, "PNG")
    return out.getvalue()


def error_of(answer) -> str:
    body = answer.json()
    assert set(body) == {"error"}
    assert set(body["error"]) == {"code", "message"}
    assert any("一" <= letter <= "鿿" for letter in body["error"]["message"]), body
    assert "Traceback" not in answer.text
    return body["error"]["code"]


# -- session --------------------------------------------------------------------------------------------


async def test_a_session_is_issued_and_resumed(site):
    first = (await site.client.post("/webhooks/web/session", json={"site": "shop-a"})).json()
    assert set(first) == {"token", "session_id", "expires_in"}
    assert first["expires_in"] == 86400
    site.move(timedelta(hours=23))
    bearer = {"Authorization": f"Bearer {first['token']}"}
    again = (await site.client.post("/webhooks/web/session", headers=bearer)).json()
    assert again["session_id"] == first["session_id"]
    assert again["token"] != first["token"]


@pytest.mark.parametrize(
    ("away", "same"), [(timedelta(hours=24), True), (timedelta(days=60, hours=24), False)]
)
async def test_an_expired_token_opens_nothing_but_comes_back_for_weeks(site, buyer, away, same):
    site.move(away)
    assert error_of(await buyer.get("history")) == "unauthorized"
    renewed = (await site.client.post("/webhooks/web/session", headers=buyer.headers)).json()
    assert (renewed["session_id"] == buyer.session_id) is same


def shop_token(site, key: str = SHOP_KEY, **claims) -> str:
    now = site.now[0].timestamp()
    return jwt.encode({"sub": "buyer-7", "aud": "shop-a", "exp": now + 600, **claims}, key, algorithm="HS256")


async def test_a_buyer_known_to_the_shop_gets_the_same_session_everywhere(site):
    ids = set()
    for _ in range(2):
        body = {"site": "shop-a", "identity_jwt": shop_token(site)}
        ids.add((await site.client.post("/webhooks/web/session", json=body)).json()["session_id"])
    body = {"site": "shop-a", "identity_jwt": shop_token(site, sub="buyer-8")}
    other = (await site.client.post("/webhooks/web/session", json=body)).json()["session_id"]
    assert len(ids) == 1
    assert other not in ids
    assert "buyer" not in other


@pytest.mark.parametrize(
    ("site_name", "key", "claims"),
    [
        ("shop-a", "another-key-" + "x" * 32, {}),
        ("shop-b", SHOP_KEY, {}),
        ("shop-a", SHOP_KEY, {"aud": "shop-b"}),
        ("shop-a", SHOP_KEY, {"exp": 1}),
        ("shop-a", SHOP_KEY, {"sub": ""}),
    ],
)
async def test_a_false_identity_is_refused(site, site_name, key, claims):
    body = {"site": site_name, "identity_jwt": shop_token(site, key, **claims)}
    answer = await site.client.post("/webhooks/web/session", json=body)
    assert answer.status_code == 400
    assert error_of(answer) == "bad_identity"


# -- messages and reading -------------------------------------------------------------------------------


async def test_a_message_is_answered_and_read_back(site, buyer):
    answer = await buyer.say("我要退货")
    assert answer.status_code == 200
    assert answer.json() == {"seq": 1, "dup": False}
    question, reply = await buyer.log()
    assert question["seq"] == 1
    assert question["author"] == {"type": "buyer", "name": "我"}
    assert (question["text"], question["client_msg_id"]) == ("我要退货", "c1")
    assert reply["author"]["type"] == "bot"
    assert reply["ts"] == "2026-11-21T10:00:00+08:00"


async def test_the_same_client_msg_id_is_one_message(site, buyer):
    body = {"client_msg_id": "same", "text": "一次"}
    answers = [(await buyer.post(body)).json() for _ in range(3)]
    await site.road.idle()
    assert answers == [{"seq": 1, "dup": False}, {"seq": 1, "dup": True}, {"seq": 1, "dup": True}]
    assert len(site.handler.turns) == 1


async def test_a_button_press_becomes_our_own_payload(site, buyer):
    await buyer.say("按钮")
    (button,) = (await buyer.log())[-1]["buttons"]
    assert set(button) == {"title", "token"}
    answer = await buyer.post({"client_msg_id": "b1", "button": button["token"]})
    assert answer.status_code == 200
    await site.road.idle()
    assert site.handler.turns[-1].message.body == {
        "title": "只退款",
        "intent": "answer_button",
        "entities": {"demand": "refund_only"},
    }
    pressed = (await buyer.log())[-2]
    assert pressed["text"] == "只退款"
    shown = [entry for entry in await buyer.log() if not str(entry.get("text")).startswith("收到")]
    assert "refund_only" not in json.dumps(shown)


async def test_history_pages(site, buyer):
    for number in range(4):
        await buyer.say(str(number))
    page = (await buyer.get("history?before_seq=5&limit=2")).json()
    assert ([entry["seq"] for entry in page["entries"]], page["has_more"]) == ([3, 4], True)
    page = (await buyer.get("history?after_seq=6")).json()
    assert ([entry["seq"] for entry in page["entries"]], page["has_more"]) == ([7, 8], False)
    for bad in ("after_seq=-1", "limit=x", "before_seq=1e3", "limit=" + "9" * 30):
        assert (await buyer.get("history?" + bad)).status_code == 400


@pytest.mark.parametrize(
    ("form", "kind"),
    [("html", "text/html"), ("txt", "text/plain"), ("json", "application/json")],
)
async def test_the_transcript_is_a_download_without_live_markup(site, buyer, form, kind):
    await buyer.say("<script>alert(1)</script>")
    answer = await buyer.get(f"transcript?format={form}")
    assert answer.status_code == 200
    assert answer.headers["content-type"].startswith(kind)
    assert answer.headers["content-disposition"].startswith("attachment")
    assert answer.headers["x-content-type-options"] == "nosniff"
    assert "alert(1)" in answer.text
    assert form != "html" or "<script>" not in answer.text
    assert (await buyer.get("transcript?format=exe")).status_code == 400


# -- uploads --------------------------------------------------------------------------------------------


async def test_an_upload_is_in_the_case_the_log_and_the_inbox_before_it_is_answered(site, buyer):
    answer = await buyer.upload(png(), "外包装.png")
    assert answer.status_code == 200, answer.text
    body = answer.json()
    expected = {"evidence_id", "sha256", "size", "mime", "name", "thumb", "seq", "dup"}
    assert set(body) == expected
    assert (body["name"], body["mime"], body["size"], body["seq"], body["dup"]) == (
        "外包装.png",
        "image/png",
        len(png()),
        1,
        False,
    )
    assert site.handler.turns[0].message.kind == "upload"
    (entry, _) = await buyer.log()
    assert entry["attachment"]["evidence_id"] == body["evidence_id"]
    assert (await buyer.upload(png(), "外包装.png")).json()["dup"] is True
    again = (await buyer.upload(png(), "别名.png", "u2")).json()
    assert again["evidence_id"] == body["evidence_id"]
    assert again["dup"] is False


async def test_a_thumbnail_needs_its_own_signature(site, buyer):
    first = (await buyer.upload(png())).json()
    second = (await buyer.upload(png("blue"), "b.png", "u2")).json()
    picture = await site.client.get(first["thumb"])
    assert (picture.status_code, picture.headers["content-type"]) == (200, "image/jpeg")
    assert picture.headers["x-content-type-options"] == "nosniff"
    signature = first["thumb"].split("sig=")[1]
    who, expires, mac = signature.split(".")
    path = f"/webhooks/web/thumb/{first['evidence_id']}"
    for bad in (
        path,
        f"{path}?sig=",
        f"{path}?sig=a.b.c",
        f"{path}?sig={who}.{int(expires) + 1}.{mac}",
        f"{path}?sig=x{who}.{expires}.{mac}",
        f"/webhooks/web/thumb/{second['evidence_id']}?sig={signature}",
    ):
        assert (await site.client.get(bad)).status_code == 401, bad
    site.move(timedelta(hours=25))
    assert (await site.client.get(first["thumb"])).status_code == 401


@pytest.mark.parametrize(
    ("data", "name", "status"),
    [
        (b"", "empty.png", 415),
        (b"<html><script>alert(1)</script>", "x.png", 415),
        (b"MZ\x90\x00" + b"\x00" * 64, "x.exe", 415),
        (b"\x00" * (20 * 1024 * 1024 + 1), "big.bin", 413),
        (b"\x00" * (22 * 1024 * 1024), "huge.bin", 413),
    ],
    ids=["empty", "html as png", "program", "20 MB + 1", "over the request limit"],
)
async def test_files_that_are_not_taken(site, buyer, data, name, status):
    try:
        answer = await buyer.upload(data, name)
    except httpx.TransportError:  # the server may close before it has read 22 MB
        answer = None
    if answer is not None:
        assert answer.status_code == status, answer.text
        error_of(answer)
    assert await buyer.log() == []
    assert (await buyer.say("还在吗")).status_code == 200


async def test_an_upload_must_be_a_form_with_one_file(site, buyer):
    post = site.client.post
    url = "/webhooks/web/upload"
    assert (await post(url, json={}, headers=buyer.headers)).status_code == 415
    assert (await post(url, files={"other": b"x"}, headers=buyer.headers)).status_code == 400
    no_id = await post(url, files={"file": ("a.png", png())}, headers=buyer.headers)
    assert error_of(no_id) == "bad_client_msg_id"
    two = [("file", ("a.png", png())), ("file", ("b.png", png()))]
    answer = await post(url, files=two, data={"client_msg_id": "u"}, headers=buyer.headers)
    assert error_of(answer) == "one_file"


# -- erase ----------------------------------------------------------------------------------------------


async def test_erasing_ends_the_session_and_removes_everything(site, buyer, tmp_path):
    await buyer.say("私密的话")
    thumb = (await buyer.upload(png())).json()["thumb"]
    answer = await site.client.delete("/webhooks/web/session", headers=buyer.headers)
    assert (answer.status_code, answer.content) == (204, b"")
    for path in ("history", "transcript?format=txt", "deadlines.ics", "events"):
        assert error_of(await buyer.get(path)) == "session_erased"
    assert (await buyer.say("还在吗")).status_code == 401
    assert (await buyer.upload(png(), "x.png", "u9")).status_code == 401
    assert (await site.client.get(thumb)).status_code == 401
    assert [path for path in (tmp_path / "evidence").rglob("*") if path.is_file()] == []
    renewed = await site.client.post("/webhooks/web/session", headers=buyer.headers)
    assert renewed.json()["session_id"] != buyer.session_id


# -- page, health, limits -------------------------------------------------------------------------------


@pytest.mark.parametrize("path", ["/", "/widget/", "/widget", "/widget/assets/widget.js"])
async def test_the_page_is_served_with_a_policy(site, path):
    answer = await site.client.get(path)
    assert answer.status_code == 200
    assert "default-src 'self'" in answer.headers["content-security-policy"]
    assert answer.headers["x-content-type-options"] == "nosniff"


@pytest.mark.parametrize(
    "path",
    [
        "/widget/assets/../../bot.db",
        "/widget/assets/%2e%2e%2f%2e%2e%2fbot.db",
        "/widget/assets/..%2findex.html",
        "/widget/assets/none.js",
        "/webhooks/rest/webhook",
        "/conversations/x/tracker",
        "/model/parse",
    ],
)
async def test_nothing_else_is_served(site, path):
    answer = await site.client.get(path)
    assert answer.status_code in (400, 404)
    error_of(answer)


async def test_health_and_metrics(site, buyer):
    await buyer.say("你好")
    assert (await site.client.get("/healthz")).json() == {"status": "ok"}
    ready = await site.client.get("/readyz")
    assert (ready.status_code, ready.json()["ready"]) == (200, True)
    metrics = (await site.client.get("/metrics")).text
    assert "\nbot_turns_total 1\n" in metrics
    assert "\nbot_handoffs_queued 3\n" in metrics
    assert "\nbot_database_up 1\n" in metrics
    assert "你好" not in metrics
    await site.database.close()
    without = await site.client.get("/metrics")
    assert without.status_code == 200
    assert "\nbot_turns_total 1\n" in without.text and "\nbot_database_up 0\n" in without.text


async def test_too_many_requests_are_told_to_wait(make_site):
    from bot.channels.web.channel import WebLimits
    from bot.channels.web.rate_limit import Rate

    limits = WebLimits(messages_per_session=Rate(2, 1), sessions_per_ip=Rate(3, 1))
    site = await make_site(limits)
    buyer, other = await site.buyer(), await site.buyer()
    statuses = [(await buyer.say("嗨")).status_code for _ in range(3)]
    assert statuses == [200, 200, 429]
    refused = await buyer.say("嗨")
    assert error_of(refused) == "too_many_requests"
    assert int(refused.headers["retry-after"]) >= 1
    assert (await other.say("嗨")).status_code == 200
    await site.buyer()
    assert (await site.client.post("/webhooks/web/session")).status_code == 429
