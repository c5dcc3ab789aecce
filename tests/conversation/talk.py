"""A whole conversation on the conductor's level: rules and actions as they are, meanings given instead of a model.

An intent goes to the action that data/stories names for it, and on from action to action until one listens. What is
said comes out as the buyer reads it, from the domain's texts.
"""

from __future__ import annotations

import importlib
import pkgutil
from datetime import datetime, timedelta
from functools import cache
from pathlib import Path
from typing import Any

import yaml
from rasa_sdk import Tracker
from rasa_sdk.executor import CollectingDispatcher

import actions
from actions.base import CaseAction
from bot.cases.model import Case, EvidenceItem
from bot.cases.service import CaseService
from bot.wiring import Services

ROOT = Path(__file__).resolve().parents[2]
HERE = "web-1"
_MOST_STEPS = 12


@cache
def _texts() -> dict[str, dict[str, Any]]:
    found: dict[str, dict[str, Any]] = {}
    for file in sorted((ROOT / "domain").rglob("*.yml")):
        for key, variants in (yaml.safe_load(file.read_text("utf-8")).get("responses") or {}).items():
            found[key] = variants[0]
    return found


@cache
def _rules() -> dict[str, str]:
    rules = {}
    for file in (ROOT / "data" / "stories").glob("*.yml"):
        for rule in yaml.safe_load(file.read_text("utf-8"))["rules"]:
            rules[rule["steps"][0]["intent"]] = rule["steps"][1]["action"]
    return rules


@cache
def _actions() -> dict[str, type[CaseAction]]:
    for module in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"actions.{module.name}")
    known = [one for one in _below(CaseAction) if one.__module__.startswith("actions.")]
    return {one(None).name(): one for one in known}  # type: ignore[abstract]


def _below(kind: type[CaseAction]) -> list[type[CaseAction]]:
    return [one for child in kind.__subclasses__() for one in (child, *_below(child))]


class Talk:
    """One conversation; ``now`` is moved by hand."""

    def __init__(self, services: Services, now: datetime) -> None:
        self.services = services
        self.cases: CaseService = services.cases
        self.now = now
        self.asked: str | None = None
        self.buttons: dict[str, dict[str, Any]] = {}
        self._number = 0

    async def case(self) -> Case:
        found = await self.cases.find(HERE)
        assert found is not None
        return found

    async def say(self, text: str, intent: str) -> str:
        """The buyer writes; ``intent`` is what the language part would read."""
        return await self._turn({"text": text, "intent": {"name": intent}}, trusted=False)

    async def press(self, title: str) -> str:
        """The buyer presses a button of the newest answer."""
        payload = self.buttons[title]
        entities = [{"entity": key, "value": value} for key, value in payload.items()]
        message = {"text": title, "intent": {"name": "answer_button"}, "entities": entities}
        return await self._turn(message, trusted=True)

    async def event(self, intent: str, **values: Any) -> str:
        """Something that the server tells: a step of the desk."""
        entities = [{"entity": key, "value": value} for key, value in values.items()]
        return await self._turn({"text": "", "intent": {"name": intent}, "entities": entities}, trusted=True)

    async def upload(self, name: str, kind: str) -> str:
        """A file comes in and the buyer says what it shows."""
        async with self.cases.edit(HERE, self.now) as case:
            item = EvidenceItem(name, None, name, "image/png", 1, f"sha-{name}", name, self.now)
            case.add_evidence(item, self.now)
        said = await self.event("upload_evidence", evidence_id=name)
        return said + await self.event("answer_button", kind=kind, evidence_id=name)

    async def _turn(self, message: dict[str, Any], *, trusted: bool) -> str:
        self._number += 1
        self.now += timedelta(minutes=1)
        metadata = {"now": self.now.isoformat(), "message_id": f"m{self._number}", "trusted": trusted}
        events: list[dict[str, Any]] = [{"event": "user", "metadata": metadata}]
        said: list[str] = []
        self.buttons = {}
        action = _rules()[message["intent"]["name"]]
        for _ in range(_MOST_STEPS):
            slots = {"asked": self.asked}
            tracker = Tracker(HERE, slots, message, events, False, None, {}, "action_listen")
            dispatcher = CollectingDispatcher()
            given = await _actions()[action](self.services).run(dispatcher, tracker, {})
            said += [self._spoken(one) for one in dispatcher.messages]
            for one in given:
                if one["event"] == "slot" and one["name"] == "asked":
                    self.asked = one["value"]
            action = next((one["name"] for one in given if one["event"] == "followup"), "action_listen")
            if action == "action_listen":
                return "\n".join(said)
        raise AssertionError(f"the actions do not come to an end: {action}")

    def _spoken(self, uttered: dict[str, Any]) -> str:
        response = _texts()[uttered["response"]]
        own = [(one["title"], one["payload"].format(**uttered)) for one in response.get("buttons", ())]
        given = [(one["title"], one["payload"]) for one in uttered.get("buttons") or ()]
        for title, payload in own + given:
            self.buttons[title] = yaml.safe_load(payload[payload.index("{") :]) if "{" in payload else {}
        return str(response["text"]).format(**uttered)
