"""Push channels (leases, grants) and the handoff to a person with its desk."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None

_NEW = ("send_grants", "handoffs", "handoff_events", "handoff_notes", "desk_agents", "desk_sessions")
_NOW = sa.DateTime(timezone=True)
_ACTIVE = "state IN ('queued', 'human', 'wrap_up')"


def upgrade() -> None:
    """Add what is new."""
    _outbox()
    _handoffs()
    _handoff_details()
    _desk()


def downgrade() -> None:
    """Take it away again."""
    for table in reversed(_NEW):
        op.drop_table(table)
    op.drop_index("ix_outbox_conversation_id_id", "outbox")
    op.drop_index("ix_outbox_state_next_try_at", "outbox")
    with op.batch_alter_table("outbox") as outbox:
        outbox.drop_column("parts_sent")
        outbox.drop_column("lease_until")
        outbox.drop_column("in_reply_to")


def _must(name: str, type_: object = sa.Text, **options: object) -> sa.Column:
    return sa.Column(name, type_, nullable=False, **options)


def _may(name: str, type_: object = sa.Text) -> sa.Column:
    return sa.Column(name, type_, nullable=True)


def _row_id() -> sa.Column:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _outbox() -> None:
    with op.batch_alter_table("outbox") as outbox:
        outbox.add_column(_may("in_reply_to", sa.Integer))
        outbox.add_column(_may("lease_until", _NOW))
        outbox.add_column(_must("parts_sent", sa.Integer, server_default="0"))
    op.create_index("ix_outbox_state_next_try_at", "outbox", ["state", "next_try_at"])
    op.create_index("ix_outbox_conversation_id_id", "outbox", ["conversation_id", "id"])
    op.create_table(
        "send_grants",
        _row_id(),
        _must("conversation_id"),
        _must("kind"),
        _must("left", sa.Integer),
        _must("expires_at", _NOW),
        sa.UniqueConstraint("conversation_id", "kind", name="uq_send_grants_conversation_id_kind"),
    )


def _handoffs() -> None:
    op.create_table(
        "handoffs",
        sa.Column("id", sa.Text, primary_key=True),
        _must("conversation_id"),
        _must("channel"),
        _may("case_id"),
        _must("state"),
        _must("reason"),
        _must("reason_detail"),
        _may("trigger_message_id"),
        _must("priority"),
        _must("summary"),
        _may("nearest_due", _NOW),
        _may("nearest_name"),
        _must("requested_at", _NOW),
        _may("claimed_at", _NOW),
        _may("ended_at", _NOW),
        _may("agent_id", sa.Integer),
        _may("agent_name"),
        _may("disposition"),
        _may("settled"),
        _may("left_text"),
        _must("version", sa.Integer, server_default="1"),
    )
    op.create_index("ix_handoffs_state_requested_at", "handoffs", ["state", "requested_at"])
    op.create_index(
        "uq_handoffs_one_active",
        "handoffs",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text(_ACTIVE),
        postgresql_where=sa.text(_ACTIVE),
    )


def _handoff_details() -> None:
    op.create_table(
        "handoff_events",
        _row_id(),
        _may("handoff_id"),
        _may("conversation_id"),
        _must("at", _NOW),
        _must("actor_type"),
        _must("actor"),
        _must("what"),
        _must("detail"),
    )
    op.create_index("ix_handoff_events_handoff_id_id", "handoff_events", ["handoff_id", "id"])
    op.create_table(
        "handoff_notes",
        _row_id(),
        _must("handoff_id"),
        _must("conversation_id"),
        _must("at", _NOW),
        _must("agent_id", sa.Integer),
        _must("agent_name"),
        _must("text"),
    )
    op.create_index("ix_handoff_notes_handoff_id", "handoff_notes", ["handoff_id"])


def _desk() -> None:
    op.create_table(
        "desk_agents",
        _row_id(),
        _must("name"),
        _must("display_name"),
        _must("password_hash"),
        _must("role"),
        _must("active", sa.Boolean),
        _must("created_at", _NOW),
        _may("last_seen_at", _NOW),
        sa.UniqueConstraint("name", name="uq_desk_agents_name"),
    )
    op.create_table(
        "desk_sessions",
        sa.Column("id", sa.Text, primary_key=True),
        _must("agent_id", sa.Integer),
        _must("csrf"),
        _must("created_at", _NOW),
        _must("expires_at", _NOW),
    )
