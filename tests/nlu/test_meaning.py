"""From scores to one intent and the dispute types, with scores made by hand."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from bot.nlu.meaning import FALLBACK, REPORT, Meaning, denied_types, read_meaning

CLASSES = (
    "ask_rule_or_deadline",
    "greeting",
    "report_dispute/counterfeit",
    "report_dispute/damaged",
    "report_dispute/missing_part",
)
CUES = {"假货": 2, "碎": 3, "少": 4, "吗": 0}


def scorer(texts: list[str]) -> NDArray[np.float64]:
    """0.9 for the class of each cue word in the text, 0.05 for the rest."""
    rows = np.full((len(texts), len(CLASSES)), 0.05)
    for at, text in enumerate(texts):
        for cue, column in CUES.items():
            if cue in text:
                rows[at, column] = 0.9
    return rows


def read(text: str, fallback_below: float = 0.15) -> Meaning:
    return read_meaning(text, CLASSES, scorer, fallback_below=fallback_below, clause_needs=0.4)


def test_one_complaint() -> None:
    meaning = read("杯子碎了")
    assert meaning.intent == REPORT
    assert [kind for kind, _ in meaning.types] == ["damaged"]


def test_two_complaints_in_two_clauses() -> None:
    assert {kind for kind, _ in read("杯子都碎了,还少了一个盖子").types} == {"damaged", "missing_part"}


@pytest.mark.parametrize(
    ("of_the_whole", "first"),
    [
        ([0.01, 0.01, 0.01, 0.6, 0.3], "damaged"),  # a side remark is a short clear clause
        ([0.3, 0.01, 0.01, 0.3, 0.01], "missing_part"),  # unsure of the whole, sure of a clause
    ],
)
def test_what_comes_first(of_the_whole: list[float], first: str) -> None:
    def judge(texts: list[str]) -> NDArray[np.float64]:
        rows = scorer(texts)  # of the whole message and of its two clauses
        rows[0], rows[1] = of_the_whole, [0.2, 0.2, 0.2, 0.9, 0.2]
        return rows

    meaning = read_meaning("杯子都碎了,还少了一个盖子", CLASSES, judge, fallback_below=0.15, clause_needs=0.4)
    assert [kind for kind, _ in meaning.types] == sorted(
        ("damaged", "missing_part"), key=lambda k: k != first
    )


def test_a_complaint_of_unclear_type_is_understood() -> None:
    def judge(texts: list[str]) -> NDArray[np.float64]:
        return np.array([[0.1, 0.0, 0.3, 0.3, 0.3]] * len(texts))

    meaning = read_meaning("收到的不行", CLASSES, judge, fallback_below=0.4, clause_needs=0.4)
    assert meaning.intent == REPORT


def test_an_act_has_no_types() -> None:
    meaning = read("可以退吗")
    assert (meaning.intent, meaning.types) == ("ask_rule_or_deadline", ())


def test_a_denied_complaint_is_none() -> None:
    assert "counterfeit" not in [kind for kind, _ in read("我没说是假货,是杯子碎了").types]


def test_ranking_names_each_intent_once_and_the_winner_first() -> None:
    meaning = read("杯子碎了吗")
    names = [name for name, _ in meaning.ranking]
    assert names[0] == meaning.intent
    assert len(names) == len(set(names)) == 3
    assert sum(share for _, share in meaning.ranking) == pytest.approx(1.0)


def test_below_the_threshold_it_asks_back_and_keeps_its_guess() -> None:
    meaning = read("啊啊啊", fallback_below=0.7)
    assert meaning.intent == FALLBACK
    assert len(meaning.ranking) == 4


@pytest.mark.parametrize(
    ("text", "denied"),
    [
        ("不是假货", {"counterfeit"}),
        ("就是假货", set()),
        ("不是正品", set()),
        ("商家说不是假货,可就是假货", set()),
        ("没有破损", {"damaged"}),
    ],
)
def test_denied_types(text: str, denied: set[str]) -> None:
    assert denied_types(text) == denied


def test_a_denied_trouble_does_not_hide_the_real_one() -> None:
    seen: list[str] = []

    def listening(texts: list[str]) -> NDArray[np.float64]:
        seen.extend(texts)
        return scorer(texts)

    read_meaning("水壶漏水,不是假货", CLASSES, listening, fallback_below=0.15, clause_needs=0.4)
    read_meaning("不是假货", CLASSES, listening, fallback_below=0.15, clause_needs=0.4)
    assert seen[0] == "水壶漏水," and seen[-1] == "不是假货"
