"""The text of /metrics; a database that is away or slow costs its own numbers and nothing else."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence

import pytest

from bot.rasa.metrics import Metric, more_metrics, single, to_text


def test_the_text_form() -> None:
    lines = Metric(
        "bot_lines", "gauge", "lines", {(("channel", "wechat"), ("state", "held")): 2, (("channel", "x"),): 1}
    )
    nothing = Metric("bot_nothing", "gauge", "never")
    assert to_text([single("bot_turns_total", "counter", "turns", 3), nothing, lines]) == (
        "# HELP bot_turns_total turns\n# TYPE bot_turns_total counter\nbot_turns_total 3\n"
        '# HELP bot_lines lines\n# TYPE bot_lines gauge\nbot_lines{channel="wechat",state="held"} 2\n'
        'bot_lines{channel="x"} 1\n'
    )


@pytest.mark.parametrize(("value", "shown"), [('a"b', 'a\\"b'), ("a\\b", "a\\\\b"), ("a\nb", "a\\nb")])
def test_a_label_cannot_break_the_form(value: str, shown: str) -> None:
    assert to_text([Metric("m", "gauge", "m", {(("account", value),): 1})]).splitlines()[-1] == (
        f'm{{account="{shown}"}} 1'
    )


async def answers() -> Sequence[Metric]:
    return [single("bot_queue", "gauge", "queue", 2)]


async def fails() -> Sequence[Metric]:
    raise ConnectionError("postgresql://user:password@host")


async def hangs() -> Sequence[Metric]:
    await asyncio.sleep(60)
    return []


@pytest.mark.parametrize(
    ("ask", "found"),
    [
        (None, {}),
        (answers, {"bot_queue": 2, "bot_database_up": 1}),
        (fails, {"bot_database_up": 0}),
        (hangs, {"bot_database_up": 0}),
    ],
)
async def test_what_has_to_be_looked_up(ask, found, caplog) -> None:
    got = await asyncio.wait_for(more_metrics(ask, patience_s=0.05), 2)
    assert {one.name: value for one in got for value in one.values.values()} == found
    assert "password" not in caplog.text
