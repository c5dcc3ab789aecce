"""Out-of-fold measurement of the intent classifier on the project's own examples, without training a Rasa model."""

from __future__ import annotations

from collections import Counter
from dataclasses import dataclass
from pathlib import Path

from sklearn.model_selection import StratifiedKFold

from bot.nlu.encoder import load_encoder
from bot.nlu.features import FeatureMaker
from bot.nlu.linear_model import SEED, LinearModel
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


def cross_validate(examples: list[tuple[str, str]], folds: int = 5) -> list[Judged]:
    """Judge every example by a model trained on the other folds. About 10 s a fold for 3,000 examples."""
    texts, labels = [text for text, _ in examples], [label for _, label in examples]
    out: list[Judged] = []
    splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    for learn, judge in splitter.split(texts, labels):
        maker = FeatureMaker(load_encoder(), shared_segmenter())
        model = LinearModel.fit(maker.fit([texts[at] for at in learn]), [labels[at] for at in learn])
        judged = shares(model.scores(maker.rows([texts[at] for at in judge])))
        for at, row in zip(judge, judged, strict=True):
            best = int(row.argmax())
            out.append(Judged(texts[at], labels[at], model.classes[best], float(row[best])))
    return out


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
