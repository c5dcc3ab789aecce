"""How an intervention is opened. A desk of our own today; a platform's own way in tomorrow."""

from __future__ import annotations

from datetime import datetime
from typing import Protocol

from bot.cases.model import Case, Intervention
from bot.disputes.statements import Statement


class InterventionRefused(Exception):
    """The intervention was not opened. Nothing may be confirmed to the buyer."""


class InterventionGateway(Protocol):
    """Opens interventions. Only who holds the returned record may say that one is open."""

    async def open(self, case: Case, statement: Statement, now: datetime) -> Intervention:
        """Open the intervention of ``case``; a case that has one gets the same record again.

        Call it inside `CaseService.edit`, so that the record is stored in the same transaction as the case.

        Raises:
            InterventionRefused: with the reason in English; the case is unchanged.
        """
