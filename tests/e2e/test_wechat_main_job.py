"""The main job through WeChat, against the real server: complaint, photo, refusal, number, all in the chat."""

from __future__ import annotations

import io
import re
import time
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

import pytest
from PIL import Image

pytestmark = pytest.mark.model

NUMBER = re.compile(r"JR\d{8}-[A-Z2-9]{6}")


def photo() -> bytes:
    data = io.BytesIO()
    Image.new("RGB", (640, 480), "brown").save(data, "JPEG")
    return data.getvalue()


@pytest.mark.parametrize("verified", [True, False], ids=["pushes", "answers passively"])
def test_from_complaint_to_intervention_number(
    live_server: Callable[..., Any],
    wechat_phone: Callable[..., Any],
    intake_answers: Sequence[tuple[str, str]],
    tmp_path: Path,
    verified: bool,
) -> None:
    phone = wechat_phone(verified)
    server = live_server(BOT_CREDENTIALS=str(phone.credentials(tmp_path)))
    phone.call(server)

    def choose(title: str) -> None:
        """Tap the entry where there is one, else answer with the words of the list."""
        if verified and any(entry["content"] == title for one in chat() for entry in one.menu):
            phone.press(title)
        else:
            phone.say(title)

    def chat() -> list[Any]:
        return phone.platform.buyer(phone.OPENID).chat

    phone.say("天猫买的运动鞋昨天签收，一看鞋底开胶了，实付299元，想退货退款")
    phone.wait_for("先别修、别洗")
    walk_through_intake(phone, intake_answers)
    phone.wait_for("最有用的证据")
    phone.send_picture(photo())
    phone.wait_for("它是哪一类证据")
    choose("问题照片或视频")
    phone.wait_for("已记为")
    choose("先往下走")
    phone.wait_for("发给商家的话")
    phone.say("商家说这是正常现象，不能退")
    phone.wait_for("可以这样回商家")
    choose("商家还是拒绝")
    phone.wait_for("还缺必须的证据")
    choose("就这样提交")
    read_on(phone, "内容都对，我就提交")
    choose("确认提交")
    read_on(phone, "介入申请已登记")
    found = NUMBER.search(phone.shown)
    assert found
    shown = server.bot("case", "show", found.group())
    assert shown.returncode == 0, shown.stderr
    for part in (found.group(), "tmall", "299.00", "不能退", "SHA-256"):
        assert part in shown.stdout
    assert "该公众号暂时无法提供服务" not in phone.shown


def walk_through_intake(phone: Any, answers: Sequence[tuple[str, str]]) -> None:
    """Answer what is asked until the evidence list comes."""
    for _ in range(14):
        newest = phone.platform.buyer(phone.OPENID).chat[-1]
        question = newest.text + "".join(entry["content"] for entry in newest.menu)
        if "先往下走" in question:
            return
        answer = next((given for asked, given in answers if asked in question), None)
        assert answer is not None, question
        bubbles = len(phone.platform.buyer(phone.OPENID).chat)
        phone.say(answer)
        until_more(phone, bubbles)
    raise AssertionError(phone.shown)


def read_on(phone: Any, words: str) -> None:
    """Wait for `words`, asking for the next page where the chat says that there is one."""
    deadline = time.monotonic() + 45
    while words not in phone.shown:
        assert time.monotonic() < deadline, phone.shown
        chat = phone.platform.buyer(phone.OPENID).chat
        if "回复“继续”查看" in chat[-1].text:
            bubbles = len(chat)
            phone.say("继续")
            until_more(phone, bubbles)
        time.sleep(0.1)


def until_more(phone: Any, bubbles: int, seconds: float = 30.0) -> None:
    deadline = time.monotonic() + seconds
    while len(phone.platform.buyer(phone.OPENID).chat) <= bubbles:
        assert time.monotonic() < deadline, phone.shown
        time.sleep(0.05)
    time.sleep(0.5)  # a second bubble of the same answer
