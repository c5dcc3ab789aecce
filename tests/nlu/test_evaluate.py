"""Scores of understanding, on parses made by hand."""

from __future__ import annotations

from typing import Any

import yaml

from bot.nlu.evaluate import _LABELS, evaluate, label_of, table
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
    assert [mistake[2] for mistake in report.mistakes] == ["affirm"]


def test_json_has_the_agreed_keys() -> None:
    written = evaluate(ROWS, parse_many).to_json()
    assert {"rows", "strict", "lenient", "macro_f1", "entity_f1", "labels"} <= written.keys()
    assert set(written["labels"]["greeting"]) >= {"precision", "recall", "f1"}


def test_table_names_every_label() -> None:
    assert table(evaluate(ROWS, parse_many)).row_count == 3


def test_no_rows() -> None:
    assert evaluate([], lambda rows: []).strict == 0.0


def test_a_report_without_types_is_out_of_scope() -> None:
    assert label_of({"intent": "report_dispute", "dispute_types": []}) == "out_of_scope"


def test_every_trained_dispute_type_has_a_label() -> None:
    mapped = set(yaml.safe_load(_LABELS.read_text(encoding="utf-8"))["dispute_types"])
    trained = {path.stem for path in (ROOT / "data" / "nlu" / "disputes").glob("*.yml")}
    assert trained == mapped
