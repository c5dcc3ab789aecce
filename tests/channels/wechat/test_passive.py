"""The one passive reply: what is in it, who said it, and what becomes of the lines that do not fit."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.splitting import size
from bot.channels.wechat.passive import MORE, Composed, compose
from bot.channels.wechat.render import TEXT_BYTES
from bot.conversation.messages import AuthorType, Entry
from bot.conversation.outbox import Outgoing

NOW = datetime(2026, 11, 11, 10, 0, tzinfo=timezone.utc)
LINK = "https://bot.example/widget/#resume=" + "t" * 200
SENTENCE = "请把这段话原样发给商家。"  # 36 bytes
LONG = SENTENCE * 50  # 1800 bytes
NAMES = {"bot": "小助手", "agent": "小王", "system": "系统"}


def line(text: str | None, *titles: str, by: AuthorType = "bot", row: int = 1, had: int = 0) -> Outgoing:
    buttons = [{"title": title, "token": f"token-{index}"} for index, title in enumerate(titles)]
    entry = Entry(1, "1", "wechat:main:o", NOW, by, NAMES[by], text=text, buttons=buttons or None)
    return Outgoing(row, 0, entry, "wechat", had)


def fates(composed: Composed) -> list[tuple[str, int]]:
    return [(outcome.state, outcome.parts) for _, outcome in composed.outcomes]


@pytest.mark.parametrize(
    ("lines", "expected"),
    [
        ([], None),
        ([line("")], None),
        ([line("您好"), line("请说。")], "您好\n\n请说。"),
        ([line("对吗？", "对", "不对")], "对吗？\n\n回复数字选择：\n1. 对\n2. 不对"),
        ([line("a" * TEXT_BYTES)], "a" * TEXT_BYTES),
        (
            [line("已接入。", by="system"), line("您好", by="agent")],
            "【系统】已接入。\n\n【人工客服 小王】您好",
        ),
    ],
)
@pytest.mark.parametrize("pages", [True, False])
@pytest.mark.parametrize("link", [None, LINK])
def test_what_fits_is_said_whole(
    lines: list[Outgoing], expected: str | None, pages: bool, link: str | None
) -> None:
    composed = compose(lines, link=link, pages=pages)
    assert composed.text == expected
    assert (fates(composed), composed.left_over) == ([("sent", 0)] * len(lines), [])


@pytest.mark.parametrize("text", ["a" * (TEXT_BYTES + 1), "字" * 683])  # 683 characters are 2049 bytes
def test_one_byte_too_many(text: str) -> None:
    assert (compose([line(text)], link=None, pages=True).text or "").endswith(MORE)
    pushed = compose([line(text)], link=None, pages=False)
    assert (pushed.text, pushed.outcomes, len(pushed.left_over)) == (None, [], 1)


def test_whole_lines_are_left_to_who_can_push() -> None:
    lines = [line("您好"), line(LONG), line(LONG, row=3)]
    composed = compose(lines, link=LINK, pages=False)
    assert composed.text == f"您好\n\n{LONG}"
    assert (fates(composed), composed.left_over) == ([("sent", 0)] * 2, [lines[2]])


def test_the_rest_stands_behind_the_link() -> None:
    composed = compose([line(LONG), line("二" + LONG)], link=LINK, pages=True)
    assert composed.text is not None
    assert composed.text.startswith(SENTENCE) and LINK in composed.text
    assert fates(composed) == [("sent", 0), ("sent", 0)]


def test_the_rest_waits_and_goes_on_where_it_stopped() -> None:
    long, short = line(LONG * 2), line("还有问题吗？", row=2)
    first = compose([long, short], link=None, pages=True)
    assert fates(first) == [("held", 1), ("held", 0)]
    second = compose([line(LONG * 2, had=1), short], link=None, pages=True)
    assert fates(second) == [("sent", 0), ("sent", 0)]
    assert second.text is not None and second.text.endswith("\n\n还有问题吗？")
    said = (first.text or "").removesuffix(MORE) + second.text.removesuffix("\n\n还有问题吗？")
    assert said == LONG * 2


def test_the_bot_beside_a_person_says_that_it_is_the_bot() -> None:
    """Also where not everything fits: whoever reads it must know who promises what."""
    lines = [line("我来看看。", by="agent"), line("期限是明天。"), line("请留意。"), line(LONG), line(LONG)]
    composed = compose(lines, link=None, pages=True)
    assert composed.text is not None
    assert composed.text.startswith(
        f"【人工客服 小王】我来看看。\n\n【小助手】期限是明天。\n\n请留意。\n\n{SENTENCE}"
    )


def test_the_bot_alone_needs_no_label() -> None:
    composed = compose([line("一"), line(LONG), line(LONG)], link=None, pages=True)
    assert composed.text is not None and "【" not in composed.text


LINES = st.lists(
    st.builds(
        lambda text, by, had: line(text, by=by, had=had),
        st.one_of(st.text(max_size=80), st.integers(1, 150).map(lambda times: SENTENCE * times)),
        st.sampled_from(["bot", "bot", "agent", "system"]),
        st.integers(0, 1),
    ),
    min_size=1,
    max_size=6,
)


@settings(deadline=None)
@given(LINES, st.sampled_from([LINK, None]), st.booleans())
def test_nothing_is_too_long_or_forgotten(lines: list[Outgoing], link: str | None, pages: bool) -> None:
    composed = compose(lines, link=link, pages=pages)
    assert size(composed.text or "") <= TEXT_BYTES
    assert [one for one, _ in composed.outcomes] + composed.left_over == lines
