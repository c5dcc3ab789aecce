"""Times of day: 晚上8点半, 下午三点, 10:16:28, 早上, 半夜."""

from __future__ import annotations

import re
from dataclasses import replace
from datetime import timedelta

from bot.zh.moments import Moment
from bot.zh.numerals import CHINESE_NUMBER, read_number

# Part of the day -> (first hour, last hour); a clock hour below 12 after 12-based words is moved past noon.
PARTS = {
    "凌晨": (0, 6), "清晨": (5, 8), "一早": (6, 9), "一大早": (6, 9), "早上": (6, 10), "早晨": (6, 10), "早": (6, 10), "晨": (5, 8),
    "上午": (8, 12), "中午": (11, 14), "午后": (13, 17), "下午": (12, 18), "傍晚": (17, 19), "晚上": (18, 24),
    "晚间": (18, 24), "夜里": (20, 24), "半夜": (0, 4), "深夜": (22, 24), "夜": (20, 24), "晚": (18, 24),
}  # fmt: skip
_PART = "|".join(sorted((part for part in PARTS if len(part) > 1), key=len, reverse=True))
_N = rf"(?:\d{{1,2}}|{CHINESE_NUMBER}{{1,3}})"
CLOCK = (
    rf"(?:(?P<part>{_PART})\s*)?(?:(?P<h>[01]?\d|2[0-4])\s*:\s*(?P<m>[0-5]\d)(?:\s*:\s*(?P<s>[0-5]\d))?"
    rf"|(?P<hz>{_N})(?:点钟?|时(?!候|间|效))(?:(?P<half>半)|(?P<quarter>[一三])刻|(?P<mz>{_N})分?(?!\d|天|个|件))?多?左?右?)"
)
CLOCK_RE = re.compile(CLOCK)
PART_RE = re.compile(f"(?:{_PART})")


def at_clock(moment: Moment, match: re.Match[str] | None, part: str | None) -> Moment | None:
    """The moment moved to a clock time, or narrowed to a part of its day. None if the hour is impossible."""
    part = (match["part"] if match else None) or part
    if match is None:
        return _part_of_day(moment, part) if part else moment
    hour, minute, second = _read(match)
    if hour is None or not 0 <= hour <= 24 or not 0 <= minute < 60:
        return None
    if part in PARTS and hour < 12 and PARTS[part][0] >= 11 and not (part == "中午" and hour >= 10):
        hour += 12
    at = moment.at + timedelta(hours=hour, minutes=minute, seconds=second)
    precise = bool(match["h"] or match["mz"] or match["half"])
    return Moment(at, "minute" if precise else "hour", "exact" if precise else "approximate")


def _read(match: re.Match[str]) -> tuple[int | None, int, int]:
    if match["h"]:
        return int(match["h"]), int(match["m"]), int(match["s"] or 0)
    hour = read_number(match["hz"])
    minute = 30 if match["half"] else {"一": 15, "三": 45}.get(match["quarter"] or "", 0)
    if match["mz"]:
        minute = int(read_number(match["mz"]) or 0)
    return (None if hour is None else int(hour)), minute, 0


def _part_of_day(moment: Moment, part: str) -> Moment:
    first, last = PARTS[part]
    return replace(
        moment,
        at=moment.at + timedelta(hours=first),
        until=moment.at + timedelta(hours=last),
        grain="hour",
        certainty="approximate",
    )
