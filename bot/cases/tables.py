"""Tables of the cases. Short lists are JSON in the case row; what is searched or grows has its own table.

No foreign key to the conversations: those belong to a part of the program above this one.
"""

from __future__ import annotations

from sqlalchemy import Boolean, Column, ForeignKey, Index, Integer, Table, Text, UniqueConstraint, text

from bot.database.schema import JsonText, Money, UtcDateTime, metadata

_ACTIVE = text("stage <> 'closed'")


def _of_case(primary_key: bool = True) -> Column:
    return Column("case_id", Text, ForeignKey("cases.id"), primary_key=primary_key, nullable=False)


def _number() -> Column:
    """Counts the rows of one case, so that their order is kept."""
    return Column("no", Integer, primary_key=True, autoincrement=False)


cases = Table(
    "cases",
    metadata,
    Column("id", Text, primary_key=True),
    Column("conversation_id", Text, nullable=False, index=True),
    Column("created_at", UtcDateTime, nullable=False),
    Column("updated_at", UtcDateTime, nullable=False, index=True),
    Column("version", Integer, nullable=False),
    Column("stage", Text, nullable=False),
    Column("types", JsonText, nullable=False),
    Column("declined", JsonText, nullable=False),
    Column("gaps_acknowledged", Boolean, nullable=False),
    Column("dialogue", JsonText, nullable=False),
    # The database itself keeps a conversation from having two active cases.
    Index(
        "uq_cases_one_active", "conversation_id", unique=True, sqlite_where=_ACTIVE, postgresql_where=_ACTIVE
    ),
)

case_facts = Table(
    "case_facts",
    metadata,
    _of_case(),
    Column("name", Text, primary_key=True),
    Column("value", JsonText, nullable=False),
    Column("certainty", Text, nullable=False),
    Column("message_id", Text),
    Column("at", UtcDateTime, nullable=False),
    Column("origin", Text, nullable=False),
)

case_evidence = Table(
    "case_evidence",
    metadata,
    Column("id", Text, primary_key=True),
    _of_case(primary_key=False),
    Column("no", Integer, nullable=False),
    Column("kind", Text),
    Column("name", Text, nullable=False),
    Column("mime", Text, nullable=False),
    Column("size", Integer, nullable=False),
    Column("sha256", Text, nullable=False),
    Column("path", Text, nullable=False),
    Column("uploaded_at", UtcDateTime, nullable=False),
    Column("message_id", Text),
    Column("source", Text, nullable=False),
    Column("notes", Text, nullable=False),
    UniqueConstraint("case_id", "sha256"),
)

case_rounds = Table(
    "case_rounds",
    metadata,
    _of_case(),
    _number(),
    Column("at", UtcDateTime, nullable=False),
    Column("ours", Text),
    Column("theirs", Text),
    Column("stance", Text),
    Column("offer", Money),
    Column("verdict", Text),
    Column("message_id", Text),
)

# The case is the key: one intervention per case, whatever two transactions try at once.
interventions = Table(
    "interventions",
    metadata,
    _of_case(),
    Column("number", Text, nullable=False, unique=True),
    Column("state", Text, nullable=False),
    Column("opened_at", UtcDateTime, nullable=False),
    Column("statement", Text, nullable=False),
    Column("chronology", JsonText, nullable=False),
    Column("evidence_numbers", JsonText, nullable=False),
    Column("demand", Text, nullable=False),
)

intervention_history = Table(
    "intervention_history",
    metadata,
    _of_case(),
    _number(),
    Column("state", Text, nullable=False),
    Column("at", UtcDateTime, nullable=False),
    Column("note", Text, nullable=False),
)

case_deadlines = Table(
    "case_deadlines",
    metadata,
    _of_case(),
    Column("id", Text, primary_key=True),
    Column("no", Integer, nullable=False),
    Column("name", Text, nullable=False),
    Column("kind", Text, nullable=False),
    Column("due", UtcDateTime),
    Column("base_fact", Text),
    Column("consequence", Text, nullable=False),
    Column("sources", JsonText, nullable=False),
)

case_audit = Table(
    "case_audit",
    metadata,
    _of_case(),
    _number(),
    Column("at", UtcDateTime, nullable=False),
    Column("actor", Text, nullable=False),
    Column("what", Text, nullable=False),
    Column("detail", JsonText, nullable=False),
)
