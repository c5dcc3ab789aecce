"""How well texts are understood, on the labels of a hand-labelled file (see labels.yml)."""

from __future__ import annotations

from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from pathlib import Path
from typing import Any, NamedTuple

import yaml

from bot.nlu.calibration import Bin, bins_of, calibration_error, error_by_chance

Row = dict[str, Any]
ParseMany = Callable[[list[Row]], list[Row]]
_LABELS = Path(__file__).with_name("labels.yml")
OUT_OF_SCOPE = "out_of_scope"
WORST = 20  # mistakes shown


@dataclass(frozen=True)
class LabelScore:
    """Counts and rates of one label, judged strictly (the first label only)."""

    rows: int
    precision: float
    recall: float
    f1: float
    lenient: float


class Mistake(NamedTuple):
    """A text that was given a label which is not even acceptable."""

    text: str
    label: str
    said: str
    confidence: float


@dataclass(frozen=True)
class Report:
    """`strict`: share of rows with the first label; `lenient`: the first or an acceptable other one.

    `calibration_error`: expected, of the confidence that the intent is acceptable; `chance_error`: what perfectly honest
    confidences would show on so few rows. `out_of_scope_recall`: share of
    the rows out of scope that were said to be (None without such rows); `false_alarms`: share of the others.
    """

    rows: int
    strict: float
    lenient: float
    macro_f1: float
    entity_f1: float
    labels: dict[str, LabelScore]
    entities: dict[str, float] = field(default_factory=dict)
    mistakes: tuple[Mistake, ...] = ()  # most confident first
    confusions: tuple[tuple[str, str, int], ...] = ()  # label, what was said instead, how often
    pairs: tuple[tuple[str, str], ...] = ()  # label and what was said, for every row
    bins: tuple[Bin, ...] = ()
    calibration_error: float = 0.0
    chance_error: float = 0.0
    out_of_scope_recall: float | None = None
    false_alarms: float = 0.0

    def to_json(self) -> dict[str, Any]:
        return {
            "rows": self.rows,
            "strict": round(self.strict, 4),
            "lenient": round(self.lenient, 4),
            "macro_f1": round(self.macro_f1, 4),
            "entity_f1": round(self.entity_f1, 4),
            "labels": {name: vars(score) for name, score in self.labels.items()},
            "entities": {name: round(f1, 4) for name, f1 in self.entities.items()},
            "calibration_error": round(self.calibration_error, 4),
            "calibration_error_by_chance": round(self.chance_error, 4),
            "out_of_scope": {
                "recall": self.out_of_scope_recall,
                "false_alarms": round(self.false_alarms, 4),
            },
            "confusions": [
                {"label": label, "said": said, "count": count} for label, said, count in self.confusions
            ],
            "worst": [mistake._asdict() for mistake in self.mistakes[:WORST]],
        }


def evaluate(rows: Sequence[Row], parse_many: ParseMany) -> Report:
    """Parse the rows (`text`, `label`, optional `alt_labels`, `entities`, `context`) and score what was read."""
    labelled = [row for row in rows if row.get("label")]
    parsed = parse_many([{"text": row["text"], "context": row.get("context")} for row in labelled])
    gold, said = [row["label"] for row in labelled], [label_of(one) for one in parsed]
    accepted = [one in acceptable(row) for one, row in zip(said, labelled, strict=True)]
    labels = _label_scores(gold, said, accepted)
    kinds = _entity_counts(labelled, parsed)
    bins = _confidence_bins(labelled, parsed)
    recall, alarms = _out_of_scope(labelled, said)
    return Report(
        rows=len(labelled),
        strict=_share([one == truth for one, truth in zip(said, gold, strict=True)]),
        lenient=_share(accepted),
        macro_f1=sum(score.f1 for score in labels.values()) / len(labels) if labels else 0.0,
        entity_f1=_f1(*(sum(column) for column in zip(*kinds.values(), strict=True))) if kinds else 0.0,
        labels=labels,
        entities={kind: _f1(*counts) for kind, counts in sorted(kinds.items())},
        mistakes=_mistakes(labelled, parsed, said, accepted),
        confusions=_confusions(gold, said),
        pairs=tuple(zip(gold, said, strict=True)),
        bins=bins,
        calibration_error=calibration_error(bins),
        chance_error=error_by_chance([best_guess(one)[1] for one in parsed]),
        out_of_scope_recall=recall,
        false_alarms=alarms,
    )


def acceptable(row: Row) -> frozenset[str]:
    """The label of a row and the others that are right too."""
    return frozenset([row["label"], *(row.get("alt_labels") or [])])


def label_of(parsed: Row) -> str:
    """The label that a parse amounts to. When the assistant would ask back (nlu_fallback) its best guess counts."""
    intent = best_guess(parsed)[0]
    mapping = _mapping()
    if intent == "report_dispute":
        types = parsed.get("dispute_types") or []
        return str(mapping["dispute_types"][types[0]["type"]]) if types else "out_of_scope"
    return str(mapping["intents"].get(intent, intent))


def best_guess(parsed: Row) -> tuple[str, float]:
    """The intent of a parse and its confidence; of one that asks back, what it would have said."""
    if parsed["intent"] == "nlu_fallback":
        for one in parsed.get("ranking", []):
            if one["intent"] != "nlu_fallback":
                return str(one["intent"]), float(one.get("confidence", 0.0))
    return str(parsed["intent"]), float(parsed.get("confidence", 0.0))


def labels_of_intent(intent: str) -> frozenset[str]:
    """Every label that an intent can amount to."""
    mapping = _mapping()
    if intent == "report_dispute":
        return frozenset(str(label) for label in mapping["dispute_types"].values())
    return frozenset([str(mapping["intents"].get(intent, intent))])


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


def _confusions(gold: list[str], said: list[str]) -> tuple[tuple[str, str, int], ...]:
    wrong = Counter((truth, one) for truth, one in zip(gold, said, strict=True) if truth != one)
    return tuple((truth, one, count) for (truth, one), count in wrong.most_common())


def _mistakes(
    rows: Sequence[Row], parsed: Sequence[Row], said: list[str], accepted: list[bool]
) -> tuple[Mistake, ...]:
    found = [
        Mistake(row["text"], row["label"], label, round(best_guess(one)[1], 4))
        for row, one, label, fine in zip(rows, parsed, said, accepted, strict=True)
        if not fine
    ]
    return tuple(sorted(found, key=lambda mistake: -mistake.confidence))


def _confidence_bins(rows: Sequence[Row], parsed: Sequence[Row]) -> tuple[Bin, ...]:
    """The confidence speaks of the intent, so the intent is what it is held against, not the dispute type."""
    guesses = [best_guess(one) for one in parsed]
    right = [
        bool(labels_of_intent(intent) & acceptable(row))
        for (intent, _), row in zip(guesses, rows, strict=True)
    ]
    return bins_of([confidence for _, confidence in guesses], right)


def _out_of_scope(rows: Sequence[Row], said: list[str]) -> tuple[float | None, float]:
    """(recall, false alarms); a row for which out_of_scope is merely acceptable counts for neither."""
    outside = [
        one == OUT_OF_SCOPE for one, row in zip(said, rows, strict=True) if row["label"] == OUT_OF_SCOPE
    ]
    inside = [
        one == OUT_OF_SCOPE
        for one, row in zip(said, rows, strict=True)
        if OUT_OF_SCOPE not in acceptable(row)
    ]
    return (round(_share(outside), 4) if outside else None), _share(inside)


def _share(flags: Sequence[bool]) -> float:
    return sum(flags) / len(flags) if flags else 0.0


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
