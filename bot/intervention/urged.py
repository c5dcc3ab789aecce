"""When the buyer asked the platform for news (催办): noted in the case, so that nobody asks twice."""

from __future__ import annotations

from datetime import datetime

from bot.cases.drafts import keep_draft
from bot.cases.model import Case
from bot.disputes.urging import Topic
from bot.intervention.states import add_note

URGED = "urged."
_TOPICS: tuple[Topic, ...] = ("progress", "evidence", "ruling")


def note_urged(case: Case, topic: Topic, text: str, now: datetime, *, message_id: str | None = None) -> None:
    """Write the question into the intervention's history, where the desk reads it, and into the audit trail.

    Raises:
        NotAllowed: the case has no intervention, or a closed one.
    """
    add_note(case, f"买家询问进展：{text}", now)
    keep_draft(case, "urging", text, now, message_id=message_id)
    case.record(now, "buyer", f"{URGED}{topic}", {"message_id": message_id})


def last_urged(case: Case) -> dict[Topic, datetime]:
    """When each topic was last asked about."""
    return {topic: entry.at for entry in case.audit for topic in _TOPICS if entry.what == f"{URGED}{topic}"}
