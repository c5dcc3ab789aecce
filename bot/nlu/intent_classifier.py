"""Rasa component: the intent of a message and the dispute types it names."""

from __future__ import annotations

import logging
from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, INTENT_RESPONSE_KEY, METADATA, TEXT
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.augment import framed, frames_digest
from bot.nlu.concepts import concepts_digest
from bot.nlu.encoder import RECORDED_IN, change_since, load_encoder
from bot.nlu.features import FeatureMaker
from bot.nlu.learning import learn
from bot.nlu.linear_model import LinearModel
from bot.nlu.meaning import FALLBACK, REPORT, Meaning, certain, read_meaning
from bot.nlu.segmenter import DICTIONARY, dictionary_digest, shared_segmenter
from bot.nlu.short_acts import ONLY_FACTS, act_in_context, only_facts, whole_message_act
from bot.nlu.spelling import wording
from bot.zh.normalise import normalise

logger = logging.getLogger(__name__)
DISPUTE_TYPES = "dispute_types"
RANKED = 10
TOLD = 0.8  # share from which an answer to a question for facts is a complaint


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=True)
class LinearIntentClassifier(GraphComponent):
    """Sets `intent`, `intent_ranking` and `dispute_types`. Trained on the full retrieval keys
    (report_dispute/<type>) together with the dialogue acts, so that complaints and acts compete."""

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`fallback_below`: best share under which the intent is nlu_fallback; out of fold, messages under 0.2 (one
        in a hundred) are right one time in six. `clause_needs`: share at which a clause adds its own dispute type."""
        return {"fallback_below": 0.2, "clause_needs": 0.48, "dictionary": DICTIONARY}

    def __init__(self, config: Dict[Text, Any], model_storage: ModelStorage, resource: Resource) -> None:
        self._config = config
        self._storage = model_storage
        self._resource = resource
        self._features: FeatureMaker | None = None
        self._model: LinearModel | None = None

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> LinearIntentClassifier:
        return cls(config, model_storage, resource)

    @classmethod
    def load(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
        **kwargs: Any,
    ) -> LinearIntentClassifier:
        component = cls(config, model_storage, resource)
        with model_storage.read_from(resource) as folder:
            encoder = load_encoder()
            model = LinearModel.load(folder)
            component._features = FeatureMaker.load(folder, encoder, shared_segmenter(config["dictionary"]))
            change = change_since((folder / RECORDED_IN).read_bytes(), encoder)
            if change:
                logger.warning(
                    "The model was trained with other sentence vectors (%s): they are left out. Train again.",
                    change,
                )
                model = model.only(slice(-component._features.text_columns, None))
                component._features.drop_encoder()
            component._model = model
            component._features.warm_up()
        return component

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Text | None:
        words = dictionary_digest(config.get("dictionary", DICTIONARY))
        return words + concepts_digest() + frames_digest() + load_encoder().name

    def train(self, training_data: TrainingData) -> Resource:
        labelled = [
            (normalise(message.get(TEXT)).text, label)
            for message in training_data.intent_examples
            if isinstance(message.get(TEXT), str)
            and (label := message.get(INTENT_RESPONSE_KEY) or message.get(INTENT))
        ]
        if len({label for _, label in labelled}) < 3:
            raise ValueError("The intent classifier needs examples of at least three intents.")
        labelled += framed(labelled)
        labels = [label for _, label in labelled]
        self._features = FeatureMaker(load_encoder(), shared_segmenter(self._config["dictionary"]))
        self._model = learn(self._features, [text for text, _ in labelled], labels)
        with self._storage.write_to(self._resource) as folder:
            self._features.save(folder)
            self._model.save(folder)
        return self._resource

    def process(self, messages: List[Message]) -> List[Message]:
        for message in messages:
            text = message.get(TEXT)
            if isinstance(text, str):
                self._set(message, self.read(text, message.get(ENTITIES) or [], message.get(METADATA) or {}))
        return messages

    def read(self, text: str, entities: List[Dict[Text, Any]], metadata: Dict[Text, Any]) -> Meaning:
        """The meaning of one message; `metadata.context` may hold the line before it."""
        normal = normalise(text).text.strip()
        context = metadata.get("context")
        act = act_in_context(normal, context if isinstance(context, str) else "", entities)
        meant = normal if act else wording(normal, shared_segmenter(self._config["dictionary"]))
        if act == ONLY_FACTS and not only_facts(text, entities):
            told = self._meaning(meant)
            if told.intent == REPORT and told.confidence >= TOLD:
                return told  # “洗衣液漏了一箱子” names goods, but not only
        act = act or whole_message_act(meant)
        if act is None and only_facts(text, entities):
            act = ONLY_FACTS
        if act is None and not any(char.isalnum() for char in text):
            act = FALLBACK  # a row of faces or dots says how the buyer feels, not what it is about
        if act is not None or not normal:
            return certain(act or FALLBACK)
        return self._meaning(meant)

    def _meaning(self, text: str) -> Meaning:
        """What the model says of a normalised text."""
        if self._features is None or self._model is None:
            return certain(FALLBACK)
        features, model = self._features, self._model
        return read_meaning(
            text,
            model.classes,
            lambda texts: model.judge(features.read(texts)),
            fallback_below=self._config["fallback_below"],
            clause_needs=self._config["clause_needs"],
        )

    @staticmethod
    def _set(message: Message, meaning: Meaning) -> None:
        ranking = [{"name": name, "confidence": round(share, 4)} for name, share in meaning.ranking[:RANKED]]
        types = [{"type": kind, "confidence": round(share, 4)} for kind, share in meaning.types]
        message.set(INTENT, ranking[0], add_to_output=True)
        message.set("intent_ranking", ranking, add_to_output=True)
        message.set(DISPUTE_TYPES, types, add_to_output=True)
