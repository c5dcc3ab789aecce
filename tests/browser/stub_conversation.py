"""One conversation of the stub: its log, who answers in it, and whoever waits for news of it."""

from __future__ import annotations

import threading
import uuid
from datetime import datetime, timedelta, timezone
from typing import Any

SHANGHAI = timezone(timedelta(hours=8))


class Conversation:
    def __init__(self) -> None:
        self.entries: list[dict[str, Any]] = []
        self.seen: dict[str, int] = {}
        self.tokens: dict[str, str] = {}
        self.thumbs: dict[str, tuple[str, bytes]] = {}
        self.typing = False
        self.owner: dict[str, Any] = {"owner": "bot", "queue_position": None, "agent_name": None}
        self.changed = threading.Condition()

    def add(self, author: str, name: str = "", **fields: Any) -> dict[str, Any]:
        with self.changed:
            seq = len(self.entries) + 1
            entry = {"seq": seq, "id": uuid.uuid4().hex, "ts": datetime.now(SHANGHAI).isoformat(),
                     "author": {"type": author, "name": name}, **fields}  # fmt: skip
            self.entries.append(entry)
            self.changed.notify_all()
            return entry

    def say(self, text: str, card: dict[str, Any] | None = None, buttons: list[str] | None = None) -> None:
        fields: dict[str, Any] = {"text": text}
        if card:
            fields["card"] = card
        if buttons:
            fields["buttons"] = [{"title": title, "token": uuid.uuid4().hex} for title in buttons]
            self.tokens.update({b["token"]: b["title"] for b in fields["buttons"]})
        self.add("bot", **fields)

    def asked_by(self, token: str | None) -> dict[str, str]:
        """{"in_reply_to": id of the line with that button}, as a press has it; empty for typed words."""
        for entry in self.entries:
            if token in [button["token"] for button in entry.get("buttons", [])]:
                return {"in_reply_to": entry["id"]}
        return {}

    def set_typing(self, on: bool) -> None:
        with self.changed:
            self.typing = on
            self.changed.notify_all()

    def set_owner(self, owner: str, position: int | None = None, agent: str | None = None) -> None:
        with self.changed:
            self.owner = {"owner": owner, "queue_position": position, "agent_name": agent}
            self.changed.notify_all()
