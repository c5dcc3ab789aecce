"""A tiny trained model (rules only, keyword intents), its actions, and a road that runs it."""

from __future__ import annotations

import asyncio
import shutil
from collections.abc import AsyncIterator, Iterator
from datetime import datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import pytest_asyncio
from rasa_sdk import Action
from rasa_sdk.events import SlotSet
from rasa_sdk.executor import ActionExecutor

from bot.conversation.messages import Incoming
from bot.conversation.road import Road
from bot.conversation.worker import RoadLimits
from bot.database.engine import Database
from bot.database.migrate import upgrade
from bot.rasa.action_endpoint import InProcessActions
from bot.rasa.agent import RasaTurnHandler, TurnAgent, load_agent

NOW = datetime(2026, 11, 21, 10, 0, tzinfo=ZoneInfo("Asia/Shanghai"))
CONFIG = """
recipe: default.v1
assistant_id: tiny
language: en
pipeline:
  - name: WhitespaceTokenizer
  - name: KeywordIntentClassifier
policies:
  - name: RulePolicy
    core_fallback_threshold: 0.1
    core_fallback_action_name: action_default_fallback
"""
DOMAIN = """
version: "3.1"
intents: [greet, submit, ask, answer_button, upload_evidence]
entities: [demand, evidence_id]
slots:
  ticket: {type: text, influence_conversation: false, mappings: [{type: custom}]}
  heard: {type: text, influence_conversation: false, mappings: [{type: custom, action: action_listen_in}]}
  demand: {type: text, influence_conversation: false, mappings: [{type: from_entity, entity: demand}]}
responses:
  utter_greet: [{text: 你好，我能帮你什么？}]
  utter_submitted: [{text: 已提交}]
  utter_ask:
    - text: 请选择
      buttons: [{title: 只退款, payload: '/answer_button{"demand": "refund_only"}'}]
  utter_chosen: [{text: "你选了{demand}"}]
  utter_default: [{text: 没听懂}]
actions: [action_submit, action_listen_in, action_card]
session_config: {session_expiration_time: 0, carry_over_slots_to_new_session: true}
"""
DATA = """
version: "3.1"
nlu:
  - {intent: greet, examples: "- 你好\\n- 您好\\n"}
  - {intent: submit, examples: "- 提交\\n- 介入\\n"}
  - {intent: ask, examples: "- 选择\\n- 按钮\\n"}
rules:
  - {rule: greet, steps: [{intent: greet}, {action: utter_greet}]}
  - {rule: submit, steps: [{intent: submit}, {action: action_submit}, {action: utter_submitted}]}
  - {rule: ask, steps: [{intent: ask}, {action: utter_ask}]}
  - {rule: chosen, steps: [{intent: answer_button}, {action: utter_chosen}]}
  - {rule: upload, steps: [{intent: upload_evidence}, {action: action_card}]}
"""


class Behaviour:
    """What the next action call does; tests set `do` and `slots`."""

    do: Any = None
    slots: Any = None
    calls: int = 0


async def _perform(what: Any, dispatcher: Any, tracker: Any) -> list[dict[str, Any]]:
    result = what(dispatcher, tracker) if callable(what) else what
    if asyncio.iscoroutine(result):
        result = await result
    return result or []


class Submit(Action):
    def name(self) -> str:
        return "action_submit"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        Behaviour.calls += 1
        return await _perform(Behaviour.do or [SlotSet("ticket", "T1")], dispatcher, tracker)


class ListenIn(Action):
    def name(self) -> str:
        return "action_listen_in"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        text = tracker.latest_message.get("text")
        return await _perform(Behaviour.slots or [SlotSet("heard", text)], dispatcher, tracker)


class Card(Action):
    def name(self) -> str:
        return "action_card"

    async def run(self, dispatcher: Any, tracker: Any, domain: Any) -> list[dict[str, Any]]:
        seen = [entity["value"] for entity in tracker.latest_message["entities"]]
        dispatcher.utter_message(text="收到文件", json_message={"type": "evidence", "items": seen})
        assert "utter_greet" in domain["responses"]
        return []


@pytest.fixture(scope="session")
def model(tmp_path_factory: pytest.TempPathFactory) -> Path:
    from rasa.model_training import train

    folder = tmp_path_factory.mktemp("tiny")
    for name, content in (("config.yml", CONFIG), ("domain.yml", DOMAIN), ("data.yml", DATA)):
        (folder / name).write_text(content, encoding="utf-8")
    result = train(
        domain=str(folder / "domain.yml"),
        config=str(folder / "config.yml"),
        training_files=[str(folder / "data.yml")],
        output=str(folder),
    )
    assert result.model is not None
    return Path(result.model)


@pytest.fixture
def behaviour() -> Iterator[type[Behaviour]]:
    Behaviour.do, Behaviour.slots, Behaviour.calls = None, None, 0
    yield Behaviour
    Behaviour.do, Behaviour.slots = None, None


@pytest.fixture(scope="session")
def blank_database(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A migrated, empty SQLite file: copied for each test, for migrating takes longer than most tests."""
    file = tmp_path_factory.mktemp("blank") / "bot.db"
    upgrade(f"sqlite+aiosqlite:///{file}")
    return file


@pytest_asyncio.fixture
async def database(tmp_path: Path, blank_database: Path) -> AsyncIterator[Database]:
    one = Database(f"sqlite+aiosqlite:///{shutil.copy(blank_database, tmp_path)}")
    await one.connect()
    yield one
    await one.close()


@pytest.fixture(scope="session")
def executor() -> ActionExecutor:
    one = ActionExecutor()
    for action in (Submit, ListenIn, Card):
        one.register_action(action)
    return one


class Bench:
    """A road over the tiny model."""

    def __init__(self, agent: TurnAgent, database: Database) -> None:
        self.agent = agent
        self.database = database
        self.handler = RasaTurnHandler(agent)
        limits = RoadLimits(retry_pauses=(0.0,), away_pauses=(0.01,))
        self.road = Road(database, self.handler, clock=lambda: NOW, limits=limits)
        self.count = 0

    async def say(self, text: str | None = None, conversation: str = "web-a", **fields: Any) -> list[Any]:
        """Send one message, wait for its turn, return the bot's lines."""
        self.count += 1
        before = await self.road.transcript(conversation)
        await self.road.accept(Incoming(conversation, "web", f"m{self.count}", text=text, **fields))
        await self.road.idle()
        after = await self.road.transcript(conversation)
        return [entry for entry in after[len(before) :] if entry.author_type == "bot"]

    async def texts(self, text: str, conversation: str = "web-a") -> list[str]:
        return [entry.text for entry in await self.say(text, conversation)]

    async def slot(self, name: str, conversation: str = "web-a") -> Any:
        tracker = await self.agent.tracker_store.retrieve_full_tracker(conversation)
        return None if tracker is None else tracker.get_slot(name)


@pytest_asyncio.fixture
async def bench(
    model: Path, database: Database, executor: ActionExecutor, behaviour: type[Behaviour]
) -> AsyncIterator[Bench]:
    one = Bench(load_agent(model, database, InProcessActions(executor, timeout=0.3)), database)
    await one.road.start()
    yield one
    await one.road.stop()
