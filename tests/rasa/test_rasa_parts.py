"""The small replacements: importer, locks, speedups; each pinned to what it replaces in Rasa 3.6.21."""

from __future__ import annotations

import asyncio
import hashlib
import inspect
from copy import deepcopy
from pathlib import Path

import jsonschema
import pytest
import rasa.core.actions.action as stock_action
from rasa.core.agent import Agent
from rasa.core.lock_store import LockStore
from rasa.core.processor import MessageProcessor
from rasa.shared.core import events
from rasa.shared.importers.rasa import RasaFileImporter
from rasa.shared.nlu.training_data.training_data import TrainingData
from rasa.shared.utils.common import all_subclasses
from rasa.utils.endpoints import EndpointConfig

from bot.rasa import speedups
from bot.rasa.importer import DomainNotFound, TopicImporter, domain_files
from bot.rasa.lock_store import InProcessLockStore

pytestmark = pytest.mark.model

# What we replace or copy. A changed hash means another Rasa: read the new source before accepting it.
PINNED = {
    "events.Event.resolve_by_type": (speedups._stock_resolve, "b5cf570fa7f286c7"),
    "RemoteAction.action_response_format_spec": (
        stock_action.RemoteAction.action_response_format_spec,
        "091b74aa3738d126",
    ),
    "MessageProcessor._run_action": (MessageProcessor._run_action, "6d383d0179ef1187"),
    "Agent.load_model": (Agent.load_model, "f4c1ab4c5c7af634"),
}


@pytest.mark.parametrize(("function", "digest"), PINNED.values(), ids=PINNED)
def test_the_replaced_source_is_the_one_we_read(function, digest):
    assert hashlib.sha256(inspect.getsource(function).encode()).hexdigest()[:16] == digest


def test_every_event_class_is_found_as_before():
    speedups.install()
    names = {one.type_name for one in all_subclasses(events.Event)}
    assert len(names) > 20
    for name in names:
        assert events.Event.resolve_by_type(name) is speedups._stock_resolve(name)
    with pytest.raises(ValueError, match="no_such"):
        events.Event.resolve_by_type("no_such")
    assert events.Event.resolve_by_type("no_such", events.SlotSet) is events.SlotSet


@pytest.mark.parametrize(
    ("answer", "valid"),
    [
        ({"events": [], "responses": []}, True),
        ({"events": [{"event": "slot", "name": "a", "value": 1}], "responses": [{"text": "x"}]}, True),
        ({"events": [{"event": "no_such"}], "responses": []}, False),
        ({"events": {}, "responses": []}, False),
        ({"events": [], "responses": ["x"]}, False),
        (None, False),
        ([], False),
    ],
)
def test_the_prebuilt_validator_agrees_with_the_stock_one(answer, valid):
    speedups.install()
    action = stock_action.RemoteAction("a", None)
    stock = jsonschema.validators.validator_for({})(action.action_response_format_spec()).is_valid(answer)
    assert stock is valid
    if valid:
        assert action._validate_action_result(answer)
    else:
        with pytest.raises(jsonschema.ValidationError):
            action._validate_action_result(answer)


# -- locks ----------------------------------------------------------------------------------------------


async def test_a_lock_waits_without_polling_and_keeps_the_order():
    store = LockStore.create(EndpointConfig(type="bot.rasa.lock_store.InProcessLockStore"))
    assert isinstance(store, InProcessLockStore)
    order: list[int] = []
    inside = most = 0

    async def turn(number: int) -> None:
        nonlocal inside, most
        async with store.lock("a"):
            inside += 1
            most = max(most, inside)
            await asyncio.sleep(0.005)
            order.append(number)
            inside -= 1

    started = asyncio.get_running_loop().time()
    await asyncio.gather(*(turn(number) for number in range(20)))
    assert asyncio.get_running_loop().time() - started < 1.0  # stock: about 19 s
    assert order == list(range(20))
    assert most == 1
    assert len(store._locks) == 0


async def test_a_lock_is_freed_by_an_error_and_by_a_cancelled_waiter():
    store = InProcessLockStore()
    with pytest.raises(RuntimeError):
        async with store.lock("a"):
            waiter = asyncio.create_task(_hold(store))
            await asyncio.sleep(0)
            waiter.cancel()
            raise RuntimeError
    await asyncio.gather(waiter, return_exceptions=True)
    await asyncio.wait_for(_hold(store), 1)
    assert len(store._locks) == 0


async def _hold(store: InProcessLockStore) -> None:
    async with store.lock("a"):
        pass


# -- importer -------------------------------------------------------------------------------------------


@pytest.fixture
def project(tmp_path: Path) -> Path:
    (tmp_path / "domain" / "disputes").mkdir(parents=True)
    head = 'version: "3.1"\n'
    (tmp_path / "domain.yml").write_text(
        head + "session_config: {session_expiration_time: 0}\n", encoding="utf-8"
    )
    (tmp_path / "domain" / "talk.yml").write_text(
        head + "intents: [greet]\nresponses: {utter_greet: [{text: 你好}]}\n", encoding="utf-8"
    )
    (tmp_path / "domain" / "disputes" / "gift.yml").write_text(
        head + "intents: [ask]\nresponses: {utter_gift: [{text: 赠品}]}\n", encoding="utf-8"
    )
    return tmp_path


@pytest.mark.parametrize("given", ["domain.yml", "domain"])
def test_every_topic_file_is_part_of_the_domain(project, given):
    domain = TopicImporter(domain_path=str(project / given)).get_domain()
    assert set(domain.responses) == {"utter_greet", "utter_gift"}
    assert {"greet", "ask"} <= set(domain.intents)
    assert domain.session_config.session_expiration_time == 0
    assert len(domain_files(project / given)) == 3


def test_a_wrong_path_is_an_error_and_not_an_empty_bot(tmp_path):
    with pytest.raises(DomainNotFound, match="nowhere"):
        TopicImporter(domain_path=str(tmp_path / "nowhere.yml")).get_domain()
    assert TopicImporter(domain_path=None).get_domain().is_empty()


def test_a_broken_topic_file_is_named(project):
    (project / "domain" / "talk.yml").write_text("intents: [", encoding="utf-8")
    with pytest.raises(Exception, match=r"talk\.yml"):
        TopicImporter(domain_path=str(project / "domain.yml")).get_domain()


@pytest.fixture
def examples(tmp_path: Path) -> str:
    """A file of two examples, one with an entity."""
    file = tmp_path / "nlu.yml"
    lines = "    - 你好\n    - 买的[杯子](product)碎了\n"
    file.write_text(f'version: "3.1"\nnlu:\n- intent: greeting\n  examples: |\n{lines}', encoding="utf-8")
    return str(file)


def test_examples_are_read_once(examples: str) -> None:
    """A training asks several times, and reading them takes seconds."""
    importer = TopicImporter(training_data_paths=[examples])
    assert [message.get("text") for message in importer.get_nlu_data().intent_examples] == [
        "你好",
        "买的杯子碎了",
    ]
    assert importer.get_nlu_data("zh") is importer.get_nlu_data()


def test_examples_are_those_that_rasa_reads(examples: str) -> None:
    ours, stock = (kind(training_data_paths=[examples]) for kind in (TopicImporter, RasaFileImporter))
    assert ours.get_nlu_data().fingerprint() == stock.get_nlu_data().fingerprint()
    merged = TrainingData().merge(ours.get_nlu_data(), ours.get_nlu_data())
    assert merged.fingerprint() == TrainingData().merge(stock.get_nlu_data()).fingerprint()


def test_a_copied_example_shares_nothing(examples: str) -> None:
    *_, first = TopicImporter(training_data_paths=[examples]).get_nlu_data().training_examples
    before, second = first.fingerprint(), deepcopy(first)
    assert second == first
    second.set("intent", "greeting")  # as it was
    assert second.fingerprint() == before
    second.get("entities")[0]["value"] = "碗"
    second.set("intent", "farewell", add_to_output=True)
    assert (first.fingerprint(), first.get("intent")) == (before, "greeting")
    assert first.get("entities")[0]["value"] == "杯子"
    assert "intent" not in first.output_properties
    assert second.fingerprint() != before
