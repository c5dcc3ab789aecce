"""Files from the buyer: stored, entered in the case and in the inbox before the upload is answered."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any

from sanic.request import File, Request

from bot.cases.service import CaseService
from bot.channels.web.answers import ApiError
from bot.conversation.messages import Accepted, Incoming
from bot.conversation.road import Road
from bot.evidence.errors import EvidenceRefused
from bot.evidence.service import EvidenceService


class Uploads:
    """Takes a multipart request to EvidenceService and onto the road; serves thumbnails."""

    def __init__(
        self, road: Road, evidence: EvidenceService, cases: CaseService, clock: Callable[[], datetime]
    ) -> None:
        self._road = road
        self._evidence = evidence
        self._cases = cases
        self._clock = clock

    async def accept(self, request: Request, incoming: Incoming) -> tuple[Accepted, dict[str, Any]]:
        """Keep the file of the request. Raises ApiError with the sentence for the buyer."""
        file = self._file(request)

        async def keep() -> dict[str, Any]:
            item = await self._evidence.add(
                incoming.conversation_id,
                file.name or "文件",
                file.body,
                self._clock(),
                incoming.message_id,
            )
            return item.as_attachment()

        try:
            return await self._road.accept_upload(incoming, keep)
        except EvidenceRefused as error:
            raise ApiError(415, "evidence_refused", error.message_zh) from error

    def _file(self, request: Request) -> File:
        files = request.files.getlist("file") if request.files else None
        if not files:
            raise ApiError(400, "no_file", "没有收到文件，请重新选择后上传。")
        if len(files) > 1:
            raise ApiError(400, "one_file", "请一次上传一个文件。")
        file: File = files[0]
        if len(file.body) > self._evidence.limits.other_bytes:
            raise ApiError(413, "too_large", "文件太大：图片不超过 10 MB，其他文件不超过 20 MB。")
        return file

    async def thumbnail(self, conversation_id: str, evidence_id: str) -> bytes | None:
        """A small picture of an item of this conversation; None when there is none."""
        for case in await self._cases.of_conversation(conversation_id):
            for item in case.evidence:
                if item.id == evidence_id:
                    return await self._evidence.thumbnail(item)
        return None
