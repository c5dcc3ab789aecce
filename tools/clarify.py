"""When to ask “which of the two is it?”: thresholds of bot/cases/complaint.py, measured out of fold.

    .venv/bin/python tools/clarify.py [--folds 2] [--quick]

For every complaint among the examples, judged by a model that has not seen it: how often the best type is right, how
often it is the best or the second, where the best one's share is under SURE and the second has at least CLOSE of it.
A question pays where the first column is low and the second much higher. --quick leaves the sentence vectors out.
"""

from __future__ import annotations

import argparse

import numpy as np
from calibrate import Remembering

from bot.cases.complaint import CLOSE, SURE
from bot.nlu.crossvalidate import out_of_fold, read_examples
from bot.nlu.encoder import NoEncoder, SentenceEncoder, load_encoder
from bot.nlu.meaning import REPORT, split_class

SURES = (0.2, 0.25, 0.3, 0.35, 0.4, 0.45, 0.5, 0.6)
CLOSES = (0.5, 0.6, 0.7, 0.8, 0.9)


def main() -> None:
    """Judge, then print one row for each pair of thresholds."""
    options = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawTextHelpFormatter)
    options.add_argument("--folds", type=int, default=2)
    options.add_argument("--quick", action="store_true", help="without sentence vectors")
    given = options.parse_args()
    examples = read_examples()
    encoder: SentenceEncoder = NoEncoder() if given.quick else Remembering(load_encoder())
    judged = out_of_fold(examples, given.folds, encoder)
    types = [at for at, name in enumerate(judged.classes) if split_class(name)[0] == REPORT]
    rows = [at for at, (_, label) in enumerate(examples) if split_class(label)[0] == REPORT]
    shares = judged.shares[np.ix_(rows, types)]
    truth = np.array([types.index(at) for at in judged.columns([examples[row][1] for row in rows])])
    order = np.argsort(-shares, axis=1)[:, :2]
    best, second = (np.take_along_axis(shares, order[:, [at]], axis=1)[:, 0] for at in (0, 1))
    first_right, either_right = order[:, 0] == truth, (order == truth[:, None]).any(axis=1)
    print(
        f"{len(rows)} complaints, best type right {first_right.mean():.3f}, best or second {either_right.mean():.3f}"
    )
    print(
        "| sure | close | asked | best right of the asked | best or second right | best right of the others |"
    )
    print("|---:|---:|---:|---:|---:|---:|")
    for sure in SURES:
        for close in CLOSES:
            asked = (best < sure) & (second >= close * best)
            mark = " (now)" if (sure, close) == (SURE, CLOSE) else ""
            print(
                f"| {sure} | {close}{mark} | {asked.mean():.3f} | {first_right[asked].mean():.3f} "
                f"| {either_right[asked].mean():.3f} | {first_right[~asked].mean():.3f} |"
            )


if __name__ == "__main__":
    main()
