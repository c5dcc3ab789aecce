"""What happened when: order dates, talks, uploads, the intervention and the handoff in one sorted list."""

from __future__ import annotations

from collections.abc import Iterator
from datetime import datetime
from typing import Any

from bot.disputes.facts import FactError, parse_fact
from bot.handoff.model import Handoff, HandoffState
from bot.handoff.reasons import reason_label
from bot.handoff.record_case import Sheet
from bot.handoff.words import evidence_name

_LONGEST = 60
_ENDED = {
    HandoffState.RETURNED: "人工客服交回小助手",
    HandoffState.CLOSED: "人工客服结束会话",
    HandoffState.CANCELLED: "买家取消排队",
    HandoffState.TIMED_OUT: "等待超时，没有人接入",
    HandoffState.LEFT_MESSAGE: "没有人接入，买家留言",
}

_Event = tuple[datetime, str, str, str | None]  # when, what, source, message id


def timeline(handoff: Handoff, sheet: Sheet) -> list[dict[str, Any]]:
    """Every event with its source, the oldest first.

    ``source`` is the origin of the fact (buyer, button, page, document, rule), or ``desk`` for the intervention and
    ``system`` for what this program did itself.
    """
    events = [
        *_dates(sheet),
        *_talks(sheet),
        *_uploads(sheet),
        *_intervention(sheet),
        *_handoff(handoff, sheet),
    ]
    events.sort(key=lambda event: event[0])
    return [
        {"at": sheet.moment(at), "event": what, "source": source, "message_id": line}
        for at, what, source, line in events
    ]


def _dates(sheet: Sheet) -> Iterator[_Event]:
    """Dates of the order. What lies ahead is a clock and stands there."""
    for name, kind in sheet.rulebook.facts.items():
        record = sheet.case.facts.get(name) if sheet.case else None
        if record is None or kind.kind != "datetime" or kind.future:
            continue
        try:
            at = parse_fact(name, record.value)
        except FactError:
            continue
        if isinstance(at, datetime):
            what = kind.label.removesuffix("的时间").removesuffix("时间")
            yield at, what, record.origin, sheet.line(record.message_id)


def _talks(sheet: Sheet) -> Iterator[_Event]:
    for one in sheet.case.rounds if sheet.case else ():
        parts = [
            f"买家：{_short(one.ours)}" if one.ours else "",
            f"商家：{_short(one.theirs)}" if one.theirs else "",
        ]
        said = "；".join(filter(None, parts))
        yield (
            one.at,
            f"协商第 {one.no} 轮" + (f"，{said}" if said else ""),
            "buyer",
            sheet.line(one.message_id),
        )


def _uploads(sheet: Sheet) -> Iterator[_Event]:
    for one in sheet.case.evidence if sheet.case else ():
        what = f"上传证据：{evidence_name(one.kind, sheet.rulebook)}（{one.name}）"
        yield one.uploaded_at, what, "buyer", sheet.line(one.message_id)


def _intervention(sheet: Sheet) -> Iterator[_Event]:
    found = sheet.case.intervention if sheet.case else None
    for state, at, note in found.history if found else ():
        yield at, f"介入{state}" + (f"：{_short(note)}" if note else ""), "desk", None


def _handoff(handoff: Handoff, sheet: Sheet) -> Iterator[_Event]:
    asked = f"转人工（{reason_label(handoff.reason)}）"
    yield handoff.requested_at, asked, "system", sheet.line(handoff.trigger_message_id)
    if handoff.claimed_at is not None:
        yield (
            handoff.claimed_at,
            f"人工客服 {handoff.agent_name or ''} 接入".replace("  ", " "),
            "system",
            None,
        )
    if handoff.ended_at is not None:
        yield handoff.ended_at, _ENDED.get(handoff.state, "人工服务结束"), "system", None


def _short(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _LONGEST else line[: _LONGEST - 1] + "…"
