"""Moments given on the command line."""

from __future__ import annotations

from datetime import datetime, timedelta, timezone

from bot.cli.output import fail

SHANGHAI = timezone(timedelta(hours=8), "Asia/Shanghai")


def moment_or_now(text: str) -> datetime:
    """An aware moment from ISO 8601 (Shanghai time when it names no zone), or now."""
    if not text:
        return datetime.now(SHANGHAI)
    try:
        moment = datetime.fromisoformat(text.replace("Z", "+00:00"))
    except ValueError:
        fail(f"{text!r} is not a moment; write it like 2026-11-21T10:00+08:00")
    return moment.replace(tzinfo=SHANGHAI) if moment.tzinfo is None else moment.astimezone(SHANGHAI)
