"""Plain records that travel the road."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, Literal

Kind = Literal["text", "button", "upload", "media", "event"]
AuthorType = Literal["bot", "buyer", "agent", "system"]

BOT_NAME = "小助手"
BUYER_NAME = "我"


@dataclass(frozen=True)
class Incoming:
    """One message as a channel hands it in. Exactly one of text, button, title, attachment is set, or:

    `event` with `values`: something that happened, with a meaning made by us; a `text` beside it is what the
    log shows as the buyer's line, without one there is no line. `media`: a file that still has to be fetched
    from the platform ({"account", "media_id", "kind", …}); the `text` beside it stands in for it in the log.

    `message_id` is the platform's own id; (channel, message_id) is what makes a duplicate.
    `button` is a token issued by us; `title` names a button of the last bot message (terminals only).
    """

    conversation_id: str
    channel: str
    message_id: str
    text: str | None = None
    button: str | None = None
    title: str | None = None
    attachment: dict[str, Any] | None = None
    event: str | None = None
    values: dict[str, Any] | None = None
    always: bool = False  # an event that is told whoever owns the conversation
    silent: bool = False  # an event that gets no turn: it only stands in the log
    media: dict[str, Any] | None = None
    numbered: bool = False  # buttons were shown as a numbered list: "2" presses the second one
    author_name: str = BUYER_NAME
    client_msg_id: str | None = None  # the sender's own id as shown in the log, when message_id is longer


@dataclass(frozen=True)
class Accepted:
    """The answer to an accepted message: its place in the log, and whether we had it already."""

    seq: int
    dup: bool


@dataclass(frozen=True)
class InboxMessage:
    """One stored message waiting for its turn. `body` by kind:

    text {"text"} · button {"title", "intent", "entities"} or {"title", "text"} · upload {"attachment"} ·
    media {"media"} · event {"intent", "entities", "always", "silent"}
    """

    id: int
    conversation_id: str
    channel: str
    message_id: str
    kind: Kind
    body: dict[str, Any]
    attempts: int
    received_at: datetime
    log_seq: int


@dataclass
class Reply:
    """One line the bot says. `buttons` are {"title", "payload"} with the payload in Rasa's syntax."""

    text: str | None = None
    buttons: list[dict[str, Any]] = field(default_factory=list)
    card: dict[str, Any] | None = None
    attachment: dict[str, Any] | None = None


@dataclass(frozen=True)
class Entry:
    """One line of the message log, exactly as seen."""

    seq: int
    id: str
    conversation_id: str
    created_at: datetime
    author_type: AuthorType
    author_name: str
    text: str | None = None
    buttons: list[dict[str, str]] | None = None
    card: dict[str, Any] | None = None
    attachment: dict[str, Any] | None = None
    in_reply_to: str | None = None
    client_msg_id: str | None = None

    def to_json(self) -> dict[str, Any]:
        """The entry as channels publish it; keys without a value are left out."""
        optional = {
            "text": self.text,
            "buttons": self.buttons,
            "card": self.card,
            "attachment": self.attachment,
            "in_reply_to": self.in_reply_to,
            "client_msg_id": self.client_msg_id,
        }
        return {
            "seq": self.seq,
            "id": self.id,
            "ts": self.created_at.isoformat(),
            "author": {"type": self.author_type, "name": self.author_name},
            **{key: value for key, value in optional.items() if value},
        }
