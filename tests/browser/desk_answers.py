"""What the stub of the desk answers to a signed-in agent."""

from __future__ import annotations

import importlib.util
from datetime import datetime
from pathlib import Path
from typing import Any

HERE = Path(__file__).resolve().parent


def _sibling(name: str) -> Any:
    """The module beside this one, whether this file was run, or loaded by pytest without a package."""
    spec = importlib.util.spec_from_file_location(name, HERE / f"{name}.py")
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


SAMPLE = _sibling("desk_sample")


class Refused(Exception):
    """An answer other than success."""

    def __init__(self, status: int, code: str, message: str, retry_after: int | None = None) -> None:
        super().__init__(code)
        self.status, self.code, self.message, self.retry_after = status, code, message, retry_after


class DeskApi:
    """The answers to one signed-in agent. Every method returns the JSON of its answer."""

    def __init__(self, stub: Any, agent: dict[str, Any]) -> None:
        self.stub, self.agent = stub, agent

    def get(self, parts: list[str], query: dict[str, str]) -> Any:
        match parts:
            case ["queue"]:
                return self._queue()
            case ["interventions"]:
                return {"items": self.stub.interventions}
            case ["interventions", _number]:
                return self.stub.interventions[0]
            case ["canned"]:
                return {"items": SAMPLE.CANNED}
            case ["handoffs", one]:
                return {
                    "handoff": self.stub.handoff(one),
                    "notes": self.stub.notes.get(one, []),
                    "events": [],
                }
            case ["handoffs", one, "record"]:
                return self._record(one, query.get("reveal") == "1")
            case ["conversations", one, "history"]:
                return self._history(one, query)
            case ["conversations", one, "case"] if one in self.stub.cases:
                return self.stub.cases[one]
        raise Refused(404, "not_found", "没有找到这条记录。")

    def post(self, parts: list[str], body: dict[str, Any]) -> Any:
        match parts:
            case ["handoffs", one, "claim"]:
                return self._claim(self.stub.handoff(one))
            case ["handoffs", one, "messages"]:
                return self._say(self._mine(one), body)
            case ["handoffs", one, "notes"]:
                note = {
                    "at": SAMPLE.iso(datetime.now(SAMPLE.SHANGHAI)),
                    "agent_name": self.agent["display_name"],
                    **body,
                }
                self.stub.notes.setdefault(one, []).append(note)
                return note
            case ["handoffs", one, deed]:
                return self._move(self._mine(one), deed)
            case ["interventions", _number, "steps"]:
                return self._step(body)
        raise Refused(404, "not_found", "没有找到这条记录。")

    def _queue(self) -> dict[str, Any]:
        now = datetime.now(SAMPLE.SHANGHAI)
        for item in self.stub.queue:
            item["waiting_s"] = int((now - datetime.fromisoformat(item["requested_at"])).total_seconds())
        over = ("returned", "closed")
        items = [item for item in self.stub.queue if item["state"] not in over]
        return {"now": SAMPLE.iso(now), "office_open": True, "items": items}

    def _record(self, one: str, reveal: bool) -> dict[str, Any]:
        if reveal and self.agent["role"] != "supervisor":
            raise Refused(403, "not_allowed", "只有主管可以查看完整信息。")
        if reveal:
            self.stub.revealed.append(one)
        return dict(SAMPLE.record(reveal))

    def _history(self, conversation: str, query: dict[str, str]) -> dict[str, Any]:
        limit = int(query.get("limit", "50"))
        lines = self.stub.lines.get(conversation, [])
        if "after_seq" in query:
            return {"entries": lines[int(query["after_seq"]) :][:limit], "has_more": False}
        older = [line for line in lines if line["seq"] < int(query.get("before_seq", "1000000"))]
        return {"entries": older[-limit:], "has_more": len(older) > limit}

    def _claim(self, item: dict[str, Any]) -> dict[str, Any]:
        if item["state"] not in ("queued", "left_message"):
            raise Refused(409, "already_claimed", f"这个会话已由 {item['agent']['name']} 接入。")
        item.update(state="human", agent={"id": self.agent["id"], "name": self.agent["display_name"]},
                    claimed_at=SAMPLE.iso(datetime.now(SAMPLE.SHANGHAI)), position=None)  # fmt: skip
        self.stub.add_line(
            item["conversation_id"], "system", text=f"人工客服 {self.agent['display_name']} 已接入。"
        )
        return item

    def _mine(self, handoff_id: str) -> dict[str, Any]:
        item = self.stub.handoff(handoff_id)
        if not item["agent"] or item["agent"]["id"] != self.agent["id"]:
            raise Refused(409, "not_yours", "这个会话现在不由您接待。")
        return item

    def _say(self, item: dict[str, Any], body: dict[str, Any]) -> dict[str, Any]:
        lines = self.stub.lines[item["conversation_id"]]
        known = [line["seq"] for line in lines if line.get("client_msg_id") == body["client_msg_id"]]
        if known:
            return {"seq": known[0], "dup": True}
        line = self.stub.add_line(
            item["conversation_id"], "agent", self.agent["display_name"], **body, delivery="sent"
        )
        return {"seq": line["seq"], "dup": False}

    def _move(self, item: dict[str, Any], deed: str) -> dict[str, Any]:
        states = {
            "release": "queued",
            "wrap-up": "wrap_up",
            "resume": "human",
            "return": "returned",
            "close": "closed",
        }
        item["state"] = states[deed]
        if deed == "release":
            item["agent"] = None
        return item

    def _step(self, body: dict[str, Any]) -> dict[str, Any]:
        states = {"accept": "受理", "ask_evidence": "双方举证", "propose": "调解", "rule": "判决"}
        found = self.stub.cases["web:shop-a:1"]["intervention"]
        found["state"] = self.stub.interventions[0]["state"] = states[body["kind"]]
        at = SAMPLE.iso(datetime.now(SAMPLE.SHANGHAI))
        found["history"].append({"state": found["state"], "at": at, "note": body["note"]})
        return self.stub.interventions[0]
