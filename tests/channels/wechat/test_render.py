"""Answers in WeChat's two forms, and what happens to answers that are too long for them."""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

import pytest
import xmltodict
from hypothesis import given, settings
from hypothesis import strategies as st
from wechatpy.replies import TextReply, deserialize_reply

from bot.channels.render import visible
from bot.channels.splitting import size
from bot.channels.wechat.render import (
    CUSTOM_NUMBERED,
    CUT_OFF,
    MORE,
    TEXT_BYTES,
    Message,
    custom_messages,
    more_notice,
    passive_xml,
)
from bot.conversation.messages import AuthorType, Entry

NOW = datetime(2026, 11, 11, 10, 0, tzinfo=timezone.utc)
LINK = "https://bot.example/widget/#resume=" + "t" * 200
SENTENCE = "请把这段话原样发给商家。"  # 36 bytes
LONG = SENTENCE * 50  # 1800 bytes


def line(text: str | None, *titles: str, by: AuthorType = "bot", **fields: Any) -> Entry:
    buttons = [{"title": title, "token": f"token-{index}"} for index, title in enumerate(titles)]
    name = {"bot": "小助手", "agent": "小王", "system": "系统", "buyer": "我"}[by]
    return Entry(1, "1", "wechat:main:o", NOW, by, name, text=text, buttons=buttons or None, **fields)


def shown(message: Message) -> str:
    """What the buyer reads in it, buttons apart."""
    if message.body["msgtype"] == "text":
        return str(message.body["text"]["content"])
    return str(message.body["msgmenu"]["head_content"])


def menu(message: Message) -> list[tuple[str, str]]:
    return [(entry["id"], entry["content"]) for entry in message.body.get("msgmenu", {}).get("list", [])]


# -- passive ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    "text",
    [
        "您好",
        "a < b & c > d",
        "<![CDATA[ ]]> ]]> ]]]]>",
        "]]>]]><Content>假的</Content>",
        "👋 𠮷",
        "第一行\n第二行",
        "{braces} %s %(x)s \\",
        " ",
        "x" * 2048,
    ],
)
def test_a_passive_body_says_exactly_the_text(text: str) -> None:
    xml = passive_xml(text, "o_buyer", "gh_1", NOW)
    assert xmltodict.parse(xml)["xml"] == {
        "MsgType": "text",
        "FromUserName": "gh_1",
        "ToUserName": "o_buyer",
        "CreateTime": "1794391200",
        "Content": text.strip() or None,
    }


@pytest.mark.parametrize("text", ["a\x00b", "a\x08\x0bb", "a\x1fb", "a\ufffeb\uffff", "a\ud800b", "\x7fab"])
def test_characters_that_xml_forbids_are_left_out(text: str) -> None:
    assert xmltodict.parse(passive_xml(text, "o", "g", NOW))["xml"]["Content"] == "ab"


@settings(deadline=None)
@given(st.text(max_size=200))
def test_every_text_makes_a_readable_body(text: str) -> None:
    xml = passive_xml(text, "o_buyer", "gh_1", NOW)
    assert (xmltodict.parse(xml, strip_whitespace=False)["xml"]["Content"] or "") == visible(text)
    assert isinstance(deserialize_reply(xml.encode()), TextReply)


# -- customer-service messages ------------------------------------------------------------------------


def test_short_lines_share_a_message() -> None:
    assert custom_messages([line("您好"), line("请说。")], 3, None) == [
        Message({"msgtype": "text", "text": {"content": "您好\n\n请说。"}}, (0, 1))
    ]


def test_buttons_are_a_menu_with_our_tokens() -> None:
    assert custom_messages([line("对吗？", "对", "不对")], 3, None) == [
        Message(
            {
                "msgtype": "msgmenu",
                "msgmenu": {
                    "head_content": "对吗？",
                    "list": [{"id": "token-0", "content": "对"}, {"id": "token-1", "content": "不对"}],
                    "tail_content": "",
                },
            },
            (0,),
        )
    ]


def test_accounts_without_menus_get_numbers() -> None:
    (message,) = custom_messages([line("对吗？", "对", "不对")], 3, None, CUSTOM_NUMBERED)
    assert message.body == {
        "msgtype": "text",
        "text": {"content": "对吗？\n\n回复数字选择：\n1. 对\n2. 不对"},
    }


def test_menus_of_odd_sizes() -> None:
    (wordless,) = custom_messages([line(None, "对")], 3, None)
    assert shown(wordless) == "请选择："
    (wide,) = custom_messages([line("选", "很长的选项" * 20)], 3, None)
    assert size(menu(wide)[0][1]) <= 128 and menu(wide)[0][1].endswith("…")
    (many,) = custom_messages([line("选", *"一二三四五六七八九十百")], 3, None)
    assert many.body["msgtype"] == "text" and "十、百" in shown(many)


def test_a_menu_holds_less_text_than_a_message() -> None:
    messages = custom_messages([line(LONG + "好了吗？", "好了")], 3, None)
    assert [message.lines for message in messages] == [(0,), (0,)]
    assert "".join(map(shown, messages)) == LONG + "好了吗？"
    assert size(shown(messages[1])) <= 1024 and menu(messages[1]) == [("token-0", "好了")]


def test_what_does_not_fit_stands_behind_the_link() -> None:
    lines = [line(LONG), line("二" + LONG), line("三" + LONG), line("四" + LONG), line("好了吗？", "好了")]
    messages = custom_messages(lines, 3, LINK)
    assert [message.lines for message in messages] == [(0,), (1,), (2, 3, 4)]
    assert shown(messages[0]) == LONG
    assert shown(messages[2]).startswith("三请把这段话") and shown(messages[2]).endswith(
        "。……\n\n" + more_notice(LINK)
    )
    assert 700 < size(shown(messages[2])) <= 1024
    assert menu(messages[2]) == [("token-0", "好了")]


def test_with_room_for_one_message_only() -> None:
    (message,) = custom_messages([line(LONG), line(LONG, by="agent")], 1, LINK)
    assert message.lines == (0, 1)
    assert shown(message).startswith(SENTENCE) and shown(message).endswith(more_notice(LINK))
    assert 1700 < size(shown(message)) <= TEXT_BYTES


def test_without_a_link_lines_wait_whole() -> None:
    lines = [line(LONG), line("二" + LONG), line("三" + LONG), line("四" + LONG)]
    pushed = custom_messages(lines, 3, None)
    assert [message.lines for message in pushed] == [(0,), (1,), (2,)]
    assert shown(pushed[2]) == shown(custom_messages(lines[:3], 3, None)[2]) + MORE
    assert pushed[:2] == custom_messages(lines[:2], 3, None)
    lines = [line(LONG), line("二" + LONG * 3)]
    assert [message.lines for message in custom_messages(lines, 3, None)] == [(0,)]
    assert custom_messages([line(LONG * 2)], 1, None) == []


def test_numbers_wait_with_their_line() -> None:
    """The line before must not borrow the numbers of the one that waits."""
    lines = [line(LONG + "选", "甲", "乙"), line(LONG + "选", "丙", "丁")]
    (message,) = custom_messages(lines, 1, None, CUSTOM_NUMBERED)
    assert message.lines == (0,) and shown(message).endswith("可以回复：甲、乙" + MORE)


def test_a_line_too_long_for_any_answer_is_cut_and_says_so() -> None:
    messages = custom_messages([line(LONG * 5)], 3, None)
    assert len(messages) == 3 and shown(messages[2]).endswith("。……\n\n" + CUT_OFF)


def test_nothing_to_say() -> None:
    assert custom_messages([], 3, LINK) == []
    assert custom_messages([line("")], 3, None) == []


LINES = st.lists(
    st.builds(
        lambda text, titles, by: line(text, *titles, by=by),
        st.one_of(st.none(), st.text(max_size=80), st.integers(1, 80).map(lambda times: SENTENCE * times)),
        st.lists(st.sampled_from(["先往下走", "商家不回复", "长" * 60]), max_size=4),
        st.sampled_from(["bot", "bot", "agent", "system"]),
    ),
    max_size=6,
)


@settings(deadline=None)
@given(LINES, st.integers(1, 3), st.sampled_from([LINK, None]))
def test_messages_keep_the_limits(lines: list[Entry], most: int, link: str | None) -> None:
    messages = custom_messages(lines, most, link)
    assert len(messages) <= most
    for message in messages:
        assert 0 < size(shown(message)) <= (1024 if menu(message) else TEXT_BYTES)
        assert all(entry and size(entry) <= 128 for _, entry in menu(message))
    told = [index for message in messages for index in message.lines]
    assert told == sorted(told)
    if link is not None:
        with_words = [i for i, one in enumerate(lines) if visible(one.text or "") or one.buttons]
        assert sorted(set(told)) == with_words
