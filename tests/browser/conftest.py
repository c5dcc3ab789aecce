"""A real headless Chromium for the tests in this folder, and stubs of the web channel and the desk to point it at."""

from __future__ import annotations

import importlib.util
import os
import shutil
from collections.abc import Callable, Iterator
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


def _module(name: str) -> Any:
    """A module of this folder, which is no package."""
    spec = importlib.util.spec_from_file_location(name, Path(__file__).with_name(f"{name}.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.fixture
def stub() -> Iterator[Any]:
    server = _module("stub_server").StubServer().start()
    yield server
    server.stop()


@pytest.fixture
def desk_stub() -> Iterator[Any]:
    server = _module("desk_stub").DeskStub().start()
    yield server
    server.stop()


@pytest.fixture
def sign_in(desk_stub: Any, open_page: Any, complaints: Complaints) -> Callable[..., Any]:
    """`sign_in("wang", **context_options)` -> the desk with its queue. That nobody was signed in is a 401."""

    def work(name: str = "wang", **options: Any) -> Any:
        page = open_page(desk_stub.url, **options)
        page.get_by_label("用户名").fill(name)
        page.get_by_label("密码").fill("1234")
        page.get_by_label("密码").press("Enter")
        page.get_by_label("会话列表").get_by_text("微信买家 9kQz").wait_for()
        complaints.forgive("401")
        return page

    return work


@pytest.fixture
def claimed(sign_in: Callable[..., Any]) -> Any:
    """小王's page of the desk, with the first buyer of the queue claimed."""
    page = sign_in("wang")
    page.get_by_role("button", name="接待 网页买家 a1f3").click()
    page.get_by_label("回复买家").wait_for()
    return page
