"""Sentences that agents send often (快捷回复)."""

from __future__ import annotations

from dataclasses import asdict

from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.desk.auth import Route, SignedIn
from bot.channels.web.answers import json_answer
from bot.handoff.canned import canned_replies


class DeskCanned:
    """Hands them out."""

    def routes(self) -> list[Route]:
        """What this part answers."""
        return [("/canned", "GET", self._list)]

    async def _list(self, _request: Request, _who: SignedIn) -> HTTPResponse:
        return json_answer({"items": [asdict(one) for one in canned_replies()]})
