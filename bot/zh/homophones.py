"""Reads slips of the keyboard as what was meant: 退宽 as 退款, 物硫 as 物流, tuikuan as 退款.

The result is for judging the intent only, its offsets lead nowhere: values are read in the original. A word is
guessed only where the dictionary knows none, never over a number or a protected name.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate, islice, product
from pathlib import Path
from typing import Any

import yaml

from bot.zh.lexicon import terms

Sounds = tuple[str, ...]
Protected = Callable[[str, int, int], bool]  # text, start, end: whether a name stands there

_FOLDER = Path(__file__).parent
SOUNDS = _FOLDER / "sounds.txt"  # a toneless syllable and its characters a line; written by tools/sounds.py
# Written by tools/sounds.py too: a word in toneless pinyin and in characters a line; a word a line.
SPELLED, FREQUENT = _FOLDER / "spelled.txt", _FOLDER / "frequent.txt"
_LONGEST = 6  # characters of a word
_LONGEST_PINYIN = 30  # letters of a word
_FEW = 8  # readings of one stretch that are tried
_CHINESE = re.compile(r"[\u4e00-\u9fff]+")
_LATIN = re.compile(r"(?<![A-Za-z\d@./_-])[a-z]{2,}(?: +[a-z]{1,8})*(?![A-Za-z\d@./_-])")
_GUESSED_TERMS = (
    "remedy",
    "order_stage",
    "courier",
)  # names of platforms sound like anything: 的物 is not 得物
# Sounds that many people type or speak as one, and their common form.
_ALIKE = (("zh", "z"), ("ch", "c"), ("sh", "s"), ("n", "l"))
_ALIKE_ENDS = (("ang", "an"), ("eng", "en"), ("ing", "in"))


@dataclass(frozen=True)
class Lexicon:
    """What can be guessed. `by_sound` has the words under each way to say them, likelier ones first."""

    by_sound: dict[Sounds, tuple[str, ...]]
    by_pinyin: dict[str, str]
    small: dict[str, str]
    alone: frozenset[str]
    grammar: frozenset[str]
    looks: dict[str, str]
    meant: re.Pattern[str]
    meanings: dict[str, str]
    singles: dict[str, str]
    rank: dict[str, int]


@dataclass(frozen=True)
class _Read:
    """Letters read as Chinese; `certain` when a word of disputes is in it and not small words alone."""

    words: int
    chinese: str
    certain: bool


def read_as_meant(text: str, words: Sequence[str], protected: Protected = lambda *_: False) -> str:
    """The normalised text with slips put right.

    Args:
        words: the text cut in dictionary words; what no dictionary has comes as single characters.
        protected: says that a stretch belongs to a name and stays as it is.
    """
    known = _lexicon()
    out = list(text)
    for start, end in _unknown_stretches(words):
        for at, word in _slips(text, start, end, protected):
            out[at : at + len(word)] = word
        for at in range(start, end):
            if out[at] == text[at] and not protected(text, at, at + 1):
                out[at] = known.singles.get(out[at], out[at])
    edges = {0, *accumulate(map(len, words))}

    def as_meant(hit: re.Match[str]) -> str:
        whole = {hit.start(), hit.end()} <= edges  # 木有 is no slip in 积木|有味道
        return known.meanings[hit.group()] if whole else hit.group()

    return _LATIN.sub(_from_pinyin, known.meant.sub(as_meant, "".join(out)))


def guesses(text: str, words: Sequence[str], protected: Protected) -> list[tuple[str, str]]:
    """What `read_as_meant` takes for slips, and the words it guesses."""
    return [
        (text[at : at + len(word)], word)
        for start, end in _unknown_stretches(words)
        for at, word in _slips(text, start, end, protected)
    ]


def sounds_of(char: str) -> tuple[str, ...]:
    """The ways to say a character, alike ones made one; none for a rare character."""
    return _sounds().get(char, ())


def alike(sound: str) -> str:
    """A toneless syllable with the differences gone that many speakers do not make: zhang and zan are one."""
    for long, short in _ALIKE:
        if sound.startswith(long):
            sound = short + sound[len(long) :]
            break
    for long, short in _ALIKE_ENDS:
        if sound.endswith(long):
            return sound[: -len(long)] + short
    return sound


def _unknown_stretches(words: Sequence[str]) -> Iterator[tuple[int, int]]:
    """Where single Chinese characters follow each other."""
    position = start = 0
    for word in (*words, ""):
        single = len(word) == 1 and "\u4e00" <= word <= "\u9fff"
        if not single:
            if position > start:
                yield start, position
            start = position + len(word)
        position += len(word)


def _slips(text: str, start: int, end: int, protected: Protected) -> Iterator[tuple[int, str]]:
    """Place and word of what sounds or looks like a word, from the left and the longest first."""
    alone = _lexicon().alone
    at = start
    while at < end - 1:
        for size in range(min(_LONGEST, end - at), 1, -1):
            written = text[at : at + size]
            if all(char in alone for char in written):
                continue
            word = _guess(written)
            if word and not protected(text, at, at + size):
                yield at, word
                at += size - 1
                break
        at += 1


def _guess(written: str) -> str | None:
    """The word that sounds or looks like the writing and shares half its characters with it."""
    known = _lexicon()
    found: list[tuple[int, int, str]] = []
    for word in (*_sounding_like(written), *_looking_like(written)):
        changed = [old for old, new in zip(written, word, strict=True) if old != new]
        if 2 * len(changed) <= len(word) and known.grammar.isdisjoint(changed):
            found.append((len(changed), known.rank[word], word))
    return min(found)[2] if found else None


def _sounding_like(written: str) -> Iterator[str]:
    options = [sounds_of(char) for char in written]
    for said in islice(product(*options), _FEW):
        yield from _lexicon().by_sound.get(said, ())


def _looking_like(written: str) -> Iterator[str]:
    known = _lexicon()
    for at, char in enumerate(written):
        for other in known.looks.get(char, ""):
            word = written[:at] + other + written[at + 1 :]
            if word in known.rank:
                yield word


def _from_pinyin(hit: re.Match[str]) -> str:
    """Words typed in pinyin; the letters as they are unless a word of disputes is among them."""
    typed = hit.group().split()
    read = [_read_letters(letters) for letters in typed]
    if not any(one and one.certain for one in read):
        return hit.group()
    out = [one.chinese if one else letters for letters, one in zip(typed, read, strict=True)]
    return re.sub(r"(?<=[\u4e00-\u9fff]) (?=[\u4e00-\u9fff])", "", " ".join(out))


@lru_cache(maxsize=1024)
def _read_letters(letters: str) -> _Read | None:
    """The letters in Chinese when the whole of them can be read, in the fewest words."""
    known = _lexicon()
    best: list[_Read | None] = [_Read(0, "", False)] + [None] * len(letters)
    for end in range(1, len(letters) + 1):
        for start in range(max(0, end - _LONGEST_PINYIN), end):
            before, piece = best[start], letters[start:end]
            word = known.by_pinyin.get(piece) or known.small.get(piece)
            if before is None or word is None:
                continue
            certain = before.certain or piece in known.by_pinyin
            longer = _Read(before.words + 1, before.chinese + word, certain)
            there = best[end]
            if there is None or longer.words < there.words:
                best[end] = longer
    return best[-1]


@lru_cache(maxsize=1)
def _table() -> dict[str, list[str]]:
    """Every character with its sounds as written in sounds.txt."""
    table: dict[str, list[str]] = {}
    for line in SOUNDS.read_text(encoding="utf-8").splitlines():
        sound, chars = line.split()
        for char in chars:
            table.setdefault(char, []).append(sound)
    return table


@lru_cache(maxsize=1)
def _sounds() -> dict[str, tuple[str, ...]]:
    return {char: tuple(sorted({alike(one) for one in sounds})) for char, sounds in _table().items()}


def _alike_in_looks(pairs: Sequence[str]) -> dict[str, str]:
    """Each character with those it is taken for."""
    table: dict[str, str] = {}
    for pair in pairs:
        for at in (0, 1):
            table[pair[at]] = table.get(pair[at], "") + pair[1 - at]
    return table


@lru_cache(maxsize=1)
def _spelled() -> dict[str, str]:
    """Pinyin of common words that are not guessed by sound, only read where they are typed in letters."""
    return dict(line.split() for line in SPELLED.read_text(encoding="utf-8").splitlines())


def look_alikes() -> dict[str, str]:
    """Each character with those it is taken for because they look alike."""
    return _lexicon().looks


def forget() -> None:
    """Read the tables anew when they are next needed: tools/sounds.py has written others."""
    for table in (_lexicon, _table, _sounds, _spelled):
        table.cache_clear()


def _frequent(grammar: frozenset[str]) -> list[str]:
    """Words that buyers use often, whatever they are about, frequent ones first."""
    words = FREQUENT.read_text(encoding="utf-8").split()
    return [word for word in words if len(word) <= _LONGEST and grammar.isdisjoint(word)]


@lru_cache(maxsize=1)
def _lexicon() -> Lexicon:
    written: dict[str, Any] = yaml.safe_load((_FOLDER / "homophones.yml").read_text(encoding="utf-8"))
    grammar = frozenset(written["grammar"])
    named = [form for kind in _GUESSED_TERMS for form in terms(kind) if _CHINESE.fullmatch(form)]
    named = [form for form in named if grammar.isdisjoint(form)]  # 赔我 would be heard in 配我
    of_disputes = [word for word in (*written["words"].split(), *named) if len(word) <= _LONGEST]
    words = list(dict.fromkeys([*of_disputes, *_frequent(grammar)]))
    by_sound: dict[Sounds, list[str]] = {}
    by_pinyin: dict[str, str] = {}
    for word in words:
        for said in product(*(sounds_of(char) for char in word)):
            by_sound.setdefault(said, []).append(word)
    for word in of_disputes:
        for said in product(*(_table().get(char, ()) for char in word)):
            by_pinyin.setdefault("".join(said), word)
    meanings = {str(slip): str(word) for slip, word in written["meant"].items()}
    longest_first = sorted(meanings, key=len, reverse=True)
    return Lexicon(
        {said: tuple(dict.fromkeys(found)) for said, found in by_sound.items()},
        {**_spelled(), **{letters: word for letters, word in by_pinyin.items() if len(letters) > 3}},
        {str(sound): str(word) for sound, word in written["small"].items()},
        frozenset(written["alone"] + written["grammar"]) - {" "},
        grammar,
        _alike_in_looks(written["looks"].split()),
        re.compile("|".join(map(re.escape, longest_first))),
        meanings,
        {str(char): str(other) for char, other in written["singles"].items()},
        {word: at for at, word in enumerate(words)},
    )
