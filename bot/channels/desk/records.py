"""The handoff record at the desk, and the files made of it.

Both are masked unless a supervisor asks for everything; asking is written to the audit trail before the answer
is given, and so is every file that leaves the desk.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.desk.answers import flag, path_id
from bot.channels.desk.auth import Route, SignedIn
from bot.channels.desk.parts import DeskParts
from bot.channels.web.answers import SAFE_HEADERS, ApiError, json_answer
from bot.handoff.export_html import to_html
from bot.handoff.export_transcript import to_transcript
from bot.handoff.export_vcon import to_vcon
from bot.handoff.model import HandoffEvent
from bot.handoff.record import build_record
from bot.handoff.record_parts import gather


@dataclass(frozen=True)
class _Form:
    """One format of the export."""

    ending: str
    content_type: str
    make: Callable[[dict[str, Any]], str]


def _plain(document: object) -> str:
    return json.dumps(document, ensure_ascii=False, indent=2)


FORMS = {
    "json": _Form("json", "application/json; charset=utf-8", _plain),
    "html": _Form("html", "text/html; charset=utf-8", to_html),
    "transcript": _Form(
        "transcript", "application/json; charset=utf-8", lambda one: _plain(to_transcript(one))
    ),
    "vcon": _Form("vcon.json", "application/json; charset=utf-8", lambda one: _plain(to_vcon(one))),
}


class DeskRecords:
    """Makes the record anew for each request: it shows the conversation as it is now."""

    def __init__(self, parts: DeskParts, public_url: str = "") -> None:
        self._parts = parts
        self._public_url = public_url

    def routes(self) -> list[Route]:
        """What this part answers."""
        return [
            ("/handoffs/<handoff:str>/record", "GET", self._record),
            ("/handoffs/<handoff:str>/export", "GET", self._export),
        ]

    async def _record(self, request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        handoff_id, reveal = path_id(handoff), _reveal(request, who)
        record = await self._build(handoff_id, reveal)
        if reveal:
            await self._write_down(handoff_id, who, "reveal", {"what": "record"})
        return json_answer(record)

    async def _export(self, request: Request, who: SignedIn, handoff: str) -> HTTPResponse:
        handoff_id, reveal = path_id(handoff), _reveal(request, who)
        name = request.args.get("format") or "json"
        form = FORMS.get(name)
        if form is None:
            raise ApiError(400, "bad_format", "格式只能是 json、html、transcript 或 vcon。")
        data = form.make(await self._build(handoff_id, reveal)).encode("utf-8", "replace")
        await self._write_down(handoff_id, who, "export", {"format": name, "revealed": reveal})
        disposition = f'attachment; filename="{handoff_id}.{form.ending}"'
        headers = {**SAFE_HEADERS, "Content-Disposition": disposition}
        return HTTPResponse(data, headers=headers, content_type=form.content_type)

    async def _build(self, handoff_id: str, reveal: bool) -> dict[str, Any]:
        parts, now = self._parts, self._parts.clock()
        found = await parts.handoffs.get(handoff_id)
        material = await gather(
            parts.database, parts.cases, parts.rulebook, found, now, console_url=self._public_url or None
        )
        return build_record(material, now=now, reveal=reveal)

    async def _write_down(self, handoff_id: str, who: SignedIn, what: str, detail: dict[str, Any]) -> None:
        event = HandoffEvent(self._parts.clock(), "agent", who.agent.name, what, detail)
        await self._parts.handoffs.record_event(handoff_id, event)


def _reveal(request: Request, who: SignedIn) -> bool:
    """Whether everything is asked for. Raises ApiError 403 for who may not."""
    if not flag(request, "reveal"):
        return False
    if who.agent.role != "supervisor":
        raise ApiError(403, "supervisor_only", "只有主管可以查看未隐藏的个人信息。")
    return True
