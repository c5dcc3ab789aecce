"""What /metrics says, in the text form that Prometheus reads.

Source: prometheus.io/docs/instrumenting/exposition_formats, text format 0.0.4.
"""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Awaitable, Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

from bot.conversation.road import Road

logger = logging.getLogger(__name__)

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
PATIENCE_S = 1.0  # whoever asks gives up after a few seconds, and then gets nothing at all

Labels = tuple[tuple[str, str], ...]
"""Pairs of a label and its value."""


@dataclass(frozen=True)
class Metric:
    """One metric with its values, one for each set of labels."""

    name: str
    kind: Literal["counter", "gauge"]
    about: str
    values: Mapping[Labels, float] = field(default_factory=dict)


MoreMetrics = Callable[[], Awaitable[Sequence[Metric]]]


def single(name: str, kind: Literal["counter", "gauge"], about: str, value: float) -> Metric:
    """A metric without labels."""
    return Metric(name, kind, about, {(): value})


def road_metrics(road: Road) -> list[Metric]:
    """What the road has counted since the start."""
    counters = road.runner.counters
    recent = sorted(counters.recent)
    p95 = recent[int(len(recent) * 0.95) - 1] if recent else 0.0
    return [
        single("bot_turns_total", "counter", "turns taken, also failed ones", counters.turns),
        single("bot_turn_retries_total", "counter", "turns run again after a failure", counters.retries),
        single("bot_apologies_total", "counter", "messages answered with an apology", counters.apologies),
        single("bot_turn_seconds_total", "counter", "time spent in turns", round(counters.seconds, 6)),
        single("bot_turn_seconds_max", "gauge", "slowest turn since the start", round(counters.slowest, 6)),
        single("bot_turn_seconds_p95", "gauge", "95th percentile of the last 200 turns", round(p95, 6)),
        single("bot_event_streams", "gauge", "open event streams", road.board.watching()),
    ]


async def more_metrics(ask: MoreMetrics | None, patience_s: float = PATIENCE_S) -> list[Metric]:
    """What has to be looked up, and whether that worked; a database that is away costs these metrics only."""
    if ask is None:
        return []
    about = "1 when what the database counts could be read"
    try:
        found = list(await asyncio.wait_for(ask(), patience_s))
    except Exception as error:
        logger.warning("metrics could not be read from the database: %s", type(error).__name__)
        return [single("bot_database_up", "gauge", about, 0)]
    return [*found, single("bot_database_up", "gauge", about, 1)]


def to_text(metrics: Sequence[Metric]) -> str:
    """The page; a metric without values is left out."""
    lines: list[str] = []
    for one in metrics:
        if one.values:
            lines += [f"# HELP {one.name} {one.about}", f"# TYPE {one.name} {one.kind}"]
            lines += [f"{one.name}{_labels(labels)} {value}" for labels, value in one.values.items()]
    return "".join(f"{line}\n" for line in lines)


def _labels(labels: Labels) -> str:
    shown = ",".join(f'{name}="{_escaped(value)}"' for name, value in labels)
    return f"{{{shown}}}" if shown else ""


def _escaped(value: str) -> str:
    return value.replace("\\", "\\\\").replace('"', '\\"').replace("\n", "\\n")
