"""Whether a confidence of 0.8 is right eight times in ten."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

BINS = 10


@dataclass(frozen=True)
class Bin:
    """The judgements whose confidence lies in one tenth; rates are 0 for an empty bin."""

    rows: int
    confidence: float
    accuracy: float


def bins_of(confidences: Sequence[float], right: Sequence[bool], count: int = BINS) -> tuple[Bin, ...]:
    """`count` bins of equal width over 0..1, the lowest first."""
    sure, fine = np.asarray(confidences, dtype=float), np.asarray(right, dtype=float)
    places = np.minimum((sure * count).astype(int), count - 1)
    out = []
    for at in range(count):
        inside = places == at
        rows = int(inside.sum())
        rates = (float(sure[inside].mean()), float(fine[inside].mean())) if rows else (0.0, 0.0)
        out.append(Bin(rows, *rates))
    return tuple(out)


def calibration_error(bins: Sequence[Bin]) -> float:
    """Expected calibration error: how far confidence and accuracy are apart, on average over the judgements."""
    rows = sum(one.rows for one in bins)
    return sum(one.rows * abs(one.confidence - one.accuracy) for one in bins) / rows if rows else 0.0


def error_by_chance(confidences: Sequence[float], count: int = BINS) -> float:
    """The calibration error that perfectly honest confidences would show on so many rows, on average.

    A bin of n rows that are right with probabilities p misses its mean by sqrt(2 * mean(p(1-p)) / (pi * n)), the mean
    absolute deviation of a normal distribution; few rows show an error though there is none.
    """
    sure = np.asarray(confidences, dtype=float)
    places = np.minimum((sure * count).astype(int), count - 1)
    missed = 0.0
    for at in np.unique(places):
        inside = sure[places == at]
        missed += len(inside) * float(np.sqrt(2 * (inside * (1 - inside)).mean() / (np.pi * len(inside))))
    return missed / len(sure) if len(sure) else 0.0


def sharpened(shares: NDArray[np.float64], power: float) -> NDArray[np.float64]:
    """Shares (a row per text, each summing to 1) to a power, summing to 1 again: above 1 the best one grows."""
    raised = np.maximum(shares, 1e-12) ** power
    result: NDArray[np.float64] = raised / raised.sum(axis=1, keepdims=True)
    return result


def error_at(shares: NDArray[np.float64], truth: Sequence[int], power: float) -> float:
    """The calibration error of the best share at a power; `truth` is the right column of each row, -1 for none."""
    best = shares.argmax(axis=1)
    sure = sharpened(shares, power)[np.arange(len(best)), best]
    return calibration_error(bins_of(sure.tolist(), (best == np.asarray(truth)).tolist()))


def fitted_power(shares: NDArray[np.float64], truth: Sequence[int]) -> float:
    """The power from 0.5 to 3 under which the right columns are likeliest (least log loss).

    The likelihood and not the calibration error is what is searched for: it is smooth and needs no bins.
    """
    columns = np.asarray(truth)
    known = columns >= 0
    rows, columns = shares[known], columns[known]

    def loss(power: float) -> float:
        return -float(np.log(sharpened(rows, power)[np.arange(len(rows)), columns]).mean())

    return float(min(np.arange(0.5, 3.001, 0.05), key=loss))
