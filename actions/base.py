"""What every action shares: the case of this conversation, the message heard, and a way to speak."""

from __future__ import annotations

from abc import ABC, abstractmethod
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from rasa_sdk import Action, Tracker
from rasa_sdk.events import EventType, FollowupAction, SlotSet
from rasa_sdk.executor import CollectingDispatcher

from actions.hearing import heard_from, not_understood_before
from actions.interjections import interjection
from bot.cases.heard import Heard
from bot.cases.model import Case
from bot.cases.view import view_of
from bot.disputes.advise import Advice, advise
from bot.disputes.situation import Situation
from bot.wiring import Services, services

NEXT = "action_next_step"
_LISTENED = "action_listen"  # what came before the first action of a turn


class Speech:
    """Says a response of the domain with its values filled in."""

    def __init__(self, dispatcher: CollectingDispatcher) -> None:
        self._dispatcher = dispatcher
        self.said = 0

    def __call__(
        self,
        key: str,
        *,
        card: dict[str, Any] | None = None,
        buttons: list[dict[str, str]] | None = None,
        **values: Any,
    ) -> None:
        """Say ``key``; ``card`` is shown instead of the text where a page can, ``buttons`` are added to its own."""
        self.said += 1
        self._dispatcher.utter_message(response=key, json_message=card, buttons=buttons or [], **values)


@dataclass(frozen=True)
class Turn:
    """One action's view of the turn."""

    case: Case
    heard: Heard
    say: Speech
    services: Services
    not_understood: int = 0  # messages just before this one that were not understood, without a break

    @property
    def now(self) -> datetime:
        """When the buyer's message was received."""
        return self.heard.at

    def situation(self) -> Situation:
        """The case as it stands now, read for the rulebook's single parts."""
        return Situation(view_of(self.case), self.now, self.services.rulebook)

    def advice(self) -> Advice:
        """What the rulebook says about the case as it stands now."""
        return advise(view_of(self.case), self.now, self.services.rulebook)


def go(action: str) -> list[EventType]:
    """Let another action speak next."""
    return [FollowupAction(action)]


def wait(asked: str | None) -> list[EventType]:
    """Wait for the buyer, remembering which question is open."""
    return [SlotSet("asked", asked), FollowupAction("action_listen")]


def still_open(asked: str | None) -> str | None:
    """The question, if it goes on waiting for its answer beside the course of an intervention."""
    keeps = asked in ("proposal", "appeal", "review_reason") or (asked or "").startswith("label:")
    return asked if keeps else None


def back_to(asked: str | None) -> list[EventType]:
    """After something in between: return to the question that was open before it."""
    return [SlotSet("asked", asked), FollowupAction("action_ask_again")]


class CaseAction(Action, ABC):
    """An action that works on the conversation's case; changes are stored with the turn."""

    def __init__(self, given: Services | None = None) -> None:
        self._services = given

    @abstractmethod
    async def act(self, turn: Turn) -> list[EventType]:
        """Do this action's one thing; return where to go next."""

    async def run(self, dispatcher: CollectingDispatcher, tracker: Tracker, domain: Any) -> list[EventType]:
        """Rasa's entry point: open the case, act, mirror changed facts into slots."""
        heard, parts = heard_from(tracker), self._services or services()
        async with parts.cases.edit(tracker.sender_id, heard.at) as case:
            before = {name: record.value for name, record in case.facts.items()}
            turn = Turn(case, heard, Speech(dispatcher), parts, not_understood_before(tracker))
            between = interjection(case, heard) if tracker.latest_action_name == _LISTENED else None
            after = go(between) if between not in (None, self.name()) else await self.act(turn)
            changed = [SlotSet(n, r.value) for n, r in case.facts.items() if before.get(n) != r.value]
        return changed + after
