"""What a callback says: the platform's XML as plain values. Nothing here asks the platform for anything.

Source: developers.weixin.qq.com, 接收普通消息 and 接收事件推送. wechatpy's message classes name
the fields; they get the texts of our own checked reading, so that no second parser sees the document.
"""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timezone
from hashlib import sha256
from typing import Any, NamedTuple

from wechatpy.messages import MESSAGE_TYPES

from bot.channels.wechat.errors import Refused
from bot.channels.wechat.xml_fields import read_fields

# The platform writes openids and 原始ID (gh_…) in these characters; both go into our ids and our XML.
_PARTY = re.compile(r"[0-9A-Za-z_\-]{1,40}")
_SECONDS = re.compile(r"[0-9]{1,10}")
_MESSAGE_ID = re.compile(r"[0-9A-Za-z_\-]{1,64}")
_SAFE_KEY = re.compile(r"[A-Za-z0-9_.:\-]{1,100}")
_SCENE_PREFIX = "qrscene_"  # before the scene when the buyer did not follow the account yet


@dataclass(frozen=True)
class Message:
    """What every callback carries.

    `openid` = the buyer within this account; `original_id` = the account's own name in XML (原始ID, gh_…);
    `created` = the platform's time of it. `key` tells a repetition: the MsgId, or for an event
    "e:<openid>:<seconds>:<event>[:<key>]"; always safe as a part of an identifier, at most 100 characters.
    """

    openid: str
    original_id: str
    created: datetime
    key: str


@dataclass(frozen=True)
class Text(Message):
    text: str


@dataclass(frozen=True)
class MenuText(Message):
    """A press on an entry of a msgmenu message: `text` is what the entry said, `menu_id` the id we gave it."""

    text: str
    menu_id: str


@dataclass(frozen=True)
class Picture(Message):
    """`url` works without a token; both are gone after three days."""

    media_id: str
    url: str


@dataclass(frozen=True)
class Voice(Message):
    """`form` = amr or speex; `recognition` = the platform's own transcript, empty where that is not switched on."""

    media_id: str
    form: str
    recognition: str


@dataclass(frozen=True)
class Video(Message):
    """`short` = recorded inside the chat (小视频)."""

    media_id: str
    short: bool


@dataclass(frozen=True)
class Place(Message):
    """A place the buyer sent; coordinates as the platform writes them (latitude, longitude in degrees)."""

    latitude: str
    longitude: str
    label: str


@dataclass(frozen=True)
class Link(Message):
    title: str
    description: str
    url: str


@dataclass(frozen=True)
class UnknownMessage(Message):
    """A kind of message that we do not know: stickers, mini program cards, what is invented next."""

    kind: str


@dataclass(frozen=True)
class Subscribe(Message):
    """The buyer follows the account; `scene` = of the QR code that led here, empty otherwise."""

    scene: str


@dataclass(frozen=True)
class Unsubscribe(Message):
    """The buyer left; nothing can be sent any more."""


@dataclass(frozen=True)
class Scan(Message):
    """A follower scanned one of our QR codes."""

    scene: str


@dataclass(frozen=True)
class MenuClick(Message):
    """A press in the account's menu below the chat."""

    menu_key: str


@dataclass(frozen=True)
class UnknownEvent(Message):
    """Any other event: pages opened, positions reported, results of mass messages."""

    event: str
    event_key: str


class _Head(NamedTuple):
    openid: str
    original_id: str
    created: datetime
    key: str


def parse(xml: bytes) -> Message:
    """The message in `xml` (see `Envelope.open`).

    Raises:
        Refused: `xml` is broken or lacks what every callback has. Unknown kinds are values, not errors.
    """
    fields = read_fields(xml)
    kind = fields.get("MsgType", "").lower()
    if not kind:
        raise Refused("bad_message")
    if kind == "event":
        return _event(_head(fields, _event_key), fields)
    return _message(_head(fields, _message_key), kind, fields)


def _head(fields: dict[str, str], key_of: Callable[[dict[str, str]], str]) -> _Head:
    openid, original_id = fields.get("FromUserName", ""), fields.get("ToUserName", "")
    seconds = fields.get("CreateTime", "")
    if not (_PARTY.fullmatch(openid) and _PARTY.fullmatch(original_id) and _SECONDS.fullmatch(seconds)):
        raise Refused("bad_message")
    created = datetime.fromtimestamp(int(seconds), timezone.utc)
    return _Head(openid, original_id, created, key_of(fields))


def _digest(text: str) -> str:
    return sha256(text.encode()).hexdigest()[:32]


def _message_key(fields: dict[str, str]) -> str:
    """The MsgId; a message without a usable one is known by its content."""
    given = fields.get("MsgId", "")
    if _MESSAGE_ID.fullmatch(given):
        return given
    return "m:" + _digest("\n".join(f"{name}={fields[name]}" for name in sorted(fields)))


def _event_key(fields: dict[str, str]) -> str:
    sender = f"e:{fields['FromUserName']}:{fields['CreateTime']}"
    what = ":".join(filter(None, (fields.get("Event", "").lower(), fields.get("EventKey"))))
    key = f"{sender}:{what}"
    # Keys may be addresses or Chinese words, which no identifier holds.
    return key if _SAFE_KEY.fullmatch(key) else f"{sender}:{_digest(what)}"


def _message(head: _Head, kind: str, fields: dict[str, str]) -> Message:
    make = _MAKERS.get(kind)
    if make is None:
        return UnknownMessage(*head, kind)
    if kind == "text" and fields.get("bizmsgmenuid"):  # a field that the library does not name
        return MenuText(*head, fields.get("Content", ""), fields["bizmsgmenuid"])
    return make(head, MESSAGE_TYPES[kind](fields))


_MAKERS: dict[str, Callable[[_Head, Any], Message]] = {
    "text": lambda head, m: Text(*head, m.content or ""),
    "image": lambda head, m: Picture(*head, m.media_id or "", m.image or ""),
    "voice": lambda head, m: Voice(*head, m.media_id or "", m.format or "", m.recognition or ""),
    "video": lambda head, m: Video(*head, m.media_id or "", False),
    "shortvideo": lambda head, m: Video(*head, m.media_id or "", True),
    "location": lambda head, m: Place(*head, m.location_x or "", m.location_y or "", m.label or ""),
    "link": lambda head, m: Link(*head, m.title or "", m.description or "", m.url or ""),
}


def _event(head: _Head, fields: dict[str, str]) -> Message:
    event, key = fields.get("Event", "").lower(), fields.get("EventKey", "")
    if event == "subscribe":
        return Subscribe(*head, key.removeprefix(_SCENE_PREFIX) if key.startswith(_SCENE_PREFIX) else "")
    if event == "unsubscribe":
        return Unsubscribe(*head)
    if event == "scan":
        return Scan(*head, key)
    if event == "click":
        return MenuClick(*head, key)
    return UnknownEvent(*head, event, key)
