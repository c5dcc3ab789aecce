"""Three hot spots of Rasa 3.6.21, replaced by the same thing done once.

Measured on a 200-turn conversation: the class of an event is searched in the whole class tree for each event
(89 % of reading a tracker), and the JSON schema of an action's answer is compiled for each answer (25 ms).
The third is in `bot.rasa.graph_runner`.
tests/rasa/test_speedups.py pins the replaced source by its hash, so another Rasa version cannot slip in.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any

import jsonschema
import rasa.core.processor
import rasa.shared.utils.common
from jsonschema.validators import validator_for
from rasa.core.actions.action import RemoteAction
from rasa.shared.core.events import Event

from bot.rasa.graph_runner import StraightGraphRunner

_stock_resolve = Event.resolve_by_type
_classes: dict[str, type[Event]] = {}


def _resolve_by_type(type_name: str, default: type[Event] | None = None) -> type[Event] | None:
    """Event.resolve_by_type with a memory of what it found; an unknown name still takes the long way."""
    found = _classes.get(type_name)
    if found is None:
        for event_class in reversed(rasa.shared.utils.common.all_subclasses(Event)):
            _classes[event_class.type_name] = event_class
        found = _classes.get(type_name)
    return found if found is not None else _stock_resolve(type_name, default)


@lru_cache(maxsize=1)
def _answer_validator() -> Any:
    schema = RemoteAction.action_response_format_spec()
    return validator_for(schema)(schema)


def _is_plain(result: Any) -> bool:
    """True for what nearly every answer is: texts, slots and the action to follow, each with its fields."""
    if not isinstance(result, dict) or set(result) != {"events", "responses"}:
        return False
    events, responses = result["events"], result["responses"]
    if not isinstance(events, list) or not isinstance(responses, list):
        return False
    return all(isinstance(one, dict) for one in responses) and all(_is_plain_event(one) for one in events)


def _is_plain_event(event: Any) -> bool:
    if not isinstance(event, dict) or not isinstance(event.get("name"), str):
        return False
    return event.get("event") == "followup" or (event.get("event") == "slot" and "value" in event)


def _validate_action_result(self: RemoteAction, result: dict[str, Any]) -> bool:
    """RemoteAction._validate_action_result with a validator that is built once, for what is not plainly right."""
    if _is_plain(result):
        return True
    for error in _answer_validator().iter_errors(result):
        raise jsonschema.ValidationError(f"answer of action '{self.name()}' is invalid: {error.message}")
    return True


def install() -> None:
    """Put the replacements in place; called once by the agent, harmless when repeated."""
    Event.resolve_by_type = staticmethod(_resolve_by_type)
    RemoteAction._validate_action_result = _validate_action_result
    rasa.core.processor.DaskGraphRunner = StraightGraphRunner
