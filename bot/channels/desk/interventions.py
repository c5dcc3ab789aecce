"""Interventions at the desk: the list, and the steps that reach the buyer's chat (受理 … 申诉复审)."""

from __future__ import annotations

import asyncio
import secrets
import time
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.cases.model import Case
from bot.channels.desk import lists
from bot.channels.desk.answers import not_found, path_id
from bot.channels.desk.auth import Route, SignedIn
from bot.channels.desk.case_view import mask_words
from bot.channels.desk.parts import DeskParts
from bot.channels.desk.reach import mask_for
from bot.channels.desk.steps import allowed_kinds, read_step
from bot.channels.desk.views import intervention_view, when
from bot.channels.web.answers import ApiError, json_answer, read_json
from bot.conversation.messages import Incoming
from bot.conversation.notices import DESK, Notice
from bot.conversation.serial import ConversationLocks
from bot.intervention.steps import Step, may_take, steps_of

EVENT = "intervention_step"
_LOOK_EVERY = 0.05  # seconds


class DeskInterventions:
    """Lists interventions and takes steps in them."""

    def __init__(self, parts: DeskParts, step_wait_s: float) -> None:
        self._parts = parts
        self._wait_s = step_wait_s
        self._one_at_a_time = ConversationLocks()

    def routes(self) -> list[Route]:
        """What this part answers."""
        return [
            ("/interventions", "GET", self._list),
            ("/interventions/<number:str>", "GET", self._show),
            ("/interventions/<number:str>/steps", "POST", self._step),
        ]

    async def _list(self, _request: Request, _who: SignedIn) -> HTTPResponse:
        async with self._parts.database.read() as tx:
            found = await lists.open_interventions(tx, self._parts.clock())
        return json_answer({"items": [intervention_view(one, self._parts.rulebook) for one in found]})

    async def _show(self, _request: Request, who: SignedIn, number: str) -> HTTPResponse:
        return json_answer(await self._whole(await self._case(number), who))

    async def _step(self, request: Request, who: SignedIn, number: str) -> HTTPResponse:
        values, number = read_step(read_json(request), self._parts.clock()), path_id(number)
        values |= {"agent_name": who.agent.display_name, "number": number}
        step = Step.read(values)
        # A second click waits for the first one's turn and then finds that the step cannot follow any more.
        async with self._one_at_a_time.hold(number):
            case = await self._case(number)
            before = len(steps_of(case))
            if not may_take(case, step):
                raise _not_allowed(case)
            over = await self._happened(case.conversation_id, number, values)
            case = await self._case(number)
        self._parts.road.board.publish(DESK, Notice("queue"))
        if not over:
            body = {**await self._whole(case, who), "pending": True, "message": "已登记，稍后生效。"}
            return json_answer(body, 202)
        if step not in steps_of(case)[before:]:
            raise _not_allowed(case)
        return json_answer(await self._whole(case, who))

    async def _case(self, number: str) -> Case:
        case = await self._parts.cases.show(path_id(number))
        if case is None or case.intervention is None or case.intervention.number != path_id(number):
            raise not_found()
        return case

    async def _happened(self, conversation_id: str, number: str, values: dict[str, Any]) -> bool:
        """Tell the conversation of the step; whether its turn was over in time."""
        road = self._parts.road
        async with self._parts.database.read() as tx:
            channel = await lists.channel_of(tx, conversation_id)
        message_id = f"step:{number}:{secrets.token_hex(6)}"
        incoming = Incoming(conversation_id, channel, message_id, event=EVENT, values=values, always=True)
        await road.accept(incoming)
        deadline = time.monotonic() + self._wait_s
        while time.monotonic() < deadline:
            if await road.answered(channel, message_id):
                return True
            await asyncio.sleep(_LOOK_EVERY)
        return await road.answered(channel, message_id)

    async def _whole(self, case: Case, who: SignedIn) -> dict[str, Any]:
        found = case.intervention
        assert found is not None
        now, parts = self._parts.clock(), self._parts
        async with parts.database.read() as tx:
            going_on = await lists.active_handoffs(tx, [case.conversation_id])
            _, holder_id = await lists.holder_of(tx, case.conversation_id)
        clocks = sorted((one.due, one.name) for one in case.deadlines if one.due and one.due > now)
        amount = case.facts.get("amount")
        listed = lists.ListedIntervention(
            number=found.number,
            state=found.state,
            conversation_id=case.conversation_id,
            case_id=case.id,
            types=case.types,
            opened_at=found.opened_at,
            updated_at=case.updated_at,
            amount=None if amount is None else str(amount.value),
            nearest=lists.Nearest(clocks[0][1], clocks[0][0]) if clocks else None,
            handoff_id=going_on.get(case.conversation_id),
        )
        more = {
            "demand": found.demand,
            "statement": found.statement,
            "history": [{"state": state, "at": when(at), "note": note} for state, at, note in found.history],
        }
        return {
            **intervention_view(listed, parts.rulebook),
            **mask_words(more, mask_for(who.agent, holder_id)),
            "allowed": allowed_kinds(case),
        }


def _not_allowed(case: Case) -> ApiError:
    state = case.intervention.state if case.intervention else ""
    return ApiError(409, "not_allowed", f"介入现在处于“{state}”，不能进行这一步，请刷新后再看。")
