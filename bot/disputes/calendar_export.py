"""The time limits of a case as a calendar file (iCalendar, RFC 5545), for the buyer's own calendar.

Each limit is an event of one hour that ends with the limit (a right that opens: begins with it), so that "24:00" stays
on its own day, and rings a day before.
"""

from __future__ import annotations

import unicodedata
import uuid
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime, timedelta, timezone

from bot.disputes.findings import Deadline

PRODUCT = "-//consumer dispute assistant//deadlines//ZH"
SPACE = uuid.UUID("6f2d5e0c-7c8a-5c0b-9d55-3a1f0e4b7d21")
"""Name space of the events' ids: the same limit of the same case keeps its id, so a new export replaces the old."""
SHOWN = timedelta(hours=1)
LINE_OCTETS = 75
KINDS = {"platform": "平台", "statutory": "法定"}
WHO = {"buyer": "您", "seller": "商家", "platform": "平台", "authority": "受理机关"}


def ics(
    deadlines: Iterable[Deadline],
    now: datetime,
    title: str,
    cited: Callable[[tuple[str, ...]], tuple[str, ...]] | None = None,
) -> str:
    """The dated limits that lie ahead, soonest first. `title` names the case; one title, one set of event ids.

    `cited` turns source ids into what a buyer sees. Lines end with CRLF: write it as bytes. Nothing ahead gives a
    calendar without events. Raises ValueError when `now` is not aware.
    """
    if now.tzinfo is None:
        raise ValueError("now must be an aware datetime")
    lines = ["BEGIN:VCALENDAR", "VERSION:2.0", f"PRODID:{PRODUCT}", "CALSCALE:GREGORIAN", "METHOD:PUBLISH"]
    lines.append(f"X-WR-CALNAME:{_text(title)}")
    for deadline in deadlines:
        if deadline.due is not None and deadline.due > now:
            lines += _event(deadline, deadline.due, now, title, cited)
    lines.append("END:VCALENDAR")
    return "".join(f"{part}\r\n" for line in lines for part in _folded(line))


def _event(
    deadline: Deadline,
    due: datetime,
    now: datetime,
    title: str,
    cited: Callable[[tuple[str, ...]], tuple[str, ...]] | None,
) -> list[str]:
    opens = deadline.sense == "from"
    start, end = (due, due + SHOWN) if opens else (due - SHOWN, due)
    name = f"{deadline.name_zh}{'（从这时起）' if opens else '（截止）'}"
    return [
        "BEGIN:VEVENT",
        f"UID:{uuid.uuid5(SPACE, f'{_text(title)}/{deadline.id}')}",
        f"DTSTAMP:{_utc(now)}",
        f"DTSTART:{_utc(start)}",
        f"DTEND:{_utc(end)}",
        f"SUMMARY:{_text(name)}",
        f"DESCRIPTION:{_text(_description(deadline, title, cited))}",
        f"CATEGORIES:{KINDS[deadline.kind]}",
        "TRANSP:TRANSPARENT",
        "BEGIN:VALARM",
        "ACTION:DISPLAY",
        f"DESCRIPTION:{_text(name)}",
        "TRIGGER:-P1D" if opens else "TRIGGER;RELATED=END:-P1D",
        "END:VALARM",
        "END:VEVENT",
    ]


def _description(
    deadline: Deadline, title: str, cited: Callable[[tuple[str, ...]], tuple[str, ...]] | None
) -> str:
    labels = cited(deadline.sources) if cited is not None else deadline.sources
    lines = [title, f"{deadline.due_zh}（{WHO[deadline.who]}）", deadline.consequence_zh, deadline.note_zh]
    return "\n".join(filter(None, [*lines, f"依据：{'；'.join(labels)}"]))


def _utc(moment: datetime) -> str:
    return moment.astimezone(timezone.utc).strftime("%Y%m%dT%H%M%SZ")


def _text(value: str) -> str:
    """A TEXT value: backslash, semicolon, comma and line break escaped, other control characters and surrogates left out."""
    for plain, escaped in (("\\", "\\\\"), (";", "\\;"), (",", "\\,"), ("\r\n", "\n"), ("\r", "\n")):
        value = value.replace(plain, escaped)
    kept = (char for char in value if char == "\n" or unicodedata.category(char) not in ("Cc", "Cs"))
    return "".join(kept).replace("\n", "\\n")


def _folded(line: str) -> Iterator[str]:
    """At most 75 octets of UTF-8 in each physical line; a character is never cut, what goes on starts with a space."""
    part, size = "", 0
    for char in line:
        octets = len(char.encode("utf-8"))
        if size + octets > LINE_OCTETS:
            yield part
            part, size = " ", 1
        part, size = part + char, size + octets
    yield part
