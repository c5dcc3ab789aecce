"""The committed builds of the web chat and the desk are builds of the committed source. Needs no node.

`widget/build.mjs` writes the digests checked here; `npm run build` in widget/ makes this pass again. Both pages
carry the digest of all sources: they share some, and are built together.
"""

from __future__ import annotations

import hashlib
import json
import re
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "widget"
CHANNELS = ROOT / "bot" / "channels"
TOP_SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "build.mjs", "chatui.mjs")
STALE = "the committed build is not this source's: run `npm ci && npm run build` in widget/ and commit both static/"


@dataclass(frozen=True)
class Page:
    """One built page: its folder, the path it is served under, the name of its script and style."""

    static: Path
    served: str
    asset: str

    def record(self) -> dict[str, Any]:
        loaded: dict[str, Any] = json.loads((self.static / "build.json").read_text(encoding="utf-8"))
        return loaded

    def html(self) -> str:
        return (self.static / "index.html").read_text(encoding="utf-8")


CHAT = Page(CHANNELS / "web" / "static", "/widget/", "widget")
DESK = Page(CHANNELS / "desk" / "static", "/desk/", "desk")
both = pytest.mark.parametrize("page", [CHAT, DESK], ids=["chat", "desk"])


def _source_names() -> list[str]:
    below = (p.relative_to(WIDGET).as_posix() for p in (WIDGET / "src").rglob("*") if p.is_file())
    return sorted([*TOP_SOURCES, *(name for name in below if not re.search(r"\.test\.tsx?$", name))])


def _source_digest(names: list[str]) -> str:
    """As in build.mjs: SHA-256 over "<path> NUL <SHA-256 of the text with LF line ends> LF", sorted by path."""
    digest = hashlib.sha256()
    for name in names:
        text = (WIDGET / name).read_bytes().replace(b"\r\n", b"\n")
        digest.update(f"{name}\0{hashlib.sha256(text).hexdigest()}\n".encode())
    return digest.hexdigest()


@both
def test_the_build_was_made_from_these_sources(page: Page) -> None:
    names = _source_names()
    assert page.record()["source_files"] == names, STALE
    assert page.record()["source"] == _source_digest(names), STALE


@both
def test_every_output_is_as_it_was_written(page: Page) -> None:
    found = {
        path.relative_to(page.static).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in page.static.rglob("*")
        if path.is_file() and path.name != "build.json"
    }
    assert found == page.record()["outputs"], STALE


@both
def test_the_page_runs_under_a_strict_content_security_policy(page: Page) -> None:
    html = page.html()
    assert re.findall(r"<script(?![^>]*\ssrc=)", html) == [], "inline script"
    assert re.findall(r"<style|\sstyle=|\son\w+=", html) == [], "inline style or handler"
    wanted = re.findall(r'(?:src|href)="([^"]+)"', html)
    assert len(wanted) >= 3
    for address in wanted:
        assert address.startswith(page.served), f"{address} is not served by the bot"
        assert (page.static / address.removeprefix(page.served).split("?")[0]).is_file(), address
    css = (page.static / "assets" / f"{page.asset}.css").read_text(encoding="utf-8")
    assert re.findall(r"url\(['\"]?(?:https?:)?//|@import", css) == []


@both
def test_assets_are_addressed_by_their_content(page: Page) -> None:
    """A browser may cache assets for long: a new build must have a new address."""
    for name in (f"assets/{page.asset}.js", f"assets/{page.asset}.css"):
        assert f"{page.served}{name}?v={page.record()['outputs'][name][:12]}" in page.html()


@both
def test_licences_of_what_is_bundled_go_along(page: Page) -> None:
    text = (page.static / "assets" / "LICENSES.txt").read_text(encoding="utf-8")
    for package in ("react", "react-dom", "scheduler"):
        assert re.search(rf"^{package} \d", text, re.MULTILINE), package


def test_loader_stays_small() -> None:
    assert (CHAT.static / "loader.js").stat().st_size <= 4096


def test_lock_names_no_registry() -> None:
    lock = (WIDGET / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity": "sha512-' in lock
