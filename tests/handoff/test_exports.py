"""The record as a page, a Bot Framework transcript and a vCon: valid, complete, escaped and masked."""

from __future__ import annotations

import base64
import copy
import hashlib
import json
from html.parser import HTMLParser
from pathlib import Path
from typing import Any

import pytest
from botbuilder.schema import Activity
from jsonschema import Draft7Validator
from msrest.exceptions import DeserializationError as MsrestError

from bot.handoff.export_html import to_html
from bot.handoff.export_transcript import to_transcript
from bot.handoff.export_vcon import content_hash, to_vcon
from bot.handoff.model import HandoffState
from bot.handoff.record import build_record
from tests.handoff.samples import (
    KINDS,
    NOW,
    OPENID,
    PRIVATE,
    full_parts,
    handoff,
    line,
    no_case_parts,
    record_of,
)

VCON = Draft7Validator(json.loads(Path(__file__).with_name("vcon.schema.json").read_text(encoding="utf-8")))
EVERY = [(kind, reveal) for kind in KINDS for reveal in (False, True)]
MAKERS = {"html": to_html, "transcript": to_transcript, "vcon": to_vcon}


class Page(HTMLParser):
    """What a browser would see: tags, their attributes and the words."""

    def __init__(self, html: str) -> None:
        super().__init__()
        self.tags: list[str] = []
        self.links: list[str] = []
        self.ids: list[str] = []
        self.words = ""
        self.open: list[str] = []
        self.feed(html)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        self.tags.append(tag)
        if tag not in ("meta", "br"):
            self.open.append(tag)
        for name, value in attrs:
            assert not name.startswith("on")
            if name in ("href", "src"):
                self.links.append(value or "")
            if name == "id":
                self.ids.append(value or "")

    def handle_endtag(self, tag: str) -> None:
        assert self.open.pop() == tag

    def handle_data(self, data: str) -> None:
        self.words += data


@pytest.mark.parametrize("maker", MAKERS)
def test_masked_like_the_record(maker: str) -> None:
    text = json.dumps(MAKERS[maker](record_of()), ensure_ascii=False)
    wechat = json.dumps(MAKERS[maker](record_of("no_case")), ensure_ascii=False)
    revealed = json.dumps(MAKERS[maker](record_of(reveal=True)), ensure_ascii=False)

    assert [one for one in PRIVATE if one in text] == []
    assert OPENID not in wechat
    assert [one for one in PRIVATE if one not in revealed] == []


@pytest.mark.parametrize(("kind", "reveal"), EVERY)
def test_the_page_stands_alone(kind: str, reveal: bool) -> None:
    page = Page(to_html(record_of(kind, reveal=reveal)))

    assert page.open == []
    assert "script" not in page.tags
    assert all(link.startswith("#m") and link[1:] in page.ids for link in page.links)
    assert ("未隐藏" in page.words) is reveal


def test_the_page_says_what_matters_first() -> None:
    words = Page(to_html(record_of())).words

    order = [
        "转人工：买家要求",
        "要不要现在提交举证",
        "正在走的期限",
        "逾期平台按现有证据判断",
        "缺少的必要证据",
        "订单截图",
        "买家的陈述（未经核实）",
    ]
    places = [words.index(one) for one in order]
    assert places == sorted(places)
    for label in ("小助手", "买家", "人工客服 小王", "系统", "未送达", "已送达"):
        assert label in words
    assert "None" not in words


def test_what_somebody_wrote_is_no_markup() -> None:
    attack = "<img src=x onerror=alert(1)>\"'&lt;</style><script>"
    entries = [line(1, "buyer", attack, -5, buttons=[{"title": attack}], attachment={"name": attack})]
    taken = handoff(reason_detail=attack, left_text=attack, agent_id=1, agent_name=attack)

    page = Page(to_html(build_record(full_parts(entries=entries, handoff=taken, lines={}), now=NOW)))

    assert "img" not in page.tags
    assert page.words.count(attack) >= 4


@pytest.mark.parametrize(("kind", "reveal"), EVERY)
def test_every_activity_is_one_of_the_bot_framework(kind: str, reveal: bool) -> None:
    record = record_of(kind, reveal=reveal)
    activities = json.loads(json.dumps(to_transcript(record)))

    read = [Activity.deserialize(one) for one in activities]

    assert [one.timestamp for one in read] == sorted(one.timestamp for one in read)
    assert len({one.id for one in read}) == len(read)
    assert {one.conversation.id for one in read} == {record["conversation_id"]}
    assert {one.local_timestamp == one.timestamp for one in read} == {True}
    for given, one in zip(activities, read, strict=True):
        # What the framework writes again is what we wrote: no field was lost or misspelt.
        again = one.serialize()
        assert set(given) == set(again)
        assert given["from"] == again["from"]


@pytest.mark.parametrize("field", ["timestamp", "localTimestamp"])
def test_a_bad_date_would_be_noticed(field: str) -> None:
    bad = copy.deepcopy(to_transcript(record_of())[0])
    bad[field] = "21.11.2026"

    with pytest.raises(Exception) as caught:
        Activity.deserialize(bad)

    assert isinstance(caught.value, MsrestError)


def test_who_said_what_in_the_transcript() -> None:
    said = [one for one in to_transcript(record_of()) if one["type"] == "message"]

    roles = {one["channelData"]["author"]: one["from"]["role"] for one in said}
    assert roles == {"bot": "bot", "buyer": "user", "agent": "bot", "system": "bot"}
    assert {one["recipient"]["role"] for one in said if one["from"]["role"] == "user"} == {"bot"}
    with_buttons = next(one for one in said if "suggestedActions" in one)
    assert with_buttons["suggestedActions"]["actions"] == [
        {"type": "imBack", "title": "拒绝", "value": "拒绝"}
    ]
    file = next(one for one in said if one["attachments"])["attachments"][0]
    assert file["contentType"] == "video/mp4"
    assert file["content"] == {"sha256": "1a" * 32, "size": 40960}
    assert file["contentUrl"].endswith("/file1")


def test_the_handing_over_is_an_event() -> None:
    def events(kind: str) -> list[tuple[str, Any]]:
        found = [one for one in to_transcript(record_of(kind)) if one["type"] == "event"]
        return [(one["name"], one["value"].get("state")) for one in found]

    asked = ("handoff.initiate", None)
    assert events("empty") == [asked]
    assert events("full") == [asked, ("handoff.status", "accepted")]
    assert events("closed") == [asked, ("handoff.status", "accepted"), ("handoff.status", "completed")]
    assert events("no_case") == [asked, ("handoff.status", "failed")]


@pytest.mark.parametrize(("kind", "reveal"), EVERY)
def test_a_valid_vcon(kind: str, reveal: bool) -> None:
    vcon = json.loads(json.dumps(to_vcon(record_of(kind, reveal=reveal))))

    assert [f"{list(one.path)}: {one.message}" for one in VCON.iter_errors(vcon)] == []
    _check_indices(vcon)
    assert ("redacted" in vcon) is not reveal


def _check_indices(vcon: Any) -> None:
    """No index points beyond what is there; the schema cannot say that."""

    def listed(value: Any) -> list[int]:
        return value if isinstance(value, list) else [] if value is None else [value]

    parties, dialogs = range(len(vcon["parties"])), range(len(vcon["dialog"]))
    for one in vcon["dialog"]:
        for key in ("parties", "transferee", "transferor", "transfer_target"):
            assert all(index in parties for index in listed(one.get(key)))
        for key in ("original", "target_dialog"):
            assert all(index in dialogs for index in listed(one.get(key)))
    for one in vcon["attachments"]:
        assert one["party"] in parties
        assert one["dialog"] in dialogs
    for one in vcon["analysis"]:
        assert all(index in dialogs for index in listed(one.get("dialog")))


@pytest.mark.parametrize(
    ("path", "value"),
    [
        (("dialog", 0, "encoding"), "utf-8"),
        (("dialog", -1, "body"), "a transfer has no content"),
        (("attachments", 0, "content_hash"), "sha256:abc"),
        (("attachments", 0, "url"), "http://help.example.com/x"),
        (("parties", 0, "type"), "customer"),
        (("created_at",), "2026-11-21"),
    ],
)
def test_the_vcon_schema_refuses(path: tuple[str | int, ...], value: object) -> None:
    vcon: Any = copy.deepcopy(to_vcon(record_of()))
    *parents, last = path
    spot = vcon
    for key in parents:
        spot = spot[key]
    spot[last] = value

    assert list(VCON.iter_errors(vcon)) != []


def test_who_is_in_the_vcon() -> None:
    vcon = to_vcon(record_of())

    assert [one["type"] for one in vcon["parties"]] == ["person", "bot", "organization", "person"]
    by_line = [one["parties"] for one in vcon["dialog"] if one["type"] == "text"]
    assert by_line == [1, 0, 1, 0, 0, 1, 0, 0, 0, 2, 2, 3]
    transfer = vcon["dialog"][-1]
    assert (transfer["transferee"], transfer["transferor"], transfer["transfer_target"]) == (0, 1, 3)
    assert transfer["original"][-1] == 9
    assert transfer["target_dialog"] == [10, 11]
    assert [one["type"] for one in vcon["analysis"]] == ["summary", "report"]
    assert vcon["dialog"][4]["body"] == "［文件：左耳无声.mp4］"


@pytest.mark.parametrize(
    ("state", "why"), [("timed_out", "no-answer"), ("left_message", "no-answer"), ("cancelled", "hung-up")]
)
def test_nobody_took_over(state: str, why: str) -> None:
    parts = no_case_parts()
    left = handoff(state=HandoffState(state), ended_at=NOW)

    dialog = to_vcon(build_record(full_parts(handoff=left, entries=parts.entries), now=NOW))["dialog"]

    assert [one["type"] for one in dialog] == ["transfer", "incomplete"]
    assert dialog[0]["target_dialog"] == 1
    assert dialog[1]["disposition"] == why


def test_the_masked_vcon_names_the_full_one() -> None:
    masked, full = to_vcon(record_of()), to_vcon(record_of(reveal=True))

    assert masked["redacted"] == {"uuid": full["uuid"], "type": "personal-data"}
    assert masked["uuid"] != full["uuid"]
    assert masked["uuid"] == to_vcon(record_of())["uuid"]


def test_the_hash_of_a_file_can_be_checked() -> None:
    data = b"bytes of a file"
    name, _, digest = content_hash(hashlib.sha256(data).hexdigest()).partition("-")

    assert name == "sha256"
    assert base64.urlsafe_b64decode(digest + "=") == hashlib.sha256(data).digest()
    insecure = to_vcon(build_record(full_parts(console_url="http://127.0.0.1:5005"), now=NOW))
    assert all("url" not in one and one["content_hash"] for one in insecure["attachments"])
