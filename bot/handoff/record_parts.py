"""Everything that a handoff record is made of, read from the database in one go."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.model import Case
from bot.cases.service import CaseService
from bot.conversation.message_log import everything
from bot.conversation.messages import Entry
from bot.conversation.tables import inbox, outbox
from bot.database.engine import Transactions
from bot.disputes.rulebook import Rulebook
from bot.handoff.model import Handoff, Note
from bot.handoff.store import notes_of

_SHOWN_STATE = {"sending": "pending"}


@dataclass(frozen=True)
class RecordParts:
    """What `bot.handoff.record.build_record` works from.

    Attributes:
        case: the case the handoff is about; None when nothing was told yet.
        entries: the whole message log of the conversation, in order.
        delivery: pending, sent, held or failed by log id, for the lines that were pushed to a platform.
        lines: the log id of a buyer's message by the platform's message id, which cases refer to.
        read_at: when all this was read.
        console_url: the public address of this server (``https://…``), None when there is none.
    """

    handoff: Handoff
    case: Case | None
    entries: Sequence[Entry]
    rulebook: Rulebook
    read_at: datetime
    delivery: Mapping[str, str] = field(default_factory=dict)
    lines: Mapping[str, str] = field(default_factory=dict)
    notes: Sequence[Note] = ()
    console_url: str | None = None


async def gather(
    database: Transactions,
    cases: CaseService,
    rulebook: Rulebook,
    handoff: Handoff,
    now: datetime,
    *,
    console_url: str | None = None,
) -> RecordParts:
    """Read the log, the delivery states, the notes and the case of a handoff as they are at ``now``."""
    case = await _case_of(cases, handoff)
    async with database.read() as tx:
        entries = await everything(tx, handoff.conversation_id)
        delivery = await _delivery(tx, handoff.conversation_id)
        lines = await _lines(tx, handoff.conversation_id, entries)
        notes = await notes_of(tx, handoff.id)
    return RecordParts(handoff, case, entries, rulebook, now, delivery, lines, notes, console_url)


async def _case_of(cases: CaseService, handoff: Handoff) -> Case | None:
    """The case noted at the request. Who asked before telling anything has the one that came after."""
    if handoff.case_id is not None:
        return await cases.show(handoff.case_id)
    return await cases.find(handoff.conversation_id)


async def _delivery(tx: AsyncConnection, conversation_id: str) -> dict[str, str]:
    query = select(outbox.c.log_id, outbox.c.state).where(outbox.c.conversation_id == conversation_id)
    rows = (await tx.execute(query.order_by(outbox.c.id))).all()
    return {row.log_id: _SHOWN_STATE.get(row.state, row.state) for row in rows}


async def _lines(tx: AsyncConnection, conversation_id: str, entries: Sequence[Entry]) -> dict[str, str]:
    by_seq = {entry.seq: entry.id for entry in entries if entry.author_type == "buyer"}
    query = select(inbox.c.message_id, inbox.c.log_seq).where(
        # What has no words in the log (an event of ours) carries the number of the line before it.
        inbox.c.conversation_id == conversation_id,
        inbox.c.kind != "event",
    )
    rows = (await tx.execute(query)).all()
    return {row.message_id: by_seq[row.log_seq] for row in rows if row.log_seq in by_seq}
