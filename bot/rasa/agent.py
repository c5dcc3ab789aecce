"""The turn handler that runs the Rasa agent on one stored message."""

from __future__ import annotations

from pathlib import Path
from typing import Any

from rasa.core.agent import Agent
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import TemplatedNaturalLanguageGenerator
from rasa.core.tracker_store import TrackerStore
from rasa.shared.core.domain import Domain
from rasa.shared.core.events import UserUttered
from rasa.utils.endpoints import EndpointConfig

from bot.conversation.messages import InboxMessage, Reply
from bot.conversation.turn import Turn
from bot.database.engine import Database
from bot.rasa import speedups
from bot.rasa.action_endpoint import InProcessActions
from bot.rasa.lock_store import InProcessLockStore
from bot.rasa.processor import StrictProcessor
from bot.rasa.tracker_store import TurnTrackerStore
from bot.rasa.traditional import in_traditional
from bot.zh.script import wants_traditional

UPLOAD_INTENT = "upload_evidence"
ASKED_SLOT = "asked"
UPLOAD_TEXT = "［上传了文件］"
EVENT_TEXT = "［系统事件］"


class TurnAgent(Agent):
    """Rasa's agent with our processor and without the store wrapper that turns errors into empty trackers."""

    @staticmethod
    def _create_tracker_store(store: TrackerStore | None, domain: Domain) -> TrackerStore:
        if store is None:
            raise ValueError("a tracker store is required: memory would forget every conversation")
        store.domain = domain
        return store

    def load_model(self, model_path: str | Path, fingerprint: str | None = None) -> None:
        """Load a model archive. As in Rasa 3.6.21 but with StrictProcessor."""
        self.processor = StrictProcessor(
            model_path=model_path,
            tracker_store=self.tracker_store,
            lock_store=self.lock_store,
            action_endpoint=self.action_endpoint,
            generator=self.nlg,
            http_interpreter=self.http_interpreter,
        )
        self.domain = self.processor.domain
        self._set_fingerprint(fingerprint)
        self.tracker_store.domain = self.domain
        if isinstance(self.nlg, TemplatedNaturalLanguageGenerator):
            self.nlg.responses = self.domain.responses
        if isinstance(self.action_endpoint, InProcessActions):
            self.action_endpoint.domain = self.domain.as_dict()


def load_agent(model: str | Path, database: Database, actions: EndpointConfig) -> TurnAgent:
    """Load `model` (an archive, or a folder whose newest archive is taken) with our parts around it.

    Blocks for some seconds; call it before the server starts. Raises rasa.exceptions.ModelNotFound.
    """
    speedups.install()
    agent = TurnAgent(
        tracker_store=TurnTrackerStore(database=database),
        lock_store=InProcessLockStore(),
        action_endpoint=actions,
    )
    agent.load_model(model)
    return agent


class TurnOutput(OutputChannel):
    """Collects what the bot says, in order, into the turn."""

    def __init__(self, turn: Turn) -> None:
        self._turn = turn

    @classmethod
    def name(cls) -> str:
        """The name by which responses may have channel variants."""
        return "turn"

    async def send_response(self, recipient_id: str, message: dict[str, Any]) -> None:
        """One response is one line: text, buttons and card stay together."""
        text, card = message.get("text"), message.get("custom")
        buttons = [*(message.get("buttons") or []), *(message.get("quick_replies") or [])]
        attachment = message.get("attachment") or message.get("image")
        if not (text or card or buttons or attachment):
            return
        self._turn.replies.append(
            Reply(
                text=text.strip() if text else None,
                buttons=[one for one in buttons if one.get("title") and one.get("payload")],
                card=dict(card) if card else None,
                attachment=attachment if isinstance(attachment, dict) else None,
            )
        )


class RasaTurnHandler:
    """TurnHandler over a loaded agent."""

    def __init__(self, agent: TurnAgent) -> None:
        self._agent = agent

    async def handle(self, turn: Turn) -> None:
        """Run one turn. Raises on every failure; nothing has been stored then."""
        message = turn.message
        asked = await self._open_question(turn.conversation_id)
        user_message = UserMessage(
            text=_text(message),
            output_channel=TurnOutput(turn),
            sender_id=turn.conversation_id,
            parse_data=_parse_data(message),
            input_channel=turn.channel,
            message_id=message.message_id,
            metadata={
                "now": turn.now.isoformat(),
                "message_id": message.message_id,
                "trusted": _is_trusted(message),
                "channel": turn.channel,
                "context": turn.context,
                "asked": asked,
            },
        )
        try:
            await self._agent.handle_message(user_message)
        except BaseException:
            self.forget(turn.conversation_id)
            raise
        if not turn.replies:
            turn.silent = await self._may_be_silent(turn)
        elif await self._writes_traditional(turn.conversation_id):
            turn.replies[:] = map(in_traditional, turn.replies)

    async def _writes_traditional(self, conversation_id: str) -> bool:
        """By what the buyer typed, newest first: the dialogue's own events are the memory of it."""
        tracker = await self._agent.tracker_store.retrieve(conversation_id)
        events = reversed(tracker.events) if tracker is not None else ()
        return wants_traditional(
            event.text
            for event in events
            if isinstance(event, UserUttered) and event.text and not (event.metadata or {}).get("trusted")
        )

    async def _may_be_silent(self, turn: Turn) -> bool:
        """Whether no answer is a right one: to something that happened, or while the dialogue is paused."""
        if turn.message.kind == "event":
            return True
        tracker = await self._agent.tracker_store.retrieve(turn.conversation_id)
        return tracker is not None and tracker.is_paused()

    async def _open_question(self, conversation_id: str) -> str | None:
        """The question the bot asked last (slot `asked`), which short answers are read with."""
        tracker = await self._agent.tracker_store.retrieve(conversation_id)
        asked = tracker.get_slot(ASKED_SLOT) if tracker is not None else None
        return str(asked) if asked else None

    def forget(self, conversation_id: str) -> None:
        """Drop the dialogue state kept in memory."""
        store = self._agent.tracker_store
        if isinstance(store, TurnTrackerStore):
            store.forget(conversation_id)


def _is_trusted(message: InboxMessage) -> bool:
    """True when the meaning was built by us (a stored button payload, an upload, an event) and not typed."""
    return message.kind == "upload" or "intent" in message.body


def _text(message: InboxMessage) -> str:
    if message.kind == "upload":
        return UPLOAD_TEXT + str(message.body["attachment"].get("name", ""))
    if message.kind == "event":
        return EVENT_TEXT
    return str(message.body.get("text") or message.body.get("title") or "")


def _parse_data(message: InboxMessage) -> dict[str, Any] | None:
    """What NLU would have said, for a message whose meaning we know; None for typed text."""
    if not _is_trusted(message):
        return None
    if message.kind == "upload":
        intent, values = UPLOAD_INTENT, dict(message.body["attachment"])
    else:
        intent, values = str(message.body["intent"]), dict(message.body["entities"])
    text = _text(message)
    span = {"start": 0, "end": len(text), "confidence": 1.0, "extractor": "road"}
    name = {"name": intent, "confidence": 1.0}
    return {
        "text": text,
        "intent": name,
        "intent_ranking": [dict(name)],
        "entities": [{"entity": key, "value": value, **span} for key, value in values.items()],
    }
