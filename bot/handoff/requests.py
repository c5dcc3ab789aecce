"""The buyer's side: asking for a person, leaving the queue, leaving a message, waiting in vain."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from contextlib import suppress
from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from sqlalchemy import func, select
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.cases.model import Case
from bot.cases.service import CaseService
from bot.cases.session import CaseSession, active_session
from bot.conversation.errors import ConversationErased
from bot.conversation.sanitise import clean_text
from bot.conversation.turn import Turn, active_turn
from bot.conversation.voice import Voice
from bot.database.engine import Transactions
from bot.disputes.rulebook import Rulebook
from bot.handoff import queue, store
from bot.handoff.errors import HandoffError
from bot.handoff.gaps import SOON, Clock, advice_of, nearest_clock
from bot.handoff.hours import DeskPolicy
from bot.handoff.model import HELD, MOVES, URGENT, Handoff, HandoffState, Priority, Reason, Requested
from bot.handoff.moves import BOT, BUYER, SYSTEM, Work, work_on, work_on_handoff
from bot.handoff.reasons import reason_label
from bot.handoff.summary import summary_of
from bot.handoff.tables import handoff_events, handoffs

SAME_WISH = timedelta(days=1)
"""A message left within this belongs to the wish for a person before it."""
LONGEST_LEFT_TEXT = 2000  # characters
LONGEST_DETAIL = 200

_Step = Callable[[Work], Awaitable[bool]]
_Unit = Turn | CaseSession


@dataclass(frozen=True)
class Asked:
    """The wish for a person that a new handoff is made of."""

    conversation_id: str
    reason: Reason
    detail: str
    message_id: str | None
    case: Case | None

    def handoff(self, channel: str, state: HandoffState, rulebook: Rulebook, now: datetime) -> Handoff:
        """The new handoff, with what the case says about its urgency at this moment."""
        nearest = self.nearest(rulebook, now)
        return Handoff(
            id=store.new_id(),
            conversation_id=self.conversation_id,
            channel=channel,
            case_id=self.case.id if self.case is not None else None,
            state=state,
            reason=self.reason,
            reason_detail=clean_text(self.detail)[:LONGEST_DETAIL],
            trigger_message_id=self.message_id,
            priority=priority_of(self.reason, nearest, now),
            summary=summary_of(self.case, rulebook, reason_label(self.reason), now),
            nearest_due=nearest.due if nearest else None,
            nearest_name=nearest.name if nearest else None,
            requested_at=now,
        )

    def nearest(self, rulebook: Rulebook, now: datetime) -> Clock | None:
        """The clock of the case that runs out first."""
        return nearest_clock(self.case, advice_of(self.case, rulebook, now), rulebook, now)


def priority_of(reason: Reason, nearest: Clock | None, now: datetime) -> Priority:
    """Who goes first: danger, threats, large sums, and clocks about to run out."""
    soon = nearest is not None and nearest.due - now <= SOON
    return "high" if reason in URGENT or soon else "normal"


class _AtTheEnd:
    """A step that the running turn, or edit of a case, takes in its own transaction."""

    def __init__(
        self, name: str, unit: _Unit, conversation_id: str, now: datetime, voice: Voice, step: _Step
    ) -> None:
        self.name = name
        self._unit = unit
        self._conversation_id = conversation_id
        self._now = now
        self._voice = voice
        self._step = step

    async def __call__(self, tx: AsyncConnection) -> None:
        work = await Work.open(tx, self._voice, self._conversation_id, self._now)
        await self._step(work)
        await work.end()
        self._unit.after_commit.append(work.tell)

    def drop(self) -> None:
        """The turn thought better of it."""
        self._unit.in_commit.remove(self)


def _turn_of(conversation_id: str) -> Turn | None:
    turn = active_turn.get()
    return turn if turn is not None and turn.conversation_id == conversation_id else None


def _unit_of(conversation_id: str) -> _Unit | None:
    """What is going on in this conversation and will be written as a whole: a turn, or an edit of its case.

    An action on an action server has no turn around it, but it works inside an edit. On SQLite, where there is
    one writer, waiting for a second transaction beside that would never end.
    """
    session = active_session.get()
    return _turn_of(conversation_id) or (
        session if session is not None and session.alone_for == conversation_id else None
    )


def _planned(conversation_id: str, name: str) -> _AtTheEnd | None:
    """The step of that name that the running turn or edit has not taken yet."""
    unit = _unit_of(conversation_id)
    steps = [one for one in (unit.in_commit if unit else ()) if isinstance(one, _AtTheEnd)]
    return next((one for one in steps if one.name == name), None)


class Requests:
    """Part of `HandoffService`; the methods promise what it says there."""

    def __init__(
        self,
        database: Transactions,
        cases: CaseService,
        voice: Voice,
        *,
        rulebook: Rulebook,
        policy: DeskPolicy,
    ) -> None:
        self._database = database
        self._cases = cases
        self._voice = voice
        self._rulebook = rulebook
        self._policy = policy

    async def asked(
        self, conversation_id: str, reason: Reason, detail: str = "", message_id: str | None = None
    ) -> Asked:
        """The wish, with the case as it is now and the message that led to it."""
        turn = _turn_of(conversation_id)
        if message_id is None and turn is not None:
            message_id = turn.message.message_id
        case = await self._cases.find(conversation_id)
        return Asked(conversation_id, reason, detail, message_id, case)

    async def request(
        self, conversation_id: str, reason: Reason, *, now: datetime, detail: str, message_id: str | None
    ) -> Requested:
        asked = await self.asked(conversation_id, reason, detail, message_id)
        priority = priority_of(reason, asked.nearest(self._rulebook, now), now)
        async with self._database.read() as tx:
            if await store.active_of(tx, conversation_id) is not None:
                return Requested("already", await queue.place_of(tx, conversation_id) or 0)
            place = await queue.next_place(tx, priority)
            staffed = await store.has_desk(tx)
        if _planned(conversation_id, "request") is not None:
            return Requested("already", place)
        if not staffed:
            return Requested("no_desk")
        if not self._policy.hours.is_open(now):
            return Requested("closed_hours", opens=self._policy.hours.next_opening(now))

        async def enqueue(work: Work) -> bool:
            if await store.active_of(work.tx, conversation_id) is not None:
                return False
            handoff = asked.handoff(work.channel, HandoffState.QUEUED, self._rulebook, now)
            await work.begin(handoff, "request", BUYER if reason is Reason.USER_REQUEST else BOT)
            return True

        if await self._do(conversation_id, now, "request", enqueue):
            return Requested("queued", place)
        async with self._database.read() as tx:
            return Requested("already", await queue.place_of(tx, conversation_id) or 0)

    async def cancel(self, conversation_id: str, now: datetime) -> bool:
        planned = _planned(conversation_id, "request")
        if planned is not None:
            planned.drop()
            return True
        async with self._database.read() as tx:
            if not await _is_queued(tx, conversation_id):
                return False

        async def leave(work: Work) -> bool:
            active = await store.active_of(work.tx, conversation_id)
            if active is None or active.state is not HandoffState.QUEUED:
                return False
            await work.move(active, "cancel", BUYER, ended_at=now)
            return True

        return await self._do(conversation_id, now, "cancel", leave)

    async def leave_message(self, conversation_id: str, text: str, now: datetime) -> bool:
        words = clean_text(text)[:LONGEST_LEFT_TEXT]
        asked = await self.asked(conversation_id, Reason.USER_REQUEST)
        async with self._database.read() as tx:
            active = await store.active_of(tx, conversation_id)
            staffed = await store.has_desk(tx)
        if not words or not staffed or (active is not None and active.state in HELD):
            return False

        async def keep(work: Work) -> bool:
            return await self._keep_message(work, asked, words)

        return await self._do(conversation_id, now, "leave_message", keep)

    async def _do(self, conversation_id: str, now: datetime, name: str, step: _Step) -> bool:
        """Whether it was done; True as well when the running turn or edit will do it at its end."""
        unit = _unit_of(conversation_id)
        if unit is not None:
            unit.in_commit.append(_AtTheEnd(name, unit, conversation_id, now, self._voice, step))
            return True
        async with work_on(self._database, self._voice, conversation_id, now) as work:
            return await step(work)

    async def _keep_message(self, work: Work, asked: Asked, words: str) -> bool:
        conversation_id = work.conversation_id
        before = await store.active_of(work.tx, conversation_id)
        before = before or await store.newest_of(work.tx, conversation_id)
        if before is not None and before.state in HELD:
            return False
        if before is not None and _takes_words(before, work.now):
            text = "\n".join(filter(None, (before.left_text, words)))[:LONGEST_LEFT_TEXT]
            await work.move(before, "leave_message", BUYER, left_text=text, ended_at=None)
            return True
        handoff = asked.handoff(work.channel, HandoffState.LEFT_MESSAGE, self._rulebook, work.now)
        await work.begin(replace(handoff, left_text=words), "leave_message", BUYER)
        return True

    async def expire(self, now: datetime) -> int:
        async with self._database.read() as tx:
            late = await self._late(tx, now)
        count = 0
        for handoff_id in late:
            with suppress(HandoffError, ConversationErased):  # claimed, cancelled or erased just now
                async with work_on_handoff(self._database, self._voice, handoff_id, now) as (work, found):
                    await work.move(found, "expire", SYSTEM, ended_at=now)
                    message_id = f"handoff:{found.id}:timed_out:{found.version}"
                    await work.tell_bot(message_id, "handoff_timed_out", {})
                count += 1
        return count

    async def _late(self, tx: AsyncConnection, now: datetime) -> list[str]:
        """Who has waited too long since asking, or since an agent gave the conversation up."""
        released = (
            select(func.max(handoff_events.c.at))
            .where(handoff_events.c.handoff_id == handoffs.c.id, handoff_events.c.what == "release")
            .scalar_subquery()
        )
        query = select(handoffs.c.id, handoffs.c.requested_at, released.label("released_at")).where(
            handoffs.c.state == HandoffState.QUEUED.value,
            handoffs.c.requested_at <= now - self._policy.patience,
        )
        rows = (await tx.execute(query.order_by(handoffs.c.requested_at))).all()
        return [
            str(row.id)
            for row in rows
            if now - max(row.requested_at, row.released_at or row.requested_at) >= self._policy.patience
        ]


def _takes_words(handoff: Handoff, now: datetime) -> bool:
    """Whether words left now belong to this handoff; an old one has left the desk's list, or soon will."""
    fresh = handoff.state is HandoffState.QUEUED or now - handoff.requested_at <= SAME_WISH
    return fresh and handoff.state in MOVES["leave_message"][0]


async def _is_queued(tx: AsyncConnection, conversation_id: str) -> bool:
    active = await store.active_of(tx, conversation_id)
    return active is not None and active.state is HandoffState.QUEUED
