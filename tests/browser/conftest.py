"""A real headless Chromium for the tests in this folder, and a stub of the web channel to point it at."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

CHROMIUM_ARGS = (
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
)  # fmt: skip


def find_chromium() -> str | None:
    """$CHROMIUM when set, else the first browser on the path. Nothing is ever downloaded."""
    wanted = os.environ.get("CHROMIUM")
    if wanted:
        return shutil.which(wanted)
    return next(filter(None, map(shutil.which, ("chromium-headless-shell", "chromium"))), None)


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """Playwright's Browser, one a file; each test opens its own context.

    Not one for all tests: Playwright's event loop would stand in the way of the asyncio tests that follow.
    """
    playwright = pytest.importorskip("playwright.sync_api", reason="playwright is not installed")
    executable = find_chromium()
    if executable is None:
        pytest.skip("no chromium-headless-shell or chromium found (set CHROMIUM to its path)")
    with playwright.sync_playwright() as driver:
        launched = driver.chromium.launch(executable_path=executable, args=list(CHROMIUM_ARGS))
        yield launched
        launched.close()


class Complaints(list[str]):
    """What the browser complained about; a test that provokes an error removes it with `forgive`."""

    def forgive(self, fragment: str) -> None:
        kept = [line for line in self if fragment not in line]
        assert len(kept) < len(self), f"nothing like {fragment!r} among {list(self)}"
        self[:] = kept


@pytest.fixture
def complaints() -> Complaints:
    return Complaints()


@pytest.fixture
def open_page(browser: Any, complaints: Complaints) -> Iterator[Any]:
    """`open_page(url, **context_options)` -> Page. The test fails at its end over any unforgiven complaint."""
    contexts: list[Any] = []

    def opener(url: str, **options: Any) -> Any:
        settings = {"viewport": {"width": 1280, "height": 800}, "locale": "zh-CN", **options}
        context = browser.new_context(timezone_id="Asia/Shanghai", **settings)
        context.set_default_timeout(10_000)
        contexts.append(context)
        page = context.new_page()
        page.on("console", lambda m: complaints.append(m.text) if m.type in ("error", "warning") else None)
        page.on("pageerror", lambda error: complaints.append(str(error)))
        page.goto(url)
        return page

    yield opener
    for context in contexts:
        context.close()
    assert complaints == []


@pytest.fixture
def stub() -> Iterator[Any]:
    path = Path(__file__).with_name("stub_server.py")
    spec = importlib.util.spec_from_file_location("stub_server", path)
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    server = module.StubServer().start()
    yield server
    server.stop()
