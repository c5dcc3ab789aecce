"""Scores of understanding, on parses made by hand."""

from __future__ import annotations

import io
import json
from pathlib import Path
from typing import Any

import pytest
import yaml
from rich.console import Console

from bot.nlu.evaluate import _LABELS, Report, best_guess, evaluate, label_of, labels_of_intent
from bot.nlu.report import label_table, plot, tables
from bot.nlu.segmenter import ROOT

ROWS = [
    {"text": "碎了", "label": "logistics_damaged", "alt_labels": [], "entities": []},
    {
        "text": "漏了要求赔",
        "label": "quality_defect",
        "alt_labels": ["logistics_damaged"],
        "entities": [{"type": "remedy", "value": "赔"}],
    },
    {"text": "你好", "label": "greeting", "alt_labels": [], "entities": []},
    {
        "text": "昨天的手机",
        "label": "greeting",
        "entities": [{"type": "date_time", "value": "昨天"}, {"type": "product", "value": "手机"}],
    },
]
DAMAGED = {
    "intent": "report_dispute",
    "dispute_types": [{"type": "damaged", "confidence": 0.9}],
    "entities": [],
}


def parse_many(rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    unsure = {"intent": "nlu_fallback", "ranking": [{"intent": "nlu_fallback"}, {"intent": "affirm"}]}
    day = {"entity": "date_time", "value": "昨天"}
    return [DAMAGED, DAMAGED, {"intent": "greeting", "entities": []}, {**unsure, "entities": [day, day]}]


def test_strict_lenient_and_entities() -> None:
    report = evaluate(ROWS, parse_many)
    assert (report.rows, report.strict, report.lenient) == (4, 0.5, 0.75)
    assert report.labels["logistics_damaged"].precision == 0.5
    assert report.labels["quality_defect"].lenient == 1.0
    # one hit of two found and three wanted
    assert round(report.entity_f1, 3) == 0.4
    assert [mistake.said for mistake in report.mistakes] == ["affirm"]


def test_json_has_the_agreed_keys() -> None:
    written = evaluate(ROWS, parse_many).to_json()
    assert {"rows", "strict", "lenient", "macro_f1", "entity_f1", "labels"} <= written.keys()
    assert set(written["labels"]["greeting"]) >= {"precision", "recall", "f1"}
    assert {"calibration_error", "out_of_scope", "confusions", "worst"} <= written.keys()
    json.dumps(written)


def test_table_names_every_label() -> None:
    assert label_table(evaluate(ROWS, parse_many)).row_count == 3


JUDGED = [  # label, also acceptable, intent said, confidence
    ("greeting", [], "greeting", 0.9),
    ("greeting", [], "affirm", 0.8),
    ("greeting", [], "affirm", 0.95),
    ("affirm", [], "greeting", 0.3),
    ("affirm", ["deny"], "deny", 0.99),
    ("out_of_scope", [], "out_of_scope", 0.7),
    ("out_of_scope", [], "greeting", 0.6),
    ("greeting", ["out_of_scope"], "out_of_scope", 0.5),
    ("deny", [], "out_of_scope", 0.4),
]


def judged() -> Report:
    rows = [
        {"text": f"[b]{at}", "label": label, "alt_labels": also}
        for at, (label, also, *_) in enumerate(JUDGED)
    ]
    said = [{"intent": intent, "confidence": sure, "entities": []} for *_, intent, sure in JUDGED]
    return evaluate(rows, lambda _: said)


def test_confusions_are_counted_most_frequent_first() -> None:
    confusions = judged().confusions
    assert confusions[0] == ("greeting", "affirm", 2)
    assert ("affirm", "deny", 1) in confusions
    assert sum(count for *_, count in confusions) == 7


def test_the_worst_mistakes_are_the_most_confident_ones() -> None:
    mistakes = judged().mistakes
    assert [(mistake.text, mistake.confidence) for mistake in mistakes[:2]] == [("[b]2", 0.95), ("[b]1", 0.8)]
    assert len(mistakes) == 5  # what is acceptable is none


def test_out_of_scope_recall_and_false_alarms() -> None:
    report = judged()
    assert report.out_of_scope_recall == 0.5
    assert report.false_alarms == pytest.approx(
        1 / 6
    )  # the row for which it is acceptable counts for neither
    assert evaluate(ROWS, parse_many).out_of_scope_recall is None


def test_calibration_speaks_of_the_intent() -> None:
    """A complaint of another type than the label's is the right intent all the same."""
    row = {"text": "碎了", "label": "quality_defect"}
    report = evaluate([row], lambda _: [{**DAMAGED, "confidence": 1.0}])
    assert (report.strict, report.calibration_error) == (0.0, 0.0)
    wrong = {"intent": "greeting", "confidence": 1.0, "entities": []}
    assert evaluate([row], lambda _: [wrong]).calibration_error == 1.0


def test_asking_back_counts_with_the_confidence_of_its_guess() -> None:
    ranking = [{"intent": "nlu_fallback", "confidence": 0.9}, {"intent": "affirm", "confidence": 0.1}]
    assert best_guess({"intent": "nlu_fallback", "confidence": 0.9, "ranking": ranking}) == ("affirm", 0.1)
    assert best_guess({"intent": "nlu_fallback", "confidence": 1.0}) == ("nlu_fallback", 1.0)


def test_labels_of_an_intent() -> None:
    assert labels_of_intent("greeting") == {"greeting"}
    assert {"counterfeit", "logistics_lost"} < labels_of_intent("report_dispute")


def test_tables_can_be_printed_whatever_the_text() -> None:
    screen = Console(file=io.StringIO(), width=120)
    for one in tables(judged()):
        screen.print(one)
    printed = screen.file.getvalue()
    assert "[b]2" in printed  # no markup
    assert "out-of-scope recall" in printed
    for one in tables(evaluate([], lambda rows: [])):
        screen.print(one)


def test_the_picture_is_a_png(tmp_path: Path) -> None:
    for name, report in (("full.png", judged()), ("empty.png", evaluate([], lambda rows: []))):
        plot(report, tmp_path / name)
        assert (tmp_path / name).read_bytes().startswith(b"\x89PNG")


def test_no_rows() -> None:
    assert evaluate([], lambda rows: []).strict == 0.0


def test_a_report_without_types_is_out_of_scope() -> None:
    assert label_of({"intent": "report_dispute", "dispute_types": []}) == "out_of_scope"


def test_every_trained_dispute_type_has_a_label() -> None:
    mapped = set(yaml.safe_load(_LABELS.read_text(encoding="utf-8"))["dispute_types"])
    trained = {path.stem for path in (ROOT / "data" / "nlu" / "disputes").glob("*.yml")}
    assert trained == mapped
