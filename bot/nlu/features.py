"""Numbers for the intent classifier: sentence vector, character n-grams, words and domain concepts, each block of
length 1 times its weight."""

from __future__ import annotations

import json
import re
from dataclasses import dataclass
from itertools import accumulate, islice
from pathlib import Path
from typing import Any

import numpy as np
import scipy.sparse as sparse
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer

from bot.nlu.concepts import concept_rows, concepts
from bot.nlu.encoder import RECORDED_IN, NoEncoder, SentenceEncoder, Vectors
from bot.nlu.ngrams import NgramBlock, char_ngrams, word_ngrams
from bot.nlu.segmenter import Segmenter

WORD_WEIGHT = 0.5  # the words repeat much of what the characters say
CONCEPT_WEIGHT = 0.5  # measured out of fold: 0.5 gives 2.3 points over none, 1.2 gives none
_WARM = 4_000  # words
FILES = (RECORDED_IN, "idf.npz")

_GREETING = re.compile(
    r"^(?:(?:你好|您好|亲亲?|在吗|在不在?|在么|hi|hello|哈喽|请问一下?|麻烦问一下|我?想问一下|那个|客服)[啊呀哦的,。.!?~ ]*)+"
)
# Masks that shops and archives put in place of private data: [数字x], [订单x].
_MASK = re.compile(r"\[(?:数字|金额|订单|时间|日期|电话|地址|姓名)\w{0,2}\]")
_NUMBER = re.compile(r"\d+(?:[.,:]\d+)*")
_REPEATED = re.compile(r"([,。!?~.…哈呵])\1+")


def plain(normalised: str) -> str:
    """The wording without what says nothing about its intent: the greeting before it, the values of numbers."""
    text = _NUMBER.sub("0", _MASK.sub("0", normalised.lower()))
    without_greeting = _GREETING.sub("", text)
    if len(without_greeting) >= 3:
        text = without_greeting
    return re.sub(r"\s+", " ", _REPEATED.sub(r"\1", text)).strip()


@dataclass(frozen=True)
class Row:
    """One wording: its sentence vector, and where its other columns are not 0 (counted after the vector's)."""

    vector: Vectors
    columns: NDArray[np.int64]
    values: NDArray[np.float32]


class FeatureMaker:
    """Fitted on training wordings, then turns any wording into one sparse row."""

    def __init__(self, encoder: SentenceEncoder, segmenter: Segmenter) -> None:
        self.encoder = encoder
        self._segmenter = segmenter
        self._chars = _char_vectoriser()
        self._words = _word_vectoriser()
        self._fast: tuple[NgramBlock, NgramBlock] | None = None
        self._wordings = 0

    def fit(self, texts: list[str]) -> sparse.csr_matrix:
        """Learn the vocabulary and return the rows of the training texts."""
        self._fast, self._wordings = None, len(texts)
        wordings = [plain(text) for text in texts]
        blocks = [
            self._chars.fit_transform(wordings),
            self._words.fit_transform(self._cut(wordings)) * WORD_WEIGHT,
        ]
        return self._stack(wordings, blocks)

    def forget_rare(self) -> NDArray[np.int64]:
        """Drop n-grams and words that a single training wording holds; returns the columns of `fit` that stay.

        While learning they are needed: they take what is particular to one wording, so that the others keep what is
        general (two points on real text over never having them). Afterwards they are four fifths of the weights and
        of no use.
        """
        self._fast = None
        blocks = self.blocks()
        seldom = np.log((1 + self._wordings) / 3) + 1.001  # TfidfVectorizer's idf of what two wordings hold
        kept_chars = np.flatnonzero(self._chars.idf_ < seldom)
        kept_words = np.flatnonzero(self._words.idf_ < seldom)
        self._chars = _only(self._chars, kept_chars, _char_vectoriser)
        self._words = _only(self._words, kept_words, _word_vectoriser)
        return np.concatenate(
            [
                np.arange(blocks["vector"].stop),
                blocks["characters"].start + kept_chars,
                blocks["words"].start + kept_words,
                np.arange(blocks["concepts"].start, blocks["concepts"].stop),
            ]
        )

    def blocks(self) -> dict[str, slice]:
        """The columns of each block by its name: vector (empty without an encoder), characters, words, concepts."""
        widths = {
            "vector": self.encoder.width,
            "characters": len(self._chars.vocabulary_),
            "words": len(self._words.vocabulary_),
            "concepts": len(concepts()),
        }
        ends = dict(zip(widths, accumulate(widths.values()), strict=True))
        return {name: slice(ends[name] - width, ends[name]) for name, width in widths.items()}

    def rows(self, texts: list[str]) -> sparse.csr_matrix:
        """Rows of normalised texts, in the columns learned by `fit`."""
        wordings = [plain(text) for text in texts]
        blocks = [self._chars.transform(wordings), self._words.transform(self._cut(wordings)) * WORD_WEIGHT]
        return self._stack(wordings, blocks)

    def read(self, texts: list[str]) -> list[Row]:
        """As `rows`, without sklearn and scipy in between: ten times as fast for a few short texts."""
        wordings = [plain(text) for text in texts]
        vectors = self.encoder.encode(wordings) if self.encoder.width else np.zeros((len(texts), 0))
        chars, words = self._blocks()
        known = concept_rows(wordings) * CONCEPT_WEIGHT
        out = []
        for at, (wording, cut) in enumerate(zip(wordings, self._cut(wordings), strict=True)):
            parts = [chars.row(char_ngrams(wording)), words.row(word_ngrams(cut))]
            touched = np.flatnonzero(known[at])
            parts.append((touched + chars.width + words.width, known[at][touched]))
            out.append(
                Row(vectors[at], np.concatenate([p[0] for p in parts]), np.concatenate([p[1] for p in parts]))
            )
        return out

    def _blocks(self) -> tuple[NgramBlock, NgramBlock]:
        if self._fast is None:
            chars = NgramBlock(self._chars.vocabulary_, self._chars.idf_, 0, 1.0)
            words = NgramBlock(self._words.vocabulary_, self._words.idf_, chars.width, WORD_WEIGHT)
            self._fast = chars, words
        return self._fast

    def _cut(self, wordings: list[str]) -> list[str]:
        return [" ".join(word for word in self._segmenter.words(text) if word.strip()) for text in wordings]

    def _stack(self, wordings: list[str], blocks: list[sparse.csr_matrix]) -> sparse.csr_matrix:
        blocks = [*blocks, sparse.csr_matrix(concept_rows(wordings) * CONCEPT_WEIGHT)]
        if self.encoder.width:
            blocks = [sparse.csr_matrix(self.encoder.encode(wordings)), *blocks]
        return sparse.hstack(blocks, format="csr", dtype=np.float32)

    @property
    def text_columns(self) -> int:
        """Columns that come from the text alone, without the sentence vector."""
        blocks = self.blocks()
        return blocks["concepts"].stop - blocks["vector"].stop

    def warm_up(self) -> None:
        """Show the encoder the commonest words, so that the first buyers need not wait for what it keeps of each."""
        terms = _terms(self._words)
        ranked = (terms[at] for at in np.argsort(self._words.idf_, kind="stable"))
        common = list(islice((term for term in ranked if " " not in term), _WARM))  # no pairs
        self.encoder.warm_up(common)

    def drop_encoder(self) -> None:
        """Go on without sentence vectors."""
        self.encoder = NoEncoder()

    def save(self, folder: Path) -> None:
        """Vocabularies as JSON, weights as plain arrays: nothing that could run code when it is loaded."""
        written = {
            "encoder": self.encoder.name,
            "encoder_files": dict(self.encoder.files),
            "chars": _terms(self._chars),
            "words": _terms(self._words),
        }
        (folder / FILES[0]).write_text(json.dumps(written, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / FILES[1], chars=self._chars.idf_, words=self._words.idf_)

    @classmethod
    def load(cls, folder: Path, encoder: SentenceEncoder, segmenter: Segmenter) -> FeatureMaker:
        """Raises OSError, ValueError or KeyError on a damaged folder."""
        maker = cls(encoder, segmenter)
        written = json.loads((folder / FILES[0]).read_text(encoding="utf-8"))
        with np.load(folder / FILES[1], allow_pickle=False) as arrays:
            maker._chars = _filled(_char_vectoriser, written["chars"], arrays["chars"])
            maker._words = _filled(_word_vectoriser, written["words"], arrays["words"])
        return maker


def _char_vectoriser(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        analyzer="char", ngram_range=(1, 4), sublinear_tf=True, vocabulary=vocabulary, dtype=np.float32
    )


def _word_vectoriser(vocabulary: dict[str, int] | None = None) -> TfidfVectorizer:
    return TfidfVectorizer(
        ngram_range=(1, 2),
        token_pattern=r"\S+",  # noqa: S106 - a pattern, no password
        sublinear_tf=True,
        vocabulary=vocabulary,
        dtype=np.float32,
    )


def _terms(vectoriser: TfidfVectorizer) -> list[str]:
    return sorted(vectoriser.vocabulary_, key=vectoriser.vocabulary_.get)


def _only(vectoriser: TfidfVectorizer, kept: NDArray[np.int64], make: Any) -> TfidfVectorizer:
    terms = _terms(vectoriser)
    return _filled(make, [terms[at] for at in kept], vectoriser.idf_[kept])


def _filled(make: Any, terms: list[str], idf: NDArray[np.float32]) -> TfidfVectorizer:
    vectoriser = make({term: at for at, term in enumerate(terms)})
    vectoriser.idf_ = idf
    vectoriser._validate_vocabulary()  # sets vocabulary_ from the given one
    return vectoriser
