"""The logistic regressions over sparse rows."""

from __future__ import annotations

import numpy as np
import pytest
import scipy.sparse as sparse

from bot.nlu import linear_model
from bot.nlu.linear_model import LinearModel

LABELS = [f"label{at % 5}" for at in range(60)]


@pytest.fixture(scope="module")
def rows() -> sparse.csr_matrix:
    """Each label has a column of its own, under noise."""
    noise = np.random.default_rng(1).random((60, 12)).astype(np.float32) * 0.3
    for at in range(60):
        noise[at, at % 5] += 1
    return sparse.csr_matrix(noise)


def test_every_class_has_its_own_column(rows: sparse.csr_matrix) -> None:
    model = LinearModel.fit(rows, LABELS)
    assert model.classes == tuple(sorted(set(LABELS)))
    assert [model.classes[at] for at in model.scores(rows).argmax(axis=1)] == LABELS


def test_three_classes(rows: sparse.csr_matrix) -> None:
    """One part of them has a single class."""
    three = [at for at, label in enumerate(LABELS) if label in ("label0", "label1", "label2")]
    labels = [LABELS[at] for at in three]
    model = LinearModel.fit(rows[three], labels)
    assert [model.classes[at] for at in model.scores(rows[three]).argmax(axis=1)] == labels


def test_side_by_side_learns_the_same(rows: sparse.csr_matrix, monkeypatch: pytest.MonkeyPatch) -> None:
    """On one core the parts are learned one after the other, on more in processes of their own."""
    alone = LinearModel.fit(rows, LABELS)
    monkeypatch.setattr(linear_model, "_WORTH_A_PROCESS", 0)
    monkeypatch.setattr(linear_model, "cpu_count", lambda: 2)
    together = LinearModel.fit(rows, LABELS)
    assert np.array_equal(alone.weights, together.weights)
    assert np.array_equal(alone.bias, together.bias)
