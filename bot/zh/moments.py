"""A point or stretch of time that a phrase means, before it is tied to a place in the text."""

from __future__ import annotations

from calendar import monthrange
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta, tzinfo
from zoneinfo import ZoneInfo

SHANGHAI = ZoneInfo("Asia/Shanghai")


@dataclass(frozen=True)
class Moment:
    """`at` is the start; a stretch also has `until` (exclusive). grain: minute|hour|day|month;
    certainty: exact (clock time) | day | approximate | range."""

    at: datetime
    grain: str = "day"
    certainty: str = "day"
    until: datetime | None = None


@dataclass(frozen=True)
class Now:
    """The reference point of a reading: all phrases lean to the past unless `ahead` (a promise) is told."""

    at: datetime
    ahead: bool = False

    @property
    def today(self) -> date:
        return self.at.date()

    @property
    def zone(self) -> tzinfo:
        return self.at.tzinfo or SHANGHAI


def on_day(day: date, now: Now, certainty: str = "day") -> Moment:
    return Moment(datetime.combine(day, time(), now.zone), certainty=certainty)


def stretch(first: date, last: date, now: Now, grain: str = "day") -> Moment:
    """From the first day to the end of the last one."""
    end = datetime.combine(last + timedelta(days=1), time(), now.zone)
    return Moment(datetime.combine(first, time(), now.zone), grain, "range", end)


def safe_date(year: int, month: int, day: int) -> date | None:
    """The date, or None when there is no such day (2月30号) or the year is absurd."""
    if not 1990 <= year <= 2100 or not 1 <= month <= 12 or not 1 <= day <= monthrange(year, month)[1]:
        return None
    return date(year, month, day)


def lean(month: int, day: int, now: Now) -> date | None:
    """A day without a year: the last such day, or the next one when the words promise something."""
    this_year = safe_date(now.today.year, month, day)
    if this_year is None or (this_year > now.today and not now.ahead):
        return safe_date(now.today.year - 1, month, day) or this_year
    if this_year < now.today - timedelta(days=180) and now.ahead:
        return safe_date(now.today.year + 1, month, day) or this_year
    return this_year


def shift_month(day: date, months: int) -> date:
    """The same day some months away, pulled back to the month's end where needed (31 -> 30)."""
    index = day.year * 12 + day.month - 1 + months
    year, month = divmod(index, 12)
    year = min(max(year, 1990), 2100)
    return date(year, month + 1, min(day.day, monthrange(year, month + 1)[1]))


def whole_month(year: int, month: int, now: Now) -> Moment | None:
    first = safe_date(year, month, 1)
    if first is None:
        return None
    return stretch(first, first.replace(day=monthrange(year, month)[1]), now, "month")
