"""Counting periods (期间): hours, days, months, years, working days.

C-01 a period in days starts the day after, a period in hours at once (民法典 201).
C-02 a statutory period whose last day is a day off ends on the next working day, at 24:00 (民法典 203). A day off
     (法定休假日) is wider than a public holiday (法定节假日): ordinary Saturdays and Sundays are days off too, an
     exchanged working weekend (调休上班日) is not.
C-03 a platform countdown is elapsed system time and never rolls; only its working days end with the day.
C-05 working days need the yearly holiday table; a year nobody has announced is counted provisionally.
An end "at 24:00" is the following midnight.
"""

from __future__ import annotations

import calendar
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from functools import lru_cache
from pathlib import Path

import chinese_calendar

from bot.disputes.facts import SHANGHAI
from bot.disputes.loader import RulebookError, read_mapping
from bot.disputes.window_rules import Length

LONGEST_BREAK = 30
"""Days to look ahead for a working day; the longest Chinese holiday is nine."""


@dataclass(frozen=True)
class End:
    """When a period ends. `provisional`: a year was used whose holidays are not announced."""

    at: datetime
    provisional: bool = False


@dataclass(frozen=True)
class _Year:
    holidays: frozenset[date]
    working_weekends: frozenset[date]
    announced: bool = False


@lru_cache(maxsize=1)
def _own_years() -> dict[int, _Year]:
    file = Path(__file__).with_name("workdays.yml")
    years: dict[int, _Year] = {}
    for year, entry in read_mapping(file).children():
        days = [entry.raw("holidays") or [], entry.raw("working_weekends") or []]
        if not all(isinstance(day, date) and day.year == int(year) for group in days for day in group):
            raise RulebookError(entry.where, "every day must be a date of that year")
        years[int(year)] = _Year(frozenset(days[0]), frozenset(days[1]), entry.flag("announced"))
        entry.done()
    return years


@lru_cache(maxsize=4096)
def is_working_day(day: date) -> tuple[bool, bool]:
    """(is it a working day, is the answer provisional). An exchanged working weekend is a working day."""
    try:
        return bool(chinese_calendar.is_workday(day)), False
    except NotImplementedError:  # a year the package does not hold
        pass
    own = _own_years().get(day.year, _Year(frozenset(), frozenset()))
    if day in own.holidays:
        return False, not own.announced
    return day in own.working_weekends or day.weekday() < 5, not own.announced


def day_of(moment: datetime) -> date:
    """The calendar day in China."""
    return moment.astimezone(SHANGHAI).date()


def end_of(day: date) -> datetime:
    """24:00 of a day, which is 00:00 of the next."""
    return datetime.combine(day + timedelta(days=1), time(), SHANGHAI)


def next_midnight(moment: datetime) -> datetime:
    """00:00 of the day after."""
    return end_of(day_of(moment))


def elapsed(base: datetime, length: Length) -> End:
    """A platform countdown: hours run from `base`; days are 24 hours; working days end at 24:00 of the last (C-03)."""
    if length.unit == "hours":
        return End(base + timedelta(hours=length.amount))
    if length.unit == "days":
        return End(base + timedelta(days=length.amount))
    if length.unit == "working_days":
        return _working_days(day_of(base), length.amount)
    return End(datetime.combine(_last_day(day_of(base), length), base.astimezone(SHANGHAI).timetz()))


def statutory(base: datetime, length: Length, roll: bool) -> End:
    """A statutory period (C-01, C-02). `roll` False keeps the earlier day where a reminder should be cautious."""
    if length.unit == "hours":
        return End(base + timedelta(hours=length.amount))
    if length.unit == "working_days":
        return _working_days(day_of(base), length.amount)
    last = _last_day(day_of(base), length)
    if not roll:
        return End(end_of(last))
    day, provisional = _next_working(last)
    return End(end_of(day), provisional)


def _last_day(start: date, length: Length) -> date:
    """民法典 202: months and years end on the same-numbered day, or on the last day of a shorter month."""
    if length.unit == "days":
        return start + timedelta(days=length.amount)
    months = length.amount * (12 if length.unit == "years" else 1)
    index = start.year * 12 + start.month - 1 + months
    year, month = index // 12, index % 12 + 1
    return date(year, month, min(start.day, calendar.monthrange(year, month)[1]))


def _working_days(start: date, amount: int) -> End:
    day, provisional = start, False
    for _ in range(amount):
        day, unsure = _next_working(day + timedelta(days=1))
        provisional = provisional or unsure
    return End(end_of(day), provisional)


def _next_working(day: date) -> tuple[date, bool]:
    """The first working day from `day` on; unsure when an unannounced year had a say."""
    unsure = False
    for offset in range(LONGEST_BREAK):
        candidate = day + timedelta(days=offset)
        working, provisional = is_working_day(candidate)
        unsure = unsure or provisional
        if working:
            return candidate, unsure
    raise RulebookError("workdays.yml", f"no working day within {LONGEST_BREAK} days of {day}")
