"""Bring a text into the one form that every grammar reads, and remember where each character came from.

Full width becomes half width (NFKC), traditional becomes simplified, an emoji becomes the word it stands for,
blanks inside a long digit run go. The original is kept: spans are always reported in it.
"""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

# Emoji that carry an answer or a mood in a dispute; any other emoji is read as a blank.
EMOJI_WORDS = {
    "👌": "好的", "👍": "好的", "🆗": "好的", "✅": "好的", "🙆": "好的", "🤝": "好的",
    "👎": "不行", "❌": "不行", "🙅": "不行", "🙏": "谢谢", "🌹": "谢谢",
    "😡": "生气", "😠": "生气", "🤬": "生气", "💢": "生气", "😭": "难过", "😢": "难过",
    "👋": "再见",
}  # fmt: skip

# Characters that mainland writers use too, so they say nothing about the script of the text.
_ALSO_SIMPLIFIED = set("妳著乾於覆瞭藉嚐徵夥祇裏吋唸痠慾託")
_LONG_DIGITS = re.compile(r"(?<!\d)\d{3,}(?: +\d{3,})+(?!\d)")
_MAYBE_EMOJI = re.compile(
    "[\u00a9\u00ae\u203c-\u2bff\u3030\u303d\u3297\u3299\ufe0f\u20e3\U0001f000-\U0001faff]"
)


@dataclass(frozen=True)
class Normalised:
    """A text in normal form with an exact way back: `text[i]` came from `original[starts[i]:ends[i]]`."""

    original: str
    text: str
    starts: tuple[int, ...]
    ends: tuple[int, ...]
    traditional: bool

    def span(self, start: int, end: int) -> tuple[int, int]:
        """Where `text[start:end]` stands in the original. An empty span stays empty."""
        if start >= end:
            at = self.starts[start] if start < len(self.starts) else len(self.original)
            return at, at
        return self.starts[start], self.ends[end - 1]


Piece = tuple[str, int, int]  # text, start and end in the original


@lru_cache(maxsize=64)
def normalise(text: str) -> Normalised:
    """Read any text, however odd, without raising (NUL, lone surrogates and emoji sequences included)."""
    pieces = _half_width(_emoji_as_words(text))
    simplified, traditional = _simplify("".join(piece[0] for piece in pieces))
    pieces = [(char, start, end) for char, (_, start, end) in zip(simplified, pieces, strict=True)]
    pieces = _close_digit_runs(pieces)
    return Normalised(
        original=text,
        text="".join(piece[0] for piece in pieces),
        starts=tuple(piece[1] for piece in pieces),
        ends=tuple(piece[2] for piece in pieces),
        traditional=traditional,
    )


def _emoji_as_words(text: str) -> list[Piece]:
    """Split the text in single characters, an emoji sequence counting as one piece."""
    if not _MAYBE_EMOJI.search(text):
        return [(char, at, at + 1) for at, char in enumerate(text)]
    import emoji  # 20 ms to import, and most texts have none

    pieces: list[Piece] = []
    position = 0
    for hit in emoji.emoji_list(text):
        start, end, sign = int(hit["match_start"]), int(hit["match_end"]), str(hit["emoji"])
        pieces += [(text[at], at, at + 1) for at in range(position, start)]
        pieces.append((_emoji_word(sign), start, end))
        position = end
    return pieces + [(text[at], at, at + 1) for at in range(position, len(text))]


def _emoji_word(sign: str) -> str:
    if sign[0].isdigit():  # keycaps: 1️⃣ is a one
        return sign[0]
    return EMOJI_WORDS.get(sign[0], " ")


def _half_width(pieces: list[Piece]) -> list[Piece]:
    """NFKC one piece at a time, so that every resulting character knows its source."""
    out: list[Piece] = []
    for text, start, end in pieces:
        for char in unicodedata.normalize("NFKC", text):
            kind = unicodedata.category(char)
            if kind == "Cf" or "\ufe00" <= char <= "\ufe0f":  # zero width marks, variation selectors
                continue
            if kind == "Cs":
                char = "\ufffd"
            elif kind in ("Cc", "Zs") and char != "\n":
                char = " "
            out.append((char, start, end))
    return out


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("t2s")


def _simplify(text: str) -> tuple[str, bool]:
    """Traditional to simplified, never changing the length; says whether the text was traditional."""
    if text.isascii():
        return text, False
    converter = _converter()
    simplified: str = converter.convert(text)
    if len(simplified) != len(text):  # a phrase rule changed the length: go one character at a time
        single = [converter.convert(char) for char in text]
        simplified = "".join(new if len(new) == 1 else old for old, new in zip(text, single, strict=True))
    simplified = simplified.replace("妳", "你").replace("裏", "里")
    changed = [old for old, new in zip(text, simplified, strict=True) if old != new]
    return simplified, any(char not in _ALSO_SIMPLIFIED for char in changed)


def _close_digit_runs(pieces: list[Piece]) -> list[Piece]:
    """ "2345 6789 0123" is one number; "5 10" and "3.7 21:05" are not: groups of 3 or more, 10 digits or more."""
    text = "".join(piece[0] for piece in pieces)
    drop: set[int] = set()
    for match in _LONG_DIGITS.finditer(text):
        if sum(char.isdigit() for char in match.group()) >= 10:
            drop.update(at for at in range(match.start(), match.end()) if text[at] == " ")
    return [piece for at, piece in enumerate(pieces) if at not in drop]
