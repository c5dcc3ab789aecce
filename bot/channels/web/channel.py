"""The web channel's HTTP interface. A buyer's identity is only ever the token that we signed."""

from __future__ import annotations

import hashlib
from collections import Counter
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime
from importlib import import_module
from typing import Any

from rasa.core.channels.channel import InputChannel
from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse

from bot.channels.web.answers import (
    SAFE_HEADERS,
    ApiError,
    answers_errors,
    as_api_error,
    json_answer,
    optional_text,
    read_json,
    whole_number,
)
from bot.channels.web.calendar import CALENDAR_TYPE, AskCalendar
from bot.channels.web.rate_limit import Rate, RateLimiter
from bot.channels.web.sessions import Sessions, spend
from bot.channels.web.signature import BadToken, IdentityKeys, LinkSigner, ResumeLinks, SessionSigner
from bot.channels.web.stream import HEADERS, AskStatus, EventStream, asks_road, frame
from bot.channels.web.transcript import UnknownFormat, render
from bot.channels.web.upload import Uploads
from bot.conversation.errors import MessageTooLong
from bot.conversation.messages import Entry, Incoming
from bot.conversation.road import Road
from bot.conversation.sanitise import MAX_STORED, is_identifier

MAX_CLIENT_ID = 64


@dataclass(frozen=True)
class WebLimits:
    """How often; and how many open event streams one session may have."""

    messages_per_session: Rate = field(default_factory=lambda: Rate(burst=20, per_minute=60))
    uploads_per_session: Rate = field(default_factory=lambda: Rate(burst=10, per_minute=20))
    requests_per_ip: Rate = field(default_factory=lambda: Rate(burst=300, per_minute=1200))
    sessions_per_ip: Rate = field(default_factory=lambda: Rate(burst=30, per_minute=60))
    streams_per_session: int = 8


class WebInput(InputChannel):
    """`web`: REST + server-sent events under /webhooks/web/."""

    def __init__(
        self,
        road: Road,
        signer: SessionSigner,
        links: LinkSigner,
        *,
        clock: Callable[[], datetime],
        uploads: Uploads | None = None,
        identities: IdentityKeys | None = None,
        resume: ResumeLinks | None = None,
        status: AskStatus | None = None,
        calendar: AskCalendar | None = None,
        limits: WebLimits | None = None,
    ) -> None:
        """`resume` checks links from other channels (None: there are none). `status` tells who answers in a

        conversation, with the place in the queue (from 1) and the agent's name; without it the road is asked,
        which knows the owner alone. Without `calendar` no calendar file is offered.
        """
        self._road = road
        self._links = links
        self._clock = clock
        self._uploads = uploads
        self._status = status or asks_road(road)
        self._calendar = calendar
        limits = limits or WebLimits()
        self._max_streams = limits.streams_per_session
        self._streams: Counter[str] = Counter()
        self._by_session = RateLimiter(limits.messages_per_session)
        self._uploads_by_session = RateLimiter(limits.uploads_per_session)
        self._sessions = Sessions(
            road,
            signer,
            requests=RateLimiter(limits.requests_per_ip),
            openings=RateLimiter(limits.sessions_per_ip),
            identities=identities,
            resume=resume,
        )

    @classmethod
    def name(cls) -> str:
        """The channel's name in credentials, URLs and the inbox."""
        return "web"

    @classmethod
    def from_credentials(cls, credentials: dict[str, Any] | None) -> WebInput:
        """For credentials.yml: `factory: module.function` names what builds the channel from its real parts."""
        factory = (credentials or {}).get("factory")
        if not factory:
            cls.raise_missing_credentials_exception()
        module, _, function = str(factory).rpartition(".")
        channel: WebInput = getattr(import_module(module), function)()
        return channel

    def blueprint(self, on_new_message: Any = None) -> Blueprint:
        """The routes. `on_new_message` is not used: a message goes to the inbox, never straight to the agent."""
        routes = Blueprint("web_channel", url_prefix="/webhooks/web")
        for path, method, handler in (
            ("/session", "POST", self._sessions.open),
            ("/session", "DELETE", self._sessions.erase),
            ("/messages", "POST", self._message),
            ("/events", "GET", self._events),
            ("/history", "GET", self._history),
            ("/upload", "POST", self._upload),
            ("/transcript", "GET", self._transcript),
            ("/deadlines.ics", "GET", self._deadlines),
            ("/thumb/<evidence_id:str>", "GET", self._thumb),
        ):
            routes.add_route(
                answers_errors(handler), path, methods=[method], name=handler.__name__.strip("_")
            )
        return routes

    # -- messages -------------------------------------------------------------------------------------

    async def _message(self, request: Request) -> HTTPResponse:
        session_id = self._sessions.of(request)
        body = read_json(request)
        client_id = _client_id(body.get("client_msg_id"))
        button = optional_text(body, "button", 200)
        if isinstance(body.get("text"), str) and len(body["text"]) > MAX_STORED:
            raise MessageTooLong()
        text = optional_text(body, "text", MAX_STORED)
        if (text is None) == (button is None):
            raise ApiError(400, "text_or_button", "请求里要么有 text，要么有 button。")
        spend(self._by_session, session_id)
        incoming = self._incoming(session_id, client_id, text=text, button=button)
        accepted = await self._road.accept(incoming)
        return json_answer({"seq": accepted.seq, "dup": accepted.dup})

    def _incoming(self, session_id: str, client_id: str, **fields: Any) -> Incoming:
        # The session is part of the message id: nobody can occupy another buyer's ids.
        message_id = f"{session_id}:{client_id}"
        if not is_identifier(message_id):  # too long: other channels name conversations after their own ids
            message_id = hashlib.sha256(message_id.encode()).hexdigest()
        return Incoming(session_id, self.name(), message_id, client_msg_id=client_id, **fields)

    async def _upload(self, request: Request) -> HTTPResponse:
        session_id = self._sessions.of(request)
        if self._uploads is None:
            raise ApiError(503, "uploads_off", "暂时不能上传文件，请稍后再试。")
        if not (request.content_type or "").lower().startswith("multipart/form-data"):
            raise ApiError(415, "not_multipart", "请用 multipart/form-data 上传文件。")
        client_id = _client_id(request.form.get("client_msg_id") if request.form else None)
        spend(self._uploads_by_session, session_id)
        accepted, attachment = await self._uploads.accept(request, self._incoming(session_id, client_id))
        shown = self._with_thumb(session_id, attachment)
        return json_answer({**shown, "thumb": shown.get("thumb"), "seq": accepted.seq, "dup": accepted.dup})

    async def _thumb(self, request: Request, evidence_id: str) -> HTTPResponse:
        self._sessions.count(request)
        try:
            conversation_id = self._links.verify(request.args.get("sig") or "", evidence_id)
        except BadToken:
            raise ApiError(401, "bad_link", "图片链接已失效，请刷新页面。") from None
        await self._road.state(conversation_id)
        picture = await self._uploads.thumbnail(conversation_id, evidence_id) if self._uploads else None
        if picture is None:
            raise ApiError(404, "no_thumbnail", "没有可以显示的缩略图。")
        headers = {**SAFE_HEADERS, "Cache-Control": "private, max-age=3600"}
        return HTTPResponse(picture, headers=headers, content_type="image/jpeg")

    # -- reading --------------------------------------------------------------------------------------

    def _shown(self, entry: Entry) -> dict[str, Any]:
        body = entry.to_json()
        if entry.attachment:
            body["attachment"] = self._with_thumb(entry.conversation_id, entry.attachment)
        return body

    def _with_thumb(self, conversation_id: str, attachment: dict[str, Any]) -> dict[str, Any]:
        if not str(attachment.get("mime", "")).startswith("image/"):
            return {**attachment, "thumb": None}
        evidence_id = str(attachment["evidence_id"])
        signature = self._links.sign(conversation_id, evidence_id)
        return {**attachment, "thumb": f"/webhooks/web/thumb/{evidence_id}?sig={signature}"}

    async def _history(self, request: Request) -> HTTPResponse:
        session_id = self._sessions.of(request)
        await self._road.state(session_id)
        entries, has_more = await self._road.history(
            session_id,
            after_seq=whole_number(request, "after_seq"),
            before_seq=whole_number(request, "before_seq"),
            limit=whole_number(request, "limit") or 50,
        )
        return json_answer({"entries": [self._shown(entry) for entry in entries], "has_more": has_more})

    async def _transcript(self, request: Request) -> HTTPResponse:
        session_id = self._sessions.of(request)
        await self._road.state(session_id)
        form = request.args.get("format") or "html"
        try:
            data, content_type = render(await self._road.transcript(session_id), form, self._clock())
        except UnknownFormat:
            raise ApiError(400, "bad_format", "格式只能是 html、txt 或 json。") from None
        disposition = f'attachment; filename="transcript-{self._clock():%Y%m%d-%H%M}.{form}"'
        headers = {**SAFE_HEADERS, "Content-Disposition": disposition}
        return HTTPResponse(data, headers=headers, content_type=content_type)

    async def _deadlines(self, request: Request) -> HTTPResponse:
        session_id = self._sessions.of(request)
        await self._road.state(session_id)
        data = await self._calendar(session_id) if self._calendar else None
        if data is None:
            raise ApiError(404, "no_deadlines", "现在没有可以放进日历的期限。")
        headers = {**SAFE_HEADERS, "Content-Disposition": 'attachment; filename="deadlines.ics"'}
        return HTTPResponse(data, headers=headers, content_type=CALENDAR_TYPE)

    async def _events(self, request: Request) -> HTTPResponse | None:
        session_id, until = self._sessions.until(request)
        after_seq = whole_number(request, "after_seq") or 0
        await self._road.state(session_id)
        if self._streams[session_id] >= self._max_streams:
            raise ApiError(429, "too_many_streams", "同时打开的页面太多了，请关掉一些再试。", 30)
        stream = EventStream(self._road, session_id, self._shown, self._clock, until, self._status)
        self._streams[session_id] += 1
        try:
            response = await request.respond(content_type="text/event-stream", headers=dict(HEADERS))
            try:
                await stream.run(after_seq, response.send)
            except Exception as error:  # the head is sent: say it in the stream, then end it
                said = as_api_error(error)
                await response.send(frame("error", {"code": said.code, "message": said.message_zh}))
            await response.eof()
        finally:
            self._streams[session_id] -= 1
            if not self._streams[session_id]:
                del self._streams[session_id]
        return None


def _client_id(value: object) -> str:
    if not isinstance(value, str) or len(value) > MAX_CLIENT_ID or not is_identifier(value):
        raise ApiError(400, "bad_client_msg_id", "字段 client_msg_id 必须是 1–64 位字母、数字或 . _ : - 。")
    return value
