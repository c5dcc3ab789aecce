"""A conversation for actions: readings as recorded, each turn run through every action that follows, no model."""

from __future__ import annotations

import importlib
import json
import pkgutil
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

import actions
from actions.base import CaseAction
from tests.actions.conftest import Scene

ROOT = Path(__file__).resolve().parents[2]
_MOST = 12  # actions in one turn; more is a loop


def _classes() -> dict[str, type[CaseAction]]:
    for module in pkgutil.iter_modules(actions.__path__):
        importlib.import_module(f"actions.{module.name}")
    return {one.__new__(one).name(): one for one in CaseAction.__subclasses__()}


def _rules() -> dict[str, str]:
    rules = {}
    for file in (ROOT / "data" / "stories").glob("*.yml"):
        for rule in yaml.safe_load(file.read_text(encoding="utf-8")).get("rules", []):
            first, second = rule["steps"][:2]
            rules[first["intent"]] = second["action"]
    return rules


def _texts() -> dict[str, str]:
    texts = {}
    for file in (ROOT / "domain").rglob("*.yml"):
        for key, variants in (
            yaml.safe_load(file.read_text(encoding="utf-8")).get("responses") or {}
        ).items():
            texts[key] = variants[0]["text"]
    return texts


ACTIONS, RULES, TEXTS = _classes(), _rules(), _texts()


@dataclass
class Heard:
    """What the buyer heard in one turn."""

    keys: list[str] = field(default_factory=list)
    lines: list[str] = field(default_factory=list)
    buttons: list[dict[str, Any]] = field(default_factory=list)

    @property
    def text(self) -> str:
        return "\n".join(self.lines)

    @property
    def questions(self) -> list[str]:
        return [key.removeprefix("utter_ask_") for key in self.keys if key.startswith("utter_ask_")]


class Talk:
    """One buyer; `asked` is the open question between turns."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.asked: str | None = None

    async def say(self, text: str, intent: str, **read: Any) -> Heard:
        return await self._turn(RULES[intent.partition("/")[0]], text=text, intent=intent, **read)

    async def press(self, **answer: Any) -> Heard:
        return await self._turn(RULES["answer_button"], intent="answer_button", answer=answer)

    async def _turn(self, action: str, **message: Any) -> Heard:
        heard = Heard()
        for _ in range(_MOST):
            said = await self.scene.run(ACTIONS[action], asked=self.asked, **message)
            for one in said.spoken:
                heard.keys.append(one["response"])
                heard.lines.append(_filled(one))
                heard.buttons += one.get("buttons") or []
            self.asked = said.slots.get("asked", self.asked)
            if said.next in (None, "action_listen"):
                return heard
            action = said.next
        raise AssertionError(f"the actions run in a circle: {heard.keys}")


def _filled(message: dict[str, Any]) -> str:
    return TEXTS[message["response"]].format_map({key: message.get(key) for key in message})


def meaning(button: dict[str, Any]) -> dict[str, Any]:
    """What a button stands for."""
    found: dict[str, Any] = json.loads(button["payload"].removeprefix("/answer_button"))
    return found
