"""The first tables: the message road, the dialogue state and the cases."""

from __future__ import annotations

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None

_TABLES = (
    "conversations",
    "inbox",
    "message_log",
    "outbox",
    "button_tokens",
    "tracker_events",
    "tracker_events_quarantine",
    "cases",
    "case_facts",
    "case_evidence",
    "case_rounds",
    "interventions",
    "intervention_history",
    "case_deadlines",
    "case_audit",
)
_NOW = sa.DateTime(timezone=True)
_FEN = sa.BigInteger().with_variant(sa.Integer(), "sqlite")


def upgrade() -> None:
    """Create every table."""
    _conversations()
    _messages()
    _buttons()
    _dialogue_state()
    _cases()
    _case_details()
    _interventions()
    _case_records()


def downgrade() -> None:
    """Drop every table, the dependent ones first."""
    for table in reversed(_TABLES):
        op.drop_table(table)


def _must(name: str, type_: object = sa.Text, **options: object) -> sa.Column:
    return sa.Column(name, type_, nullable=False, **options)


def _may(name: str, type_: object = sa.Text) -> sa.Column:
    return sa.Column(name, type_, nullable=True)


def _row_id() -> sa.Column:
    return sa.Column("id", sa.Integer, primary_key=True, autoincrement=True)


def _case_id(**options: object) -> sa.Column:
    return sa.Column("case_id", sa.Text, sa.ForeignKey("cases.id"), nullable=False, **options)


def _conversations() -> None:
    op.create_table(
        "conversations",
        sa.Column("id", sa.Text, primary_key=True),
        _must("channel"),
        _must("created_at", _NOW),
        _may("erased_at", _NOW),
        _must("owner", server_default="bot"),
        _must("last_seq", sa.Integer, server_default="0"),
    )
    op.create_table(
        "inbox",
        _row_id(),
        sa.Column("conversation_id", sa.Text, sa.ForeignKey("conversations.id"), nullable=False),
        _must("channel"),
        _must("message_id"),
        _must("kind"),
        _must("body"),
        _must("state"),
        _must("attempts", sa.Integer, server_default="0"),
        _may("error"),
        _must("received_at", _NOW),
        _may("done_at", _NOW),
        _must("log_seq", sa.Integer),
        sa.UniqueConstraint("channel", "message_id", name="uq_inbox_channel_message_id"),
    )
    op.create_index("ix_inbox_state_conversation_id_id", "inbox", ["state", "conversation_id", "id"])


def _messages() -> None:
    op.create_table(
        "message_log",
        sa.Column("id", sa.Text, primary_key=True),
        _must("conversation_id"),
        _must("seq", sa.Integer),
        _must("author_type"),
        _must("author_name"),
        _may("text"),
        _may("buttons"),
        _may("card"),
        _may("attachment"),
        _may("in_reply_to"),
        _may("client_msg_id"),
        _must("created_at", _NOW),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_message_log_conversation_id_seq"),
    )
    op.create_table(
        "outbox",
        _row_id(),
        _must("conversation_id"),
        _must("log_id"),
        _must("channel"),
        _must("state"),
        _must("attempts", sa.Integer, server_default="0"),
        _must("next_try_at", _NOW),
        _may("error"),
        _may("platform_message_id"),
        _must("created_at", _NOW),
        _may("sent_at", _NOW),
    )


def _buttons() -> None:
    op.create_table(
        "button_tokens",
        sa.Column("token", sa.Text, primary_key=True),
        _must("conversation_id"),
        _must("payload"),
        _must("title"),
        _must("log_id"),
        _must("created_at", _NOW),
        _must("expires_at", _NOW),
    )


def _dialogue_state() -> None:
    op.create_table(
        "tracker_events",
        _row_id(),
        _must("conversation_id"),
        _must("seq", sa.Integer),
        _must("event_type"),
        _must("data"),
        _must("created_at", _NOW),
        sa.UniqueConstraint("conversation_id", "seq", name="uq_tracker_events_conversation_id_seq"),
    )
    op.create_table(
        "tracker_events_quarantine",
        _row_id(),
        _must("conversation_id"),
        _must("seq", sa.Integer),
        _must("data"),
        _must("error"),
        _must("created_at", _NOW),
    )


def _cases() -> None:
    op.create_table(
        "cases",
        sa.Column("id", sa.Text, primary_key=True),
        _must("conversation_id"),
        _must("created_at", _NOW),
        _must("updated_at", _NOW),
        _must("version", sa.Integer),
        _must("stage"),
        _must("types"),
        _must("declined"),
        _must("gaps_acknowledged", sa.Boolean),
        _must("dialogue"),
    )
    op.create_index("ix_cases_conversation_id", "cases", ["conversation_id"])
    op.create_index("ix_cases_updated_at", "cases", ["updated_at"])
    op.create_index(
        "uq_cases_one_active",
        "cases",
        ["conversation_id"],
        unique=True,
        sqlite_where=sa.text("stage <> 'closed'"),
        postgresql_where=sa.text("stage <> 'closed'"),
    )


def _case_details() -> None:
    op.create_table(
        "case_facts",
        _case_id(primary_key=True),
        sa.Column("name", sa.Text, primary_key=True),
        _must("value"),
        _must("certainty"),
        _may("message_id"),
        _must("at", _NOW),
        _must("origin"),
    )
    op.create_table(
        "case_evidence",
        sa.Column("id", sa.Text, primary_key=True),
        _case_id(),
        _must("no", sa.Integer),
        _may("kind"),
        _must("name"),
        _must("mime"),
        _must("size", sa.Integer),
        _must("sha256"),
        _must("path"),
        _must("uploaded_at", _NOW),
        _may("message_id"),
        _must("source"),
        _must("notes"),
        sa.UniqueConstraint("case_id", "sha256", name="uq_case_evidence_case_id_sha256"),
    )
    op.create_table(
        "case_rounds",
        _case_id(primary_key=True),
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
        _must("at", _NOW),
        _may("ours"),
        _may("theirs"),
        _may("stance"),
        _may("offer", _FEN),
        _may("verdict"),
        _may("message_id"),
    )


def _interventions() -> None:
    op.create_table(
        "interventions",
        _case_id(primary_key=True),
        _must("number"),
        _must("state"),
        _must("opened_at", _NOW),
        _must("statement"),
        _must("chronology"),
        _must("evidence_numbers"),
        _must("demand"),
        sa.UniqueConstraint("number", name="uq_interventions_number"),
    )
    op.create_table(
        "intervention_history",
        _case_id(primary_key=True),
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
        _must("state"),
        _must("at", _NOW),
        _must("note"),
    )


def _case_records() -> None:
    op.create_table(
        "case_deadlines",
        _case_id(primary_key=True),
        sa.Column("id", sa.Text, primary_key=True),
        _must("no", sa.Integer),
        _must("name"),
        _must("kind"),
        _may("due", _NOW),
        _may("base_fact"),
        _must("consequence"),
        _must("sources"),
    )
    op.create_table(
        "case_audit",
        _case_id(primary_key=True),
        sa.Column("no", sa.Integer, primary_key=True, autoincrement=False),
        _must("at", _NOW),
        _must("actor"),
        _must("what"),
        _must("detail"),
    )
