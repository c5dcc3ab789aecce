"""The case that a step or a button names by its intervention's number: it may be an earlier one of the conversation."""

from __future__ import annotations

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace

from actions.base import Turn


@asynccontextmanager
async def answered_case(turn: Turn) -> AsyncIterator[Turn | None]:
    """As `named_case`; an answer in words names none and is about the present case."""
    if "number" not in turn.heard.answer:
        yield turn
        return
    async with named_case(turn) as meant:
        yield meant


@asynccontextmanager
async def named_case(turn: Turn) -> AsyncIterator[Turn | None]:
    """The turn on the named case, to be changed in the block; None when the buyer has no such intervention.

    A buyer who has begun another dispute (换一件事) still hears of the one before, and may answer to it.
    """
    number = str(turn.heard.answer.get("number") or "")
    own = turn.case.intervention
    if own is not None and own.number == number:
        yield turn
        return
    found = await turn.services.cases.show(number) if number else None
    # A case is only ever touched from its own conversation.
    if found is None or found.intervention is None or found.conversation_id != turn.case.conversation_id:
        yield None
        return
    async with turn.services.cases.edit_case(found.id) as case:
        yield replace(turn, case=case)
