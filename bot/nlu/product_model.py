"""Where a product is named: a small conditional random field over characters, fed with words and word classes."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

import pycrfsuite

from bot.nlu.segmenter import Segmenter

FILE = "product.crfsuite"
Span = tuple[int, int]
NOUNS = Path(__file__).with_name("product_nouns.txt")
_LEAD_IN = re.compile(
    r"(?:有|这|那|一|两|几|我的|的|买的?)(?:个|条|件|双|台|部|款|套|箱|瓶|盒|本|包|只|张)?(?=.{2})"
)
_DOUBTFUL = 0.5  # a span less sure than this must end in a known noun
_LONGEST = 600  # characters read; a product is named early or not at all
_PARAMETERS = {"c1": 0.05, "c2": 0.02, "max_iterations": 120, "feature.possible_transitions": True}


@lru_cache(maxsize=1)
def product_nouns() -> frozenset[str]:
    """Nouns that head a product's name, one blank-separated word list."""
    return frozenset(NOUNS.read_text(encoding="utf-8").split())


def nouns_digest() -> str:
    """Changes when the nouns do, so that Rasa trains again."""
    return hashlib.sha256(NOUNS.read_bytes()).hexdigest()


def train(examples: list[tuple[str, list[Span]]], segmenter: Segmenter, path: Path) -> None:
    """Learn from normalised texts with their product spans; writes one file. Deterministic."""
    trainer = pycrfsuite.Trainer(algorithm="lbfgs", verbose=False)
    for text, spans in examples:
        if text:
            trainer.append(features(text, segmenter), tags(text, spans))
    trainer.set_params(_PARAMETERS)
    trainer.train(str(path))


class ProductModel:
    """A trained model, opened from its file."""

    def __init__(self, path: Path, segmenter: Segmenter) -> None:
        self._tagger = pycrfsuite.Tagger()
        self._tagger.open(str(path))
        self._segmenter = segmenter

    def spans(self, text: str) -> list[tuple[int, int, float]]:
        """(start, end, confidence) of each product named in a normalised text."""
        text = text[:_LONGEST]
        if not text.strip():
            return []
        found = self._tagger.tag(features(text, self._segmenter))
        out: list[tuple[int, int, float]] = []
        start = None
        for at, tag in enumerate([*found, "O"]):
            if start is not None and tag != "I":
                start += _lead_in(text[start:at])
                confidence = min(self._tagger.marginal(found[i], i) for i in range(start, at))
                if confidence >= _DOUBTFUL or _known(text[start:at]):
                    out.append((start, at, float(confidence)))
                start = None
            if tag == "B":
                start = at
        return out


def _known(name: str) -> bool:
    """Whether a name ends in a noun we know: 白色洗衣机."""
    return any(name.lower().endswith(noun) for noun in product_nouns())


def _lead_in(name: str) -> int:
    """Length of a counting word taken in by mistake: 有条|裤子, 这个|手机."""
    match = _LEAD_IN.match(name)
    return match.end() if match and match.end() < len(name) else 0


def tags(text: str, spans: list[Span]) -> list[str]:
    """B at the first character of a span, I inside, O elsewhere."""
    out = ["O"] * len(text)
    for start, end in spans:
        out[start:end] = ["B"] + ["I"] * (end - start - 1)
    return out


def features(text: str, segmenter: Segmenter) -> list[list[str]]:
    """Per character: itself and its neighbours, its word, the words beside it and their classes."""
    words = segmenter.tagged(text)
    place: list[tuple[int, str]] = []
    for number, (word, _) in enumerate(words):
        last = len(word) - 1
        place += [
            (number, "S" if last == 0 else "B" if at == 0 else "E" if at == last else "M")
            for at in range(len(word))
        ]
    nouns = product_nouns()
    out = []
    for at, char in enumerate(text):
        number, position = place[at]
        row = [f"c={_shape(char)}", f"p={position}"]
        for step in (-2, -1, 1, 2):
            row.append(f"c{step}={_shape(text[at + step]) if 0 <= at + step < len(text) else '|'}")
        row += _word_features(words, number, position, nouns)
        out.append(row)
    return out


def _word_features(
    words: list[tuple[str, str]], number: int, position: str, nouns: frozenset[str]
) -> list[str]:
    row = []
    for step in (-2, -1, 0, 1, 2):
        if 0 <= number + step < len(words):
            word, kind = words[number + step]
            row += [f"w{step}={word}", f"t{step}={kind}"]
            if word.lower() in nouns:
                row.append(f"noun{step}")
                if step == 0:
                    row.append(f"noun0{position}")
        else:
            row.append(f"w{step}=|")
    here = words[number]
    row.append(f"t-1,0={words[number - 1][1] if number else '|'},{here[1]}")
    row.append(f"t0,1={here[1]},{words[number + 1][1] if number + 1 < len(words) else '|'}")
    # 洗衣机 alone is one word; 白色洗衣机 ends in a known noun
    if any(
        here[0].lower().endswith(noun)
        for noun in (here[0].lower()[-2:], here[0].lower()[-3:])
        if noun in nouns
    ):
        row.append("ends_in_noun")
    return row


def _shape(char: str) -> str:
    if char.isdigit():
        return "0"
    return "a" if char.isascii() and char.isalpha() else char
