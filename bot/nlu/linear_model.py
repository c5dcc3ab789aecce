"""One logistic regression per class over sparse rows; its trained form is two plain arrays."""

from __future__ import annotations

import json
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import scipy.sparse as sparse
from joblib import Parallel, cpu_count, delayed
from numpy.typing import NDArray
from sklearn.linear_model import LogisticRegression

from bot.nlu.features import Row

FILES = ("classes.json", "weights.npz")
REGULARISATION = 20.0  # C; 10 to 40 judge alike (docs/benchmarks.md)
SEED = 20_261_121
_SHARES = 2  # parts of the classes, learned side by side: always as many, for what is drawn depends on them
_WORTH_A_PROCESS = 3_000  # rows; a process of its own takes two seconds to start
_REST = ""  # what is not of a share's own classes


@dataclass(frozen=True)
class LinearModel:
    """`weights` is features x classes, so that a sparse row picks rows of it."""

    classes: tuple[str, ...]
    weights: NDArray[np.float32]
    bias: NDArray[np.float32]

    @classmethod
    def fit(cls, rows: sparse.csr_matrix, labels: list[str]) -> LinearModel:
        """Deterministic: same rows and labels, same model, on however many cores. Needs at least three classes."""
        classes = sorted(set(labels))
        shares = [classes[at::_SHARES] for at in range(_SHARES)]
        workers = 1 if rows.shape[0] < _WORTH_A_PROCESS else min(_SHARES, cpu_count())
        judged = Parallel(n_jobs=workers)(delayed(_learn)(rows, labels, share) for share in shares)
        weights = np.empty((rows.shape[1], len(classes)), dtype=np.float32)
        bias = np.empty(len(classes), dtype=np.float32)
        for at, (columns, offsets) in enumerate(judged):
            weights[:, at::_SHARES], bias[at::_SHARES] = columns, offsets
        return cls(tuple(classes), weights, bias)

    def scores(self, rows: sparse.csr_matrix) -> NDArray[np.float64]:
        """Per row and class the probability that the class applies, each class judged on its own (0..1)."""
        margins = np.asarray(rows @ self.weights + self.bias, dtype=np.float64)
        scores: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(margins, -60, 60)))
        return scores

    def judge(self, rows: Sequence[Row]) -> NDArray[np.float64]:
        """As `scores`, for rows of `FeatureMaker.read`."""
        margins = np.empty((len(rows), len(self.classes)))
        for at, row in enumerate(rows):
            dense = row.vector.shape[0]
            margins[at] = self.bias + row.values @ self.weights[row.columns + dense]
            if dense:
                margins[at] += row.vector @ self.weights[:dense]
        scores: NDArray[np.float64] = 1.0 / (1.0 + np.exp(-np.clip(margins, -60, 60)))
        return scores

    def save(self, folder: Path) -> None:
        (folder / FILES[0]).write_text(json.dumps(self.classes, ensure_ascii=False), encoding="utf-8")
        np.savez(folder / FILES[1], weights=self.weights, bias=self.bias)

    @classmethod
    def load(cls, folder: Path) -> LinearModel:
        """Raises OSError, ValueError or KeyError on a damaged folder."""
        classes = tuple(json.loads((folder / FILES[0]).read_text(encoding="utf-8")))
        with np.load(folder / FILES[1], allow_pickle=False) as arrays:
            return cls(classes, arrays["weights"], arrays["bias"])

    def only(self, columns: NDArray[np.int64] | slice) -> LinearModel:
        """The model of these columns alone."""
        return LinearModel(self.classes, self.weights[columns], self.bias)


def _learn(
    rows: sparse.csr_matrix, labels: list[str], share: list[str]
) -> tuple[NDArray[np.float32], NDArray[np.float32]]:
    """Weights (features x share) and biases of a share's classes, each against all others."""
    learner = LogisticRegression(
        solver="liblinear",
        dual=True,
        C=REGULARISATION,
        max_iter=300,
        tol=3.0,  # 0.1 takes three times as long and judges the same
        random_state=SEED,
        multi_class="ovr",
    )
    learner.fit(rows, [label if label in share else _REST for label in labels])
    learned = list(learner.classes_)
    # for two classes scikit-learn keeps one judge, of the second: "" comes first
    own = [0] if len(learned) == 2 else [learned.index(name) for name in share]
    return learner.coef_[own].T.astype(np.float32), learner.intercept_[own].astype(np.float32)
