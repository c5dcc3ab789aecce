"""No message, however it stutters, keeps a pattern busy: nested repeats (嗯+ in a group that repeats) take for ever on 嗯嗯嗯…."""

from __future__ import annotations

import importlib
import pkgutil
import re
import signal
from collections.abc import Iterator
from types import FrameType, ModuleType
from typing import Any

import pytest

import actions
import bot.cases
import bot.disputes
import bot.zh

_TIMES, _LONGEST = 40, 0.25  # repetitions; seconds, where the slowest takes a thousandth
_SIGNS = ",。!?~ "


def patterns(package: ModuleType) -> Iterator[tuple[str, re.Pattern[str]]]:
    """Every pattern that stands in a module of the package, tables included, by the module's name."""
    for found in pkgutil.iter_modules(package.__path__, f"{package.__name__}."):
        module = importlib.import_module(found.name)
        for value in vars(module).values():
            yield from ((found.name, pattern) for pattern in _within(value, 4))


def _within(value: Any, depth: int) -> Iterator[re.Pattern[str]]:
    if isinstance(value, re.Pattern):
        yield value
    elif depth and isinstance(value, dict | list | tuple):
        for part in value.values() if isinstance(value, dict) else value:
            yield from _within(part, depth - 1)


def texts_for(pattern: re.Pattern[str]) -> Iterator[str]:
    """What the pattern repeats, repeated, and something at the end that it does not expect."""
    repeated = set(re.findall(r"([一-龥])[+*]", pattern.pattern)) | set(_SIGNS)
    for first in sorted(repeated):
        yield first * _TIMES + "x"
        yield (first + "的") * (_TIMES // 2) + "x"


class _Hangs(Exception):
    pass


def _give_up(_number: int, _frame: FrameType | None) -> None:
    raise _Hangs


@pytest.mark.parametrize("package", [bot.zh, bot.cases, bot.disputes, actions], ids=lambda one: one.__name__)
def test_no_pattern_hangs(package: ModuleType) -> None:
    before = signal.signal(signal.SIGALRM, _give_up)
    try:
        for module, pattern in patterns(package):
            for text in texts_for(pattern):
                signal.setitimer(signal.ITIMER_REAL, _LONGEST)
                try:
                    pattern.search(text), pattern.fullmatch(text)
                except _Hangs:
                    pytest.fail(f"{module}: {pattern.pattern[:80]} hangs on {text[:6]}…")
                finally:
                    signal.setitimer(signal.ITIMER_REAL, 0)
    finally:
        signal.signal(signal.SIGALRM, before)


def test_a_hanging_pattern_is_found(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("bot.zh.wishes._FRONT", re.compile("(?:嗯+|好)*退"))
    with pytest.raises(pytest.fail.Exception, match="wishes"):
        test_no_pattern_hangs(bot.zh)
