"""Tables of the durable road, declared on the shared metadata (migrated by hand-written revisions)."""

from __future__ import annotations

from sqlalchemy import Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint

from bot.database.schema import JsonText, UtcDateTime, metadata

conversations = Table(
    "conversations",
    metadata,
    Column("id", Text, primary_key=True),
    Column("channel", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("erased_at", UtcDateTime, nullable=True),
    Column("owner", Text, nullable=False, server_default="bot"),  # bot | queued | human | wrap_up | closed
    Column("last_seq", Integer, nullable=False, server_default="0"),
)

inbox = Table(
    "inbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, ForeignKey("conversations.id"), nullable=False),
    Column("channel", Text, nullable=False),
    Column("message_id", Text, nullable=False),
    Column("kind", Text, nullable=False),  # text | button | upload | media | event
    Column("body", JsonText, nullable=False),
    Column("state", Text, nullable=False),  # pending | done | failed
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("error", Text, nullable=True),
    Column("received_at", UtcDateTime, nullable=False),
    Column("done_at", UtcDateTime, nullable=True),
    Column("log_seq", Integer, nullable=False),
    UniqueConstraint("channel", "message_id"),
    Index("ix_inbox_state_conversation_id_id", "state", "conversation_id", "id"),
)

message_log = Table(
    "message_log",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("author_type", Text, nullable=False),  # bot | buyer | agent | system
    Column("author_name", Text, nullable=False),
    Column("text", Text, nullable=True),
    Column("buttons", JsonText, nullable=True),
    Column("card", JsonText, nullable=True),
    Column("attachment", JsonText, nullable=True),
    Column("in_reply_to", Text, nullable=True),
    Column("client_msg_id", Text, nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
)

outbox = Table(
    "outbox",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, nullable=False),
    Column("log_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("state", Text, nullable=False),  # pending | sending | sent | held | failed
    Column("attempts", Integer, nullable=False, server_default="0"),
    Column("next_try_at", UtcDateTime, nullable=False),
    Column("error", Text, nullable=True),
    Column("platform_message_id", Text, nullable=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("sent_at", UtcDateTime, nullable=True),
    Column("in_reply_to", Integer, nullable=True),  # the inbox row it answers
    Column("lease_until", UtcDateTime, nullable=True),  # of who is sending it
    Column(
        "parts_sent", Integer, nullable=False, server_default="0"
    ),  # of a line that goes in several pieces
    Index("ix_outbox_state_next_try_at", "state", "next_try_at"),
    Index("ix_outbox_conversation_id_id", "conversation_id", "id"),
)

send_grants = Table(
    "send_grants",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, nullable=False),
    Column("kind", Text, nullable=False),  # what the platform granted it for: message | event
    Column("left", Integer, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "kind"),
)

button_tokens = Table(
    "button_tokens",
    metadata,
    Column("token", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("payload", JsonText, nullable=False),
    Column("title", Text, nullable=False),
    Column("log_id", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)

tracker_events = Table(
    "tracker_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("event_type", Text, nullable=False),
    Column("data", JsonText, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    UniqueConstraint("conversation_id", "seq"),
)

tracker_events_quarantine = Table(
    "tracker_events_quarantine",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("conversation_id", Text, nullable=False),
    Column("seq", Integer, nullable=False),
    Column("data", Text, nullable=False),  # raw text: it may be no JSON at all
    Column("error", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
)
