"""Words for Rasa: cut in the normal form, addressed in the original text."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message
from rasa.shared.nlu.training_data.training_data import TrainingData

from bot.nlu.segmenter import DICTIONARY, dictionary_digest, shared_segmenter
from bot.zh.normalise import normalise


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.MESSAGE_TOKENIZER, is_trainable=False)
class ChineseTokenizer(Tokenizer):
    """`Token.text` is the normal form of a word, `start`/`end` its place in the original."""

    @staticmethod
    def supported_languages() -> List[Text]:
        return ["zh"]

    @staticmethod
    def get_default_config() -> Dict[Text, Any]:
        """`dictionary`: a jieba user dictionary, relative to the project's root. `cut_examples`: whether the training
        examples get their words too; nothing of ours learns from them, a stock component in the pipeline may."""
        return {
            "dictionary": DICTIONARY,
            "cut_examples": False,
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def __init__(self, config: Dict[Text, Any]) -> None:
        super().__init__(config)
        self._segmenter = shared_segmenter(config["dictionary"])
        self._cut_examples = bool(config["cut_examples"])

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ChineseTokenizer:
        return cls(config)

    @classmethod
    def fingerprint_addon(cls, config: Dict[Text, Any]) -> Text | None:
        return dictionary_digest(config.get("dictionary", DICTIONARY))

    def process_training_data(self, training_data: TrainingData) -> TrainingData:
        """The words of all examples take a sixth of a training to cut and to store: only on demand."""
        return super().process_training_data(training_data) if self._cut_examples else training_data

    def tokenize(self, message: Message, attribute: Text) -> List[Token]:
        normal = normalise(message.get(attribute))
        tokens = []
        position = 0
        for word in self._segmenter.words(normal.text):
            if word.strip():
                start, end = normal.span(position, position + len(word))
                tokens.append(Token(word, start, end))
            position += len(word)
        return tokens
