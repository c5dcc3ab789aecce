"""When a complaint's type is taken, when it is asked about."""

from __future__ import annotations

import pytest

from bot.cases.complaint import Claimed, claimed_types


@pytest.mark.parametrize(
    ("ranked", "known", "claimed"),
    [
        ([], [], Claimed()),
        ([("damaged", 0.8), ("wrong_item", 0.1)], [], Claimed(take=("damaged",))),
        ([("damaged", 0.7), ("missing_part", 0.6)], [], Claimed(take=("damaged", "missing_part"))),
        ([("quality_visible", 0.3), ("damaged", 0.28)], [], Claimed(ask=("quality_visible", "damaged"))),
        ([("quality_visible", 0.4), ("damaged", 0.1)], [], Claimed(take=("quality_visible",))),
        # talk goes on about the first dispute: only a clear statement adds another
        ([("missing_part", 0.4)], ["damaged"], Claimed()),
        ([("missing_part", 0.9)], ["damaged"], Claimed(take=("missing_part",))),
        ([("damaged", 0.9)], ["damaged"], Claimed()),
        ([("invoice", 0.9)], ["damaged", "wrong_item", "freight"], Claimed()),
    ],
)
def test_claimed_types(ranked: list[tuple[str, float]], known: list[str], claimed: Claimed) -> None:
    assert claimed_types(ranked, known) == claimed


@pytest.mark.parametrize(
    ("ranked", "known", "taken"),
    [
        ([("quality_visible", 0.8), ("seven_day", 0.7)], [], ("quality_visible",)),
        ([("seven_day", 0.9)], [], ("seven_day",)),
        ([("seven_day", 0.9)], ["quality_visible"], ()),
    ],
)
def test_a_refusal_is_the_answer_to_the_trouble(
    ranked: list[tuple[str, float]], known: list[str], taken: tuple[str, ...]
) -> None:
    assert claimed_types(ranked, known, answered=True).take == taken
