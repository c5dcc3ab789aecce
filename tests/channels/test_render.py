"""Log lines as plain bubbles: limits kept, nothing lost, everybody's words under their own name."""

from __future__ import annotations

from datetime import datetime, timezone
from pathlib import Path
from typing import Any

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.capabilities import Capabilities
from bot.channels.render import Bubble, Button, file_line, grouped, numbered, parts, plan, text_of, visible
from bot.channels.splitting import size
from bot.conversation.messages import AuthorType, Entry

ROOT = Path(__file__).parents[2]
NOW = datetime(2026, 11, 11, 10, 0, tzinfo=timezone.utc)
NAMES = {"bot": "小助手", "buyer": "我", "agent": "小王", "system": "系统"}
NUMBERED = Capabilities(300, "numbered", 0, False, 3)
MENU = Capabilities(300, "menu", 4, False, 3, button_text_bytes=200)
NATIVE = Capabilities(300, "native", 4, True, 3)
FILE = {"name": "收据.pdf", "size": 2048, "mime": "application/pdf"}
PHOTO = {"name": "照片.jpg", "size": 3_500_000, "mime": "image/jpeg"}


def line(text: str | None, *titles: str, by: AuthorType = "bot", **fields: Any) -> Entry:
    buttons = [{"title": title, "token": f"token of {title}"} for title in titles]
    return Entry(
        seq=1,
        id="1",
        conversation_id="c",
        created_at=NOW,
        author_type=by,
        author_name=fields.pop("name", NAMES[by]),
        text=text,
        buttons=buttons or None,
        **fields,
    )


def texts(lines: list[Entry], capabilities: Capabilities = NUMBERED) -> list[str]:
    return [bubble.text for bubble in plan(lines, capabilities)]


LONG = "这是一句不长不短的话。" * 6  # 198 bytes


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], []),
        ([line("您好")], ["您好"]),
        ([line("您好"), line("请说。")], ["您好\n\n请说。"]),
        ([line("  a\r\n\r\n\r\n\r\nb\x00\x07 ")], ["a\n\nb"]),
        ([line(""), line(None), line(" \n")], []),
        ([line(LONG), line("请说。")], [LONG + "\n\n请说。"]),
        ([line(LONG), line(LONG)], [LONG, LONG]),
        ([line("看这份清单", card={"type": "evidence", "items": []})], ["看这份清单"]),
        # buttons
        ([line("对吗？", "对", "不对")], ["对吗？\n\n回复数字选择：\n1. 对\n2. 不对"]),
        ([line(None, "对", "不 \n 对")], ["回复数字选择：\n1. 对\n2. 不 对"]),
        ([line("第一问", "甲", "乙"), line("第二问")], ["第一问\n\n可以回复：甲、乙\n\n第二问"]),
        (
            [line("选", *"一二三四五六七八九")],
            ["选\n\n" + numbered(list("一二三四五六七八九"))],
        ),
        ([line("选", *"一二三四五六七八九十")], ["选\n\n可以回复：一、二、三、四、五、六、七、八、九、十"]),
        # files
        ([line("收据", attachment=FILE)], ["收据\n\n［文件：收据.pdf，2.0 KB］"]),
        ([line(None, attachment=PHOTO)], ["［文件：照片.jpg，3.3 MB］"]),
        # authors
        ([line("您好", by="agent")], ["【人工客服 小王】您好"]),
        ([line("您好", by="agent", name="人工客服")], ["【人工客服】您好"]),
        ([line("您好", by="agent", name="")], ["【人工客服】您好"]),
        ([line("您好", by="agent", name="】\n【系统】")], ["【人工客服 系统】您好"]),
        ([line("您好", by="agent", name="王" * 50)], [f"【人工客服 {'王' * 20}】您好"]),
        ([line("已接入。", by="system")], ["【系统】已接入。"]),
        ([line("退款到了吗", by="buyer")], ["【您】退款到了吗"]),
        ([line("一", by="agent"), line("二", by="agent")], ["【人工客服 小王】一\n\n二"]),
        (
            [line("一", by="agent"), line("二", by="agent", name="小李")],
            ["【人工客服 小王】一\n\n【人工客服 小李】二"],
        ),
        (
            [line("为您转接。"), line("已接入。", by="system"), line("您好", by="agent"), line("记下了。")],
            ["【小助手】为您转接。\n\n【系统】已接入。\n\n【人工客服 小王】您好\n\n【小助手】记下了。"],
        ),
    ],
)
def test_what_is_shown(lines: list[Entry], expected: list[str]) -> None:
    assert texts(lines) == expected


def test_each_piece_of_a_long_message_of_an_agent_is_labelled() -> None:
    shown = texts([line(LONG * 3, by="agent")])
    assert len(shown) == 3
    assert all(text.startswith("【人工客服 小王】") for text in shown)


def test_numbers_are_only_given_to_the_newest_line() -> None:
    lines = [line("选", "甲", "乙"), line("还有")]
    assert [bubble.text for bubble in plan(lines, NUMBERED, only_first=1)] == ["选\n\n可以回复：甲、乙"]


def test_lines_in_pieces() -> None:
    """Who sends page by page takes up anywhere: the pieces of the next page are grouped and labelled anew."""
    found = parts([line("选", "对"), line(LONG * 2, "对", by="agent"), line("好", "对")], NUMBERED)
    assert [part.line for part in found] == [0, 1, 1, 2]
    shown = [text_of(group) for group in grouped(found[2:], NUMBERED)]
    assert shown[0].startswith("【人工客服 小王】") and size(shown[0]) <= 300
    assert "可以回复：对" in shown[0] and shown[-1].endswith("1. 对")
    assert text_of(found[:1]) == "选\n\n可以回复：对"
    assert (parts([line("")], NUMBERED), grouped([], NUMBERED)) == ([], [])


@pytest.mark.parametrize("capabilities", [MENU, NATIVE])
def test_buttons_that_the_channel_draws(capabilities: Capabilities) -> None:
    bubbles = plan([line("一"), line("对吗？", "对", "不对"), line("二")], capabilities)
    buttons = (Button("对", "token of 对"), Button("不对", "token of 不对"))
    assert bubbles == [Bubble("一\n\n对吗？", (0, 1), buttons), Bubble("二", (2,))]


def test_more_buttons_than_the_channel_draws_are_numbered() -> None:
    (bubble,) = plan([line("选", *"一二三四五")], MENU)
    assert (bubble.buttons, bubble.text) == ((), "选\n\n" + numbered(list("一二三四五")))


def test_a_bubble_with_buttons_may_hold_less() -> None:
    """The end of the text goes with the buttons, the rest before it."""
    bubbles = plan([line(LONG + "对吗？", "对", "不对")], MENU)
    assert [size(bubble.text) <= limit for bubble, limit in zip(bubbles, (300, 200), strict=True)] == [
        True
    ] * 2
    assert bubbles[1].buttons and bubbles[1].text.endswith("对吗？")
    assert "".join(bubble.text for bubble in bubbles) == LONG + "对吗？"


def test_buttons_without_words() -> None:
    assert plan([line(None, "对")], MENU) == [Bubble("", (0,), (Button("对", "token of 对"),))]


def test_pictures_that_the_channel_sends_itself() -> None:
    bubbles = plan([line("看图", attachment=PHOTO), line("收据", attachment=FILE)], NATIVE)
    assert bubbles == [
        Bubble("看图", (0,), images=(PHOTO,)),
        Bubble("收据\n\n［文件：收据.pdf，2.0 KB］", (1,)),
    ]


@pytest.mark.parametrize(
    ("attachment", "shown"),
    [
        ({}, "［文件：未命名］"),
        ({"name": "a\nb\x00.txt", "size": 0}, "［文件：a b.txt，0 字节］"),
        ({"name": "a", "size": 1023}, "［文件：a，1023 字节］"),
        ({"name": "a", "size": 10 * 1024 * 1024}, "［文件：a，10.0 MB］"),
    ],
)
def test_a_file_in_words(attachment: dict[str, Any], shown: str) -> None:
    assert file_line(attachment) == shown


@pytest.mark.parametrize(
    ("changes", "message"),
    [({"text_bytes": 199}, "200"), ({"button_text_bytes": 10}, "200"), ({"bubbles": 0}, "one bubble")],
)
def test_limits_too_small_for_anything(changes: dict[str, int], message: str) -> None:
    given_values: dict[str, Any] = {
        "text_bytes": 300, "buttons": "menu", "most_buttons": 4, "images": False, "bubbles": 1, **changes
    }  # fmt: skip
    with pytest.raises(ValueError, match=message):
        Capabilities(**given_values)


def responses() -> list[tuple[str, dict[str, Any]]]:
    """Every variation of every response of the domain."""
    found = []
    for file in sorted((ROOT / "domain").rglob("*.yml")):
        for name, variations in (yaml.safe_load(file.read_text("utf-8")).get("responses") or {}).items():
            found += [(name, variation) for variation in variations]
    return found


def test_every_answer_can_be_read_without_its_card() -> None:
    """Cards are left out, so each response needs words, and whatever the card shows has to be filled into them."""
    found = responses()
    assert len(found) > 50
    assert [name for name, variation in found if not (variation.get("text") or "").strip()] == []


# -- properties ---------------------------------------------------------------------------------------

WORDS = st.one_of(
    st.text(st.characters(exclude_categories=["Cs"]), max_size=60),
    st.lists(
        st.sampled_from(["退款。", "证据，", "\n", "\n\n", "👋", "https://x.cn/a?b=c "]), max_size=60
    ).map("".join),
)
TITLES = st.lists(st.sampled_from(["先往下走", "商家不回复", "转人工", "👍", "a"]), max_size=6)


@st.composite
def lines_of_talk(draw: st.DrawFn) -> list[Entry]:
    return [
        line(
            draw(st.none() | WORDS),
            *draw(TITLES),
            by=draw(st.sampled_from(["bot", "bot", "agent", "system"])),
            name=draw(st.sampled_from(["小助手", "小王", "很长" * 30, ""])),
            attachment=draw(st.sampled_from([None, None, FILE, PHOTO])),
        )
        for _ in range(draw(st.integers(0, 5)))
    ]


CAPABILITIES = st.sampled_from([NUMBERED, MENU, NATIVE, Capabilities(200, "menu", 2, False, 1)])


@settings(deadline=None)
@given(lines_of_talk(), CAPABILITIES)
def test_every_bubble_keeps_the_limits(lines: list[Entry], capabilities: Capabilities) -> None:
    for bubble in plan(lines, capabilities):
        limit = capabilities.text_bytes_with_buttons if bubble.buttons else capabilities.text_bytes
        assert size(bubble.text) <= limit
        assert len(bubble.buttons) <= capabilities.most_buttons
        assert bubble.text or bubble.buttons or bubble.images
        assert bubble.text == visible(bubble.text)


@settings(deadline=None)
@given(lines_of_talk(), CAPABILITIES)
def test_all_words_come_in_order(lines: list[Entry], capabilities: Capabilities) -> None:
    shown = "".join("".join(bubble.text.split()) for bubble in plan(lines, capabilities))
    at = 0
    for entry in lines:
        for character in "".join(visible(entry.text or "").split()):
            at = shown.find(character, at) + 1
            assert at > 0, f"{character!r} of {entry.text!r} is missing"


@settings(deadline=None)
@given(lines_of_talk(), CAPABILITIES)
def test_all_buttons_and_files_come_with_their_line(lines: list[Entry], capabilities: Capabilities) -> None:
    bubbles = plan(lines, capabilities)
    for index, entry in enumerate(lines):
        mine = [bubble for bubble in bubbles if index in bubble.lines]
        drawn = [button.title for bubble in mine for button in bubble.buttons]
        told = "".join("".join(bubble.text for bubble in mine).split())
        for button in entry.buttons or []:
            assert button["title"] in drawn or button["title"] in told
        if entry.attachment:
            pictures = [picture for bubble in mine for picture in bubble.images]
            assert entry.attachment in pictures or entry.attachment["name"] in told


@settings(deadline=None)
@given(lines_of_talk(), CAPABILITIES)
def test_bubbles_name_the_lines_they_hold(lines: list[Entry], capabilities: Capabilities) -> None:
    named = [index for bubble in plan(lines, capabilities) for index in bubble.lines]
    assert named == sorted(named)
    empty = {
        index
        for index, entry in enumerate(lines)
        if not visible(entry.text or "") and not entry.buttons and not entry.attachment
    }
    assert set(named) == set(range(len(lines))) - empty


@settings(deadline=None)
@given(lines_of_talk(), CAPABILITIES)
def test_nobody_speaks_under_another_name(lines: list[Entry], capabilities: Capabilities) -> None:
    for bubble in plan(lines, capabilities):
        speaking = {lines[index].author_type for index in bubble.lines}
        if bubble.text and speaking != {"bot"}:
            assert bubble.text.startswith("【")
        if {"bot", "agent"} <= speaking:
            assert "【人工客服" in bubble.text and bubble.text.count("【") >= 2
