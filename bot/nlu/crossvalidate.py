"""Out-of-fold measurement of the intent classifier on the project's own examples, without training a Rasa model."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from sklearn.model_selection import StratifiedKFold

from bot.nlu.encoder import NoEncoder, SentenceEncoder, load_encoder
from bot.nlu.features import FeatureMaker
from bot.nlu.learning import learn
from bot.nlu.linear_model import SEED
from bot.nlu.meaning import shares
from bot.nlu.segmenter import ROOT, shared_segmenter
from bot.zh.normalise import normalise


@dataclass(frozen=True)
class Judged:
    """One example as it was judged by a model that had not seen it."""

    text: str
    label: str
    said: str
    share: float


def read_examples(folder: Path = ROOT / "data" / "nlu") -> list[tuple[str, str]]:
    """(normalised text, label) of every example under a folder; a label is an act or report_dispute/<type>."""
    from rasa.shared.data import get_data_files
    from rasa.shared.nlu.training_data.formats import RasaYAMLReader
    from rasa.shared.nlu.training_data.loading import load_data

    return [
        (normalise(message.get("text")).text, message.get("intent_response_key") or message.get("intent"))
        for path in get_data_files(str(folder), RasaYAMLReader.is_yaml_nlu_file)  # terms.yml is none
        for message in load_data(path).intent_examples
    ]


@dataclass(frozen=True)
class OutOfFold:
    """What models that had not seen them said of all examples: a row of shares per example, a column per class."""

    classes: tuple[str, ...]
    shares: NDArray[np.float64]

    def columns(self, labels: Sequence[str]) -> list[int]:
        """The column of each label."""
        place = {name: at for at, name in enumerate(self.classes)}
        return [place[label] for label in labels]


def out_of_fold(
    examples: Sequence[tuple[str, str]], folds: int = 5, encoder: SentenceEncoder | None = None
) -> OutOfFold:
    """Judge every example by a model trained on the other folds, with our sentence vectors or those of `encoder`
    (`NoEncoder()`: characters, words and concepts alone, several times as fast).

    Raises ValueError when a label has fewer examples than there are folds.
    """
    texts, labels = [text for text, _ in examples], [label for _, label in examples]
    rarest, count = min(Counter(labels).items(), key=lambda item: item[1])
    if count < folds:
        raise ValueError(f"{rarest} has {count} examples, {folds} folds need {folds}")
    classes = tuple(sorted(set(labels)))
    judged = np.zeros((len(texts), len(classes)))
    splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    for known, judge in splitter.split(texts, labels):
        maker = FeatureMaker(encoder or load_encoder(), shared_segmenter())
        model = learn(maker, [texts[at] for at in known], [labels[at] for at in known])
        judged[judge] = shares(model.scores(maker.rows([texts[at] for at in judge])))
    return OutOfFold(classes, judged)


def cross_validate(
    examples: Sequence[tuple[str, str]], folds: int = 5, encoder: SentenceEncoder | None = None
) -> list[Judged]:
    """As `out_of_fold`, the best class of each example only. About 10 s a fold for 3,000 examples."""
    found = out_of_fold(examples, folds, encoder)
    best = found.shares.argmax(axis=1)
    return [
        Judged(text, label, found.classes[column], float(row[column]))
        for (text, label), column, row in zip(examples, best, found.shares, strict=True)
    ]


def recalls(judged: Sequence[Judged]) -> dict[str, float]:
    """Per label the share of its examples that were given it."""
    count = Counter(one.label for one in judged)
    hits = Counter(one.label for one in judged if one.said == one.label)
    return {label: hits[label] / count[label] for label in sorted(count)}


def quick_recalls() -> dict[str, float]:
    """`recalls` of the project's examples by two folds without sentence vectors: about 10 s, the same every time.
    Well below what the trained model reaches; good for seeing a label sink (tests/nlu/floors.yml)."""
    return recalls(cross_validate(read_examples(), folds=2, encoder=NoEncoder()))


def accuracy(judged: list[Judged]) -> float:
    return sum(one.said == one.label for one in judged) / len(judged)


def confusions(judged: list[Judged], most: int = 20) -> list[tuple[tuple[str, str], int]]:
    """(label, said instead) pairs, most frequent first."""
    return Counter((one.label, one.said) for one in judged if one.said != one.label).most_common(most)


def accuracy_by_share(
    judged: list[Judged], edges: tuple[float, ...] = (0.1, 0.12, 0.15, 0.2, 0.3)
) -> dict[float, tuple[int, float]]:
    """For each threshold the number of examples below it and how many of those were right: what a fallback costs."""
    out = {}
    for edge in edges:
        below = [one for one in judged if one.share < edge]
        out[edge] = (len(below), accuracy(below) if below else 0.0)
    return out
