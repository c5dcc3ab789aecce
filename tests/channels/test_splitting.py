"""Where long text is cut."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from bot.channels.splitting import size, split

FAMILY = "👨‍👩‍👧‍👦"  # 25 bytes, seven code points that are one picture


@pytest.mark.parametrize(
    ("text", "most", "pieces"),
    [
        ("", 30, []),
        ("  \n ", 30, []),
        ("短", 30, ["短"]),
        ("  短  ", 30, ["短"]),
        # exactly full, then one byte too many
        ("一二三四五六七八九十", 30, ["一二三四五六七八九十"]),
        ("一二三四五六七八九十a", 30, ["一二三四五六七八九十", "a"]),
        # paragraph before line before sentence before clause
        ("一二三四五\n\n六。七\n八九十一二三", 36, ["一二三四五", "六。七\n八九十一二三"]),
        ("一二三四五\n六。七，八九十一二三", 36, ["一二三四五", "六。七，八九十一二三"]),
        ("一二三四五。六七，八九十一二三", 36, ["一二三四五。", "六七，八九十一二三"]),
        ("一二三四五，六七八九十一二三", 36, ["一二三四五，", "六七八九十一二三"]),
        ("hello there my friends", 16, ["hello there my", "friends"]),
        # a border that would leave a piece nearly empty does not count
        ("一。二三四五六七八九十一二三四", 36, ["一。二三四五六七八九十一", "二三四"]),
        # punctuation stays with its sentence, closing quotes too
        ("一二三四五六七八九十。一二", 30, ["一二三四五六七八九", "十。一二"]),
        ("他说：“一二三四五。”六七八九十", 36, ["他说：“一二三四五。”", "六七八九十"]),
        # a break right behind a full piece
        ("一二三四五六，七八九\n一二", 30, ["一二三四五六，七八九", "一二"]),
        # composed characters are not taken apart
        ("一" * 6 + FAMILY + "二", 30, ["一" * 6, FAMILY + "二"]),
        ("ab" * 5 + "e\u0301", 11, ["ab" * 5, "e\u0301"]),
        ("一二三👍🏽", 14, ["一二三", "👍🏽"]),
        # links stay whole while they can
        ("看这里 https://a.example/b?c=d 好", 30, ["看这里", "https://a.example/b?c=d 好"]),
        ("https://a.example/" + "x" * 20, 20, ["https://a.example/xx", "x" * 18]),
    ],
)
def test_where_it_is_cut(text: str, most: int, pieces: list[str]) -> None:
    assert split(text, most) == pieces


def squeezed(text: str) -> str:
    return "".join(text.split())


LIVELY = st.text(
    st.sampled_from("退款证据商家。，！\n  aZ1，；”)https://x.cn/👋\u200d👩\u0301🏽\ufe0f…"), max_size=300
)


@settings(deadline=None)
@given(st.one_of(LIVELY, st.text(st.characters(exclude_categories=["Cs"]), max_size=200)), st.integers(4, 90))
def test_nothing_is_lost_and_nothing_is_too_long(text: str, most: int) -> None:
    pieces = split(text, most)
    assert all(piece and size(piece) <= most for piece in pieces)
    assert squeezed("".join(pieces)) == squeezed(text)


@settings(deadline=None)
@given(st.lists(st.sampled_from(["退款，", "证据。", "https://x.cn/abc ", "👋", "\n"]), max_size=60))
def test_pieces_of_a_readable_text_are_well_filled(words: list[str]) -> None:
    pieces = split("".join(words), 60)
    assert all(size(piece) >= 15 for piece in pieces[:-1])
