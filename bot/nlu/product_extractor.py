"""Rasa component: the products named in a message, learned from the [x](product) marks of the training data."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu import product_model
from bot.nlu.segmenter import DICTIONARY, dictionary_digest, shared_segmenter
from bot.zh.found import Found
from bot.zh.normalise import normalise

logger = logging.getLogger(__name__)
PRODUCT = "product"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class ProductExtractor(GraphComponent):
    """Adds `product` entities where no other entity stands. Without a trained model it adds none."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`certain_from`: from this confidence on a product is certain, below it is to be read back."""
        return {"certain_from": 0.6, "dictionary": DICTIONARY}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._model: product_model.ProductModel | None = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ProductExtractor:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> ProductExtractor:
        component = cls(config, model_storage, resource)
        try:
            with model_storage.read_from(resource) as folder:
                component._open(folder / product_model.FILE)
        except (ValueError, OSError) as error:
            logger.warning("No product model in the archive (%s): products are not recognised.", error)
        return component

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Text | None:
        return dictionary_digest(config.get("dictionary", DICTIONARY)) + product_model.digest()

    def train(self, training_data: TrainingData) -> Resource:
        examples = [
            example_of(message)
            for message in training_data.nlu_examples
            if isinstance(message.get(TEXT), str)
        ]
        if not any(spans for _, spans in examples):
            logger.warning("No example marks a product: products will not be recognised.")
            return self._resource
        with self._storage.write_to(self._resource) as folder:
            path = folder / product_model.FILE
            segmenter = shared_segmenter(self._config["dictionary"])
            product_model.train(product_model.learnable(examples, segmenter), segmenter, path)
            self._open(path)
        return self._resource

    def _open(self, path: Any) -> None:
        self._model = product_model.ProductModel(path, shared_segmenter(self._config["dictionary"]))
        self._model.spans("预热")

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if self._model is not None and isinstance(message.get(TEXT), str):
                self._add_products(message, self._model)
        return messages

    def _add_products(self, message: Message, model: product_model.ProductModel) -> None:
        text = message.get(TEXT)
        normal = normalise(text)
        entities: List[Dict[Text, Any]] = list(message.get(ENTITIES) or [])
        for first, last, confidence in model.spans(normal.text):
            start, end = normal.span(first, last)
            if any(start < other["end"] and other["start"] < end for other in entities):
                continue
            if any(other["entity"] == PRODUCT and other["value"] == text[start:end] for other in entities):
                continue  # named again
            certainty = "exact" if confidence >= self._config["certain_from"] else "check"
            found = Found(PRODUCT, start, end, text[start:end], {"value": normal.text[first:last]}, certainty)
            entities.append({**found.to_json(), "extractor": type(self).__name__})
        entities.sort(key=lambda one: (one["start"], one["end"]))
        message.set(ENTITIES, entities, add_to_output=True)


def example_of(message: Message) -> tuple[str, list[product_model.Span]]:
    """Normalised text and product spans of a training example."""
    normal = normalise(message.get(TEXT))
    spans = []
    for entity in message.get(ENTITIES) or []:
        if entity["entity"] == PRODUCT:
            covered = [
                at for at, start in enumerate(normal.starts) if entity["start"] <= start < entity["end"]
            ]
            if covered:
                spans.append((covered[0], covered[-1] + 1))
    return normal.text, spans
