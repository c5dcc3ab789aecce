"""Spoils texts the way keyboards and habits do, one kind at a time, to see what understanding loses."""

from __future__ import annotations

import random
import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from functools import lru_cache
from statistics import mean
from typing import Any

from bot.nlu.evaluate import ParseMany, Row, evaluate
from bot.nlu.segmenter import shared_segmenter

Spoil = Callable[[str, random.Random], str]

ONE_IN = 20  # characters: one slip for each such stretch of a message, at least one
_COMMON = 8  # a slip picks among so many characters of the same sound: what a keyboard offers first
_CHINESE = re.compile(r"^[\u4e00-\u9fff]{2,}$")
_PUNCTUATION = re.compile(r"[,。，！!？?、；;：:…~～.]+(?!\d)")
_EMOJI = "😂😅🙄🐶🌚💔🤔😓🥲✨"
_FILLERS = ("嗯", "那个", "就是", "啊", "嗯嗯", "那个那个")
# Characters that are taken for each other because they look alike.
_SHAPES = (
    "未末", "货贷", "诉拆", "待侍", "已己", "候侯", "快块", "收牧", "退腿", "换唤", "没设", "坏怀", "假暇", "服报",
    "量童", "评坪", "运远", "钱线", "错措", "赔陪", "偿尝", "客容", "流硫", "订仃", "破坡", "裂烈", "请清",
    "包句", "差羞", "证怔", "处外", "查杳", "说悦", "问间", "质盾", "签答",
)  # fmt: skip


def kinds() -> dict[str, Spoil]:
    """Each kind of spoiling by its name."""
    return {
        "homophone typo": homophones,
        "shape typo": shapes,
        "traditional": lambda text, _: str(_converter().convert(text)),
        "full width": lambda text, _: full_width(text),
        "emoji": emoji,
        "repeated characters": repeated,
        "no punctuation": lambda text, _: _PUNCTUATION.sub(" ", text).strip() or text,
        "raw pinyin": raw_pinyin,
        "fillers": fillers,
    }


def spoiled(rows: Sequence[Row], seed: int = 0) -> dict[str, list[Row]]:
    """A copy of the rows per kind of spoiling; the same seed gives the same copies."""
    return {
        name: [
            {**row, "text": spoil(row["text"], random.Random(f"{seed}:{name}:{at}"))}  # noqa: S311
            for at, row in enumerate(rows)
        ]
        for name, spoil in kinds().items()
    }


@dataclass(frozen=True)
class Loss:
    """What one kind of spoiling left: rows that came out different, scores from 0 to 1."""

    kind: str
    changed: float
    strict: float
    lenient: float


def lost(rows: Sequence[Row], parse_many: ParseMany, seed: int = 0) -> list[Loss]:
    """The rows as they are ("none") and each kind of spoiling, scored."""
    clean = evaluate(rows, parse_many)
    out = [Loss("none", 0, clean.strict, clean.lenient)]
    for kind, copy in spoiled(rows, seed).items():
        changed = sum(new["text"] != old["text"] for new, old in zip(copy, rows, strict=True))
        report = evaluate(copy, parse_many)
        out.append(Loss(kind, changed, report.strict, report.lenient))
    return out


def average(runs: Sequence[Sequence[Loss]]) -> list[Loss]:
    """Several runs of `lost` (other seeds) as one."""
    return [
        Loss(
            same[0].kind,
            mean(one.changed for one in same),
            mean(one.strict for one in same),
            mean(one.lenient for one in same),
        )
        for same in zip(*runs, strict=True)
    ]


def markdown(measured: Sequence[Loss]) -> str:
    """A table of scores in percent and points lost against the rows as they are, which come first."""
    clean = measured[0]
    lines = [
        "| spoiled by | rows changed | strict | lost | lenient | lost |",
        "|---|---:|---:|---:|---:|---:|",
    ]
    for one in measured:
        strict, lenient = 100 * (clean.strict - one.strict), 100 * (clean.lenient - one.lenient)
        lines.append(
            f"| {one.kind} | {one.changed:.0f} | {100 * one.strict:.1f} | {strict:.1f} "
            f"| {100 * one.lenient:.1f} | {lenient:.1f} |"
        )
    return "\n".join(lines)


def homophones(text: str, chance: random.Random) -> str:
    """Characters of longer words become common ones that sound the same."""

    def slip(word: str) -> str:
        at = chance.randrange(len(word))
        others = [char for char in _same_sound(_pinyin(word)[at]) if char != word[at]]
        return word[:at] + chance.choice(others) + word[at + 1 :] if others else word

    return _in_some_words(text, chance, slip)


def shapes(text: str, chance: random.Random) -> str:
    """Characters become ones that look like them."""
    twin = {pair[at]: pair[1 - at] for pair in _SHAPES for at in (0, 1)}
    places = [at for at, char in enumerate(text) if char in twin]
    chars = list(text)
    for at in chance.sample(places, min(len(places), _slips(text))):
        chars[at] = twin[chars[at]]
    return "".join(chars)


def full_width(text: str) -> str:
    """Letters, digits and signs as Chinese keyboards write them when left in full width."""
    return "".join(chr(ord(char) + 0xFEE0) if "!" <= char <= "~" else char for char in text)


def emoji(text: str, chance: random.Random) -> str:
    """Emoji at the end and between words."""
    words = shared_segmenter().words(text)
    for _ in range(_slips(text)):
        words.insert(chance.randrange(len(words) + 1), chance.choice(_EMOJI))
    return "".join(words) + chance.choice(_EMOJI)


def repeated(text: str, chance: random.Random) -> str:
    """Characters typed several times: 坏坏坏了. Digits and letters stay."""
    places = [at for at, char in enumerate(text) if "\u4e00" <= char <= "\u9fff"]
    chars = list(text)
    for at in chance.sample(places, min(len(places), _slips(text))):
        chars[at] *= chance.randint(3, 5)
    return "".join(chars)


def raw_pinyin(text: str, chance: random.Random) -> str:
    """One longer word left in pinyin, as the keyboard shows it before a choice is made."""
    return _in_some_words(text, chance, lambda word: "".join(_pinyin(word)), most=1)


def fillers(text: str, chance: random.Random) -> str:
    """What people say while they think, in front and between the parts of a message."""
    parts = re.split(r"(?<=[,，。！!？? ])", text)
    spoken = [
        part if at and chance.random() < 0.5 else chance.choice(_FILLERS) + part
        for at, part in enumerate(parts)
    ]
    return "".join(spoken) + chance.choice(("", "啊"))


def _in_some_words(text: str, chance: random.Random, change: Callable[[str], str], most: int = 9) -> str:
    words = shared_segmenter().words(text)
    places = [at for at, word in enumerate(words) if _CHINESE.match(word)]
    for at in chance.sample(places, min(len(places), _slips(text), most)):
        words[at] = change(words[at])
    return "".join(words)


def _slips(text: str) -> int:
    return 1 + len(text) // ONE_IN


def _pinyin(word: str) -> list[str]:
    """A syllable per character, read as the word is. Raises ImportError without pypinyin (requirements/dev.in)."""
    from pypinyin import lazy_pinyin

    return list(lazy_pinyin(word))


@lru_cache(maxsize=1)
def _by_sound() -> dict[str, str]:
    from bot.zh.homophones import SOUNDS

    return dict(line.split() for line in SOUNDS.read_text(encoding="utf-8").splitlines())


def _same_sound(sound: str) -> str:
    """Common characters of a sound, most frequent first."""
    return _by_sound().get(sound.replace("ü", "v"), "")[:_COMMON]


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc

    return opencc.OpenCC("s2t")
