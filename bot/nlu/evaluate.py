"""How well texts are understood, on the labels of a hand-labelled file (see labels.yml)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any

import yaml

Row = dict[str, Any]
ParseMany = Callable[[list[Row]], list[Row]]
_LABELS = Path(__file__).with_name("labels.yml")


@dataclass(frozen=True)
class LabelScore:
    """Counts and rates of one label, judged strictly (the first label only)."""

    rows: int
    precision: float
    recall: float
    f1: float
    lenient: float


@dataclass(frozen=True)
class Report:
    """`strict`: share of rows with the first label; `lenient`: the first or an acceptable other one."""

    rows: int
    strict: float
    lenient: float
    macro_f1: float
    entity_f1: float
    labels: dict[str, LabelScore]
    entities: dict[str, float] = field(default_factory=dict)
    mistakes: tuple[tuple[str, str, str], ...] = ()  # text, label, what was said instead

    def to_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "strict": round(self.strict, 4),
            "lenient": round(self.lenient, 4),
            "macro_f1": round(self.macro_f1, 4),
            "entity_f1": round(self.entity_f1, 4),
            "labels": {name: vars(score) for name, score in self.labels.items()},
            "entities": {name: round(f1, 4) for name, f1 in self.entities.items()},
        }


def evaluate(rows: Sequence[Row], parse_many: ParseMany) -> Report:
    """Parse the rows (`text`, `label`, optional `alt_labels`, `entities`, `context`) and score what was read."""
    labelled = [row for row in rows if row.get("label")]
    parsed = parse_many([{"text": row["text"], "context": row.get("context")} for row in labelled])
    said = [label_of(one) for one in parsed]
    right = [one == row["label"] for one, row in zip(said, labelled, strict=True)]
    accepted = [
        one == row["label"] or one in (row.get("alt_labels") or [])
        for one, row in zip(said, labelled, strict=True)
    ]
    labels = _label_scores([row["label"] for row in labelled], said, accepted)
    kinds = _entity_counts(labelled, parsed)
    count = len(labelled)
    return Report(
        rows=count,
        strict=sum(right) / count if count else 0.0,
        lenient=sum(accepted) / count if count else 0.0,
        macro_f1=sum(score.f1 for score in labels.values()) / len(labels) if labels else 0.0,
        entity_f1=_f1(*(sum(column) for column in zip(*kinds.values(), strict=True))) if kinds else 0.0,
        labels=labels,
        entities={kind: _f1(*counts) for kind, counts in sorted(kinds.items())},
        mistakes=tuple(
            (row["text"], row["label"], one)
            for row, one, fine in zip(labelled, said, accepted, strict=True)
            if not fine
        ),
    )


def label_of(parsed: Row) -> str:
    """The label that a parse amounts to. When the assistant would ask back (nlu_fallback) its best guess counts."""
    intent = parsed["intent"]
    if intent == "nlu_fallback":
        ranked = [one["intent"] for one in parsed.get("ranking", []) if one["intent"] != "nlu_fallback"]
        intent = ranked[0] if ranked else intent
    mapping = _mapping()
    if intent == "report_dispute":
        types = parsed.get("dispute_types") or []
        return str(mapping["dispute_types"][types[0]["type"]]) if types else "out_of_scope"
    return str(mapping["intents"].get(intent, intent))


def table(report: Report) -> Any:
    """A rich table of the report, for people."""
    from rich.table import Table

    title = f"{report.rows} rows · strict {report.strict:.3f} · lenient {report.lenient:.3f}"
    out = Table(title=f"{title} · macro F1 {report.macro_f1:.3f} · entities F1 {report.entity_f1:.3f}")
    for column in ("label", "rows", "precision", "recall", "F1", "lenient"):
        out.add_column(column, justify="left" if column == "label" else "right")
    for name, score in sorted(report.labels.items(), key=lambda item: item[1].f1):
        rates = (score.precision, score.recall, score.f1, score.lenient)
        out.add_row(name, str(score.rows), *(f"{rate:.2f}" for rate in rates))
    return out


@lru_cache(maxsize=1)
def _mapping() -> dict[str, Any]:
    loaded: dict[str, Any] = yaml.safe_load(_LABELS.read_text(encoding="utf-8"))
    return loaded


def _label_scores(gold: list[str], said: list[str], accepted: list[bool]) -> dict[str, LabelScore]:
    out = {}
    for label, rows in sorted(Counter(gold).items()):
        hits = sum(1 for one, truth in zip(said, gold, strict=True) if one == truth == label)
        fine = sum(1 for ok, truth in zip(accepted, gold, strict=True) if ok and truth == label)
        told = said.count(label)
        out[label] = LabelScore(
            rows,
            round(hits / told, 4) if told else 0.0,
            round(hits / rows, 4),
            round(_f1(hits, told, rows), 4),
            round(fine / rows, 4),
        )
    return out


def _entity_counts(rows: Sequence[Row], parsed: Sequence[Row]) -> dict[str, tuple[int, int, int]]:
    """Per kind (hits, found, wanted): values compared as written, only kinds that the file marks."""
    marked = {entity["type"] for row in rows for entity in row.get("entities") or []}
    kinds = marked & set(_mapping()["entities"])
    counts = {kind: [0, 0, 0] for kind in kinds}
    for row, one in zip(rows, parsed, strict=True):
        for kind in kinds:
            wanted = Counter(
                entity["value"]
                for entity in row.get("entities") or []
                if entity["type"] == kind and entity["value"] in row["text"]
            )
            found = Counter(entity["value"] for entity in one["entities"] if entity["entity"] == kind)
            counts[kind][0] += sum((wanted & found).values())
            counts[kind][1] += sum(found.values())
            counts[kind][2] += sum(wanted.values())
    return {kind: (hits, found, wanted) for kind, (hits, found, wanted) in counts.items()}


def _f1(hits: int, found: int, wanted: int) -> float:
    return 2 * hits / (found + wanted) if found + wanted else 0.0
