"""Words for Rasa: cut in the normal form, addressed in the original text."""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.nlu.tokenizers.tokenizer import Token, Tokenizer
from rasa.shared.nlu.training_data.message import Message

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
        """`dictionary`: a jieba user dictionary, relative to the project's root."""
        return {
            "dictionary": DICTIONARY,
            "intent_tokenization_flag": False,
            "intent_split_symbol": "_",
            "token_pattern": None,
            "prefix_separator_symbol": None,
        }

    def __init__(self, config: Dict[Text, Any]) -> None:
        super().__init__(config)
        self._segmenter = shared_segmenter(config["dictionary"])

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
