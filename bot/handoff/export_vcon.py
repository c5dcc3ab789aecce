"""A handoff record as a vCon, the conversation container of the IETF (draft-ietf-vcon-vcon-core, version 0.4.0).

One text dialog for each line of the transcript, in its order; then the handing over as a transfer dialog, and,
when nobody took over, an incomplete one. Evidence is named by its hash, the files stay where they are.
"""

from __future__ import annotations

import base64
from typing import Any
from uuid import NAMESPACE_URL, uuid5

VERSION = "0.4.0"
VENDOR = "dispute-assistant"
REDACTION = "personal-data"
MEDIA_TYPE = "application/vcon+json"

_BUYER, _BOT, _DESK = 0, 1, 2
_UNANSWERED = {"cancelled": "hung-up", "timed_out": "no-answer", "left_message": "no-answer"}
_REPORT = (
    "reason",
    "priority",
    "outcome",
    "case",
    "advice_given",
    "evidence",
    "evidence_gaps",
    "clocks",
    "rounds",
)
_MORE_REPORT = ("intervention", "timeline", "privacy")

_Json = dict[str, Any]


def to_vcon(record: _Json) -> _Json:
    """The unsigned form of the vCon; masked exactly as the record is."""
    parties = _parties(record)
    dialog = [_text(record, line, parties) for line in record["transcript"]]
    dialog += _transfer(record, parties, len(dialog))
    vcon = {
        "vcon": VERSION,
        "uuid": _uuid(record, masked=not record["privacy"]["revealed"]),
        "created_at": record["requested_at"],
        "updated_at": record["created_at"],
        "subject": f"转人工：{record['reason']['label']}",
        "parties": parties,
        "dialog": dialog,
        "analysis": _analysis(record),
        "attachments": [_attachment(record, file) for file in record["evidence"]],
    }
    if not record["privacy"]["revealed"]:
        vcon["redacted"] = {"uuid": _uuid(record, masked=False), "type": REDACTION}
    return vcon


def content_hash(sha256: str) -> str:
    """The hash of a file as vCon writes it: the algorithm, a hyphen, the digest in base64url without padding."""
    return "sha256-" + base64.urlsafe_b64encode(bytes.fromhex(sha256)).decode().rstrip("=")


def _uuid(record: _Json, *, masked: bool) -> str:
    # Computed, not drawn: the masked form has to name the full one, and a later export is the same vCon, updated.
    return str(
        uuid5(
            NAMESPACE_URL, f"urn:{record['schema']}:{record['handoff_id']}:{'masked' if masked else 'full'}"
        )
    )


def _parties(record: _Json) -> list[_Json]:
    """The buyer, the bot, the desk, then every agent who spoke or took over."""
    named = [line["author"]["name"] for line in record["transcript"] if line["author"]["type"] == "agent"]
    if record["agent"]:
        named.append(record["agent"]["name"])
    return [
        {"name": record["customer"]["display"], "type": "person", "validation": "none"},
        {"name": "小助手", "type": "bot"},
        {"name": "人工客服", "type": "organization"},
        *({"name": name, "type": "person", "dept": "人工客服"} for name in dict.fromkeys(named)),
    ]


def _party(author: _Json, parties: list[_Json]) -> int:
    fixed = {"buyer": _BUYER, "bot": _BOT, "system": _DESK}
    return fixed[author["type"]] if author["type"] in fixed else _agent(author["name"], parties)


def _agent(name: str, parties: list[_Json]) -> int:
    return next(no for no, party in enumerate(parties) if no > _DESK and party["name"] == name)


def _text(record: _Json, line: _Json, parties: list[_Json]) -> _Json:
    files = [f"［文件：{file.get('name', '')}］" for file in line["attachments"]]
    buttons = [f"［可选：{' / '.join(line['buttons'])}］"] if line["buttons"] else []
    return {
        "type": "text",
        "start": line["ts"],
        "parties": _party(line["author"], parties),
        "mediatype": "text/plain",
        "body": "\n".join([*filter(None, [line["text"]]), *buttons, *files]),
        "encoding": "none",
        "application": record["channel"]["type"],
        "message_id": line["id"],
    }


def _transfer(record: _Json, parties: list[_Json], lines: int) -> list[_Json]:
    """The bot hands the buyer to the desk, or to the agent who came."""
    asked, came = record["requested_at"], record["claimed_at"]
    before = [no for no, line in enumerate(record["transcript"]) if line["ts"] <= asked]
    after = [no for no, line in enumerate(record["transcript"]) if came and line["ts"] >= came]
    transfer: _Json = {
        "type": "transfer",
        "start": asked,
        "transferee": _BUYER,
        "transferor": _BOT,
        "transfer_target": _agent(record["agent"]["name"], parties) if record["agent"] else _DESK,
        "application": record["channel"]["type"],
    }
    if before:
        transfer["original"] = before
    ended = _UNANSWERED.get(record["state"])
    if ended is None or came:
        return [{**transfer, "target_dialog": after} if after else transfer]
    unanswered = {"type": "incomplete", "start": asked, "parties": _BUYER, "disposition": ended}
    return [{**transfer, "target_dialog": lines + 1}, unanswered]


def _analysis(record: _Json) -> list[_Json]:
    """The summary for people, and the record without its transcript for programs."""
    about = list(range(len(record["transcript"])))
    shared = {"vendor": VENDOR, "schema": record["schema"], **({"dialog": about} if about else {})}
    report = {key: record[key] for key in (*_REPORT, *_MORE_REPORT)}
    return [
        {
            "type": "summary",
            "product": record["summary"]["generated_by"],
            **shared,
            "mediatype": "text/plain",
            "body": record["summary"]["text"],
            "encoding": "none",
        },
        {"type": "report", **shared, "mediatype": "application/json", "body": report, "encoding": "json"},
    ]


def _attachment(record: _Json, file: _Json) -> _Json:
    lines = [line["id"] for line in record["transcript"]]
    # A file whose line is not known belongs to the handing over as such, which follows the last line.
    line = lines.index(file["message_id"]) if file["message_id"] in lines else len(lines)
    attachment = {
        "purpose": file["label"],
        "start": file["uploaded_at"],
        "party": _BUYER,
        "dialog": line,
        "mediatype": file["mime"],
        "filename": file["name"],
        "content_hash": content_hash(file["sha256"]),
    }
    # The draft allows no other way to fetch a file than HTTPS.
    safe = file["url"] and file["url"].startswith("https://")
    return {**attachment, "url": file["url"]} if safe else attachment
