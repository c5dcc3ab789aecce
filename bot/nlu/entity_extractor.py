"""Rasa component: the entities that need no training, read by the grammars of bot.zh."""

from __future__ import annotations

from datetime import datetime
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.zh.moments import SHANGHAI
from bot.zh.reading import read_entities


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=False)
class GrammarEntityExtractor(GraphComponent):
    """Dates, sums, numbers, platforms, couriers, stages, remedies, shops, countdowns, merchant's stances.

    Dates are resolved against `metadata.now` (ISO 8601), else against the wall clock.
    """

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> GrammarEntityExtractor:
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if not isinstance(text, str):
                continue
            metadata = message.get(METADATA) or {}
            platform = metadata.get("platform")
            found = read_entities(text, now_of(metadata), platform if isinstance(platform, str) else None)
            entities = list(message.get(ENTITIES) or [])
            entities += [{**one.to_json(), "extractor": type(self).__name__} for one in found]
            message.set(ENTITIES, entities, add_to_output=True)
        return messages


def now_of(metadata: Dict[Text, Any]) -> datetime:
    """The moment a message was sent, aware; the wall clock where its metadata does not say (or says nonsense)."""
    try:
        now = datetime.fromisoformat(str(metadata["now"]))
    except (KeyError, ValueError):
        return datetime.now(SHANGHAI)
    return now.replace(tzinfo=SHANGHAI) if now.tzinfo is None else now.astimezone(SHANGHAI)
