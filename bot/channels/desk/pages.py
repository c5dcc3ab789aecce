"""The desk's page and its files."""

from __future__ import annotations

from pathlib import Path

from sanic import Blueprint
from sanic.request import Request
from sanic.response import HTTPResponse, file, redirect

from bot.channels.desk import STATIC
from bot.channels.web.answers import ApiError, failure

_POLICY = (
    "default-src 'self'; img-src 'self' data: blob:; object-src 'none'; base-uri 'none'; "
    "form-action 'none'; frame-ancestors 'none'"
)
HEADERS = {
    "Content-Security-Policy": _POLICY,
    "X-Content-Type-Options": "nosniff",
    "X-Frame-Options": "DENY",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
}
_MIME = {
    ".js": "text/javascript; charset=utf-8",
    ".css": "text/css; charset=utf-8",
    ".svg": "image/svg+xml",
    ".txt": "text/plain; charset=utf-8",
    ".woff2": "font/woff2",
    ".png": "image/png",
}


def add_pages(routes: Blueprint, folder: Path = STATIC) -> None:
    """The page under /desk/ and its files under /desk/assets/, on a blueprint for /desk."""

    async def page(_request: Request) -> HTTPResponse:
        return await _file(folder / "index.html", "text/html; charset=utf-8", "no-cache")

    async def to_page(_request: Request) -> HTTPResponse:
        return redirect("/desk/", headers=dict(HEADERS), status=308)

    async def asset(_request: Request, name: str) -> HTTPResponse:
        mime = _MIME.get(Path(name).suffix, "application/octet-stream")
        return await _file(folder / "assets" / name, mime, "public, max-age=86400")

    routes.add_route(to_page, "", name="to_page", strict_slashes=True)
    routes.add_route(page, "/", name="page", strict_slashes=True)
    # The name starts with a letter or digit and has no slash: nothing outside the folder can be named.
    routes.add_route(asset, "/assets/<name:[A-Za-z0-9_-][A-Za-z0-9._-]*>", name="asset")


async def _file(path: Path, mime: str, cache: str) -> HTTPResponse:
    try:
        return await file(path, headers={**HEADERS, "Cache-Control": cache}, mime_type=mime)
    except (FileNotFoundError, IsADirectoryError):
        return failure(ApiError(404, "not_found", "没有找到您要的内容。"))
