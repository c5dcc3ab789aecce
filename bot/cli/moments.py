"""Moments given on the command line."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.cli.output import fail

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")
EXAMPLE = "2026-11-21T10:00+08:00"
# Facts older than 2000 are refused by the rulebook, and date arithmetic must not run off the calendar.
YEARS = range(2000, 2100)


def moment_or_now(text: str) -> datetime:
    """An aware moment from ISO 8601 (Shanghai time when it names no zone), or now.

    Raises:
        SystemExit: it is not ISO 8601, or not of this century.
    """
    if not text:
        return datetime.now(SHANGHAI)
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        fail(f"--at {text!r} is not a moment; write it like {EXAMPLE}")
    if moment.year not in YEARS:
        fail(f"--at {text!r} lies outside the years {YEARS[0]} to {YEARS[-1]}; write it like {EXAMPLE}")
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
