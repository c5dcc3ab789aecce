"""Rasa component: goods, shops, platforms and couriers that are listed by name (data/nlu/entities/terms.yml)."""

from __future__ import annotations

import json
import logging
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.constants import TOKENS_NAMES
from rasa.shared.nlu.constants import ENTITIES, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.product_model import is_name
from bot.nlu.term_matcher import Hit, TermMatcher
from bot.nlu.terms import TERMS, Term, read_terms, terms_digest
from bot.zh.found import Found, Taken
from bot.zh.normalise import Normalised, normalise

logger = logging.getLogger(__name__)
FILE = "terms.json"


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.ENTITY_EXTRACTOR, is_trainable=True)
class TermExtractor(GraphComponent):
    """Adds listed names where no other entity stands. A plain noun of goods counts only where no product was found
    before, the first of a message only, and is to be read back. Without spaCy it adds nothing."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`terms`: the operator's list, relative to the project's root; it goes into the model when training."""
        return {"terms": TERMS}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._matcher: TermMatcher | None = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> TermExtractor:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> TermExtractor:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            terms = [Term(*row) for row in json.loads((folder / FILE).read_text(encoding="utf-8"))]
        try:
            component._matcher = TermMatcher(terms)
            component._matcher.find("预热")
        except Exception as error:  # a half-installed spaCy raises anything from ImportError to ValueError
            logger.warning("spaCy cannot be used (%s): listed names are not recognised.", error)
        return component

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Text | None:
        return terms_digest(config.get("terms", TERMS))

    def train(self, training_data: TrainingData) -> Resource:
        """Puts the lists as they are now into the model. Raises TermsError for a list that cannot be used."""
        rows = [[term.kind, term.form, term.value] for term in read_terms(self._config["terms"])]
        with self._storage.write_to(self._resource) as folder:
            (folder / FILE).write_text(json.dumps(rows, ensure_ascii=False), encoding="utf-8")
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            if self._matcher is not None and isinstance(message.get(TEXT), str):
                self._add_terms(message, self._matcher)
        return messages

    def _add_terms(self, message: Message, matcher: TermMatcher) -> None:
        text = message.get(TEXT)
        normal = normalise(text)
        entities: List[Dict[Text, Any]] = list(message.get(ENTITIES) or [])
        taken = Taken(len(text))
        for other in entities:
            taken.mark(other["start"], other["end"])
        hits = matcher.find(normal.text, lambda start, end: taken.free(*normal.span(start, end)))
        chosen = [hit for hit in hits if hit.kind != "goods"]
        if not any(one["entity"] == "product" for one in entities) and all(
            hit.kind != "product" for hit in chosen
        ):
            words = message.get(TOKENS_NAMES[TEXT])
            chosen += [hit for hit in hits if hit.kind == "goods" and _is_goods(hit, normal, words)][:1]
        if not chosen:
            return
        entities += [{**_found(hit, normal).to_json(), "extractor": type(self).__name__} for hit in chosen]
        entities.sort(key=lambda one: (one["start"], one["end"]))
        message.set(ENTITIES, entities, add_to_output=True)


def _found(hit: Hit, normal: Normalised) -> Found:
    start, end = normal.span(hit.start, hit.end)
    kind, certainty = ("product", "check") if hit.kind == "goods" else (hit.kind, "exact")
    return Found(kind, start, end, normal.original[start:end], {"value": hit.value}, certainty)


def _is_goods(hit: Hit, normal: Normalised, words: Any) -> bool:
    return is_name(normal.text, hit.start, hit.end) and _whole_words(hit, normal, words)


def _whole_words(hit: Hit, normal: Normalised, words: Any) -> bool:
    """Whether a noun begins and ends with words of the tokenizer (none ran: nothing to check): no 面粉 in 里面粉色."""
    if not words:
        return True
    start, end = normal.span(hit.start, hit.end)
    return any(word.start == start for word in words) and any(word.end == end for word in words)
