"""Chinese words and their parts of speech, from a jieba of our own: the global one is never touched."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from functools import lru_cache, partial
from pathlib import Path
from typing import Any

import jieba

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = "data/nlu/entities/words.txt"  # jieba's user format: word, frequency, part of speech


RAREST = 10  # times counted in jieba's corpus; 270,000 rarer words cost 100 MB and say nothing in a complaint
# Texts whose words are kept: the parts of the pipeline ask for the same ones, one after the other.
_RECENT = 32


class CommonWords(jieba.Tokenizer):  # type: ignore[misc]
    """jieba's tokenizer over the common words of its dictionary."""

    def __init__(self) -> None:
        super().__init__()
        self.cache_file = f"jieba.common-{RAREST}.cache"  # jieba's own cache file holds all words

    def gen_pfdict(self, f: Any) -> tuple[dict[str, int], int]:
        """jieba's table of words and their beginnings, without the rare ones."""
        return super().gen_pfdict(_Common(f))  # type: ignore[no-any-return]


class _Common:
    """A dictionary file as jieba reads it (lines, name, close), without the rare words."""

    def __init__(self, file: Any) -> None:
        self._file = file
        self.name = file.name
        self.close = file.close

    def __iter__(self) -> Iterator[bytes]:
        return (line for line in self._file if int(line.split(b" ")[1]) >= RAREST)


class Segmenter:
    """Splits normalised text in words; the domain dictionary comes on top of jieba's own.

    Words are those of the dictionaries. What they do not hold comes as single characters: jieba's guesses at it cost
    a third more and help neither the intent nor the products.
    """

    def __init__(self, dictionary: Path) -> None:
        jieba.setLogLevel(logging.WARNING)
        self._tokenizer = CommonWords()
        if dictionary.is_file():
            with dictionary.open("rb") as words:
                self._tokenizer.load_userdict(words)
        else:
            logger.warning("No domain dictionary at %s: words are cut with jieba's own.", dictionary)
        self._words = lru_cache(maxsize=_RECENT)(partial(self._tokenizer.lcut, HMM=False))
        self._classes: dict[str, str] = {}

    def words(self, text: str) -> list[str]:
        """The words in order; joined they are the text again."""
        return list(self._words(text))

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """(word, part of speech) in order. The table of classes loads with the first call (a quarter of a second)."""
        classes = self._classes or self._load_classes()
        return [(word, classes.get(word) or _class_by_shape(word)) for word in self._words(text)]

    def _load_classes(self) -> dict[str, str]:
        """From jieba's dictionary and ours. (jieba.posseg reads all words, three times, and keeps two tables.)"""
        with self._tokenizer.get_dict_file() as file:
            entries = (line.decode("utf-8").split() for line in _Common(file))
            classes = {word: tag for word, _, tag in entries}
        self._classes = {**classes, **self._tokenizer.user_word_tag_tab}
        return self._classes


def _class_by_shape(word: str) -> str:
    """jieba's classes for what no dictionary holds: m a number, eng letters, x anything else."""
    if word.isdigit():
        return "m"
    return "eng" if word.isascii() and word.isalnum() else "x"


@lru_cache(maxsize=4)
def shared_segmenter(dictionary: str = DICTIONARY) -> Segmenter:
    """One segmenter per dictionary in the process: the tables weigh some 100 MB each. A relative path counts from
    the project's root, wherever the program was started."""
    return Segmenter(ROOT / dictionary)


def dictionary_digest(dictionary: str = DICTIONARY) -> str:
    """Changes when the dictionary or this file does, so that Rasa trains again what was cut otherwise."""
    path = ROOT / dictionary
    words = path.read_bytes() if path.is_file() else b""
    return hashlib.sha256(words + Path(__file__).read_bytes()).hexdigest()
