"""The chat page while a person answers, or is about to; and links that bring a conversation to the page."""

from __future__ import annotations

import re
import time
from typing import Any

import pytest

pytestmark = pytest.mark.browser

FAILED_LOAD = "Failed to load resource"
EVIL = "<img src=x onerror=alert(1)>"


def _say(page: Any, text: str) -> None:
    page.get_by_label("输入消息").fill(text)
    page.get_by_label("输入消息").press("Enter")


def _log(page: Any) -> Any:
    return page.get_by_role("log")


def _banner(page: Any) -> Any:
    return page.locator(".owner")


def _texts(stub: Any) -> list[str]:
    return [entry["text"] for entry in stub.only_conversation().entries]


@pytest.fixture
def chat(open_page: Any, stub: Any) -> Any:
    stub.reply_delay = 0
    page = open_page(f"{stub.url}/widget/")
    page.get_by_text("网购遇到麻烦？").wait_for()
    return page


@pytest.fixture
def conversation(chat: Any, stub: Any) -> Any:
    """The open page's conversation, not empty any more."""
    stub.only_conversation().say("您好，请说说情况。")
    _log(chat).get_by_text("请说说情况").wait_for()
    return stub.only_conversation()


OWNERS = [
    (("queued", 3), "正在为您转接人工客服，前面还有 2 位", "排队时可以先补充情况…"),
    (("queued", 1), "正在为您转接人工客服，下一位就是您", "排队时可以先补充情况…"),
    (("human", None, "小王"), "人工客服 小王 正在为您服务", "和人工客服说…"),
    (("wrap_up", None, "小王"), "人工客服 小王 正在收尾，还有问题请接着说", "还有问题请接着说…"),
]


def test_banner_and_composer_follow_the_owner(chat: Any, conversation: Any) -> None:
    status = _banner(chat).get_by_role("status")
    assert (status.count(), status.inner_text()) == (1, ""), "the region must be there before it has news"
    height = _banner(chat).evaluate("e => e.getBoundingClientRect().height")
    assert height == 0
    for owner, text, placeholder in OWNERS:
        conversation.set_owner(*owner)
        status.get_by_text(text, exact=True).wait_for()
        chat.get_by_placeholder(placeholder).wait_for()
        assert _banner(chat).get_by_role("button", name="取消排队").count() == (owner[0] == "queued")
    conversation.set_owner("bot")
    chat.get_by_placeholder("说说发生了什么…").wait_for()
    assert status.inner_text() == ""
    assert _banner(chat).evaluate("e => e.getBoundingClientRect().height") == 0


def test_a_reload_shows_the_owner_again(chat: Any, conversation: Any) -> None:
    conversation.set_owner("human", None, "小王")
    chat.reload()
    _banner(chat).get_by_text("人工客服 小王 正在为您服务").wait_for()


def test_the_link_in_the_banner_presses_the_bots_own_button(chat: Any, stub: Any) -> None:
    _say(chat, "人工")
    _banner(chat).get_by_text("前面还有 2 位").wait_for()
    _say(chat, "我先补充一句")
    _log(chat).locator("[data-author=buyer]").get_by_text("我先补充一句").wait_for()
    _banner(chat).get_by_role("button", name="取消排队").click()
    _log(chat).get_by_text("已取消排队").wait_for()
    assert set(stub.posts[-1]) == {"client_msg_id", "button"}
    assert _texts(stub)[-3:] == ["我先补充一句", "取消排队", "已取消排队，我们接着处理。"]
    _banner(chat).get_by_role("status").get_by_text("转接").wait_for(state="detached")
    assert _log(chat).locator("[aria-pressed=true]").inner_text() == "取消排队"


def test_without_that_button_the_link_says_it_in_words(chat: Any, stub: Any, conversation: Any) -> None:
    conversation.set_owner("queued")
    _banner(chat).get_by_text("请稍等").wait_for()
    _banner(chat).get_by_role("button", name="取消排队").click()
    _log(chat).get_by_text("已取消排队").wait_for()
    assert stub.posts[-1]["text"] == "取消排队"


def test_the_queues_button_stays_open_under_words(chat: Any, stub: Any) -> None:
    _say(chat, "人工")
    _log(chat).get_by_role("button", name="取消排队").wait_for()
    _say(chat, "订单号 6789")
    _log(chat).locator("[data-author=buyer]").get_by_text("订单号 6789").wait_for()
    assert chat.locator(".quick").count() == 0, "the banner has it already"
    _log(chat).get_by_role("button", name="取消排队").click()
    _log(chat).get_by_text("已取消排队").wait_for()
    assert _log(chat).get_by_role("button", name="取消排队").is_disabled()


def test_agent_system_and_assistant_are_told_apart(chat: Any, stub: Any) -> None:
    for word in ("人工", "接入", "结束", "交还"):
        _say(chat, word)
    _log(chat).get_by_text("我会提醒您留意到账").wait_for()
    lines = _log(chat).locator("[data-author=agent]")
    assert lines.count() == 2
    assert re.split(r"\s+", lines.first.inner_text())[:3] == ["王", "人工客服", "小王"]
    colours = {
        author: _log(chat)
        .locator(f"[data-author={author}] .Bubble")
        .first.evaluate("e => getComputedStyle(e).backgroundColor")
        for author in ("bot", "agent", "buyer")
    }
    assert len(set(colours.values())) == 3, colours
    assert "助手" in _log(chat).locator(".Message-author").all_inner_texts()
    note = _log(chat).locator("[data-author=system]").first
    assert note.inner_text().split() == ["系统：", "人工客服", "小王", "已接入，接下来由他为您服务。"]
    assert note.evaluate("e => getComputedStyle(e).textAlign") == "center"
    assert (
        note.locator(
            "xpath=ancestor::*[contains(@class, 'Message-inner')]//*[@class='Message-author']"
        ).count()
        == 0
    )


def test_while_a_person_answers_the_assistants_questions_wait(chat: Any, stub: Any) -> None:
    _say(chat, "杯子裂了")
    chat.locator(".quick").get_by_role("button", name="换一个").wait_for()
    stub.only_conversation().set_owner("human", None, "小王")
    chat.locator(".quick").wait_for(state="detached")
    assert _log(chat).get_by_role("button", name="换一个").is_disabled()
    chat.get_by_role("button", name="更多操作").click()
    assert chat.get_by_role("menuitem").all_inner_texts()[2:] == ["删除我的数据"], "nothing to begin again"
    chat.keyboard.press("Escape")
    stub.only_conversation().set_owner("bot")
    chat.locator(".quick").get_by_role("button", name="换一个").wait_for()


def test_markup_of_an_agent_stays_text(chat: Any, conversation: Any) -> None:
    conversation.add("agent", EVIL, text=f"<b>粗</b>{EVIL}")
    conversation.add("system", EVIL, text=f"人工客服 {EVIL} 已接入。")
    conversation.set_owner("human", None, EVIL)
    _banner(chat).get_by_text(f"人工客服 {EVIL} 正在为您服务").wait_for()
    agent = _log(chat).locator("[data-author=agent]")
    agent.get_by_text(EVIL, exact=True).wait_for()
    agent.get_by_text(f"<b>粗</b>{EVIL}").wait_for()
    _log(chat).get_by_text(f"人工客服 {EVIL} 已接入。").wait_for()
    assert chat.locator("[role=log] img, [role=log] .Bubble b, .owner img").count() == 0


STEPS = ["受理", "双方举证", "调解", "判决", "申诉复审", "结案"]


@pytest.mark.parametrize("current", STEPS)
def test_an_intervention_step_marks_where_things_stand(chat: Any, stub: Any, current: str) -> None:
    card = {
        "type": "intervention", "number": "JR1", "state": current, "current": current, "steps": STEPS[:5],
    }  # fmt: skip
    stub.only_conversation().say(f"介入进入{current}。", card)
    shown = _log(chat).locator(".card")
    shown.wait_for()
    assert shown.locator("[aria-current=step]").inner_text() == current
    assert shown.locator(".Step--completed").count() == STEPS.index(current)


# -- links ----------------------------------------------------------------------------------------------


@pytest.fixture
def linked(stub: Any) -> Any:
    """A conversation from elsewhere, and `GOOD`, the token of a link to it."""
    elsewhere = type(stub).conversation_type()
    elsewhere.add("buyer", text="在微信里说的话")
    elsewhere.say("在微信里答的话")
    stub.conversations["wechat:main:o1"] = elsewhere
    stub.links["GOOD"] = "wechat:main:o1"
    return elsewhere


def test_a_link_shows_its_conversation_and_leaves_the_address_bar(
    open_page: Any, stub: Any, linked: Any
) -> None:
    page = open_page(f"{stub.url}/widget/?site=a#resume=GOOD")
    _log(page).get_by_text("在微信里答的话").wait_for()
    page.get_by_text("已接上您之前的对话。").wait_for()
    assert page.url == f"{stub.url}/widget/?site=a"
    assert page.evaluate("history.length") == 2  # the blank page before it, no entry with the token
    _say(page, "在网页里说的话")
    _log(page).get_by_text("您希望商家怎么解决？").wait_for()
    assert [entry["text"] for entry in linked.entries][2] == "在网页里说的话"
    page.reload()
    _log(page).get_by_text("在网页里说的话").wait_for()
    assert list(stub.conversations) == ["wechat:main:o1"]


def test_an_ended_link_is_explained_and_a_normal_session_begins(
    open_page: Any, stub: Any, complaints: Any
) -> None:
    page = open_page("about:blank")
    page.clock.install()
    page.goto(f"{stub.url}/widget/#resume=ENDED")
    page.get_by_text("这个链接已经失效了").wait_for()
    page.get_by_text("网购遇到麻烦？").wait_for()
    assert page.url == f"{stub.url}/widget/"
    _say(page, "杯子裂了")
    _log(page).get_by_text("您希望商家怎么解决？").wait_for()
    page.clock.fast_forward("00:30")  # passing notices would be gone
    assert page.get_by_text("这个链接已经失效了").is_visible()
    page.get_by_role("button", name="知道了").click()
    assert page.get_by_text("这个链接已经失效了").count() == 0
    complaints.forgive(FAILED_LOAD)


def test_a_link_waits_for_a_broken_line(open_page: Any, stub: Any, linked: Any, complaints: Any) -> None:
    stub.fail_next("session", 503, "服务正忙。", times=2)
    page = open_page(f"{stub.url}/widget/#resume=GOOD")
    _log(page).get_by_text("在微信里答的话").wait_for()
    assert list(stub.conversations) == ["wechat:main:o1"]
    complaints.forgive(FAILED_LOAD)


def test_a_link_in_an_open_page_leaves_unsent_words_where_they_belong(
    chat: Any, stub: Any, linked: Any, complaints: Any
) -> None:
    stub.fail_next("messages", 503, "服务正忙。")
    _say(chat, "只属于原来的对话")
    _log(chat).get_by_role("button", name="重试").wait_for()
    linked.entries.clear()  # no line of its own that would clear what is kept unsent
    chat.evaluate("location.hash = '#resume=GOOD'")
    chat.get_by_text("已接上您之前的对话。").wait_for()
    assert _log(chat).get_by_text("只属于原来的对话").count() == 0
    chat.reload()
    chat.get_by_text("网购遇到麻烦？").wait_for()
    assert _log(chat).get_by_text("只属于原来的对话").count() == 0
    complaints.forgive(FAILED_LOAD)


# -- a phone --------------------------------------------------------------------------------------------

PHONE = {"viewport": {"width": 375, "height": 812}, "has_touch": True, "is_mobile": True}


def test_on_a_phone_nothing_is_cut_off(open_page: Any, stub: Any) -> None:
    stub.reply_delay = 0
    page = open_page(f"{stub.url}/widget/", **PHONE, color_scheme="dark")
    page.get_by_text("网购遇到麻烦？").wait_for()
    _say(page, "人工")
    _banner(page).get_by_text("前面还有 2 位").wait_for()
    target = _banner(page).get_by_role("button").bounding_box()
    assert target["height"] >= 44 and target["x"] + target["width"] <= 375
    stub.only_conversation().set_owner("human", None, "一位名字特别特别特别长的客服" * 3)
    stub.only_conversation().add("agent", "长名" * 30, text="您好")
    _log(page).get_by_text("您好", exact=True).wait_for()
    deadline = time.monotonic() + 5
    while page.evaluate("document.documentElement.scrollWidth") > 375:
        assert time.monotonic() < deadline
    wide = page.evaluate(
        """[...document.querySelectorAll('.owner *, .agent-name *, .note')]
          .filter(e => e.getBoundingClientRect().right > 375).map(e => e.className)"""
    )
    assert wide == []
