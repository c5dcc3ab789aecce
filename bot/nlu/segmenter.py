"""Chinese words and their parts of speech, from a jieba of our own: the global one is never touched."""

from __future__ import annotations

import hashlib
import logging
from collections.abc import Iterator
from functools import lru_cache
from pathlib import Path
from typing import Any

import jieba
import jieba.posseg

logger = logging.getLogger(__name__)

ROOT = Path(__file__).resolve().parents[2]
DICTIONARY = "data/nlu/entities/words.txt"  # jieba's user format: word, frequency, part of speech


RAREST = 10  # times counted in jieba's corpus; 270,000 rarer words cost 100 MB and say nothing in a complaint


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
    """Splits normalised text in words; the domain dictionary comes on top of jieba's own."""

    def __init__(self, dictionary: Path) -> None:
        jieba.setLogLevel(logging.WARNING)
        self._tokenizer = CommonWords()
        if dictionary.is_file():
            with dictionary.open("rb") as words:
                self._tokenizer.load_userdict(words)
        else:
            logger.warning("No domain dictionary at %s: words are cut with jieba's own.", dictionary)
        self._tagger: Any = None

    def words(self, text: str) -> list[str]:
        """The words in order; joined they are the text again."""
        return list(self._tokenizer.lcut(text))

    def dictionary_words(self, text: str) -> list[str]:
        """The words in order, none guessed: what no dictionary has comes as single characters."""
        return list(self._tokenizer.lcut(text, HMM=False))

    def tagged(self, text: str) -> list[tuple[str, str]]:
        """(word, part of speech) in order, by dictionary alone (guessing unknown words would cost four times as much
        and the product model sees the characters anyway). The tag table loads with the first call (about half a second)."""
        if self._tagger is None:
            self._tagger = jieba.posseg.POSTokenizer(self._tokenizer)
            self._tagger.initialize()
        return [(pair.word, pair.flag) for pair in self._tagger.cut(text, HMM=False)]


@lru_cache(maxsize=4)
def shared_segmenter(dictionary: str = DICTIONARY) -> Segmenter:
    """One segmenter per dictionary in the process: the tables weigh some 100 MB each. A relative path counts from
    the project's root, wherever the program was started."""
    return Segmenter(ROOT / dictionary)


def dictionary_digest(dictionary: str = DICTIONARY) -> str:
    """Changes when the dictionary does, so that Rasa trains again what was cut with the old one."""
    path = ROOT / dictionary
    return hashlib.sha256(path.read_bytes()).hexdigest() if path.is_file() else "none"
