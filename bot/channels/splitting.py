"""Cutting text into pieces of so many UTF-8 bytes, at the place where it hurts least."""

from __future__ import annotations

import re
import unicodedata

# From the best place to the worst; a piece ends behind the match.
_BORDERS = (
    re.compile(r"\n{2,}"),
    re.compile(r"\n"),
    re.compile(r"[。！？!?…]+[”’」』）)】]*|[；;](?=[^\n])"),
    re.compile(r"[，、：]|\s"),
)
_LINK = re.compile(r"https?://[!-~]+")
_JOINER = "\u200d"  # ties emoji together
_SKIN_TONES = range(0x1F3FB, 0x1F400)
_VARIANTS = "\ufe0e\ufe0f\u20e3"
_CLOSING = "。，、；：！？…”’」』）】》%"  # never at the beginning of a piece


def size(text: str) -> int:
    """Length in UTF-8 bytes."""
    return len(text.encode("utf-8", "replace"))


def split(text: str, most: int) -> list[str]:
    """`text` in pieces of at most `most` UTF-8 bytes, in order; only whitespace at the cuts is lost.

    Cuts at the end of a paragraph, line, sentence or clause where the piece stays at least half full, never
    inside a character with its marks, and inside a link only when that is longer than a piece.

    Args:
        text: without lone surrogates.
        most: at least 4, so that every character fits.
    """
    pieces = []
    rest = text.strip()
    while size(rest) > most:
        cut = _cut(rest, most)
        pieces.append(rest[:cut].rstrip())
        rest = rest[cut:].lstrip()
    return [piece for piece in (*pieces, rest) if piece]


def _cut(text: str, most: int) -> int:
    """Where the first piece of `text` ends, as an index."""
    end = len(text.encode()[:most].decode("utf-8", "ignore"))
    links = [link.span() for link in _LINK.finditer(text)]
    for border in _BORDERS:
        # Looks a little further: a break right behind a full piece is a border too.
        ends = (_end_of(found, end) for found in border.finditer(text, 0, end + 3))
        best = max((at for at in ends if at <= end and not _inside(links, at)), default=0)
        if best * 2 >= end:
            return best
    return _unbroken(text, end, links)


def _end_of(border: re.Match[str], end: int) -> int:
    # Whitespace may fall between the pieces, punctuation stays with what it ends.
    return border.start() if border.end() > end and border[0].isspace() else border.end()


def _inside(links: list[tuple[int, int]], at: int) -> bool:
    return any(start < at < end for start, end in links)


def _unbroken(text: str, end: int, links: list[tuple[int, int]]) -> int:
    """The last place at or before `end` that is no link's and no composed character's inside."""
    for start, link_end in links:
        if 0 < start < end < link_end:
            return start
    at = end
    while at > 0 and _belongs_to_previous(text, at):
        at -= 1
    return at or end


def _belongs_to_previous(text: str, at: int) -> bool:
    character = text[at]
    return (
        character in _VARIANTS
        or character in _CLOSING
        or _JOINER in (character, text[at - 1])
        or ord(character) in _SKIN_TONES
        or unicodedata.combining(character) != 0
    )
