"""The queue and what an agent does with a handoff: claim, speak, release, wrap up, return, close, note."""

from __future__ import annotations

from collections.abc import Awaitable, Callable
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.desk.answers import needed_text, optional_amount, path_id, read_client_id
from bot.channels.desk.auth import Route, SignedIn
from bot.channels.desk.parts import DeskParts
from bot.channels.desk.reach import Reach, mask_of
from bot.channels.desk.views import handoff_view, masked, when
from bot.channels.web.answers import ApiError, json_answer, optional_text, read_json, too_many
from bot.channels.web.rate_limit import Rate, RateLimiter
from bot.handoff.model import EVENT_NAMES, Disposition, Settlement

_EVENTS = {**EVENT_NAMES, "reveal": "查看完整信息", "export": "导出记录"}
LONGEST_LINE = 2000  # characters
LONGEST_NOTE = 2000
LONGEST_OUTCOME = 100


class DeskHandoffs:
    """Everything that goes through `HandoffService`; it decides who may do what."""

    def __init__(self, parts: DeskParts, lines: Rate) -> None:
        self._parts = parts
        self._reach = Reach(parts.database)
        self._lines = RateLimiter(lines)

    def routes(self) -> list[Route]:
        """What this part answers."""
        one = "/handoffs/<handoff:str>"
        return [
            ("/queue", "GET", self._queue),
            (one, "GET", self._show),
            (f"{one}/claim", "POST", self._claim),
            (f"{one}/release", "POST", self._release),
            (f"{one}/wrap-up", "POST", self._wrap_up),
            (f"{one}/resume", "POST", self._resume),
            (f"{one}/messages", "POST", self._say),
            (f"{one}/return", "POST", self._return),
            (f"{one}/close", "POST", self._close),
            (f"{one}/notes", "POST", self._note),
            ("/conversations/<conversation:str>/claim", "POST", self._take_over),
        ]

    # -- reading --------------------------------------------------------------------------------------

    async def _queue(self, _request: Request, who: SignedIn) -> HTTPResponse:
        now = self._parts.clock()
        items = [
            handoff_view(item, mask_of(who.agent, item.handoff))
            for item in await self._parts.handoffs.queue(now)
        ]
        open_now = self._parts.handoffs.policy.hours.is_open(now)
        return json_answer({"now": when(now), "office_open": open_now, "items": items})

    async def _show(self, _request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        found = await self._parts.handoffs.get(path_id(handoff))
        mask = mask_of(who.agent, found)
        notes = [
            {"at": when(note.at), "agent_name": note.agent_name, "text": mask(note.text)}
            for note in await self._parts.handoffs.notes(found.id)
        ]
        events = [
            {
                "at": when(event.at),
                "actor": event.actor,
                "what": _EVENTS.get(event.what, event.what),
                "detail": masked(event.detail, mask),
            }
            for event in await self._parts.handoffs.events(found.id)
        ]
        return json_answer({"handoff": await self._item(found.id, who), "notes": notes, "events": events})

    async def _item(self, handoff_id: str, who: SignedIn) -> dict[str, Any]:
        item = await self._parts.handoffs.item(handoff_id, self._parts.clock())
        return handoff_view(item, mask_of(who.agent, item.handoff))

    # -- moves ----------------------------------------------------------------------------------------

    async def _claim(self, _request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        claimed = await self._parts.handoffs.claim(path_id(handoff), who.agent, self._parts.clock())
        return json_answer(await self._item(claimed.id, who))

    async def _take_over(self, _request: Request, who: SignedIn, conversation: str) -> HTTPResponse:
        conversation_id, _ = await self._reach.open(conversation, who.agent)
        taken = await self._parts.handoffs.take_over(conversation_id, who.agent, self._parts.clock())
        return json_answer(await self._item(taken.id, who))

    async def _release(self, _request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        return await self._move(self._parts.handoffs.release, handoff, who)

    async def _wrap_up(self, _request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        return await self._move(self._parts.handoffs.wrap_up, handoff, who)

    async def _resume(self, _request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        return await self._move(self._parts.handoffs.resume, handoff, who)

    async def _move(
        self, move: Callable[..., Awaitable[object]], raw_id: str, who: SignedIn, *more: object
    ) -> HTTPResponse:
        """Make a move and answer with the handoff as it is then."""
        handoff_id = path_id(raw_id)
        await move(handoff_id, who.agent, *more, self._parts.clock())
        return json_answer(await self._item(handoff_id, who))

    async def _return(self, request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        body = read_json(request)
        text = needed_text(body, "text", LONGEST_LINE, "请写明处理结果，小助手会转告买家。")
        outcome = (optional_text(body, "outcome", LONGEST_OUTCOME) or "").strip()
        settlement = Settlement(text, outcome, optional_amount(body))
        return await self._move(self._parts.handoffs.hand_back, handoff, who, settlement)

    async def _close(self, request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        body = read_json(request)
        try:
            disposition = Disposition(body.get("disposition"))
        except ValueError:
            raise ApiError(
                400, "bad_disposition", "请选择处理结果：已解决、未解决、转其他渠道或无效会话。"
            ) from None
        text = needed_text(body, "text", LONGEST_LINE, "请写一句处理说明。")
        return await self._move(self._parts.handoffs.close, handoff, who, disposition, Settlement(text))

    # -- words ----------------------------------------------------------------------------------------

    async def _say(self, request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        wait = self._lines.take(str(who.agent.id))
        if wait:
            raise too_many(wait)
        body = read_json(request)
        text = needed_text(body, "text", LONGEST_LINE, "请输入要发送的内容。")
        client_id = read_client_id(body.get("client_msg_id"))
        found = await self._parts.handoffs.get(path_id(handoff))
        _, last_seq = await self._parts.road.state(found.conversation_id)
        entry = await self._parts.handoffs.say(
            found.id, who.agent, text, self._parts.clock(), client_msg_id=client_id
        )
        return json_answer({"seq": entry.seq, "dup": entry.seq <= last_seq})

    async def _note(self, request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        text = needed_text(read_json(request), "text", LONGEST_NOTE, "备注是空的，请写点内容。")
        now = self._parts.clock()
        await self._parts.handoffs.note(path_id(handoff), who.agent, text, now)
        return json_answer({"at": when(now), "agent_name": who.agent.display_name, "text": text})
