"""The agent's side: taking a conversation, talking in it, putting it back, stepping out and in again."""

from __future__ import annotations

from dataclasses import replace
from datetime import datetime
from typing import Any

from sqlalchemy import select
from sqlalchemy.exc import IntegrityError
from sqlalchemy.ext.asyncio import AsyncConnection

from bot.conversation import message_log
from bot.conversation.errors import EmptyMessage, MessageTooLong
from bot.conversation.messages import Entry, Reply
from bot.conversation.sanitise import MAX_STORED, clean_text
from bot.conversation.tables import message_log as log_table
from bot.conversation.voice import Voice
from bot.database.engine import Transactions
from bot.disputes.rulebook import Rulebook
from bot.handoff import store
from bot.handoff.errors import AlreadyClaimed, WrongState
from bot.handoff.model import HELD, Agent, Handoff, HandoffEvent, HandoffState, Reason
from bot.handoff.moves import Work, actor, check_holder, work_on, work_on_handoff
from bot.handoff.requests import Requests

JOINED = "人工客服 {name} 已接入。"
PUT_BACK = "人工客服 {name} 暂时离开，已为您重新排队，其他客服会尽快接入，您说过的内容都会一起交给他。"


class Claims:
    """Part of `HandoffService`; the methods promise what it says there."""

    def __init__(
        self, database: Transactions, voice: Voice, requests: Requests, *, rulebook: Rulebook
    ) -> None:
        self._database = database
        self._voice = voice
        self._requests = requests
        self._rulebook = rulebook

    async def claim(self, handoff_id: str, agent: Agent, now: datetime) -> Handoff:
        async with work_on_handoff(self._database, self._voice, handoff_id, now) as (work, found):
            await _check_no_other(work.tx, found)
            return await _take(work, found, agent)

    async def take_over(self, conversation_id: str, agent: Agent, now: datetime) -> Handoff:
        asked = await self._requests.asked(conversation_id, Reason.AGENT)
        try:
            async with work_on(self._database, self._voice, conversation_id, now) as work:
                active = await store.active_of(work.tx, conversation_id)
                if active is not None:
                    return await _take(work, active, agent)
                wanted = asked.handoff(work.channel, HandoffState.HUMAN, self._rulebook, now)
                handoff = replace(wanted, **_held_by(agent, now))
                await work.begin(handoff, "take_over", actor(agent))
                await work.say(JOINED.format(name=agent.display_name))
                return handoff
        except IntegrityError as error:  # queued in the same moment by somebody who took no lock
            raise WrongState() from error

    async def say(
        self, handoff_id: str, agent: Agent, text: str, now: datetime, *, client_msg_id: str | None
    ) -> Entry:
        words = _words(text)
        async with work_on_handoff(self._database, self._voice, handoff_id, now, quiet=True) as (work, found):
            check_holder(found, agent)
            if found.state is not HandoffState.HUMAN:
                raise WrongState()
            said = await _said_before(work.tx, found.conversation_id, client_msg_id)
            if said is not None:
                return said
            (entry,) = await self._voice.say(
                work.tx,
                found.conversation_id,
                [Reply(text=words)],
                now,
                author_type="agent",
                author_name=agent.display_name,
                client_msg_id=client_msg_id,
            )
        return entry

    async def release(self, handoff_id: str, agent: Agent, now: datetime) -> Handoff:
        async with work_on_handoff(self._database, self._voice, handoff_id, now) as (work, found):
            check_holder(found, agent, or_supervisor=True)
            nobody = {"agent_id": None, "agent_name": None, "claimed_at": None}
            released = await work.move(found, "release", actor(agent), **nobody)
            await work.say(PUT_BACK.format(name=found.agent_name))
            return released

    async def wrap_up(self, handoff_id: str, agent: Agent, now: datetime) -> Handoff:
        return await self._step(handoff_id, agent, now, "wrap_up")

    async def resume(self, handoff_id: str, agent: Agent, now: datetime) -> Handoff:
        return await self._step(handoff_id, agent, now, "resume")

    async def note(self, handoff_id: str, agent: Agent, text: str, now: datetime) -> None:
        words = _words(text)
        async with work_on_handoff(self._database, self._voice, handoff_id, now, quiet=True) as (work, found):
            await store.add_note(work.tx, found, agent.id, agent.display_name, words, now)
            event = HandoffEvent(now, "agent", agent.name, "note", {})
            await store.audit(work.tx, found.id, found.conversation_id, event)

    async def _step(self, handoff_id: str, agent: Agent, now: datetime, name: str) -> Handoff:
        async with work_on_handoff(self._database, self._voice, handoff_id, now) as (work, found):
            check_holder(found, agent)
            return await work.move(found, name, actor(agent))


def _words(text: str) -> str:
    """What an agent wrote, fit to be stored. Raises EmptyMessage, MessageTooLong."""
    words = clean_text(text)
    if not words:
        raise EmptyMessage()
    if len(words) > MAX_STORED:
        raise MessageTooLong()
    return words


async def _take(work: Work, found: Handoff, agent: Agent) -> Handoff:
    """Give the conversation to the agent, who may have it already (a button pressed twice)."""
    if found.state in HELD:
        if found.agent_id == agent.id:
            return found
        raise AlreadyClaimed(found.agent_name or "")
    claimed = await work.move(found, "claim", actor(agent), **_held_by(agent, work.now))
    await work.say(JOINED.format(name=agent.display_name))
    return claimed


def _held_by(agent: Agent, now: datetime) -> dict[str, Any]:
    return {"agent_id": agent.id, "agent_name": agent.display_name, "claimed_at": now}


async def _check_no_other(tx: AsyncConnection, found: Handoff) -> None:
    """A message that was left is not taken up while the buyer is queued or with an agent anew."""
    if found.state is not HandoffState.LEFT_MESSAGE:
        return
    active = await store.active_of(tx, found.conversation_id)
    if active is not None and active.state in HELD:
        raise AlreadyClaimed(active.agent_name or "")
    if active is not None:
        raise WrongState("这位买家又在排队了，请从队列里接入。")


async def _said_before(tx: AsyncConnection, conversation_id: str, client_msg_id: str | None) -> Entry | None:
    """The line that the same request of the desk's page has brought already."""
    if client_msg_id is None:
        return None
    query = select(log_table.c.seq).where(
        log_table.c.conversation_id == conversation_id,
        log_table.c.author_type == "agent",
        log_table.c.client_msg_id == client_msg_id,
    )
    seq = (await tx.execute(query.limit(1))).scalar_one_or_none()
    if seq is None:
        return None
    (entry,), _ = await message_log.page(tx, conversation_id, after_seq=seq - 1, before_seq=seq + 1)
    return entry
