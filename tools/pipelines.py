"""Features and classifiers for the intent side by side, on the same examples. Prints a markdown table.

    .venv/bin/python tools/pipelines.py [--folds 5] [--take 1] [--data labelled.jsonl]

Learned is on the other folds (with framed copies, as in training), judged are the examples of the first --take folds by
their fine classes, where a complaint counts only with its dispute type, and with --data the rows of a labelled file by
the best class of the whole text. Learning time is the processor's, features apart. A few minutes for each fold.
"""

from __future__ import annotations

import argparse
import os
import resource
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any, NamedTuple

import numpy as np
import scipy.sparse as sparse
from curve import as_label, read_labelled
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.model_selection import StratifiedKFold
from sklearn.svm import LinearSVC

from bot.nlu.augment import COMPLAINT, framed
from bot.nlu.crossvalidate import read_examples
from bot.nlu.encoder import load_encoder
from bot.nlu.evaluate import acceptable
from bot.nlu.features import FeatureMaker, plain
from bot.nlu.linear_model import SEED, LinearModel
from bot.nlu.segmenter import shared_segmenter
from bot.nlu.spelling import wording
from bot.zh.homophones import sounds_of
from bot.zh.normalise import normalise

Judge = Callable[[sparse.csr_matrix], Sequence[str]]  # what has learned: the best class of each row
ALL = ("vector", "characters", "words", "concepts")


class Variant(NamedTuple):
    """Blocks of features, and what learns from them."""

    name: str
    blocks: tuple[str, ...]
    learn: Callable[[sparse.csr_matrix, list[str]], Judge]


def main() -> None:
    """Measure every variant on the same folds."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--folds", type=int, default=5)
    options.add_argument("--take", type=int, default=1, help="folds that are judged")
    options.add_argument("--data", type=Path, help="JSON lines: text, label, alt_labels")
    given = options.parse_args()
    # all in this process: the time of another one cannot be told apart
    os.environ["LOKY_MAX_CPU_COUNT"] = "1"
    examples = read_examples()
    rows = read_labelled(given.data) if given.data else []
    splitter = StratifiedKFold(given.folds, shuffle=True, random_state=SEED)
    splits = list(splitter.split(examples, [label for _, label in examples]))[: given.take]
    folds = [
        Fold([examples[at] for at in known], [examples[at] for at in judge], rows) for known, judge in splits
    ]
    print("| features, classifier | out of fold | labelled, strict / lenient | learning time (processor) |")
    print("|---|---|---|---|")
    for variant in VARIANTS:
        scores = np.mean([fold.measure(variant) for fold in folds], axis=0)
        labelled = f"{scores[1]:.3f} / {scores[2]:.3f}" if rows else ""
        print(f"| {variant.name} | {scores[0]:.3f} | {labelled} | {scores[3]:.0f} s |", flush=True)


class Fold:
    """Features of one fold, made once for all variants."""

    def __init__(
        self, known: list[tuple[str, str]], judged: list[tuple[str, str]], rows: list[dict[str, Any]]
    ) -> None:
        learned = known + framed(known)
        self._labels = [label for _, label in learned]
        self._right = [label for _, label in judged]
        self._rows = rows
        texts = [text for text, _ in learned], [text for text, _ in judged], [_wording(row) for row in rows]
        maker, syllables = FeatureMaker(load_encoder(), shared_segmenter()), _syllable_vectoriser()
        made = [maker.fit(texts[0]), maker.rows(texts[1]), maker.rows(texts[2] or ["。"])]
        said = [syllables.fit_transform(map(plain, texts[0]))]
        said += [syllables.transform(map(plain, part or ["。"])) for part in texts[1:]]
        columns = {**maker.blocks(), "syllables": slice(made[0].shape[1], None)}
        whole = [sparse.hstack([one, two], format="csc") for one, two in zip(made, said, strict=True)]
        self._blocks = {name: [part[:, place] for part in whole] for name, place in columns.items()}

    def measure(self, variant: Variant) -> tuple[float, float, float, float]:
        """Right share of the fold, strict and lenient share of the labelled rows, seconds of learning."""
        learned, judged, labelled = (
            sparse.hstack(
                [self._blocks[name][part] for name in variant.blocks], format="csr", dtype=np.float32
            )
            for part in range(3)
        )
        begun = _processor()
        judge = variant.learn(learned, self._labels)
        spent = _processor() - begun
        right = np.mean([one == two for one, two in zip(judge(judged), self._right, strict=True)])
        if not self._rows:
            return float(right), 0.0, 0.0, spent
        said = [as_label(name) for name in judge(labelled)]
        pairs = list(zip(said, self._rows, strict=True))
        strict = np.mean([one == row["label"] for one, row in pairs])
        lenient = np.mean([one in acceptable(row) for one, row in pairs])
        return float(right), float(strict), float(lenient), spent


def regression(rows: sparse.csr_matrix, labels: list[str]) -> Judge:
    """Ours: a logistic regression for each class."""
    model = LinearModel.fit(rows, labels)
    return lambda judged: [model.classes[at] for at in model.scores(judged).argmax(axis=1)]


def svm(rows: sparse.csr_matrix, labels: list[str]) -> Judge:
    """A linear support vector machine for each class; it has no probabilities of its own."""
    model = LinearSVC(C=1.0, tol=0.1, random_state=SEED).fit(rows, labels)
    return lambda judged: list(model.predict(judged))


def two_steps(rows: sparse.csr_matrix, labels: list[str]) -> Judge:
    """First the act, then the dispute type."""
    complaint = np.array([label.startswith(COMPLAINT) for label in labels])
    acts = regression(
        rows, [COMPLAINT if is_one else label for label, is_one in zip(labels, complaint, strict=True)]
    )
    types = regression(rows[complaint], [label for label in labels if label.startswith(COMPLAINT)])

    def judge(judged: sparse.csr_matrix) -> list[str]:
        return [
            kind if act == COMPLAINT else act for act, kind in zip(acts(judged), types(judged), strict=True)
        ]

    return judge


def _wording(row: dict[str, Any]) -> str:
    return wording(normalise(row["text"]).text.strip(), shared_segmenter())


def _syllable_vectoriser() -> TfidfVectorizer:
    """One to three syllables in a row, as they sound."""

    def ngrams(text: str) -> list[str]:
        said = [(sounds_of(char) or (char,))[0] for char in text]
        return [" ".join(said[at : at + n]) for n in (1, 2, 3) for at in range(len(said) - n + 1)]

    return TfidfVectorizer(analyzer=ngrams, sublinear_tf=True, dtype=np.float32)


def _processor() -> float:
    used = resource.getrusage(resource.RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


VARIANTS = (
    Variant(
        "**sentence vector (USE), characters, words, concepts; a regression for each class**", ALL, regression
    ),
    Variant("the same, linear SVM", ALL, svm),
    Variant("the same, two steps: first the act, then the dispute type", ALL, two_steps),
    Variant("syllables beside them", (*ALL, "syllables"), regression),
    Variant("syllables in place of words", ("vector", "characters", "concepts", "syllables"), regression),
    Variant("without words", ("vector", "characters", "concepts"), regression),
    Variant("without concepts", ("vector", "characters", "words"), regression),
    Variant("without sentence vector", ("characters", "words", "concepts"), regression),
    Variant("sentence vector alone", ("vector",), regression),
    Variant("characters alone", ("characters",), regression),
)

if __name__ == "__main__":
    main()
