"""The agents' desk in a real browser, against its stub. Every test also fails over any console error."""

from __future__ import annotations

import re
import time
from collections.abc import Callable
from typing import Any

import pytest

pytestmark = pytest.mark.browser

FAILED_LOAD = "Failed to load resource"
BUYER = "网页买家 a1f3"
TALK = "web:shop-a:1"


def _log_in(page: Any, name: str, password: str = "1234") -> None:
    page.get_by_label("用户名").fill(name)
    page.get_by_label("密码").fill(password)
    page.get_by_label("密码").press("Enter")


def _row(page: Any, buyer: str) -> Any:
    return page.get_by_label("会话列表").locator("li").filter(has_text=buyer)


def _log(page: Any) -> Any:
    return page.get_by_role("log")


def _composer(page: Any) -> Any:
    return page.get_by_label("回复买家")


def _case(page: Any) -> Any:
    return page.get_by_role("complementary", name="案件")


def _wait_until(condition: Callable[[], Any], what: str) -> None:
    deadline = time.monotonic() + 10
    while not condition():
        assert time.monotonic() < deadline, what
        time.sleep(0.05)


# -- log-in -----------------------------------------------------------------------------------------------


def test_a_wrong_password_is_said_and_forgotten(desk_stub: Any, open_page: Any, complaints: Any) -> None:
    page = open_page(desk_stub.url)
    _log_in(page, "wang", "falsch")
    page.get_by_role("alert").get_by_text("用户名或密码不正确。").wait_for()
    assert page.get_by_label("密码").input_value() == ""
    _log_in(page, "wang")
    page.get_by_role("tab", name="等待中").wait_for()
    complaints.forgive("401")


def test_too_many_attempts_show_how_long_to_wait(desk_stub: Any, open_page: Any, complaints: Any) -> None:
    desk_stub.fail_next("login", 429, "too_many_requests", "操作太频繁了，请稍等一会儿再试。", retry_after=90)
    page = open_page(desk_stub.url)
    _log_in(page, "wang")
    page.get_by_text("操作太频繁了").wait_for()
    page.get_by_text(re.compile(r"还要等 01:2\d")).wait_for()
    assert page.get_by_role("button", name="登录").is_disabled()
    complaints.forgive(FAILED_LOAD)


def test_log_out_needs_the_password_again(claimed: Any, complaints: Any) -> None:
    _composer(claimed).fill("没写完")
    claimed.get_by_role("button", name="退出").click()
    claimed.get_by_label("密码").wait_for()
    assert claimed.evaluate("Object.keys(sessionStorage).length") == 0
    claimed.reload()
    claimed.get_by_label("密码").wait_for()
    complaints.forgive("401")


# -- the queue --------------------------------------------------------------------------------------------


def test_queue_shows_what_matters_and_ticks(sign_in: Any) -> None:
    row = _row(sign_in(), BUYER)
    shown = row.inner_text()
    for text in ("优先", "网页", "买家要求人工", "举证截止", "还剩 5 小时", "杯盖开裂"):
        assert text in shown, text
    timer = row.get_by_role("timer")
    first = timer.inner_text()
    assert re.fullmatch(r"已等 03:\d\d", first)
    _wait_until(lambda: timer.inner_text() != first, "the waiting time stands still")


@pytest.mark.parametrize(
    ("tab", "shown"),
    [
        ("等待中", ["a1f3", "9kQz"]),
        ("我的", []),
        ("全部", ["a1f3", "9kQz", "77ce", "0b1d"]),
        ("留言", ["0b1d"]),
        ("介入单", ["JR20261122-7KQ4MX"]),
    ],
)
def test_tabs(sign_in: Any, tab: str, shown: list[str]) -> None:
    page = sign_in()
    page.get_by_role("tab", name=tab).click()
    rows = page.get_by_role("tabpanel", name=tab).locator("li")
    _wait_until(lambda: rows.count() == len(shown), f"{tab} does not have {len(shown)} rows")
    for row, text in zip(rows.all(), shown, strict=True):
        assert text in row.inner_text()


def test_tabs_with_the_keyboard(sign_in: Any) -> None:
    page = sign_in()
    page.get_by_role("tab", name="等待中").focus()
    page.keyboard.press("ArrowLeft")
    assert page.get_by_role("tab", name="介入单").get_attribute("aria-selected") == "true"
    page.keyboard.press("Home")
    assert page.evaluate("document.activeElement.id") == "tab-waiting"


def test_a_newcomer_is_announced_and_counted_in_the_title(sign_in: Any, desk_stub: Any) -> None:
    page = sign_in()
    _wait_until(lambda: page.title() == "(2) 工作台", page.title())
    news = page.get_by_role("status", name="排队通知")
    assert news.inner_text() == ""
    item = {**desk_stub.queue[1], "id": "h_9", "conversation_id": "web:shop-a:9", "buyer": "网页买家 zz99"}
    desk_stub.queue.append(item)
    desk_stub.touch()
    _wait_until(lambda: page.title() == "(3) 工作台", page.title())
    assert news.inner_text() == "新的排队：网页买家 zz99，多次没听懂。现有 3 位等待。"


def test_claim_opens_the_talk(claimed: Any, desk_stub: Any) -> None:
    assert desk_stub.queue[0]["agent"]["name"] == "小王"
    _log(claimed).get_by_text("人工客服 小王 已接入。").wait_for()
    assert claimed.get_by_role("tab", name="我的").get_attribute("aria-selected") == "true"
    assert claimed.title() == "(1) 工作台"


def test_a_lost_claim_says_who_was_faster(sign_in: Any, desk_stub: Any, complaints: Any) -> None:
    page = sign_in()
    desk_stub.queue[0].update(state="human", agent={"id": 2, "name": "小李"})
    page.get_by_role("button", name=f"接待 {BUYER}").click()
    page.get_by_role("alert").get_by_text("这个会话已由 小李 接入。").wait_for()
    page.get_by_text("小李 接待中，您现在只能查看。").wait_for()
    assert _composer(page).count() == 0
    complaints.forgive("409")


# -- the conversation -------------------------------------------------------------------------------------


def test_both_ways_and_every_line_has_its_author(claimed: Any, desk_stub: Any) -> None:
    _composer(claimed).fill("第一行")
    _composer(claimed).press("Shift+Enter")
    _composer(claimed).press_sequentially("第二行")
    _composer(claimed).press("Enter")
    sent = _log(claimed).locator("[data-author=agent][data-seq]")
    sent.wait_for()
    assert sent.locator("p").inner_text() == "第一行\n第二行"
    assert "人工 小王" in sent.inner_text() and "已送达" in sent.inner_text()
    desk_stub.add_line(TALK, "buyer", text="好的谢谢")
    _log(claimed).get_by_text("好的谢谢").wait_for()
    claimed.get_by_text("买家：好的谢谢").wait_for(state="attached")  # read out
    authors = [text.split()[0] for text in _log(claimed).locator(".line header").all_inner_texts()]
    assert set(authors) == {"买家", "小助手", "系统", "人工"} and authors[-1] == "买家"
    assert set(desk_stub.posts[-1][1]) == {"text", "client_msg_id"}
    assert _composer(claimed).input_value() == ""


def test_typing_and_attachment_and_older_lines(claimed: Any, desk_stub: Any) -> None:
    desk_stub.set_typing(TALK, True)
    _log(claimed).get_by_text("对方正在输入").wait_for()
    picture = _log(claimed).get_by_role("img", name="开裂处.png 的缩略图")
    _wait_until(lambda: picture.evaluate("image => image.naturalWidth") == 64, "no thumbnail")
    before = _log(claimed).locator(".line").count()
    _log(claimed).hover()
    claimed.mouse.wheel(0, -20_000)
    _wait_until(lambda: _log(claimed).locator(".line").count() > before, "no older lines")
    # What was at the top stays in view instead of jumping to the oldest.
    assert _log(claimed).evaluate("box => box.scrollTop") > 1_000


def test_a_line_that_failed_is_kept_and_sent_again_under_its_id(
    claimed: Any, desk_stub: Any, complaints: Any
) -> None:
    desk_stub.fail_next("handoffs/h_1/messages", 503, "busy", "服务正忙，请稍后再试。")
    _composer(claimed).fill("请稍等")
    _composer(claimed).press("Enter")
    failed = _log(claimed).locator("[data-status=failed]")
    failed.get_by_text("未发出：服务正忙").wait_for()
    assert not [path for path, _ in desk_stub.posts if path.endswith("messages")]
    ours = claimed.evaluate(
        "JSON.parse(sessionStorage['dispute-desk:1:web:shop-a:1']).unsent[0].client_msg_id"
    )
    failed.get_by_role("button", name="重试").click()
    _log(claimed).locator("[data-author=agent][data-seq]").get_by_text("请稍等").wait_for()
    assert failed.count() == 0
    assert [body["client_msg_id"] for path, body in desk_stub.posts if path.endswith("messages")] == [ours]
    complaints.forgive("503")


def test_a_line_that_nobody_will_take_goes_back_to_the_composer(
    claimed: Any, desk_stub: Any, complaints: Any
) -> None:
    desk_stub.fail_next("handoffs/h_1/messages", 409, "not_yours", "这个会话现在不由您接待。")
    _composer(claimed).fill("写了很久的话")
    _composer(claimed).press("Enter")
    failed = _log(claimed).locator("[data-status=failed]")
    failed.get_by_text("不由您接待").wait_for()
    assert failed.get_by_role("button", name="重试").count() == 0
    failed.get_by_role("button", name="放回输入框").click()
    assert _composer(claimed).input_value() == "写了很久的话"
    complaints.forgive("409")


def test_too_long_a_text_is_not_sent(claimed: Any, desk_stub: Any) -> None:
    _composer(claimed).fill("长" * 2_003)
    claimed.get_by_text("超出 3 字，请分几条发送").wait_for()
    _composer(claimed).press("Enter")
    assert len(_composer(claimed).input_value()) == 2_003


def test_canned_reply_by_slash_and_by_button(claimed: Any) -> None:
    _composer(claimed).press_sequentially("/收货")
    options = claimed.get_by_role("listbox", name="常用语").get_by_role("option")
    assert options.count() == 1
    _composer(claimed).press("Enter")
    assert _composer(claimed).input_value().startswith("问题解决之前")
    _composer(claimed).fill("")
    claimed.get_by_role("button", name="常用语").click()
    assert options.count() == 3
    options.nth(1).click()
    assert _composer(claimed).input_value() == "我正在核对您的订单和材料，请稍等几分钟。"


def test_a_break_is_shown_and_made_good(claimed: Any, desk_stub: Any, complaints: Any) -> None:
    desk_stub.streams_allowed = False
    claimed.get_by_role("status").get_by_text("连接中断，正在重连", exact=True).wait_for()
    desk_stub.add_line(TALK, "buyer", text="断线时说的话")
    desk_stub.streams_allowed = True
    _log(claimed).get_by_text("断线时说的话").wait_for()
    _wait_until(lambda: claimed.get_by_text("正在重连").count() == 0, "still says that it is reconnecting")
    complaints.forgive(FAILED_LOAD)


def test_an_ended_session_keeps_the_draft(claimed: Any, desk_stub: Any, complaints: Any) -> None:
    _composer(claimed).fill("还没写完的回复")
    desk_stub.sessions.clear()
    claimed.get_by_text("登录已失效，请重新登录。").wait_for()
    _log_in(claimed, "wang")
    _composer(claimed).wait_for()
    assert _composer(claimed).input_value() == "还没写完的回复"
    complaints.forgive("401")


def test_texts_stay_texts(sign_in: Any, desk_stub: Any) -> None:
    xss = desk_stub.sample.XSS
    desk_stub.queue[0].update(summary=xss, buyer=f"坏{xss}", left_text=xss)
    desk_stub.cases[TALK]["facts"]["problem"]["value"] = xss
    desk_stub.notes["h_1"] = [{"at": desk_stub.queue[0]["requested_at"], "agent_name": xss, "text": xss}]
    evil = {"evidence_id": "e", "name": xss, "mime": "image/png", "size": 1, "sha256": "0" * 64}
    desk_stub.add_line(
        TALK,
        "buyer",
        text=xss,
        attachment={**evil, "url": "javascript:alert(1)", "thumb": "//evil.example/x"},
    )
    page = sign_in()
    _row(page, "坏").locator(".row-body").click()
    _log(page).get_by_text("<script>").first.wait_for()
    _case(page).get_by_text("<script>").first.wait_for()
    assert (
        page.locator(
            "#root script, #root img[src=x], #root a[href^=javascript], #root img[src*=evil]"
        ).count()
        == 0
    )
    assert page.title() == "(2) 工作台"
