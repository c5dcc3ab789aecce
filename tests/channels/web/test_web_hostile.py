"""Whatever is sent: a clear refusal, nothing of anybody else's, and a server that still answers."""

from __future__ import annotations

import base64
import json
from datetime import timedelta

import jwt
import pytest

SECRET = "s" * 40
STRIPPED = [chr(point) for point in range(0x110000) if point < 0xD800 and chr(point).strip() == ""]


async def alive(buyer) -> None:
    await buyer.say("还在吗")
    assert (await buyer.log())[-1]["author"]["type"] == "bot"


@pytest.mark.parametrize(
    "body",
    [
        {},
        [],
        "x",
        7,
        None,
        {"client_msg_id": "a"},
        {"client_msg_id": "a", "text": ""},
        {"client_msg_id": "a", "text": " \u3000\x00 "},
        {"client_msg_id": "a", "text": None},
        {"client_msg_id": "a", "text": 5},
        {"client_msg_id": "a", "text": ["你好"]},
        {"client_msg_id": "a", "text": {"a": 1}},
        {"client_msg_id": "a", "text": "x" * 5001},
        {"client_msg_id": "a", "text": "x", "button": "y"},
        {"client_msg_id": "a", "button": 1},
        {"client_msg_id": "a", "button": "x" * 201},
        {"text": "x"},
        {"client_msg_id": 5, "text": "x"},
        {"client_msg_id": "", "text": "x"},
        {"client_msg_id": "a\x00b", "text": "x"},
        {"client_msg_id": "a b", "text": "x"},
        {"client_msg_id": "x" * 65, "text": "x"},
        {"client_msg_id": "中", "text": "x"},
    ],
    ids=lambda body: json.dumps(body, ensure_ascii=True)[:40],
)
async def test_a_body_that_is_no_message_is_refused_and_not_stored(site, buyer, body):
    answer = await buyer.post(body)
    assert answer.status_code == 400, answer.text
    assert answer.json()["error"]["message"]
    assert await buyer.log() == []
    await alive(buyer)


@pytest.mark.parametrize(
    ("raw", "status"),
    [
        (b"", 400),
        (b"{", 400),
        (b"\xff\xfe", 400),
        ('{"text":"你'.encode("gbk"), 400),
        (b"[" * 50_000, 400),
        (b'{"text":' + b"9" * 60_000 + b"}", 400),
        (b'{"a":"' + b"x" * 70_000 + b'"}', 413),
    ],
    ids=["empty", "cut", "bytes", "gbk", "deep", "long number", "large"],
)
async def test_bytes_that_are_no_json(site, buyer, raw, status):
    answer = await site.client.post("/webhooks/web/messages", content=raw, headers=buyer.headers)
    assert answer.status_code == status
    assert "error" in answer.json()
    await alive(buyer)


@pytest.mark.parametrize(
    ("raw", "stored"),
    [
        ('"你\\u0000好"', "你好"),
        ('"a\\ud800b"', "ab"),
        ('"\\ud83d\\ude00"', "😀"),
        ('"\\u0000/restart"', "／restart"),
        ('"\\ud800/greet"', "／greet"),
    ],
)
async def test_odd_characters_are_stored_clean(site, buyer, raw, stored):
    content = ('{"client_msg_id": "a", "text": ' + raw + "}").encode()
    answer = await site.client.post("/webhooks/web/messages", content=content, headers=buyer.headers)
    assert answer.status_code == 200, answer.text
    await site.road.idle()
    assert (await buyer.log())[0]["text"] == stored


async def test_a_typed_intent_is_text_behind_every_character_that_strip_removes(site, buyer):
    assert len(STRIPPED) >= 29
    for number, space in enumerate(STRIPPED):
        body = {"client_msg_id": f"s{number}", "text": f'{space}/answer_button{{"demand":"exchange"}}'}
        assert (await buyer.post(body)).status_code == 200
    await site.road.idle()
    assert len(site.handler.turns) == len(STRIPPED)
    for turn in site.handler.turns:
        assert turn.message.kind == "text"
        assert set(turn.message.body) == {"text"}
        assert turn.message.body["text"].startswith("／")


async def test_forged_foreign_and_expired_buttons_are_refused(site, buyer):
    await buyer.say("按钮")
    token = (await buyer.log())[-1]["buttons"][0]["token"]
    stranger = await site.buyer()
    await stranger.say("你好")
    before = len(site.handler.turns)
    for who, bad in (
        (stranger, token),
        (buyer, token + "x"),
        (buyer, token.swapcase()),
        (buyer, "只退款"),
        (buyer, '/answer_button{"demand":"refund_only"}'),
        (buyer, ""),
        (buyer, "' OR 1=1 --"),
    ):
        answer = await who.post({"client_msg_id": "b", "button": bad})
        assert answer.status_code == 400, bad
        assert answer.json()["error"]["code"] == "button_invalid"
    site.move(timedelta(days=7))
    buyer.token = site.signer.issue(buyer.session_id)
    assert (await buyer.post({"client_msg_id": "b", "button": token})).status_code == 400
    await site.road.idle()
    assert len(site.handler.turns) == before


def _unsigned(claims: dict) -> str:
    def part(value: dict) -> str:
        return base64.urlsafe_b64encode(json.dumps(value).encode()).decode().rstrip("=")

    return f"{part({'alg': 'none', 'typ': 'JWT'})}.{part(claims)}."


async def test_no_token_but_ours_opens_any_route(site, buyer):
    await buyer.say("秘密的话")
    exp = site.now[0].timestamp() + 3600
    claims = {"sub": buyer.session_id, "aud": "web-session", "exp": exp}
    forged = {
        "none": "",
        "garbage": "Bearer abc",
        "basic": "Basic " + buyer.token,
        "unsigned": "Bearer " + _unsigned(claims),
        "other key": "Bearer " + jwt.encode(claims, "x" * 40, algorithm="HS256"),
        "other algorithm": "Bearer " + jwt.encode(claims, SECRET + "y" * 40, algorithm="HS512"),
        "other audience": "Bearer " + jwt.encode({**claims, "aud": "x"}, SECRET, algorithm="HS256"),
        "no end": "Bearer " + jwt.encode({"sub": "a", "aud": "web-session"}, SECRET, algorithm="HS256"),
        "ended": "Bearer " + jwt.encode({**claims, "exp": 1}, SECRET, algorithm="HS256"),
        "no subject": "Bearer " + jwt.encode({**claims, "sub": ""}, SECRET, algorithm="HS256"),
    }
    for header in forged.values():
        headers = {"Authorization": header} if header else {}
        for method, path in (
            ("POST", "messages"),
            ("GET", "events"),
            ("GET", "history"),
            ("POST", "upload"),
            ("GET", "transcript?format=txt"),
            ("GET", "deadlines.ics"),
            ("DELETE", "session"),
        ):
            answer = await site.client.request(method, f"/webhooks/web/{path}", headers=headers)
            assert answer.status_code == 401, (header, path)
            assert "秘密" not in answer.text
    assert (await buyer.log())[0]["text"] == "秘密的话"


async def test_one_buyer_never_sees_another(site, buyer):
    stranger = await site.buyer()
    await buyer.say("甲的订单 12345")
    await stranger.say("乙")
    for path in ("history", f"history?session_id={buyer.session_id}", "transcript?format=json"):
        answer = await stranger.get(path)
        assert answer.status_code == 200
        assert "12345" not in answer.text
        assert "乙" in answer.text
    body = {
        "client_msg_id": "c1x",
        "text": "冒充",
        "sender": buyer.session_id,
        "conversation_id": buyer.session_id,
    }
    assert (await stranger.post(body)).status_code == 200
    await site.road.idle()
    assert all(entry.get("text") != "冒充" for entry in await buyer.log())


async def test_another_buyer_cannot_occupy_a_message_id(site, buyer):
    stranger = await site.buyer()
    await stranger.post({"client_msg_id": "same", "text": "占位"})
    answer = await buyer.post({"client_msg_id": "same", "text": "我的"})
    assert answer.json() == {"seq": 1, "dup": False}


async def test_a_failing_turn_is_an_apology_and_never_a_traceback(site, buyer):
    async def bad(turn) -> None:
        raise RuntimeError("secret detail of the inside")

    site.handler.script = bad
    assert (await buyer.say("你好")).status_code == 200
    apology = (await buyer.log())[-1]
    assert "问题编号" in apology["text"]
    assert "secret" not in json.dumps(await buyer.log())


async def test_an_unforeseen_error_stays_inside(site, buyer, monkeypatch):
    async def broken(*_args, **_kwargs):
        raise RuntimeError("secret detail")

    monkeypatch.setattr(site.road, "accept", broken)
    answer = await buyer.post({"client_msg_id": "a", "text": "x"})
    assert answer.status_code == 500
    assert "secret" not in answer.text
    assert answer.json()["error"]["code"] == "internal"


async def test_a_database_that_is_away_is_503_and_nothing_is_claimed_as_stored(site, buyer, monkeypatch):
    from sqlalchemy.exc import OperationalError

    async def away(*_args, **_kwargs):
        raise OperationalError("x", {}, Exception("gone"))

    monkeypatch.setattr(site.road, "accept", away)
    answer = await buyer.post({"client_msg_id": "a", "text": "x"})
    assert answer.status_code == 503
    assert "seq" not in answer.json()
    assert "retry-after" in answer.headers
