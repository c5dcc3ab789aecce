"""The intent classifier out of fold on the project's own examples: a floor that new examples must not break."""

from __future__ import annotations

import pytest

from bot.nlu.crossvalidate import (
    Judged,
    accuracy,
    accuracy_by_share,
    confusions,
    cross_validate,
    read_examples,
)


def test_scores_of_judgements() -> None:
    judged = [Judged("a", "x", "x", 0.9), Judged("b", "x", "y", 0.1), Judged("c", "y", "y", 0.1)]
    assert round(accuracy(judged), 3) == 0.667
    assert confusions(judged) == [(("x", "y"), 1)]
    assert accuracy_by_share(judged, (0.2,)) == {0.2: (2, 0.5)}


@pytest.mark.model
def test_out_of_fold_accuracy_has_not_dropped() -> None:
    judged = cross_validate(read_examples(), folds=2)
    assert accuracy(judged) >= 0.55, confusions(judged)
