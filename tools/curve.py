"""Accuracy against examples per label: whether more examples still help. Prints a table, draws docs/img/learning-curve.png.

    .venv/bin/python tools/curve.py [--folds 3] [--quick] [--data labelled.jsonl]

Each point learns from at most so many examples of each label. Judged are the examples of the other fold and, with
--data, the rows of a labelled file. --quick leaves the sentence vectors out.
"""

from __future__ import annotations

import argparse
import json
import random
from collections import defaultdict
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from calibrate import Remembering
from sklearn.model_selection import StratifiedKFold

from bot.nlu.crossvalidate import read_examples
from bot.nlu.encoder import NoEncoder, SentenceEncoder, load_encoder
from bot.nlu.evaluate import acceptable, label_of
from bot.nlu.features import FeatureMaker
from bot.nlu.learning import learn
from bot.nlu.linear_model import SEED, LinearModel
from bot.nlu.meaning import shares, split_class
from bot.nlu.segmenter import ROOT, shared_segmenter
from bot.zh.normalise import normalise

STEPS: tuple[int | None, ...] = (10, 20, 40, 80, 160, None)  # None: all
PICTURE = ROOT / "docs" / "img" / "learning-curve.png"
Examples = list[tuple[str, str]]


def main() -> None:
    """Measure each step, print and draw."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--folds", type=int, default=3)
    options.add_argument("--quick", action="store_true", help="without sentence vectors")
    options.add_argument("--data", type=Path, help="JSON lines: text, label, alt_labels")
    given = options.parse_args()
    examples = read_examples()
    rows = read_labelled(given.data) if given.data else []
    encoder: SentenceEncoder = NoEncoder() if given.quick else Remembering(load_encoder())
    points = [measure(examples, rows, step, given.folds, encoder) for step in STEPS]
    print("| at most per label | examples learned | out of fold | labelled strict | labelled lenient |")
    print("|---:|---:|---:|---:|---:|")
    for step, point in zip(STEPS, points, strict=True):
        scores = " | ".join("" if score is None else f"{100 * score:.1f}" for score in point[1:])
        print(f"| {step or 'all'} | {point[0]} | {scores} |")
    draw(points)


def read_labelled(data: Path) -> list[dict[str, Any]]:
    """Rows that can be read alone: the classifier by itself sees no line before."""
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").split("\n") if line.strip()]
    return [row for row in rows if row.get("label") and not row.get("needs_context")]


def measure(
    examples: Examples, rows: list[dict[str, Any]], most: int | None, folds: int, encoder: SentenceEncoder
) -> tuple[int, float, float | None, float | None]:
    """(examples learned per fold, accuracy out of fold, strict and lenient on the labelled rows)."""
    splitter = StratifiedKFold(folds, shuffle=True, random_state=SEED)
    learned, right = [], 0
    strict: list[bool] = []
    lenient: list[bool] = []
    for known, judge in splitter.split(examples, [label for _, label in examples]):
        chosen = at_most([examples[at] for at in known], most)
        learned.append(len(chosen))
        maker = FeatureMaker(encoder, shared_segmenter())
        model = learn(maker, [text for text, _ in chosen], [label for _, label in chosen])
        said = best(maker, model, [examples[at][0] for at in judge])
        right += sum(one == examples[at][1] for one, at in zip(said, judge, strict=True))
        if rows:
            labels = [as_label(one) for one in best(maker, model, [normalise(r["text"]).text for r in rows])]
            strict += [one == row["label"] for one, row in zip(labels, rows, strict=True)]
            lenient += [one in acceptable(row) for one, row in zip(labels, rows, strict=True)]
    share = [sum(flags) / len(flags) if flags else None for flags in (strict, lenient)]
    return sum(learned) // folds, right / len(examples), share[0], share[1]


def at_most(examples: Examples, most: int | None) -> Examples:
    """So many examples of each label, always the same ones."""
    by_label: dict[str, list[str]] = defaultdict(list)
    for text, label in examples:
        by_label[label].append(text)
    out = []
    for label, texts in sorted(by_label.items()):
        chosen = texts if most is None else random.Random(SEED).sample(texts, min(most, len(texts)))
        out += [(text, label) for text in chosen]
    return out


def best(maker: FeatureMaker, model: LinearModel, texts: list[str]) -> list[str]:
    """The class of each text."""
    return [model.classes[column] for column in shares(model.scores(maker.rows(texts))).argmax(axis=1)]


def as_label(name: str) -> str:
    """A class in the label set of the labelled file."""
    intent, kind = split_class(name)
    return label_of({"intent": intent, "dispute_types": [{"type": kind}] if kind else []})


def draw(points: Sequence[tuple[int, float, float | None, float | None]]) -> None:
    """The curve as a picture."""
    from matplotlib.backends.backend_agg import FigureCanvasAgg
    from matplotlib.figure import Figure

    figure = Figure(figsize=(7, 4.5), constrained_layout=True)
    FigureCanvasAgg(figure)
    axes = figure.subplots()
    names = [str(step or "all") for step in STEPS]
    for column, name in ((1, "own examples, out of fold"), (2, "labelled, strict"), (3, "labelled, lenient")):
        scores = [point[column] for point in points]
        if all(score is not None for score in scores):
            axes.plot(names, scores, marker="o", label=name)
    axes.set(xlabel="examples per label, at most", ylabel="accuracy", ylim=(0, 1))
    axes.grid(axis="y", alpha=0.3)
    axes.legend(loc="lower right")
    PICTURE.parent.mkdir(parents=True, exist_ok=True)
    figure.savefig(PICTURE, dpi=110)


if __name__ == "__main__":
    main()
