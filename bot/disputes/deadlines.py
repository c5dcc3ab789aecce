"""A counted time limit in words: its end, what to know about it, and how it stands to the other clock of the right."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta
from typing import Literal

from bot.disputes.counting import End
from bot.disputes.facts import SHANGHAI
from bot.disputes.findings import Deadline
from bot.disputes.model import Confidence
from bot.disputes.situation import Situation
from bot.disputes.window_rules import Length, Window

PAGE = "page_deadline_at"
PAGE_NOTE = "以页面倒计时为准"
ABOUT_NOTE = "按您记得的大概日子算，请以订单页上的日期核对"
STILL_BY_LAW = "法律上仍可主张，但须走平台外途径"
LAW_COMES_FIRST = "法律上的期限更早，请以较早的为准"


@dataclass(frozen=True)
class Term:
    """The length that counts on this platform, and what it rests on. `known` False = no figure for this platform."""

    length: Length | None
    sources: tuple[str, ...]
    confidence: Confidence
    known: bool = True
    as_of: date | None = None
    consequence: str | None = None
    note: str | None = None


def deadline(
    case: Situation,
    window: Window,
    term: Term,
    end: End | None,
    fact: str | None,
    needs: str | None = None,
    rolled: End | None = None,
) -> Deadline:
    """The window as a finding. `fact` = what it was counted from, `needs` = what is missing while there is no end,
    `rolled` = the end when a last day off moves it on."""
    from_page = fact == PAGE
    branch = window.branches.get(fact or needs or "")
    due = end.at if end is not None else None
    provisional = end is not None and end.provisional
    about = due is not None and fact in case.view.about
    return Deadline(
        id=window.id,
        name_zh=branch.name if branch else window.name,
        kind=window.kind,
        due=due,
        due_zh=due_zh(due, _ends_with_day(window, term) and not from_page),
        needs=needs if due is None else None,
        base_fact=fact,
        who=window.who,
        sense=window.sense,
        passed=due is not None and due <= case.now,
        consequence_zh=term.consequence or (branch.consequence if branch else window.consequence),
        note_zh="；".join(_notes(window, term, end, rolled, from_page) + [ABOUT_NOTE] * about),
        sources=case.in_time(term.sources),
        confidence="L" if provisional else term.confidence,
        as_of=term.as_of or window.as_of,
        configurable=window.configurable and not from_page,
        pair=window.pair,
        provisional=provisional,
        about=about,
    )


def due_zh(due: datetime | None, at_24: bool) -> str:
    """“2026年11月19日 24:00” for the end of a day, else the time of day."""
    if due is None:
        return ""
    local = due.astimezone(SHANGHAI)
    if at_24 and (local.hour, local.minute, local.second) == (0, 0, 0):
        day = local - timedelta(days=1)
        return f"{day.year}年{day.month}月{day.day}日 24:00"
    return f"{local.year}年{local.month}月{local.day}日 {local:%H:%M}"


def paired(found: dict[str, Deadline], pairs: dict[str, str]) -> list[Deadline]:
    """C-04: of the platform's and the law's clock of one right the earliest still open is `safe`, what is open longer `later`."""
    groups: dict[str, list[Deadline]] = {}
    for key, pair in pairs.items():
        if found[key].due is not None:
            groups.setdefault(pair, []).append(found[key])
    marked = dict(found)
    for group in groups.values():
        if {one.kind for one in group} == {"platform", "statutory"}:
            marked.update({one.id: _marked(one, group) for one in group})
    return list(marked.values())


def _marked(one: Deadline, group: list[Deadline]) -> Deadline:
    def moment(other: Deadline) -> datetime:
        assert other.due is not None
        return other.due

    open_ones = [other for other in group if not other.passed]
    safe = min(map(moment, open_ones), default=None)
    others = [moment(other) for other in group if other.kind != one.kind]
    said = None
    if one.kind == "statutory" and moment(one) > min(others):
        said = STILL_BY_LAW
    elif one.kind == "platform" and moment(one) > max(others):
        said = LAW_COMES_FIRST
    note = "；".join(filter(None, [one.note_zh, said]))
    role: Literal["safe", "later"] | None = None
    if not one.passed:
        role = "safe" if moment(one) == safe else "later"
    return replace(one, role=role, note_zh=note)


def _ends_with_day(window: Window, term: Term) -> bool:
    by_day = term.length is not None and term.length.unit == "working_days"
    return window.kind == "statutory" or window.day_end or by_day


def _notes(window: Window, term: Term, end: End | None, rolled: End | None, from_page: bool) -> list[str]:
    notes = [note for note in (window.note, term.note) if note]
    if from_page:
        notes.append("按您看到的页面倒计时")
    elif window.configurable:
        notes.append(PAGE_NOTE)
    if end is not None and end.provisional:
        notes.append("涉及年份的放假安排尚未公布，日期可能调整")
    elif end is not None and rolled is not None and rolled.at > end.at and not rolled.provisional:
        notes.append(f"最后一天是休假日，法律上可顺延到 {due_zh(rolled.at, True)}，这里按较早的日期提醒")
    return notes
