"""What each label reaches out of fold, beside its floor in tests/nlu/floors.yml; --write sets the floors anew.

    .venv/bin/python tools/floors.py [--write]

Floors are set MARGIN under what is measured. Lower one only when the examples of another label had to win.
"""

from __future__ import annotations

import argparse
import math

import yaml

from bot.nlu.crossvalidate import quick_recalls
from bot.nlu.segmenter import ROOT

FLOORS = ROOT / "tests" / "nlu" / "floors.yml"
MARGIN = 0.05
HEAD = """\
# The least share of a label's examples that must be understood out of fold (two folds, no sentence vectors).
# Written by `.venv/bin/python tools/floors.py --write`, checked by tests/nlu/test_floors.py.
"""


def main() -> None:
    """Measure, print, and write when told to."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--write", action="store_true", help="set the floors anew")
    given = options.parse_args()
    measured = quick_recalls()
    floors = yaml.safe_load(FLOORS.read_text(encoding="utf-8")) if FLOORS.is_file() else {}
    for label, recall in sorted(measured.items(), key=lambda item: item[1]):
        floor = floors.get(label)
        print(f"{label:40} {recall:.3f}  floor {'none' if floor is None else f'{floor:.2f}'}")
    if given.write:
        lines = [f"{label}: {floor_under(recall):.2f}\n" for label, recall in measured.items()]
        FLOORS.write_text(HEAD + "".join(lines), encoding="utf-8")
        print(f"wrote {FLOORS.relative_to(ROOT)}")


def floor_under(recall: float) -> float:
    """MARGIN under, rounded down to hundredths."""
    return max(0.0, math.floor(round((recall - MARGIN) * 100, 6)) / 100)


if __name__ == "__main__":
    main()
