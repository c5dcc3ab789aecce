"""One conversation at the desk: its log, its case, its files."""

from __future__ import annotations

from urllib.parse import quote

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.cases.model import EvidenceItem
from bot.channels.desk import lists
from bot.channels.desk.answers import flag, not_found, path_id
from bot.channels.desk.auth import Route, SignedIn
from bot.channels.desk.case_view import case_view
from bot.channels.desk.parts import DeskParts
from bot.channels.desk.reach import Reach
from bot.channels.desk.views import entry_view
from bot.channels.web.answers import SAFE_HEADERS, ApiError, json_answer, whole_number
from bot.evidence.errors import EvidenceDamaged

MOST_LINES = 200


class DeskConversations:
    """Reading only; what may be read is for `Reach` to say."""

    def __init__(self, parts: DeskParts) -> None:
        self._parts = parts
        self._reach = Reach(parts.database)

    def routes(self) -> list[Route]:
        """What this part answers."""
        return [
            ("/conversations/<conversation:str>/history", "GET", self._history),
            ("/conversations/<conversation:str>/case", "GET", self._case),
            ("/evidence/<conversation:str>/<evidence:str>", "GET", self._evidence),
        ]

    async def _history(self, request: Request, who: SignedIn, conversation: str) -> HTTPResponse:
        conversation_id, mask = await self._reach.open(conversation, who.agent)
        entries, has_more = await self._parts.road.history(
            conversation_id,
            after_seq=whole_number(request, "after_seq"),
            before_seq=whole_number(request, "before_seq"),
            limit=min(whole_number(request, "limit") or 50, MOST_LINES),
        )
        async with self._parts.database.read() as tx:
            delivered = await lists.deliveries(tx, [one.id for one in entries])
        shown = [entry_view(one, mask, delivered.get(one.id)) for one in entries]
        return json_answer({"entries": shown, "has_more": has_more})

    async def _case(self, _request: Request, who: SignedIn, conversation: str) -> HTTPResponse:
        conversation_id, mask = await self._reach.open(conversation, who.agent)
        # The newest is the active one; a closed one is still what the agent has to read.
        stored = await self._parts.cases.of_conversation(conversation_id)
        if not stored:
            raise ApiError(404, "no_case", "这个会话还没有建立纠纷资料。")
        return json_answer(case_view(stored[-1], self._parts.clock(), self._parts.rulebook, mask))

    async def _evidence(
        self, request: Request, who: SignedIn, conversation: str, evidence: str
    ) -> HTTPResponse:
        conversation_id, _ = await self._reach.open(conversation, who.agent)
        item = await self._item(conversation_id, path_id(evidence))
        try:
            if flag(request, "thumb"):
                return _picture(await self._parts.evidence.thumbnail(item))
            data = await self._parts.evidence.open(item)
        except EvidenceDamaged:
            raise ApiError(
                410, "evidence_damaged", "这份文件和上传时不一致，不能作为证据使用，请联系管理员。"
            ) from None
        return HTTPResponse(data, headers=_as_download(item), content_type=item.mime)

    async def _item(self, conversation_id: str, evidence_id: str) -> EvidenceItem:
        for case in await self._parts.cases.of_conversation(conversation_id):
            for item in case.evidence:
                if item.id == evidence_id:
                    return item
        raise not_found()


def _picture(small: bytes | None) -> HTTPResponse:
    if small is None:
        raise ApiError(404, "no_thumbnail", "没有可以显示的缩略图。")
    headers = {**SAFE_HEADERS, "Cache-Control": "private, max-age=3600"}
    return HTTPResponse(small, headers=headers, content_type="image/jpeg")


def _as_download(item: EvidenceItem) -> dict[str, str]:
    """Never shown in the page's own origin: a file of a stranger is only ever saved."""
    name = quote(item.name, safe="")
    disposition = f"attachment; filename=\"{item.id}\"; filename*=UTF-8''{name}"
    return {**SAFE_HEADERS, "Content-Disposition": disposition}
