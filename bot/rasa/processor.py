"""Rasa's message processor without the places where an error is swallowed."""

from __future__ import annotations

from typing import Any

from rasa.core.actions.action import Action, ActionExecutionRejection
from rasa.core.channels.channel import OutputChannel, UserMessage
from rasa.core.nlg import NaturalLanguageGenerator
from rasa.core.policies.policy import PolicyPrediction
from rasa.core.processor import MessageProcessor
from rasa.shared.constants import UTTER_PREFIX
from rasa.shared.core.constants import ACTION_LISTEN_NAME
from rasa.shared.core.events import ActionExecutionRejected, UserUttered
from rasa.shared.core.trackers import DialogueStateTracker

from bot.conversation.sanitise import clean_text, for_reading


class CircuitBroken(Exception):
    """The policies predicted action after action without ever listening."""


class StrictProcessor(MessageProcessor):
    """An action that fails ends the turn; typed text is never a command; endless prediction is an error."""

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, on_circuit_break=_break, **kwargs)

    async def parse_message(
        self,
        message: UserMessage,
        tracker: DialogueStateTracker | None = None,
        only_output_properties: bool = True,
    ) -> dict[str, Any]:
        """Read typed text. Second net behind the channels: "/intent{…}" is defused here as well."""
        message.text = for_reading(clean_text(message.text or ""))
        return await super().parse_message(message, tracker, only_output_properties)

    async def _run_action(
        self,
        action: Action,
        tracker: DialogueStateTracker,
        output_channel: OutputChannel,
        nlg: NaturalLanguageGenerator,
        prediction: PolicyPrediction,
    ) -> bool:
        """As in Rasa 3.6.21, except that an exception is let through instead of becoming "no events".

        Stock marks the failed action as executed, and the next rule then confirms what never happened.
        """
        try:
            temporary_tracker = tracker.copy()
            temporary_tracker.update_with_events(prediction.events, self.domain)
            events = await action.run(output_channel, nlg, temporary_tracker, self.domain)
        except ActionExecutionRejection:
            rejected = ActionExecutionRejected(
                action.name(), prediction.policy_name, prediction.max_confidence
            )
            tracker.update(rejected)
            return self.should_predict_another_action(action.name())
        self._log_action_on_tracker(tracker, action, events, prediction)
        if any(isinstance(event, UserUttered) for event in events):
            tracker = await self.run_action_extract_slots(output_channel, tracker)
        if action.name() != ACTION_LISTEN_NAME and not action.name().startswith(UTTER_PREFIX):
            self._log_slots(tracker)
        await self.execute_side_effects(events, tracker, output_channel)
        return self.should_predict_another_action(action.name())


def _break(tracker: DialogueStateTracker, output_channel: OutputChannel, nlg: Any) -> None:
    raise CircuitBroken("the policies never came to listen")
