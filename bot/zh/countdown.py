"""The time that a page says is left, e.g. 还有2天3小时."""

from __future__ import annotations

import re
from datetime import timedelta

from bot.zh.found import Found
from bot.zh.normalise import Normalised
from bot.zh.numerals import CHINESE_NUMBER, read_number

_N = rf"(?:\d{{1,3}}|{CHINESE_NUMBER}{{1,4}}|半)"
_LEFT = re.compile(
    r"(?:还有|还剩下?|剩余|剩下|只剩下?|倒计时|就剩|仅剩|剩)(?:时间)?\s*:?\s*"
    rf"(?P<span>(?:(?P<d>{_N})\s*天)?\s*(?:(?P<h>{_N})\s*个?(?:小时|时|钟头))?\s*(?:(?P<m>{_N})\s*分钟?)?\s*(?:(?P<s>{_N})\s*秒)?)"
)


def find_countdowns(text: Normalised) -> tuple[Found, ...]:
    """Every remaining time in the text; `resolved.seconds` is its length."""
    out = []
    for match in _LEFT.finditer(text.text):
        left = _length(match)
        if left is not None:
            start, end = text.span(match.start(), match.start() + len(match.group().rstrip()))
            out.append(
                Found(
                    "countdown", start, end, text.original[start:end], {"seconds": int(left.total_seconds())}
                )
            )
    return tuple(out)


def read_countdown(text: Normalised) -> timedelta | None:
    """The first remaining time in the text."""
    found = find_countdowns(text)
    return timedelta(seconds=found[0].resolved["seconds"]) if found else None


def _length(match: re.Match[str]) -> timedelta | None:
    parts = {name: read_number(match[name] or "") for name in "dhms"}
    if all(value is None for value in parts.values()):
        return None
    values = {name: float(value or 0) for name, value in parts.items()}
    return timedelta(days=values["d"], hours=values["h"], minutes=values["m"], seconds=values["s"])
