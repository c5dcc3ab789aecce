"""Say out of fold how honest confidence is: as judged, and under the power that would fit best (1 = nothing to mend).

    .venv/bin/python tools/calibrate.py [--folds 3] [--quick] [--data labelled.jsonl]

--quick leaves the sentence vectors out (the figures are then those of the degraded classifier). --data also
prints the calibration error of the newest model on a labelled file, which nothing is fitted on.
"""

from __future__ import annotations

import argparse
import json
from pathlib import Path

import numpy as np

from bot.nlu import meaning
from bot.nlu.calibration import bins_of, calibration_error, error_at, fitted_power, sharpened
from bot.nlu.crossvalidate import OutOfFold, out_of_fold, read_examples
from bot.nlu.encoder import NoEncoder, SentenceEncoder, Vectors, load_encoder
from bot.nlu.evaluate import evaluate
from bot.nlu.parse import Parser
from bot.rasa.archive import newest_model
from bot.settings import load_settings


class Remembering:
    """An encoder that makes each vector once: every fold wants the same ones."""

    def __init__(self, encoder: SentenceEncoder) -> None:
        self.name, self.width, self.files = encoder.name, encoder.width, encoder.files
        self._encoder = encoder
        self._made: dict[str, Vectors] = {}

    def encode(self, texts: list[str]) -> Vectors:
        new = [text for text in dict.fromkeys(texts) if text not in self._made]
        if new:
            self._made.update(zip(new, self._encoder.encode(new), strict=True))
        return np.stack([self._made[text] for text in texts])


def main() -> None:
    """Cross-validate, fit, print."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--folds", type=int, default=3)
    options.add_argument("--quick", action="store_true", help="without sentence vectors")
    options.add_argument("--data", type=Path, help="JSON lines: text, label, alt_labels")
    given = options.parse_args()
    examples = read_examples()
    encoder: SentenceEncoder = NoEncoder() if given.quick else Remembering(load_encoder())
    judged = out_of_fold(examples, given.folds, encoder)
    truth = judged.columns([label for _, label in examples])
    fitted = fitted_power(judged.shares, truth)
    print("| power | what | expected calibration error of classes | of intents |")
    print("|---:|---|---:|---:|")
    for power, what in ((1.0, "as judged"), (fitted, "fitted")):
        by_class = error_at(judged.shares, truth, power)
        print(f"| {power:.2f} | {what} | {by_class:.3f} | {intent_error(judged, truth, power):.3f} |")
    if given.data:
        print(f"newest model on {given.data.name}: {error_on(given.data):.3f} (intents)")


def intent_error(judged: OutOfFold, truth: list[int], power: float) -> float:
    """As `error_at`, with all dispute types together one intent."""
    names = [meaning.split_class(name)[0] for name in judged.classes]
    intents = sorted(set(names))
    gather = np.array([[float(name == intent) for intent in intents] for name in names])
    said = [names[column] for column in judged.shares.argmax(axis=1)]
    by_intent = sharpened(judged.shares, power) @ gather
    sure = [float(row[intents.index(name)]) for row, name in zip(by_intent, said, strict=True)]
    right = [name == names[column] for name, column in zip(said, truth, strict=True)]
    return calibration_error(bins_of(sure, right))


def error_on(data: Path) -> float:
    """The calibration error of the newest model on a labelled file."""
    parser = Parser(newest_model(load_settings().models_dir))
    rows = [json.loads(line) for line in data.read_text(encoding="utf-8").split("\n") if line.strip()]
    parsed = evaluate(rows, lambda some: [parser.parse(one["text"], one.get("context")) for one in some])
    return parsed.calibration_error


if __name__ == "__main__":
    main()
