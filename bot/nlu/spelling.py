"""The wording that the intent classifier judges: normal form, slips of the keyboard put right, stuttering and fillers gone."""

from __future__ import annotations

import re
from functools import lru_cache

from bot.nlu.product_model import product_nouns
from bot.nlu.segmenter import Segmenter
from bot.nlu.terms import read_terms
from bot.zh.homophones import read_as_meant
from bot.zh.look_alikes import as_looked

# 坏坏坏了 is 坏了; two of a kind are language (谢谢, 好好, 天天). Digits stay: 1000 is not 10.
_STUTTER = re.compile(r"([^\d\s])\1{2,}")
# What is said while thinking, in front of what is said: 嗯那个我想退货. Alone it stays: 嗯 is an answer.
_FILLERS = re.compile(r"(?:^|(?<=[,。!?;\s]))(?:[嗯呃额唔啊]|那个|就是)+[,…\s]*(?=[^,。!?;\s]{2})")
_LONGEST_NAME = 8


def wording(normalised: str, segmenter: Segmenter) -> str:
    """What is meant, for judging the intent; offsets in it lead nowhere."""
    text = _FILLERS.sub("", _STUTTER.sub(r"\1", normalised))
    words = segmenter.words(text)
    looked = as_looked(text, words)
    return read_as_meant(looked, words if looked == text else segmenter.words(looked), is_name)


def is_name(text: str, start: int, end: int) -> bool:
    """Whether a name of goods, a brand or a shop stands anywhere in `start:end`."""
    names = _names()
    for left in range(max(0, end - _LONGEST_NAME - (end - start)), end):
        for right in range(max(left + 2, start + 1), min(len(text), left + _LONGEST_NAME) + 1):
            if text[left:right] in names:
                return True
    return False


@lru_cache(maxsize=1)
def _names() -> frozenset[str]:
    kinds = ("product", "brand", "shop", "goods")
    listed = {term.form for term in read_terms() if term.kind in kinds}
    return frozenset(name for name in listed | product_nouns() if len(name) > 1)
