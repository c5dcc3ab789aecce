"""Graph component: reads the intent with the question that was open (`bot.zh.open_question`), stop signs, and what
the platform is told to have proposed or ruled.

The question comes in the message's metadata as ``asked`` (our own dialogue) or can be read from ``context``,
the last line of the other side (foreign transcripts).
"""

from __future__ import annotations

from typing import Any, Dict, List, Text

from rasa.engine.graph import ExecutionContext, GraphComponent
from rasa.engine.recipes.default_recipe import DefaultV1Recipe
from rasa.engine.storage.resource import Resource
from rasa.engine.storage.storage import ModelStorage
from rasa.shared.nlu.constants import ENTITIES, INTENT, TEXT
from rasa.shared.nlu.training_data.message import Message

from bot.disputes.facts import fact_kinds
from bot.nlu.entity_extractor import now_of
from bot.zh.open_question import Read, in_context, question_in
from bot.zh.proposal import read_proposal
from bot.zh.ruling import read_ruling
from bot.zh.safety import DANGER, FABRICATION, FRAUD, SELF_HARM, SafetySign, find_safety_signs

SAFETY_INTENT = "safety_sign"
TOLD_INTENT = "platform_told"
_STOPS = frozenset({FRAUD, SELF_HARM, DANGER, FABRICATION})
_KEPT = frozenset({"handoff_message", "ask_human", "start_over"})
_OF_THE_MERCHANT = frozenset({"off_platform_payment", "pay_first"})


@DefaultV1Recipe.register(DefaultV1Recipe.ComponentType.INTENT_CLASSIFIER, is_trainable=False)
class ContextReader(GraphComponent):
    """Put behind the classifier and the extractors."""

    @classmethod
    def create(
        cls,
        config: Dict[Text, Any],
        model_storage: ModelStorage,
        resource: Resource,
        execution_context: ExecutionContext,
    ) -> ContextReader:
        """Nothing to set up."""
        return cls()

    def process(self, messages: List[Message]) -> List[Message]:
        """Change the intent where the open question or a stop sign says so; the ranking stays as read."""
        for message in messages:
            self._read(message)
        return messages

    def _read(self, message: Message) -> None:
        text = message.get(TEXT) or ""
        intent = dict(message.get(INTENT) or {})
        metadata = message.get("metadata") or {}
        asked = metadata.get("asked") or question_in(metadata.get("context"))
        read = Read(
            text=text,
            intent=str(intent.get("name") or ""),
            confidence=float(intent.get("confidence") or 0.0),
            entities=tuple(str(one.get("entity")) for one in message.get(ENTITIES) or ()),
        )
        stops = [sign for sign in find_safety_signs(text) if _stops(sign, asked)]
        wanted = fact_kinds().get(asked[5:]) if asked and asked.startswith("fact:") else None
        name = SAFETY_INTENT if stops else in_context(read, asked, wanted, now_of(metadata))
        # a foreign transcript has no case that could take it
        if not stops and "asked" in metadata and name not in _KEPT and _tells_of_platform(text, asked):
            name = TOLD_INTENT
        if name != read.intent:
            message.set(INTENT, {**intent, "name": name}, add_to_output=True)


def _tells_of_platform(text: str, asked: str | None) -> bool:
    if read_ruling(text, asked=asked == "fact:ruling") is not None:
        return True
    found = read_proposal(text, open_already=asked == "proposal")
    return found is not None and found.named


def _stops(sign: SafetySign, asked: str | None) -> bool:
    # “商家让我加微信退” is an answer of the merchant while one is awaited: judged as such, with its own warning.
    retold = asked in ("message_sent", "offer", "fact:merchant_reply") and sign.sign in _OF_THE_MERCHANT
    return sign.kind in _STOPS and not retold
