"""The time limits of the buyer's dispute as a calendar file, to be put into their own calendar."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from datetime import datetime

from bot.cases.model import Case
from bot.cases.service import CaseService
from bot.cases.view import view_of
from bot.disputes.calendar_export import ics
from bot.disputes.rulebook import Rulebook
from bot.intervention.clocks import clocks

CALENDAR_TYPE = "text/calendar; charset=utf-8"
AskCalendar = Callable[[str], Awaitable["bytes | None"]]
"""The calendar file of a conversation's dispute; None when it has no time limit that lies ahead."""


def asks_cases(cases: CaseService, rulebook: Rulebook, clock: Callable[[], datetime]) -> AskCalendar:
    """The calendar of the dispute that the conversation is about now."""

    async def ask(conversation_id: str) -> bytes | None:
        case = await cases.find(conversation_id)
        return calendar_of(case, clock(), rulebook) if case is not None and case.types else None

    return ask


def calendar_of(case: Case, now: datetime, rulebook: Rulebook) -> bytes | None:
    """The limits as they are told to the buyer, those of a running intervention included; None when none lies ahead."""
    found = clocks(case, now, rulebook)
    if not any(one.due is not None and one.due > now for one in found):
        return None
    facts = view_of(case).facts
    named = [name for name in (facts.product, facts.order_number) if name]
    title = " ".join([*named, "、".join(card.name for card in rulebook.cards(case.types))])
    return ics(found, now, title, rulebook.source_labels).encode("utf-8")
