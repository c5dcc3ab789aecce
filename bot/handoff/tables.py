"""Tables of the handoff and the desk, declared on the shared metadata (migrated by hand-written revisions)."""

from __future__ import annotations

from sqlalchemy import Boolean, Column, Index, Integer, Table, Text, text

from bot.database.schema import JsonText, UtcDateTime, metadata

ACTIVE = "state IN ('queued', 'human', 'wrap_up')"

handoffs = Table(
    "handoffs",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False),
    Column("channel", Text, nullable=False),
    Column("case_id", Text, nullable=True),
    # queued | human | wrap_up | returned | closed | cancelled | timed_out | left_message
    Column("state", Text, nullable=False),
    Column("reason", Text, nullable=False),
    Column("reason_detail", Text, nullable=False),
    Column("trigger_message_id", Text, nullable=True),
    Column("priority", Text, nullable=False),  # high | normal
    Column("summary", Text, nullable=False),
    Column("nearest_due", UtcDateTime, nullable=True),  # the clock that runs out first
    Column("nearest_name", Text, nullable=True),
    Column("requested_at", UtcDateTime, nullable=False),
    Column("claimed_at", UtcDateTime, nullable=True),
    Column("ended_at", UtcDateTime, nullable=True),
    Column("agent_id", Integer, nullable=True),
    Column("agent_name", Text, nullable=True),
    Column("disposition", Text, nullable=True),
    Column("settled", JsonText, nullable=True),  # {"text", "outcome", "amount"}
    Column("left_text", Text, nullable=True),  # what the buyer left when nobody answered
    Column("version", Integer, nullable=False, server_default="1"),
    Index("ix_handoffs_state_requested_at", "state", "requested_at"),
    Index(
        "uq_handoffs_one_active",
        "conversation_id",
        unique=True,
        sqlite_where=text(ACTIVE),
        postgresql_where=text(ACTIVE),
    ),
)

handoff_events = Table(
    "handoff_events",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("handoff_id", Text, nullable=True),  # None: the desk itself (log-in, agents)
    Column("conversation_id", Text, nullable=True),
    Column("at", UtcDateTime, nullable=False),
    Column("actor_type", Text, nullable=False),  # agent | buyer | bot | system
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", JsonText, nullable=False),
    Index("ix_handoff_events_handoff_id_id", "handoff_id", "id"),
)

handoff_notes = Table(
    "handoff_notes",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("handoff_id", Text, nullable=False),
    Column("conversation_id", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("agent_id", Integer, nullable=False),
    Column("agent_name", Text, nullable=False),
    Column("text", Text, nullable=False),
    Index("ix_handoff_notes_handoff_id", "handoff_id"),
)

desk_agents = Table(
    "desk_agents",
    metadata,
    Column("id", Integer, primary_key=True, autoincrement=True),
    Column("name", Text, nullable=False, unique=True),
    Column("display_name", Text, nullable=False),
    Column("password_hash", Text, nullable=False),
    Column("role", Text, nullable=False),  # agent | supervisor
    Column("active", Boolean, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("last_seen_at", UtcDateTime, nullable=True),
)

desk_sessions = Table(
    "desk_sessions",
    metadata,
    Column("id", Text, primary_key=True),  # SHA-256 of the cookie; the cookie itself is kept nowhere
    Column("agent_id", Integer, nullable=False),
    Column("csrf", Text, nullable=False),
    Column("created_at", UtcDateTime, nullable=False),
    Column("expires_at", UtcDateTime, nullable=False),
)
