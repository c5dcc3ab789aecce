"""The HTTP server: the channels, the chat page, health and metrics. Nothing of Rasa's own HTTP API."""

from __future__ import annotations

import logging
import secrets
from collections.abc import Awaitable, Callable, Mapping, Sequence
from pathlib import Path

from rasa.core.channels.channel import InputChannel
from sanic import Sanic
from sanic.exceptions import SanicException
from sanic.request import Request
from sanic.response import HTTPResponse, file, json, text

from bot.conversation.road import Road
from bot.rasa.metrics import CONTENT_TYPE, MoreMetrics, more_metrics, road_metrics, to_text

logger = logging.getLogger(__name__)

MAX_REQUEST = 21 * 1024 * 1024  # bytes: the largest file (20 MB) and its envelope
Check = Callable[[], Awaitable[bool]]
Step = Callable[[], Awaitable[object]]

_SENTENCES = {
    404: ("not_found", "没有找到您要的内容。"),
    405: ("method_not_allowed", "请求方式不正确。"),
    408: ("timeout", "请求超时，请重试。"),
    413: ("too_large", "内容太大：图片不超过 10 MB，其他文件不超过 20 MB。"),
    503: ("unavailable", "服务暂时不可用，请稍后再试。"),
}


def create_app(
    road: Road,
    channels: Sequence[InputChannel],
    static_folder: Path,
    checks: Mapping[str, Check],
    *,
    on_start: Sequence[Step] = (),
    on_stop: Sequence[Step] = (),
    frame_ancestors: Sequence[str] = ("'self'",),
    proxies: int = 0,
    extra_metrics: MoreMetrics | None = None,
    name: str = "dispute_assistant",
) -> Sanic:
    """Build the app.

    `checks` are asked by /readyz (name -> true when fine); `on_start` run before the road starts, `on_stop`
    after it has stopped; `frame_ancestors` are the sites that may show the chat in a frame; `proxies` is the
    number of trusted reverse proxies in front; `extra_metrics` looks up what /metrics says beside the road's own.
    """
    app = Sanic(name, configure_logging=False)
    app.config.REQUEST_MAX_SIZE = MAX_REQUEST
    app.config.RESPONSE_TIMEOUT = 60  # counts from the last byte sent; event streams ping every 15 s
    app.config.GRACEFUL_SHUTDOWN_TIMEOUT = 5.0
    app.config.FALLBACK_ERROR_FORMAT = "json"
    if proxies:
        app.config.PROXIES_COUNT = proxies
    for channel in channels:
        app.blueprint(channel.blueprint(None))
    _serve_page(app, static_folder, " ".join(frame_ancestors))
    _serve_health(app, road, checks, extra_metrics)
    app.error_handler.add(Exception, _answer_error)
    _follow_lifecycle(app, road, on_start, on_stop)
    return app


def _follow_lifecycle(app: Sanic, road: Road, on_start: Sequence[Step], on_stop: Sequence[Step]) -> None:
    @app.before_server_start
    async def start(_app: Sanic, _loop: object) -> None:
        for step in on_start:
            await step()
        await road.start()

    # Before, not after: open event streams end when the road stops, and Sanic waits for them.
    @app.before_server_stop
    async def stop(_app: Sanic, _loop: object) -> None:
        await road.stop()

    @app.after_server_stop
    async def close(_app: Sanic, _loop: object) -> None:
        for step in on_stop:
            await step()


def _serve_page(app: Sanic, folder: Path, ancestors: str) -> None:
    policy = (
        "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
        f"form-action 'none'; frame-ancestors {ancestors}"
    )
    headers = {
        "Content-Security-Policy": policy,
        "X-Content-Type-Options": "nosniff",
        "Referrer-Policy": "no-referrer",
    }
    fresh, kept = {"Cache-Control": "no-cache"}, {"Cache-Control": "public, max-age=86400"}

    async def page(_request: Request) -> HTTPResponse:
        return await file(folder / "index.html", headers={**headers, **fresh})

    app.add_route(page, "/", name="root")
    app.add_route(page, "/widget", name="widget", strict_slashes=False)

    @app.get("/widget/loader.js", name="loader")
    async def loader(_request: Request) -> HTTPResponse:
        own = {**headers, **fresh, "Cross-Origin-Resource-Policy": "cross-origin"}
        return await file(folder / "loader.js", headers=own, mime_type="text/javascript")

    @app.get("/widget/assets/<name:[A-Za-z0-9_-][A-Za-z0-9._-]*>", name="assets")
    async def asset(_request: Request, name: str) -> HTTPResponse:
        return await file(folder / "assets" / name, headers={**headers, **kept}, mime_type=_mime(name))


def _mime(name: str) -> str:
    kinds = {
        ".js": "text/javascript; charset=utf-8",
        ".css": "text/css; charset=utf-8",
        ".svg": "image/svg+xml",
        ".txt": "text/plain; charset=utf-8",
        ".woff2": "font/woff2",
        ".png": "image/png",
    }
    return kinds.get(Path(name).suffix, "application/octet-stream")


def _serve_health(
    app: Sanic, road: Road, checks: Mapping[str, Check], extra_metrics: MoreMetrics | None
) -> None:
    @app.get("/healthz", name="healthz")
    async def healthz(_request: Request) -> HTTPResponse:
        return json({"status": "ok"})

    @app.get("/readyz", name="readyz")
    async def readyz(_request: Request) -> HTTPResponse:
        results = {name: await _passes(name, check) for name, check in checks.items()}
        return json(
            {"ready": all(results.values()), "checks": results}, 200 if all(results.values()) else 503
        )

    @app.get("/metrics", name="metrics")
    async def metrics(_request: Request) -> HTTPResponse:
        found = [*road_metrics(road), *await more_metrics(extra_metrics)]
        return text(to_text(found), content_type=CONTENT_TYPE)


async def _passes(name: str, check: Check) -> bool:
    try:
        return bool(await check())
    except Exception:
        logger.exception("readiness check %s failed", name)
        return False


def _answer_error(_request: Request, error: Exception) -> HTTPResponse:
    """JSON with a Chinese sentence; never a traceback, never the request."""
    status = int(getattr(error, "status_code", None) or 500) if isinstance(error, SanicException) else 500
    if isinstance(error, FileNotFoundError):
        status = 404
    if status in _SENTENCES:
        code, message = _SENTENCES[status]
    elif 400 <= status < 500:
        code, message = "bad_request", "请求格式不正确。"
    else:
        reference = secrets.token_hex(4)
        logger.error("request failed (reference %s)", reference, exc_info=error)
        status, code, message = 500, "internal", f"系统出了点问题，请稍后再试（编号 {reference}）。"
    return json({"error": {"code": code, "message": message}}, status, ensure_ascii=False, dumps=_dumps)


def _dumps(body: object, ensure_ascii: bool = False) -> str:
    import json as standard

    return standard.dumps(body, ensure_ascii=ensure_ascii)
