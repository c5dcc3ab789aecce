"""Honest confidence: bins, expected calibration error, the fitted power. And how examples are judged out of fold."""

from __future__ import annotations

import numpy as np
import pytest

from bot.nlu.calibration import (
    bins_of,
    calibration_error,
    error_at,
    error_by_chance,
    fitted_power,
    sharpened,
)
from bot.nlu.crossvalidate import Judged, out_of_fold, recalls
from bot.nlu.encoder import NoEncoder


@pytest.mark.parametrize(
    ("confidences", "right", "error"),
    [
        ([], [], 0.0),
        ([1.0, 1.0], [True, True], 0.0),
        ([0.5, 0.5], [True, False], 0.0),
        ([0.9, 0.9], [False, False], 0.9),
        ([0.9, 0.1], [True, False], 0.1),
        ([0.95, 0.05, 0.95, 0.05], [True, True, False, False], 0.45),
    ],
)
def test_calibration_error(confidences: list[float], right: list[bool], error: float) -> None:
    assert calibration_error(bins_of(confidences, right)) == pytest.approx(error)


def test_every_confidence_has_a_bin() -> None:
    bins = bins_of([0.0, 0.0999, 0.1, 0.55, 1.0], [True] * 5)
    assert [one.rows for one in bins] == [2, 1, 0, 0, 0, 1, 0, 0, 0, 1]


def test_sharpening_keeps_order_and_sum() -> None:
    shares = np.array([[0.6, 0.3, 0.1]])
    sharp, flat = sharpened(shares, 2.0)[0], sharpened(shares, 0.5)[0]
    assert sharp.sum() == pytest.approx(1.0)
    assert sharp[0] > 0.6 > flat[0]
    assert list(sharp.argsort()) == list(flat.argsort()) == [2, 1, 0]


def test_the_fitted_power_undoes_what_was_flattened() -> None:
    random = np.random.default_rng(1)
    honest = random.dirichlet([0.4] * 5, size=4000)
    truth = [int(random.choice(5, p=row)) for row in honest]
    flattened = sharpened(honest, 0.5)
    power = fitted_power(flattened, truth)
    assert power == pytest.approx(2.0, abs=0.2)
    assert error_at(flattened, truth, power) < 0.03 < error_at(flattened, truth, 1.0)


EXAMPLES = [
    *((f"杯子{how}碎了", "damaged") for how in ("全", "都", "又", "真")),
    *((f"少发了{what}", "missing") for what in ("盖子", "配件", "一件", "两包")),
    *((f"到哪一步了{end}", "progress") for end in ("呀", "呢", "啊", "吗")),
]


def test_out_of_fold_judges_every_example() -> None:
    judged = out_of_fold(EXAMPLES, folds=2, encoder=NoEncoder())
    assert judged.classes == ("damaged", "missing", "progress")
    assert judged.shares.sum(axis=1) == pytest.approx(np.ones(len(EXAMPLES)))
    truth = judged.columns([label for _, label in EXAMPLES])
    assert (judged.shares.argmax(axis=1) == truth).mean() > 0.9


def test_too_few_examples_are_said() -> None:
    with pytest.raises(ValueError, match="alone has 1 examples"):
        out_of_fold([*EXAMPLES, ("x", "alone")], folds=2, encoder=NoEncoder())


def test_recalls() -> None:
    judged = [Judged("a", "x", "x", 0.9), Judged("b", "x", "y", 0.1), Judged("c", "y", "y", 0.1)]
    assert recalls(judged) == {"x": 0.5, "y": 1.0}


def test_the_error_by_chance_is_what_honest_confidences_show() -> None:
    rng = np.random.default_rng(20261122)
    sure = rng.uniform(0.5, 1.0, 160)
    seen = [calibration_error(bins_of(sure, (rng.random(160) < sure).tolist())) for _ in range(400)]
    assert error_by_chance(sure.tolist()) == pytest.approx(float(np.mean(seen)), rel=0.1)
    assert error_by_chance(np.tile(sure, 100).tolist()) < 0.01
    assert error_by_chance([]) == 0.0
