"""urging.yml: how often a buyer may ask a platform for news."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.disputes.loader import Reader, RulebookError, read_mapping, yaml_file

TOPICS = ("progress", "evidence", "ruling")


@dataclass(frozen=True)
class UrgingPolicy:
    """Figures in working days and hours; `texts` by topic, with {accepted} and {problem} to fill in."""

    working_days: int
    grace_hours: int
    apart_hours: int
    progress_stages: frozenset[str]
    evidence_window: str
    ruling_window: str
    sources: tuple[str, ...]
    texts: dict[str, str]


def read_urging(overrides: Path | None) -> UrgingPolicy:
    """urging.yml. Raises RulebookError."""
    top = read_mapping(yaml_file("urging.yml", overrides))
    policy = UrgingPolicy(
        working_days=_count(top, "working_days"),
        grace_hours=_count(top, "grace_hours"),
        apart_hours=_count(top, "apart_hours"),
        progress_stages=frozenset(top.texts("progress_stages")),
        evidence_window=top.text("evidence_window"),
        ruling_window=top.text("ruling_window"),
        sources=top.texts("sources"),
        texts=top.text_map("texts"),
    )
    top.done()
    missing = sorted(set(TOPICS) - set(policy.texts))
    if missing:
        raise RulebookError(f"{top.where}.texts", f"needs {', '.join(missing)}")
    if not policy.sources:
        raise RulebookError(f"{top.where}.sources", "needs a source")
    return policy


def _count(top: Reader, key: str) -> int:
    value = top.number(key)
    if value is None or value < 0:
        raise RulebookError(f"{top.where}.{key}", "needs a whole number, zero or more")
    return value
