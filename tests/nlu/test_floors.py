"""No label sinks: each is understood out of fold as often as when its floor was set."""

from __future__ import annotations

from pathlib import Path

import pytest
import yaml

from bot.nlu.crossvalidate import quick_recalls
from bot.nlu.segmenter import ROOT

FLOORS: dict[str, float] = yaml.safe_load(Path(__file__).with_name("floors.yml").read_text(encoding="utf-8"))


def sunk(measured: dict[str, float], floors: dict[str, float]) -> list[str]:
    """What is wrong: labels under their floor, and labels that only one side knows."""
    low = [
        f"{label}: {measured[label]:.2f}, floor {floor:.2f}"
        for label, floor in floors.items()
        if label in measured and measured[label] < floor
    ]
    return low + [f"{label}: only on one side" for label in sorted(set(measured) ^ set(floors))]


@pytest.mark.parametrize(
    ("measured", "count"),
    [
        ({"a": 0.70, "b": 0.50}, 0),
        ({"a": 0.69, "b": 0.50}, 1),
        ({"a": 0.90, "b": 0.10}, 1),
        ({"a": 0.90}, 1),
        ({"a": 0.90, "b": 0.50, "new": 1.0}, 1),
    ],
)
def test_sinking_is_seen(measured: dict[str, float], count: int) -> None:
    assert len(sunk(measured, {"a": 0.70, "b": 0.50})) == count


@pytest.mark.model
def test_no_label_sinks() -> None:
    problems = sunk(quick_recalls(), FLOORS)
    assert problems == [], "better examples, or (meant so): .venv/bin/python tools/floors.py --write"


def test_floors_speak_of_the_labels_that_are_trained() -> None:
    trained = {f"report_dispute/{file.stem}" for file in (ROOT / "data" / "nlu" / "disputes").glob("*.yml")}
    assert trained <= FLOORS.keys()
