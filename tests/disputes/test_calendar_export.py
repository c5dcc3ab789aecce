"""The calendar file, read back by the rules of RFC 5545: unfold, split, unescape."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta, timezone
from typing import Any

import pytest

from bot.disputes.advise import Advice
from bot.disputes.calendar_export import ics
from bot.disputes.facts import SHANGHAI
from bot.disputes.findings import Deadline
from bot.disputes.rulebook import load_rulebook

NOW = datetime(2026, 11, 21, 10, tzinfo=SHANGHAI)
BOOK = load_rulebook()
ROW = {
    "types": ["seven_day"],
    "facts": {"platform": "taobao", "order_stage": "signed", "signed_at": "2026-11-18", "refund_requested_at": "2026-11-20T09:30"},
}  # fmt: skip
AdviceFor = Callable[[dict[str, Any]], Advice]
Event = dict[str, str]


@pytest.fixture
def deadlines(advice_for: AdviceFor) -> tuple[Deadline, ...]:
    return advice_for(ROW).deadlines


def events(text: str) -> dict[str, Event]:
    """SUMMARY -> properties; the alarm's are prefixed."""
    assert text.endswith("\r\n") and "\n" not in text.replace("\r\n", "")
    lines = text.replace("\r\n ", "").split("\r\n")
    assert (lines[0], lines[-2:]) == ("BEGIN:VCALENDAR", ["END:VCALENDAR", ""])
    found: list[Event] = []
    alarm = ""
    for line in lines:
        name, _, value = line.partition(":")
        if line == "BEGIN:VEVENT":
            found.append({})
        elif line in ("BEGIN:VALARM", "END:VALARM"):
            alarm = "ALARM-" if line.startswith("BEGIN") else ""
        elif found and line not in ("END:VEVENT", "END:VCALENDAR", ""):
            assert alarm + name not in found[-1], "no property twice"
            found[-1][alarm + name] = re.sub(
                r"\\(.)", lambda escaped: {"n": "\n"}.get(escaped[1], escaped[1]), value
            )
    return {event["SUMMARY"]: event for event in found}


def moment(value: str) -> datetime:
    return datetime.strptime(value, "%Y%m%dT%H%M%SZ").replace(tzinfo=timezone.utc)


def test_what_lies_ahead_is_there(deadlines: tuple[Deadline, ...]) -> None:
    read = events(ics(deadlines, NOW, "双肩包", BOOK.source_labels))
    ahead = [one for one in deadlines if one.due is not None and one.due > NOW]
    assert ahead and len(read) == len(ahead) < len(deadlines)
    for one, event in zip(ahead, read.values(), strict=True):
        assert event["SUMMARY"].startswith(one.name_zh)
        assert one.due_zh in event["DESCRIPTION"] and one.consequence_zh in event["DESCRIPTION"]
        assert moment(event["DTSTAMP"]) == NOW
        assert moment(event["DTEND"]) - moment(event["DTSTART"]) == timedelta(hours=1)
        assert moment(event["DTSTART" if one.sense == "from" else "DTEND"]) == one.due
        assert event["ALARM-ACTION"] == "DISPLAY"


def test_an_end_at_24_stays_on_its_day_and_rings_a_day_before(deadlines: tuple[Deadline, ...]) -> None:
    event = events(ics(deadlines, NOW, "双肩包"))["七日无理由退货通知（截止）"]
    assert (event["DTSTART"], event["DTEND"]) == ("20261125T150000Z", "20261125T160000Z")
    assert moment(event["DTSTART"]).astimezone(SHANGHAI).day == 25
    assert event["ALARM-TRIGGER;RELATED=END"] == "-P1D"
    assert event["CATEGORIES"] == "法定"


def test_a_right_that_opens_begins_there(deadlines: tuple[Deadline, ...]) -> None:
    event = events(ics(deadlines, NOW, "双肩包"))["可申请客服介入（从这时起）"]
    assert (event["DTSTART"], event["ALARM-TRIGGER"]) == ("20261123T013000Z", "-P1D")


def test_ids_stay_when_the_date_moves_and_differ_between_cases(deadlines: tuple[Deadline, ...]) -> None:
    later = [replace(one, due=one.due + timedelta(days=1)) if one.due else one for one in deadlines]
    first, moved, other = (
        {name: event["UID"] for name, event in events(text).items()}
        for text in (
            ics(deadlines, NOW, "双肩包"),
            ics(later, NOW + timedelta(minutes=5), "双肩包"),
            ics(deadlines, NOW, "保温杯"),
        )
    )
    assert {name: moved[name] for name in first} == first
    assert len(set(first.values())) == len(first)
    assert not set(first.values()) & set(other.values())


@pytest.mark.parametrize(
    "title",
    [
        "包",
        "逗号,分号;反斜\\杠\r\n换行\\n",
        "长" * 300,
        "a" * 74 + "长😀" * 40,
        "\x07\ud800响铃",
        "全角　空格👩‍👧",
    ],
)
def test_any_text_comes_back(deadlines: tuple[Deadline, ...], title: str) -> None:
    text = ics(deadlines, NOW, title)
    for line in text.encode("utf-8").split(b"\r\n"):
        assert len(line) <= 75
        line.decode("utf-8")
    expected = title.replace("\r\n", "\n").replace("\x07", "").replace("\ud800", "")
    for event in events(text).values():
        assert event["DESCRIPTION"].startswith(expected + "\n")


def test_lines_are_as_long_as_they_may_be() -> None:
    name = next(line for line in ics((), NOW, "a" * 200).split("\r\n") if line.startswith("X-WR"))
    assert len(name) == 75
    assert ics((), NOW, "a").count("BEGIN:") == 1, "nothing ahead, no event"


def test_now_must_know_its_zone() -> None:
    with pytest.raises(ValueError, match="aware"):
        ics((), datetime(2026, 11, 21), "x")
