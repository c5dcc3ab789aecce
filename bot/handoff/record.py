"""The handoff record: everything a person needs to go on with a conversation, as versioned JSON.

The form is ``dispute-handoff/1``; `record.schema.json` beside this file describes it. What is known is kept apart
from what the buyer says, every statement names its source, and every message id is the ``id`` of a line of the
record's own transcript. Personal data is masked unless the record is made with ``reveal``.
"""

from __future__ import annotations

import hashlib
import json
import re
import sys
from datetime import datetime
from functools import lru_cache
from pathlib import Path
from typing import Any
from urllib.parse import quote

from bot.conversation.messages import Entry
from bot.disputes.facts import SHANGHAI
from bot.handoff import record_case
from bot.handoff.gaps import SOON, advice_of, nearest_clock
from bot.handoff.model import URGENT, Handoff
from bot.handoff.reasons import DISPOSITIONS, reason_label
from bot.handoff.record_masking import mask_record, whole
from bot.handoff.record_parts import RecordParts
from bot.handoff.record_timeline import timeline
from bot.handoff.redaction import phones_in
from bot.handoff.summary import open_question, summary_of, tried
from bot.handoff.words import buyer_name

SCHEMA = "dispute-handoff/1"
CANONICAL = "RFC 8785"
REVEAL_REQUIRES = "role:supervisor"
AUTHORS = {"bot": "小助手", "buyer": "买家", "agent": "人工客服", "system": "系统"}
_LONGEST_QUESTION = 300
_QUESTION = re.compile(r"[^。！？\n]*？")


def build_record(parts: RecordParts, *, now: datetime, reveal: bool = False) -> dict[str, Any]:
    """The record as plain JSON: times in ISO 8601 (+08:00), money as text in yuan.

    Args:
        now: when the record is made; the clocks are counted from here.
        reveal: leave personal data readable. Who may see that, and noting it, is the caller's matter.
    """
    handoff, case, rulebook = parts.handoff, parts.case, parts.rulebook
    advice = advice_of(case, rulebook, now)
    files_at = _files_at(parts, reveal)
    sheet = record_case.Sheet(case, advice, rulebook, parts.entries, parts.lines, now, files_at)
    record: dict[str, Any] = {
        "schema": SCHEMA,
        "created_at": iso(now),
        "as_of": iso(parts.read_at),
        **_head(handoff, sheet),
        "reason": {
            "code": handoff.reason.value,
            "label": reason_label(handoff.reason),
            "detail": handoff.reason_detail,
            "trigger_message_id": sheet.line(handoff.trigger_message_id),
        },
        "priority": {"level": handoff.priority, "signals": _signals(parts, now)},
        "summary": _summary(parts, sheet),
        "case": record_case.case_section(sheet),
        "advice_given": record_case.advice_section(sheet, told=True),
        "advice_not_given": record_case.advice_section(sheet, told=False),
        "evidence": record_case.evidence_section(sheet),
        "evidence_gaps": record_case.gap_section(sheet),
        "clocks": record_case.clock_section(sheet),
        "rounds": record_case.round_section(sheet),
        "intervention": record_case.intervention_section(sheet),
        "drafts": record_case.draft_section(sheet),
        "timeline": timeline(handoff, sheet),
        "notes": [{"at": iso(one.at), "agent_name": one.agent_name, "text": one.text} for one in parts.notes],
        "transcript": [_line(entry, parts) for entry in parts.entries],
        "links": {"console": _console(parts)},
    }
    return sealed(_private(record, handoff, reveal))


def integrity_of(record: dict[str, Any]) -> str:
    """SHA-256 (hex) of the record's canonical JSON (RFC 8785) without the field ``integrity``."""
    rest = {key: value for key, value in record.items() if key != "integrity"}
    # Keys are ASCII and numbers are whole, so sorting and Python's escapes give exactly the canonical form.
    text = json.dumps(rest, ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)
    return hashlib.sha256(text.encode()).hexdigest()


def sealed(record: dict[str, Any]) -> dict[str, Any]:
    """The record with its ``integrity``."""
    return {**record, "integrity": {"canonical": CANONICAL, "sha256": integrity_of(record)}}


@lru_cache(maxsize=1)
def record_schema() -> dict[str, Any]:
    """The JSON Schema (draft 7) of the record."""
    file = Path(__file__).with_name("record.schema.json")
    schema: dict[str, Any] = json.loads(file.read_text(encoding="utf-8"))
    return schema


def iso(at: datetime) -> str:
    """ISO 8601 in Shanghai."""
    return at.astimezone(SHANGHAI).isoformat()


def _private(record: dict[str, Any], handoff: Handoff, reveal: bool) -> dict[str, Any]:
    masked, fields = (whole(record), []) if reveal else mask_record(record, _platform_user(handoff))
    privacy = {"revealed": reveal, "masked_fields": fields, "reveal_requires": REVEAL_REQUIRES}
    return {**masked, "privacy": privacy}


def _platform_user(handoff: Handoff) -> str | None:
    """The buyer's id at a messaging platform, which is part of the conversation's id there."""
    parts = handoff.conversation_id.split(":", 2)
    return parts[2] if len(parts) == 3 and parts[0] == handoff.channel and parts[0] != "web" else None


def _head(handoff: Handoff, sheet: record_case.Sheet) -> dict[str, Any]:
    """Which handoff this is, how far it is, and who is on either side."""
    account = handoff.conversation_id.split(":", 2)[1] if _platform_user(handoff) else None
    agent = None if handoff.agent_id is None else {"id": handoff.agent_id, "name": handoff.agent_name or ""}
    contact = next(iter(phones_in(handoff.left_text or "")), None)
    name = buyer_name(handoff.channel, handoff.conversation_id)
    return {
        "handoff_id": handoff.id,
        "conversation_id": handoff.conversation_id,
        "channel": {"type": handoff.channel, "account": account, "locale": "zh-CN"},
        "state": handoff.state.value,
        "requested_at": iso(handoff.requested_at),
        "claimed_at": sheet.moment(handoff.claimed_at),
        "ended_at": sheet.moment(handoff.ended_at),
        "agent": agent,
        "outcome": _outcome(handoff),
        "left_message": handoff.left_text,
        "customer": {"display": name, "verified": False, "contact": contact},
    }


def _outcome(handoff: Handoff) -> dict[str, Any] | None:
    """What the agent settled and how the conversation ended; None before that."""
    if handoff.settled is None and handoff.disposition is None:
        return None
    settled, ended = handoff.settled or {}, handoff.disposition
    return {
        "disposition": ended.value if ended else None,
        "label": DISPOSITIONS[ended] if ended else None,
        "text": settled.get("text") or "",
        "result": settled.get("outcome") or "",
        "amount": settled.get("amount"),
    }


def _signals(parts: RecordParts, now: datetime) -> list[str]:
    """What makes it urgent or special."""
    handoff, case = parts.handoff, parts.case
    advice = advice_of(case, parts.rulebook, now)
    nearest = nearest_clock(case, advice, parts.rulebook, now)
    found = {
        handoff.reason.value: handoff.reason in URGENT,
        "deadline_24h": nearest is not None and nearest.due - now <= SOON,
        "intervention_open": case is not None and case.intervention is not None,
        "left_message": bool(handoff.left_text),
    }
    return [signal for signal, there in found.items() if there]


def _summary(parts: RecordParts, sheet: record_case.Sheet) -> dict[str, Any]:
    handoff, case = parts.handoff, parts.case
    trigger = sheet.line(handoff.trigger_message_id)
    asked = next((entry.text for entry in parts.entries if entry.id == trigger), None)
    return {
        "text": summary_of(case, parts.rulebook, reason_label(handoff.reason), sheet.now),
        "generated_by": "template",
        "asked": asked[:_LONGEST_QUESTION] if asked else None,
        "tried": tried(case) if case else [],
        "pending_question": _pending(parts, sheet),
    }


def _pending(parts: RecordParts, sheet: record_case.Sheet) -> str | None:
    """What the bot had asked last before a person was wanted; when that was no question, what is next for the case."""
    trigger = sheet.line(parts.handoff.trigger_message_id)
    last = next((one.seq for one in parts.entries if one.id == trigger), sys.maxsize)
    said = (
        one.text
        for one in reversed(parts.entries)
        if one.author_type == "bot" and one.seq < last and one.text
    )
    questions = _QUESTION.findall(next(said, ""))
    if questions:
        return str(questions[-1])[-_LONGEST_QUESTION:].strip()
    return open_question(sheet.case, sheet.advice, sheet.rulebook) if sheet.case else None


def _line(entry: Entry, parts: RecordParts) -> dict[str, Any]:
    keys = ("evidence_id", "name", "mime", "size", "sha256")
    attachment = (
        {key: entry.attachment[key] for key in keys if key in entry.attachment} if entry.attachment else None
    )
    return {
        "seq": entry.seq,
        "id": entry.id,
        "ts": iso(entry.created_at),
        "author": {
            "type": entry.author_type,
            "label": AUTHORS[entry.author_type],
            "name": entry.author_name,
        },
        "text": entry.text,
        "buttons": [str(button.get("title", "")) for button in entry.buttons or ()],
        "attachments": [attachment] if attachment else [],
        "in_reply_to": entry.in_reply_to,
        "delivery": parts.delivery.get(entry.id, "shown"),
    }


def _base(parts: RecordParts) -> str:
    return (parts.console_url or "").rstrip("/")


def _console(parts: RecordParts) -> str | None:
    return f"{_base(parts)}/desk/#handoff={parts.handoff.id}" if _base(parts) else None


def _files_at(parts: RecordParts, reveal: bool) -> str | None:
    """The address holds the conversation's id, and with it the buyer's id at a messaging platform."""
    if not _base(parts) or (_platform_user(parts.handoff) and not reveal):
        return None
    return f"{_base(parts)}/desk/api/evidence/{quote(parts.handoff.conversation_id, safe='')}"
