"""Office hours: how they are written, when the desk is open, when it opens next."""

from __future__ import annotations

from datetime import datetime, timezone

import pytest

from bot.disputes.facts import SHANGHAI
from bot.handoff.hours import BadHours, OfficeHours


def at(text: str) -> datetime:
    return datetime.fromisoformat(text).replace(tzinfo=SHANGHAI)


@pytest.mark.parametrize(
    ("hours", "moment", "open_"),
    [
        ("always", "2026-11-21 03:00", True),
        ("09:00-21:00", "2026-11-21 09:00", True),
        ("09:00-21:00", "2026-11-21 08:59", False),
        ("09:00-21:00", "2026-11-21 20:59", True),
        ("09:00-21:00", "2026-11-21 21:00", False),
        (" 9:00 - 21:00 ", "2026-11-21 10:00", True),
        ("09：00-21：00", "2026-11-21 10:00", True),
        ("09:00-24:00", "2026-11-21 23:59", True),
        ("00:00-24:00", "2026-11-21 00:00", True),
        ("20:00-02:00", "2026-11-22 01:59", True),
        ("20:00-02:00", "2026-11-22 02:00", False),
        ("fri 20:00-02:00", "2026-11-21 01:00", True),  # the night from Friday to Saturday
        ("fri 20:00-02:00", "2026-11-22 01:00", False),
        ("mon-fri 09:00-18:00", "2026-11-20 10:00", True),
        ("mon-fri 09:00-18:00", "2026-11-21 10:00", False),  # a Saturday
        ("mon-fri 09:00-18:00", "2026-10-01 10:00", False),  # a Thursday, National Day
        ("mon-fri 09:00-18:00", "2026-10-10 10:00", True),  # a Saturday that is worked
        ("mon-sat 09:00-18:00", "2026-10-01 10:00", True),  # other days are taken as they stand
        ("sat-mon 09:00-18:00", "2026-11-23 10:00", True),
        ("sat-mon 09:00-18:00", "2026-11-24 10:00", False),
        ("mon,wed,sat-sun 09:00-18:00", "2026-11-25 10:00", True),
        ("mon,wed,sat-sun 09:00-18:00", "2026-11-24 10:00", False),
    ],
)
def test_open(hours: str, moment: str, open_: bool) -> None:
    assert OfficeHours.parse(hours).is_open(at(moment)) is open_


@pytest.mark.parametrize(
    ("hours", "moment", "opens"),
    [
        ("always", "2026-11-21 03:00", "2026-11-21 03:00"),
        ("09:00-21:00", "2026-11-21 12:00", "2026-11-21 12:00"),
        ("09:00-21:00", "2026-11-21 03:00", "2026-11-21 09:00"),
        ("09:00-21:00", "2026-11-21 21:00", "2026-11-22 09:00"),
        ("20:00-02:00", "2026-11-21 02:00", "2026-11-21 20:00"),
        ("mon-fri 09:00-18:00", "2026-11-20 18:00", "2026-11-23 09:00"),
        ("mon-fri 09:00-18:00", "2026-09-30 20:00", "2026-10-08 09:00"),
        ("mon-fri 09:00-18:00", "2026-12-31 20:00", "2027-01-04 09:00"),
        ("sun 10:00-12:00", "2026-11-22 12:00", "2026-11-29 10:00"),
    ],
)
def test_next_opening(hours: str, moment: str, opens: str) -> None:
    assert OfficeHours.parse(hours).next_opening(at(moment)) == at(opens)


def test_the_clock_is_that_of_shanghai() -> None:
    hours = OfficeHours.parse("09:00-21:00")
    two_in_london = datetime(2026, 11, 21, 2, 0, tzinfo=timezone.utc)

    assert hours.is_open(two_in_london)
    assert hours.next_opening(two_in_london.replace(hour=0)).isoformat() == "2026-11-21T09:00:00+08:00"


@pytest.mark.parametrize(
    ("wrong", "why"),
    [
        ("", "cannot be read"),
        ("9-21", "cannot be read"),
        ("weekdays 09:00-18:00", "name the days 'weekdays'"),
        ("mon-fri-sat 09:00-18:00", "name the days"),
        ("mon- 09:00-18:00", "name the days"),
        ("09:00-25:00", "25:00, which no clock shows"),
        ("09:61-18:00", "09:61, which no clock shows"),
        ("09:00-09:00", "begin when they end"),
        ("24:00-10:00", "begin when they end"),
        ("mon-fri 09:00", "cannot be read"),
    ],
)
def test_a_wrong_text_is_told_what_to_write(wrong: str, why: str) -> None:
    with pytest.raises(BadHours) as caught:
        OfficeHours.parse(wrong)

    assert why in str(caught.value)
    assert '"mon-fri 09:00-18:00"' in str(caught.value)


def test_only_a_desk_that_never_closes_is_always_open() -> None:
    assert OfficeHours.parse("always").always
    assert OfficeHours.parse("00:00-24:00").always
    assert not OfficeHours.parse("mon-fri 00:00-24:00").always
