"""Where cases are kept: the promise every store gives. ``tx`` is the transaction it works in."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, Protocol

from bot.cases.model import Case


class StaleCase(Exception):
    """The case was changed by someone else since it was loaded; load it again and redo the change.

    Also when two cases were begun for one conversation at the same time, or one intervention number was
    given twice: the second save is refused.
    """


class UnknownCase(LookupError):
    """No case of that id or with an intervention of that number is stored."""


class CaseStore(Protocol):
    """Keeps cases. A save is all or nothing within its transaction, and never overwrites a newer version."""

    async def lock(self, tx: Any, conversation_id: str) -> None:
        """Wait until no other transaction works on the conversation's cases; held to the end of ``tx``."""

    async def load(self, tx: Any, conversation_id: str) -> Case | None:
        """The active case of a conversation."""

    async def by_id(self, tx: Any, case_id: str) -> Case | None:
        """A case by its id, closed ones too."""

    async def by_number(self, tx: Any, number: str) -> Case | None:
        """A case by the number of its intervention."""

    async def of_conversation(self, tx: Any, conversation_id: str) -> Sequence[Case]:
        """All cases of a conversation, the oldest first and the active one last."""

    async def list(self, tx: Any, limit: int = 50, offset: int = 0) -> Sequence[Case]:
        """Cases of all conversations, the one changed last first."""

    async def save(self, tx: Any, case: Case, before: Case | None = None) -> None:
        """Store the case and count its ``version`` up.

        Args:
            before: the case as it was loaded, when the caller still has it: what did not change is then
                known without reading it again.

        Raises:
            StaleCase: ``case.version`` is not the stored one, or what must be unique exists already.
        """

    async def delete(self, tx: Any, case_id: str) -> None:
        """Remove a case for good (个人信息删除); nothing happens when it does not exist."""
