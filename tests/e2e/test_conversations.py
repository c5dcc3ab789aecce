"""Whole conversations (conversations/*.yml): what the buyer says, what the answer must and must not hold."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
import yaml
from PIL import Image

from bot.cases.export import to_json
from bot.cli.terminal import Terminal
from tests.e2e.conftest import NOW
from tests.e2e.desk import Desk

pytestmark = [pytest.mark.model, pytest.mark.asyncio(loop_scope="session")]

FOLDER = Path(__file__).with_name("conversations")
SCRIPTS = [
    pytest.param(one, id=f"{file.stem}: {one['name']}")
    for file in sorted(FOLDER.glob("*.yml"))
    for one in yaml.safe_load(file.read_text(encoding="utf-8"))
]


@pytest.mark.parametrize("script", SCRIPTS)
async def test_conversation(script: dict[str, Any], terminal: Terminal, tmp_path: Path) -> None:
    told: list[str] = []
    terminal = await opened_by(script, terminal)
    desk = Desk(terminal, datetime.fromisoformat(NOW))
    try:
        for number, turn in enumerate(script["turns"], start=1):
            there = "desk" in turn or "event" in turn
            replies = await (desk.play(turn) if there else terminal.turn(as_row(turn, tmp_path)))
            said = "\n".join(spoken(reply) for reply in replies)
            told.append(f"买家：{turn}\n助手：{said}")
            check_turn(turn, said, f"turn {number}\n" + "\n".join(told))
    finally:
        await desk.leave()
    if "case" in script:
        case = await terminal.case()
        check_case(to_json(case) if case else {}, script["case"], "\n".join(told))


async def opened_by(script: dict[str, Any], terminal: Terminal) -> Terminal:
    """Where a script has ``openings``: the first of them, each said in a conversation of its own, that is answered as wanted.

    Which words the model finds close to call changes with every training; that some are, must not.
    """
    for opening in script.get("openings", {}).get("say", []):
        replies = await terminal.turn({"text": opening})
        said = "\n".join(spoken(reply) for reply in replies)
        if all(part in said for part in script["openings"]["bot"]):
            return terminal
        terminal = terminal.fresh()
    assert "openings" not in script, f"none of these is answered with {script['openings']['bot']}"
    return terminal


def check_turn(turn: dict[str, Any], said: str, where: str) -> None:
    """``bot`` and ``never`` name parts of the reply; ``silent`` says that there has to be none."""
    assert bool(said.strip()) is not turn.get("silent", False), f"empty reply or none expected, {where}"
    for part in turn.get("bot", []):
        assert str(part) in said, f"missing {part!r}, {where}"
    for part in turn.get("never", []):
        assert part not in said, f"unwanted {part!r}, {where}"


def as_row(turn: dict[str, Any], folder: Path) -> dict[str, Any]:
    if "press" in turn:
        return {"button": turn["press"]}
    if "upload" in turn:
        path = folder / turn["upload"]
        shade = sum(turn["upload"].encode()) % 256  # another name, another picture
        Image.new("RGB", (320, 240), (165, 42, shade)).save(path)
        return {"upload": str(path)}
    return {"text": turn["say"] * turn.get("times", 1)}


def spoken(reply: dict[str, Any]) -> str:
    return f"{reply.get('text', '')} [{'|'.join(reply.get('buttons', []))}] {reply['author']['name']}"


def check_case(case: dict[str, Any], wanted: dict[str, Any], told: str) -> None:
    facts = {name: fact["value"] for name, fact in case.get("facts", {}).items()}
    for name, value in wanted.get("facts", {}).items():
        assert facts.get(name) == value, f"{name}: {facts.get(name)!r}\n{told}"
    for key in ("types", "stage"):
        if key in wanted:
            assert case.get(key) == wanted[key], f"{key}: {case.get(key)!r}\n{told}"
    if "history" in wanted:
        notes = [entry["note"] for entry in (case.get("intervention") or {}).get("history", [])]
        assert [one for one in wanted["history"] if not any(one in note for note in notes)] == [], told
    if "intervention" in wanted:
        assert bool(case.get("intervention")) == wanted["intervention"], told
