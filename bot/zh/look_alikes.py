"""Reads characters that were taken for ones that look like them (形近字) by what stands beside them: 悦好的 as 说好的, 都设动 as
都没动.

A character is replaced where it belongs to no word of the dictionary, buyers never write it beside its neighbours, and
they do write its twin there. A language model of pairs, as small as one can be: `neighbours.txt` holds the pairs that
the training examples use (written by tools/sounds.py). For judging the intent only; the length stays as it is.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path
from typing import NamedTuple

from bot.zh.homophones import look_alikes

# A character, then what stands before and behind it in the examples: "没\t还就\t有反", often ones first in each, a bar
# between those that are used OFTEN and the others.
NEIGHBOURS = Path(__file__).with_name("neighbours.txt")
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


class _Pairs(NamedTuple):
    """Two characters side by side, as buyers write them: at all, and often enough to tell by themselves."""

    known: frozenset[str]
    often: frozenset[str]


def as_looked(text: str, words: Sequence[str]) -> str:
    """The text with look-alikes put right. `words`: the text cut into words of the dictionary, of two characters or
    more where one stands."""
    chars, free = list(text), _free(words)
    for at in free:
        twins = look_alikes().get(chars[at])
        if not twins or _fits(chars, at, chars[at]):
            continue
        two = _both(chars[at], chars[at + 1]) if at + 1 in free else None
        if two is not None:
            chars[at : at + 2] = two
            continue
        chars[at] = next((one for one in twins if _fits_well(chars, at, one)), chars[at])
    return "".join(chars)


def _free(words: Sequence[str]) -> dict[int, None]:
    """Places of characters that belong to no word, in order."""
    free: dict[int, None] = {}
    at = 0
    for word in words:
        if len(word) == 1:
            free[at] = None
        at += len(word)
    return free


def _fits(chars: Sequence[str], at: int, char: str) -> bool:
    before, behind = _beside(chars, at)
    known = _pairs().known
    return bool(before and before + char in known) or bool(behind and char + behind in known)


def _fits_well(chars: Sequence[str], at: int, char: str) -> bool:
    """Known on both sides, or often written with the one neighbour that tells."""
    before, behind = _beside(chars, at)
    pairs = _pairs()
    if before and behind and before + char in pairs.known and char + behind in pairs.known:
        return True
    return bool(before and before + char in pairs.often) or bool(behind and char + behind in pairs.often)


def _both(first: str, second: str) -> list[str] | None:
    """Two slips side by side: 容报 for 客服."""
    twins = look_alikes()
    if first + second in _pairs().known:
        return None
    found = (
        [one, two]
        for one in twins.get(first, "")
        for two in twins.get(second, "")
        if one + two in _pairs().often
    )
    return next(found, None)


def _beside(chars: Sequence[str], at: int) -> tuple[str, str]:
    """The Chinese characters before and behind; empty at an end or a sign."""
    before = chars[at - 1] if at else ""
    behind = chars[at + 1] if at + 1 < len(chars) else ""
    return (before if _CHINESE.match(before) else ""), (behind if _CHINESE.match(behind) else "")


@lru_cache(maxsize=1)
def _pairs() -> _Pairs:
    known: set[str] = set()
    often: set[str] = set()
    for line in NEIGHBOURS.read_text(encoding="utf-8").splitlines():
        char, before, behind = line.split("\t")
        for sides, make in ((before, "{1}{0}"), (behind, "{0}{1}")):
            usual, _, others = sides.partition("|")
            often.update(make.format(char, side) for side in usual)
            known.update(make.format(char, side) for side in usual + others)
    return _Pairs(frozenset(known), frozenset(often))
