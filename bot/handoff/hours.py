"""When the desk is staffed (服务时间), and the figures by which it works."""

from __future__ import annotations

import re
from dataclasses import dataclass
from datetime import date, datetime, time, timedelta
from decimal import Decimal

from bot.disputes.counting import is_working_day
from bot.disputes.facts import SHANGHAI

_DAYS = ("mon", "tue", "wed", "thu", "fri", "sat", "sun")
_WORKING_WEEK = frozenset(range(5))
_FORM = re.compile(r"(?:(?P<days>[a-z,-]+)\s+)?(?P<from>\d{1,2}:\d{2})\s*-\s*(?P<to>\d{1,2}:\d{2})")
_DAY = timedelta(days=1)
_LOOK_AHEAD = 40  # days; the longest Chinese holiday is nine
_HINT = 'write "09:00-21:00", "mon-fri 09:00-18:00", "sat,sun 10:00-16:00" or "always"'


class BadHours(ValueError):
    """A text that names no office hours; the message says how to write them."""


@dataclass(frozen=True)
class OfficeHours:
    """The same hours on certain days, in Asia/Shanghai.

    Attributes:
        days: 0 = Monday. Exactly Monday to Friday means Chinese working days: a public holiday is closed,
            a working weekend (调休) is open. Any other set of days is taken as it stands.
        opens, lasts: minutes after midnight and minutes of work; past midnight belongs to the day before.
    """

    days: frozenset[int] = frozenset(range(7))
    opens: int = 0
    lasts: int = 24 * 60

    @classmethod
    def parse(cls, text: str) -> OfficeHours:
        """Read ``09:00-21:00``, ``mon-fri 09:00-18:00``, ``sat,sun 10:00-16:00`` or ``always``.

        An end before the beginning is on the next day (``20:00-02:00``); 24:00 is midnight.

        Raises:
            BadHours: anything else; the message says what to write.
        """
        plain = text.strip().lower().replace("：", ":")
        if plain == "always":
            return cls()
        found = _FORM.fullmatch(plain)
        if found is None:
            raise BadHours(f"office hours {text!r} cannot be read: {_HINT}")
        opens, ends = _minutes(found["from"], text), _minutes(found["to"], text)
        if opens == ends or opens == 24 * 60:
            raise BadHours(f"office hours {text!r} begin when they end: {_HINT}")
        return cls(_days(found["days"], text), opens, (ends - opens) % (24 * 60) or 24 * 60)

    @property
    def always(self) -> bool:
        """Whether the desk never closes."""
        return len(self.days) == 7 and self.lasts == 24 * 60

    def is_open(self, now: datetime) -> bool:
        """Whether somebody is at the desk; the last minute ends where the closing time begins."""
        today = now.astimezone(SHANGHAI).date()
        return any(
            start <= now < start + timedelta(minutes=self.lasts)
            for start in (self._start(today - _DAY), self._start(today))
            if start is not None
        )

    def next_opening(self, now: datetime) -> datetime:
        """When somebody is at the desk next, in Asia/Shanghai; ``now`` while it is open."""
        if self.is_open(now):
            return now.astimezone(SHANGHAI)
        today = now.astimezone(SHANGHAI).date()
        starts = (self._start(today + offset * _DAY) for offset in range(_LOOK_AHEAD))
        return next(start for start in starts if start is not None and start > now)

    def _start(self, day: date) -> datetime | None:
        """When the desk opens on a day; None on a day off."""
        if self.days == _WORKING_WEEK:
            works = is_working_day(day)[0]
        else:
            works = day.weekday() in self.days
        if not works:
            return None
        return datetime.combine(day, time(), SHANGHAI) + timedelta(minutes=self.opens)


def _minutes(clock: str, text: str) -> int:
    hour, minute = map(int, clock.split(":"))
    if minute > 59 or hour * 60 + minute > 24 * 60:
        raise BadHours(f"office hours {text!r} name the time {clock}, which no clock shows: {_HINT}")
    return hour * 60 + minute


def _days(words: str | None, text: str) -> frozenset[int]:
    if words is None:
        return frozenset(range(7))
    days: set[int] = set()
    for part in words.split(","):
        ends = part.split("-")
        if len(ends) > 2 or not set(ends) <= set(_DAYS):
            raise BadHours(
                f"office hours {text!r} name the days {part!r}; days are {' '.join(_DAYS)}: {_HINT}"
            )
        first, last = _DAYS.index(ends[0]), _DAYS.index(ends[-1])
        days.update((first + step) % 7 for step in range((last - first) % 7 + 1))
    return frozenset(days)


@dataclass(frozen=True)
class DeskPolicy:
    """How the desk works.

    Attributes:
        patience: how long a buyer waits in the queue before the bot says that nobody came.
        high_amount: yuan from which a dispute goes to a person.
        misunderstood_limit: messages in a row the bot did not understand before it offers a person.
    """

    hours: OfficeHours
    patience: timedelta
    high_amount: Decimal
    misunderstood_limit: int = 3
