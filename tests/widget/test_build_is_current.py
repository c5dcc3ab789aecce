"""The committed build of the web chat is the build of the committed source. Needs no node.

`widget/build.mjs` writes the digests checked here; `npm run build` in widget/ makes this pass again.
"""

from __future__ import annotations

import hashlib
import json
import re
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).resolve().parents[2]
WIDGET = ROOT / "widget"
STATIC = ROOT / "bot" / "channels" / "web" / "static"
TOP_SOURCES = ("package.json", "package-lock.json", "tsconfig.json", "build.mjs", "chatui.mjs")
STALE = (
    "the committed build is not this source's: run `npm ci && npm run build` in widget/ and commit static/"
)


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


@pytest.fixture(scope="module")
def record() -> dict[str, Any]:
    loaded: dict[str, Any] = json.loads((STATIC / "build.json").read_text(encoding="utf-8"))
    return loaded


def test_the_build_was_made_from_these_sources(record: dict[str, Any]) -> None:
    names = _source_names()
    assert record["source_files"] == names, STALE
    assert record["source"] == _source_digest(names), STALE


def test_every_output_is_as_it_was_written(record: dict[str, Any]) -> None:
    found = {
        path.relative_to(STATIC).as_posix(): hashlib.sha256(path.read_bytes()).hexdigest()
        for path in STATIC.rglob("*")
        if path.is_file() and path.name != "build.json"
    }
    assert found == record["outputs"], STALE


def test_the_page_runs_under_a_strict_content_security_policy() -> None:
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    assert re.findall(r"<script(?![^>]*\ssrc=)", page) == [], "inline script"
    assert re.findall(r"<style|\sstyle=|\son\w+=", page) == [], "inline style or handler"
    wanted = re.findall(r'(?:src|href)="([^"]+)"', page)
    assert len(wanted) >= 3
    for address in wanted:
        assert address.startswith("/widget/"), f"{address} is not served by the bot"
        assert (STATIC / address.removeprefix("/widget/").split("?")[0]).is_file(), address
    css = (STATIC / "assets" / "widget.css").read_text(encoding="utf-8")
    assert re.findall(r"url\(['\"]?(?:https?:)?//|@import", css) == []


def test_assets_are_addressed_by_their_content(record: dict[str, Any]) -> None:
    """A browser may cache assets for long: a new build must have a new address."""
    page = (STATIC / "index.html").read_text(encoding="utf-8")
    for name in ("assets/widget.js", "assets/widget.css"):
        assert f"/widget/{name}?v={record['outputs'][name][:12]}" in page


def test_loader_stays_small() -> None:
    assert (STATIC / "loader.js").stat().st_size <= 4096


def test_lock_names_no_registry() -> None:
    lock = (WIDGET / "package-lock.json").read_text(encoding="utf-8")
    assert '"resolved"' not in lock
    assert '"integrity": "sha512-' in lock
