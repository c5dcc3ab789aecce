"""What callbacks say, kind by kind, and that nothing a stranger writes does more than be refused."""

from __future__ import annotations

from datetime import datetime, timezone
from xml.sax.saxutils import escape

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.parser import parse_message

from bot.channels.wechat.errors import Refused
from bot.channels.wechat.inbound import (
    Link,
    MenuClick,
    MenuText,
    Message,
    Picture,
    Place,
    Scan,
    Subscribe,
    Text,
    UnknownEvent,
    UnknownMessage,
    Unsubscribe,
    Video,
    Voice,
    parse,
)
from bot.conversation.sanitise import is_identifier

OPENID = "oyORnuP8q7ou2gfYjqLzSIWZf0rs"
SECONDS = 1409735668
HEAD = (OPENID, "gh_10f6c3c3ac5a", datetime(2014, 9, 3, 9, 14, 28, tzinfo=timezone.utc))
MSG_ID = "6054768590064713728"
EVENT = f"e:{OPENID}:{SECONDS}"


def xml_of(**fields: object) -> bytes:
    given_fields: dict[str, object] = {
        "ToUserName": HEAD[1],
        "FromUserName": OPENID,
        "CreateTime": SECONDS,
        **fields,
    }
    inside = "".join(f"<{name}>{escape(str(value))}</{name}>" for name, value in given_fields.items())
    return f"<xml>{inside}</xml>".encode()


MESSAGES = [
    ({"MsgType": "text", "Content": "退款"}, Text(*HEAD, MSG_ID, "退款")),
    ({"MsgType": "text", "Content": ""}, Text(*HEAD, MSG_ID, "")),
    ({"MsgType": "text"}, Text(*HEAD, MSG_ID, "")),
    ({"MsgType": "TEXT", "Content": "a<b> & c"}, Text(*HEAD, MSG_ID, "a<b> & c")),
    (
        {"MsgType": "text", "Content": "满意", "bizmsgmenuid": "dG9rZW4_-1"},
        MenuText(*HEAD, MSG_ID, "满意", "dG9rZW4_-1"),
    ),
    (
        {"MsgType": "image", "PicUrl": "https://mmbiz.qpic.cn/a?b=1&c=2", "MediaId": "media-1"},
        Picture(*HEAD, MSG_ID, "media-1", "https://mmbiz.qpic.cn/a?b=1&c=2"),
    ),
    (
        {"MsgType": "voice", "MediaId": "media-2", "Format": "amr"},
        Voice(*HEAD, MSG_ID, "media-2", "amr", ""),
    ),
    (
        {"MsgType": "voice", "MediaId": "media-2", "Format": "amr", "Recognition": "我要退款。"},
        Voice(*HEAD, MSG_ID, "media-2", "amr", "我要退款。"),
    ),
    (
        {"MsgType": "video", "MediaId": "media-3", "ThumbMediaId": "thumb"},
        Video(*HEAD, MSG_ID, "media-3", False),
    ),
    ({"MsgType": "shortvideo", "MediaId": "media-3"}, Video(*HEAD, MSG_ID, "media-3", True)),
    (
        {"MsgType": "location", "Location_X": "23.134521", "Location_Y": "113.358803", "Label": "广州"},
        Place(*HEAD, MSG_ID, "23.134521", "113.358803", "广州"),
    ),
    (
        {"MsgType": "link", "Title": "商品", "Description": "七天无理由", "Url": "https://item.example/1"},
        Link(*HEAD, MSG_ID, "商品", "七天无理由", "https://item.example/1"),
    ),
    ({"MsgType": "miniprogrampage", "Title": "小程序"}, UnknownMessage(*HEAD, MSG_ID, "miniprogrampage")),
    ({"MsgType": "sticker"}, UnknownMessage(*HEAD, MSG_ID, "sticker")),
    ({"MsgType": "device_text"}, UnknownMessage(*HEAD, MSG_ID, "device_text")),
]

EVENTS = [
    ({"Event": "subscribe"}, Subscribe(*HEAD, f"{EVENT}:subscribe", "")),
    (
        {"Event": "subscribe", "EventKey": "qrscene_order-17", "Ticket": "T"},
        Subscribe(*HEAD, f"{EVENT}:subscribe:qrscene_order-17", "order-17"),
    ),
    (
        {"Event": "subscribe", "EventKey": "last_trade_no_1"},
        Subscribe(*HEAD, f"{EVENT}:subscribe:last_trade_no_1", ""),
    ),
    ({"Event": "unsubscribe"}, Unsubscribe(*HEAD, f"{EVENT}:unsubscribe")),
    ({"Event": "SCAN", "EventKey": "order-17"}, Scan(*HEAD, f"{EVENT}:scan:order-17", "order-17")),
    ({"Event": "CLICK", "EventKey": "HUMAN"}, MenuClick(*HEAD, f"{EVENT}:click:HUMAN", "HUMAN")),
    ({"Event": "LOCATION", "Latitude": "23.1"}, UnknownEvent(*HEAD, f"{EVENT}:location", "location", "")),
    ({"Event": "what_comes_next"}, UnknownEvent(*HEAD, f"{EVENT}:what_comes_next", "what_comes_next", "")),
    ({}, UnknownEvent(*HEAD, f"{EVENT}:", "", "")),
]


@pytest.mark.parametrize(("fields", "expected"), MESSAGES)
def test_messages(fields: dict[str, str], expected: Message) -> None:
    assert parse(xml_of(MsgId=MSG_ID, **fields)) == expected


@pytest.mark.parametrize(("fields", "expected"), EVENTS)
def test_events(fields: dict[str, str], expected: Message) -> None:
    assert parse(xml_of(MsgType="event", **fields)) == expected


@pytest.mark.parametrize("fields", [fields for fields, _ in MESSAGES if fields["MsgType"] != "sticker"])
def test_the_library_reads_the_same(fields: dict[str, str]) -> None:
    """wechatpy's own parser, on the fields that both know."""
    ours = parse(xml_of(MsgId=MSG_ID, **fields))
    theirs = parse_message(xml_of(MsgId=MSG_ID, **fields))
    assert (ours.openid, ours.original_id, ours.key) == (theirs.source, theirs.target, str(theirs.id))
    assert ours.created == theirs.create_time
    for our_name, their_name in (
        ("text", "content"),
        ("media_id", "media_id"),
        ("recognition", "recognition"),
        ("latitude", "location_x"),
        ("label", "label"),
        ("url", "image" if isinstance(ours, Picture) else "url"),
    ):
        if hasattr(ours, our_name):
            assert getattr(ours, our_name) == (getattr(theirs, their_name) or "")


def test_what_is_nested_does_not_disturb() -> None:
    xml = xml_of(MsgType="event", Event="pic_weixin").replace(
        b"</xml>", b"<SendPicsInfo><MsgType>text</MsgType><Count>1</Count></SendPicsInfo></xml>"
    )
    assert parse(xml) == UnknownEvent(*HEAD, f"{EVENT}:pic_weixin", "pic_weixin", "")


def test_cdata_and_parts_of_text_are_put_together() -> None:
    xml = xml_of(MsgType="text", MsgId="1").replace(
        b"</xml>", "<Content><![CDATA[<b>]]>和&amp;<![CDATA[]]>👋</Content></xml>".encode()
    )
    assert parse(xml) == Text(*HEAD, "1", "<b>和&👋")


@pytest.mark.parametrize(
    "event_key", ["https://shop.example/?a=1&b=2", "人工客服", "a b", "x" * 200, "'; DROP TABLE inbox"]
)
def test_keys_are_always_identifiers(event_key: str) -> None:
    first = parse(xml_of(MsgType="event", Event="VIEW", EventKey=event_key))
    assert first.key.startswith(f"{EVENT}:") and is_identifier("a" * 20 + ":" + first.key)
    assert first == parse(xml_of(MsgType="event", Event="VIEW", EventKey=event_key))
    assert first.key != parse(xml_of(MsgType="event", Event="VIEW", EventKey=event_key + "?")).key


@pytest.mark.parametrize("msg_id", ["", "x" * 65, "1:2", "第一", "1 2"])
def test_a_message_without_a_usable_id_is_known_by_its_content(msg_id: str) -> None:
    first = parse(xml_of(MsgType="text", Content="退款", MsgId=msg_id))
    assert first.key.startswith("m:") and is_identifier(first.key)
    assert first.key == parse(xml_of(MsgType="text", Content="退款", MsgId=msg_id)).key
    assert first.key != parse(xml_of(MsgType="text", Content="退货", MsgId=msg_id)).key


@pytest.mark.parametrize(
    ("fields", "why"),
    [
        ({"MsgType": ""}, "bad_message"),
        ({"MsgType": "text", "FromUserName": ""}, "bad_message"),
        ({"MsgType": "text", "FromUserName": "a" * 41}, "bad_message"),
        ({"MsgType": "text", "FromUserName": "a:b"}, "bad_message"),
        ({"MsgType": "text", "FromUserName": "../x"}, "bad_message"),
        ({"MsgType": "text", "ToUserName": "]]>"}, "bad_message"),
        ({"MsgType": "text", "CreateTime": ""}, "bad_message"),
        ({"MsgType": "text", "CreateTime": "-1"}, "bad_message"),
        ({"MsgType": "text", "CreateTime": "99999999999"}, "bad_message"),
        ({"MsgType": "text", "CreateTime": "１２３"}, "bad_message"),
        ({"MsgType": "event", "Event": "subscribe", "FromUserName": "a b"}, "bad_message"),
    ],
)
def test_what_every_message_must_have(fields: dict[str, str], why: str) -> None:
    with pytest.raises(Refused) as refused:
        parse(xml_of(**fields))
    assert refused.value.reason == why


NAMES = st.sampled_from(
    [
        "ToUserName",
        "FromUserName",
        "CreateTime",
        "MsgType",
        "MsgId",
        "Event",
        "EventKey",
        "Content",
        "MediaId",
        "PicUrl",
        "Recognition",
        "Format",
        "Location_X",
        "Label",
        "Title",
        "Url",
        "bizmsgmenuid",
        "Encrypt",
        "item",
    ]
)
KINDS = st.sampled_from(
    ["text", "image", "voice", "video", "shortvideo", "location", "link", "event", "hardware", "device_event"]
)
TEXTS = st.one_of(
    st.text(max_size=30),
    KINDS,
    st.just(OPENID),
    st.integers().map(str),
    st.sampled_from(["subscribe", "unsubscribe", "SCAN", "CLICK", "VIEW", "qrscene_1", "user_get_card"]),
)


@st.composite
def documents(draw: st.DrawFn) -> bytes:
    """Documents that look like callbacks, most of them wrong somewhere."""
    fields = draw(st.lists(st.tuples(NAMES, TEXTS), max_size=8))
    head = [("FromUserName", OPENID), ("ToUserName", "gh_1"), ("CreateTime", "1409735668")]
    if draw(st.booleans()):
        fields = [*head, ("MsgType", draw(KINDS)), *fields]
    inside = "".join(
        f"<{name}>{draw(st.sampled_from([escape(text), text]))}</{name}>" for name, text in fields
    )
    return f"<xml>{inside}</xml>".encode("utf-8", "replace")


@settings(deadline=None)
@given(st.one_of(st.binary(max_size=200), documents()))
def test_nothing_but_a_refusal_comes_of_what_cannot_be_read(xml: bytes) -> None:
    try:
        message = parse(xml)
    except Refused:
        return
    assert is_identifier(message.key) and is_identifier(message.openid)
    assert is_identifier(f"wechat:{'a' * 20}:{message.openid}")
    assert is_identifier(f"{'a' * 20}:{message.key}")
    assert message.created.tzinfo is not None
