"""A person takes over, in real browsers against the real server: the buyer in the page or on WeChat."""

from __future__ import annotations

import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

pytestmark = [pytest.mark.browser, pytest.mark.model]

PASSWORD = "a long enough password"
COMPLAINT = "天猫买的运动鞋昨天签收，一看鞋底开胶了，实付299元，想退货退款"


def picture(page: Any, name: str) -> None:
    """Keep a screenshot where $SCREENSHOTS says; that is how docs/img/ is made."""
    folder = os.environ.get("SCREENSHOTS")
    if folder:
        page.screenshot(path=str(Path(folder) / name))


@pytest.fixture
def desk(open_page: Callable[..., Any], complaints: Any) -> Callable[[Any], Any]:
    """`desk(server)` -> the desk with 小王 signed in."""

    def enter(server: Any) -> Any:
        made = server.bot(
            "desk", "create-admin", "wang", "--display", "小王", "--password-stdin", given=PASSWORD + "\n"
        )
        assert made.returncode == 0, made.stderr
        page = open_page(f"{server.url}/desk/")
        page.get_by_label("用户名").fill("wang")
        page.get_by_label("密码").fill(PASSWORD)
        page.get_by_label("密码").press("Enter")
        page.get_by_role("tab", name="等待中").wait_for()
        complaints.forgive("401")  # nobody was signed in
        return page

    return enter


def take(page: Any) -> Any:
    """Claim the only buyer in the queue; returns the log of the conversation."""
    page.get_by_role("button", name="接待").first.click()
    page.get_by_label("回复买家").wait_for()
    return page.get_by_role("log")


def answer(page: Any, text: str) -> None:
    page.get_by_label("回复买家").fill(text)
    page.get_by_label("回复买家").press("Enter")


def give_back(page: Any, text: str) -> None:
    page.get_by_role("button", name="结束并交还小助手").click()
    page.get_by_label("处理结果").fill(text)
    page.get_by_role("button", name="交还小助手", exact=True).click()


def see_record(page: Any) -> None:
    """What lets an agent go on in 30 seconds is on the screen."""
    case = page.get_by_role("complementary", name="案件")
    for words in ("运动鞋", "299.00", "退货退款", "天猫"):
        case.get_by_text(words).first.wait_for()


def test_buyer_in_the_page(
    live_server: Callable[..., Any], open_page: Callable[..., Any], desk: Callable[[Any], Any]
) -> None:
    server = live_server()
    agent = desk(server)
    buyer = open_page(f"{server.url}/")
    log = buyer.get_by_role("log")

    def say(text: str) -> None:
        buyer.get_by_label("输入消息").fill(text)
        buyer.get_by_label("输入消息").press("Enter")

    say(COMPLAINT)
    log.get_by_text("先别修、别洗").wait_for()
    say("转人工")
    log.get_by_text("取消排队").first.wait_for()
    picture(buyer, "queue.png")

    talk = take(agent)
    talk.get_by_text("鞋底开胶了").first.wait_for()
    see_record(agent)
    answer(agent, "您好，我是小王，鞋子的照片我来帮您看。")
    log.get_by_text("我是小王").wait_for()
    buyer.get_by_text("人工客服 小王 正在为您服务").first.wait_for()
    say("商家一直不回我")
    talk.get_by_text("商家一直不回我").wait_for()
    picture(agent, "desk.png")
    picture(buyer, "handoff.png")
    bots = log.locator("[data-author=bot]").count()
    answer(agent, "已联系商家，同意退货退款。")
    log.get_by_text("已联系商家").wait_for()
    assert log.locator("[data-author=bot]").count() == bots  # it keeps quiet meanwhile

    give_back(agent, "商家同意退货退款，三天内办理")
    log.get_by_text("三天内办理").wait_for()
    assert log.locator("[data-author=agent]").count() == 2
    say("谢谢")
    log.locator("[data-author=bot]").nth(bots + 1).wait_for()


def test_buyer_on_wechat(
    live_server: Callable[..., Any],
    wechat_phone: Callable[..., Any],
    desk: Callable[[Any], Any],
    tmp_path: Path,
) -> None:
    phone = wechat_phone()
    server = live_server(BOT_CREDENTIALS=str(phone.credentials(tmp_path)))
    phone.call(server)
    agent = desk(server)

    phone.say(COMPLAINT)
    phone.wait_for("先别修、别洗")
    phone.say("转人工")
    phone.wait_for("取消排队")
    talk = take(agent)
    talk.get_by_text("鞋底开胶了").first.wait_for()
    see_record(agent)
    answer(agent, "您好，我是小王。")
    phone.wait_for("【人工客服 小王】您好，我是小王。")
    phone.say("商家一直不回我")
    talk.get_by_text("商家一直不回我").wait_for()
    picture(agent, "desk-wechat.png")
    give_back(agent, "商家同意退货退款，三天内办理")
    phone.wait_for("三天内办理")
    before = len(phone.shown)
    phone.say("谢谢")
    phone.wait_for("", 1)
    assert "该公众号暂时无法提供服务" not in phone.shown
    assert "商家一直不回我" not in phone.shown[before:]
