"""A handoff record as a Bot Framework transcript: a JSON array of Activities, to be saved as ``*.transcript``.

The handing over is in it as the events ``handoff.initiate`` and ``handoff.status`` of that framework. Its roles
are only user and bot: who really spoke (buyer, bot, agent, system) is in ``channelData.author``.
"""

from __future__ import annotations

from datetime import datetime, timezone
from typing import Any

TIMEZONE = "Asia/Shanghai"
_BOT = {"id": "bot", "name": "小助手", "role": "bot"}
_STATES = {
    "returned": "completed",
    "closed": "completed",
    "cancelled": "failed",
    "timed_out": "failed",
    "left_message": "failed",
}
_MESSAGES = {
    "returned": "人工客服已交回小助手",
    "closed": "人工客服已结束会话",
    "cancelled": "买家取消了排队",
    "timed_out": "等待超时，没有人接入",
    "left_message": "没有人接入，买家留了言",
}

_Json = dict[str, Any]


def to_transcript(record: _Json) -> list[_Json]:
    """The activities in order of time; masked exactly as the record is."""
    activities = [_message(record, line) for line in record["transcript"]] + _events(record)
    return sorted(
        activities, key=lambda one: str(one["localTimestamp"])
    )  # one offset, so text order is time order


def _activity(record: _Json, kind: str, at: str, activity_id: str) -> _Json:
    utc = datetime.fromisoformat(at).astimezone(timezone.utc)
    return {
        "type": kind,
        "id": activity_id,
        "timestamp": utc.isoformat().replace("+00:00", "Z"),
        "localTimestamp": at,
        "localTimezone": TIMEZONE,
        "channelId": record["channel"]["type"],
        "conversation": {"id": record["conversation_id"]},
        "locale": record["channel"]["locale"],
    }


def _buyer(record: _Json) -> _Json:
    return {"id": "buyer", "name": record["customer"]["display"], "role": "user"}


def _sender(author: _Json) -> _Json:
    if author["type"] == "bot":
        return dict(_BOT)
    return {"id": f"{author['type']}:{author['name']}", "name": author["name"], "role": "bot"}


def _message(record: _Json, line: _Json) -> _Json:
    author, buyer = line["author"], _buyer(record)
    said_by_buyer = author["type"] == "buyer"
    activity = {
        **_activity(record, "message", line["ts"], line["id"]),
        "from": buyer if said_by_buyer else _sender(author),
        "recipient": dict(_BOT) if said_by_buyer else buyer,
        "text": line["text"] or "",
        "textFormat": "plain",
        "attachments": [_attachment(record, file) for file in line["attachments"]],
        "channelData": {
            "author": author["type"],
            "authorLabel": author["label"],
            "seq": line["seq"],
            "delivery": line["delivery"],
        },
    }
    if line["buttons"]:
        actions = [{"type": "imBack", "title": title, "value": title} for title in line["buttons"]]
        activity["suggestedActions"] = {"to": [buyer["id"]], "actions": actions}
    if line["in_reply_to"]:
        activity["replyToId"] = line["in_reply_to"]
    return activity


def _attachment(record: _Json, file: _Json) -> _Json:
    """The file by name and hash; its address where the record has one."""
    url = next((one["url"] for one in record["evidence"] if one["id"] == file.get("evidence_id")), None)
    attachment = {
        "contentType": file.get("mime", "application/octet-stream"),
        "name": file.get("name", ""),
        "content": {key: file[key] for key in ("sha256", "size") if key in file},
    }
    return {**attachment, "contentUrl": url} if url else attachment


def _events(record: _Json) -> list[_Json]:
    """The wish for a person with its context, and what became of it."""
    context = {key: record[key] for key in ("handoff_id", "reason", "priority", "summary")}
    events = [_event(record, "initiate", record["requested_at"], context)]
    if record["claimed_at"]:
        name = (record["agent"] or {}).get("name", "")
        accepted = {"state": "accepted", "message": f"人工客服 {name} 已接入"}
        events.append(_event(record, "status", record["claimed_at"], accepted))
    state = record["state"]
    if state in _STATES:
        ended = {"state": _STATES[state], "message": _MESSAGES[state]}
        events.append(_event(record, "status", record["ended_at"] or record["created_at"], ended))
    return events


def _event(record: _Json, name: str, at: str, value: _Json) -> _Json:
    ending = value.get("state", name)
    return {
        **_activity(record, "event", at, f"{record['handoff_id']}:{ending}"),
        "name": f"handoff.{name}",
        "from": dict(_BOT),
        "recipient": _buyer(record),
        "value": value,
        "channelData": {"author": "system"},
    }
