"""TF-IDF of one short text without the detour over matrices. The numbers are those of scikit-learn's TfidfVectorizer

(sublinear_tf, smoothed idf, length 1), which learns the vocabulary; a test compares the two."""

from __future__ import annotations

import itertools
import math
import re
from collections import Counter
from collections.abc import Iterable, Mapping

import numpy as np
from numpy.typing import NDArray

_SPACES = re.compile(r"\s\s+")
LONGEST_CHARS, LONGEST_WORDS = 4, 2


def char_ngrams(text: str) -> list[str]:
    """All pieces of 1 to 4 characters."""
    text = _SPACES.sub(" ", text.lower())
    return [text[at : at + n] for n in range(1, LONGEST_CHARS + 1) for at in range(len(text) - n + 1)]


def word_ngrams(cut: str) -> list[str]:
    """All words, and all pairs of neighbours, of a text whose words are set apart by spaces."""
    words = cut.lower().split()
    return words + [f"{one} {next_}" for one, next_ in itertools.pairwise(words)]


class NgramBlock:
    """One block of columns: `offset` is the first one, `weight` the length of its rows."""

    def __init__(
        self, vocabulary: Mapping[str, int], idf: NDArray[np.float32], offset: int, weight: float
    ) -> None:
        self._vocabulary = vocabulary
        self._idf = np.asarray(idf, dtype=np.float64)
        self._offset = offset
        self._weight = weight
        self.width = len(vocabulary)

    def row(self, ngrams: Iterable[str]) -> tuple[NDArray[np.int64], NDArray[np.float32]]:
        """(columns, values) of a text's n-grams; what training never saw has no column."""
        counted = Counter(map(self._vocabulary.get, ngrams))
        counted.pop(None, None)
        columns = np.array(list(counted), dtype=np.int64)
        values = self._idf[columns]
        values *= 1.0 + np.log(list(counted.values()))
        length = math.sqrt(float(values @ values)) or 1.0
        return columns + self._offset, (values * (self._weight / length)).astype(np.float32)
