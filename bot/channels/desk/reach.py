"""Which conversations an agent may look into, and how much of the personal data is shown there.

Only conversations that were handed over or have an open intervention are the desk's business. Who holds the
handoff needs the words as they are, and so does a supervisor; everybody else reads them masked.
"""

from __future__ import annotations

from dataclasses import dataclass

from bot.channels.desk import lists
from bot.channels.desk.answers import not_found, path_id
from bot.channels.desk.views import Mask
from bot.conversation.ownership import owner_of
from bot.database.engine import Database
from bot.handoff.model import HELD, Agent, Handoff
from bot.handoff.redaction import redact


def as_is(text: str) -> str:
    """Shows everything."""
    return text


def masked_text(text: str) -> str:
    """Hides what identifies a person."""
    return redact(text).text


def mask_for(agent: Agent, holder_id: int | None) -> Mask:
    """How this agent sees texts of a conversation that ``holder_id`` holds."""
    return as_is if agent.role == "supervisor" or agent.id == holder_id else masked_text


def mask_of(agent: Agent, handoff: Handoff) -> Mask:
    """The same for the texts of a handoff."""
    return mask_for(agent, handoff.agent_id if handoff.state in HELD else None)


@dataclass(frozen=True)
class Reach:
    """Decides what may be read."""

    database: Database

    async def open(self, raw_id: str, agent: Agent) -> tuple[str, Mask]:
        """(conversation id, how its texts are shown).

        Raises:
            ApiError: 404 for what is not the desk's.
            ConversationErased: the buyer had it deleted.
        """
        conversation_id = path_id(raw_id)
        async with self.database.read() as tx:
            await owner_of(tx, conversation_id)
            handed_over, holder_id = await lists.holder_of(tx, conversation_id)
            if not handed_over and not await lists.has_open_intervention(tx, conversation_id):
                raise not_found()
        return conversation_id, mask_for(agent, holder_id)
