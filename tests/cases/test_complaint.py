"""When a complaint's type is taken, when it is asked about."""

from __future__ import annotations

import pytest

from bot.cases.complaint import Claimed, claimed_types, told_apart, which_of
from bot.disputes.rulebook import load_rulebook


@pytest.mark.parametrize(
    ("ranked", "known", "claimed"),
    [
        ([], [], Claimed()),
        ([("damaged", 0.8), ("wrong_item", 0.1)], [], Claimed(take=("damaged",))),
        ([("damaged", 0.7), ("missing_part", 0.6)], [], Claimed(take=("damaged", "missing_part"))),
        ([("quality_visible", 0.3), ("damaged", 0.28)], [], Claimed(ask=("quality_visible", "damaged"))),
        ([("quality_visible", 0.4), ("damaged", 0.1)], [], Claimed(take=("quality_visible",))),
        ([("quality_visible", 0.2)], [], Claimed()),  # a guess
        ([("quality_visible", 0.2), ("damaged", 0.18)], [], Claimed(ask=("quality_visible", "damaged"))),
        ([("quality_visible", 0.13), ("damaged", 0.12)], [], Claimed()),
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


OFFERED = (("missing_part", "少了"), ("wrong_item", "发错了"))


@pytest.mark.parametrize(
    ("text", "ranked", "said"),
    [
        ("少了", [], ("missing_part",)),
        ("应该是发错了吧", [], ("wrong_item",)),
        ("前者", [], ("missing_part",)),
        ("2", [], ("wrong_item",)),
        ("两个都有", [], ("missing_part", "wrong_item")),
        ("两个都没有", [], ()),
        ("都不是", [], ()),
        ("不是", [], ()),
        ("对", [], ("missing_part",)),
        ("不清楚", [], ("missing_part",)),
        ("里面缺了充电器", [("missing_part", 0.3), ("damaged", 0.4)], ("missing_part",)),
        ("杯子是碎的", [("damaged", 0.4)], ("damaged",)),
        ("少了一件，另一件碎了", [("missing_part", 0.6), ("damaged", 0.5)], ("missing_part", "damaged")),
        ("今天天气不错", [], None),
        ("3", [], None),
    ],
)
def test_told_apart(text: str, ranked: list[tuple[str, float]], said: tuple[str, ...] | None) -> None:
    assert told_apart(text, ranked, OFFERED, ("missing_part", "wrong_item")) == said


@pytest.mark.parametrize(
    ("close", "question", "offered"),
    [
        (("missing_part", "wrong_item"), True, {"missing_part", "wrong_item"}),
        (("wrong_item", "missing_part"), True, {"missing_part", "wrong_item"}),
        (("fake_ship", "not_shipped"), True, {"fake_ship", "not_shipped"}),
        (("food", "invoice"), False, {"food", "invoice"}),
        (("food", "of_old_models"), False, {"food"}),
    ],
)
def test_the_question_of_a_card_comes_first(
    close: tuple[str, ...], question: bool, offered: set[str]
) -> None:
    which = which_of(close, load_rulebook().types)
    assert bool(which.question) is question
    assert offered <= {code for code, _ in which.options}
