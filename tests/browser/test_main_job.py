"""The main job in a real browser, against the real server: complaint, evidence, refusal, number, reload."""

from __future__ import annotations

import re
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

pytestmark = [pytest.mark.browser, pytest.mark.model]

NUMBER = re.compile(r"JR\d{8}-[A-Z2-9]{6}")


def say(page: Any, text: str) -> None:
    page.get_by_label("输入消息").fill(text)
    page.get_by_label("输入消息").press("Enter")


def log(page: Any) -> Any:
    return page.get_by_role("log")


def press(page: Any, title: str) -> None:
    page.locator(".quick").get_by_role("button", name=title, exact=True).click()


def photo(folder: Path, name: str, colour: str) -> Path:
    path = folder / name
    Image.new("RGB", (640, 480), colour).save(path)
    return path


def test_from_complaint_to_intervention_number_and_history_after_reload(
    live_server: Callable[[], Any],
    open_page: Callable[..., Any],
    intake_answers: Sequence[tuple[str, str]],
    tmp_path: Path,
) -> None:
    server = live_server()
    page = open_page(f"{server.url}/")

    say(page, "天猫买的运动鞋昨天签收，一看鞋底开胶了，实付299元，想退货退款")
    log(page).get_by_text("先别修、别洗").wait_for()
    walk_through_intake(page, intake_answers)
    log(page).get_by_text("需要的证据").wait_for()

    page.locator("input[type=file]").first.set_input_files(photo(tmp_path, "sole.png", "brown"))
    log(page).get_by_text("它是哪一类证据").wait_for()
    press(page, "问题照片或视频")
    log(page).get_by_text("已记为").wait_for()
    press(page, "先往下走")

    log(page).get_by_text("发给商家的话").wait_for()
    say(page, "商家说这是正常现象，不能退")
    log(page).get_by_text("可以这样回商家").wait_for()
    press(page, "商家还是拒绝")
    log(page).get_by_text("还缺必须的证据").wait_for()
    press(page, "就这样提交")
    log(page).get_by_text("提交前请核对").wait_for()
    press(page, "确认提交")
    number_text = log(page).get_by_text(NUMBER).first
    number_text.wait_for()
    found = NUMBER.search(log(page).inner_text())
    assert found
    number = found.group()

    page.reload()
    log(page).get_by_text(number).first.wait_for()
    log(page).get_by_text("鞋底开胶了").first.wait_for()

    shown = server.bot("case", "show", number)
    assert shown.returncode == 0, shown.stderr
    for part in (number, "tmall", "299.00", "不能退", "sole.png"):
        assert part in shown.stdout


def walk_through_intake(page: Any, answers: Sequence[tuple[str, str]]) -> None:
    """Answer whatever is asked, in whatever order, until the evidence list comes."""
    for _ in range(12):
        page.wait_for_timeout(700)
        newest = log(page).locator("[data-author=bot]").last.inner_text()
        if "先往下走" in newest:
            return
        answer = next((given for asked, given in answers if asked in newest), None)
        assert answer is not None, newest
        say(page, answer)
