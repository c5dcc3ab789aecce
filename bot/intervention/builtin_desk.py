"""The intervention desk inside this program (内置介入台): no platform is called, agents work from the record."""

from __future__ import annotations

from dataclasses import asdict
from datetime import datetime

from bot.cases.model import Case, Intervention
from bot.cases.service import CaseService
from bot.disputes.facts import SHANGHAI
from bot.disputes.statements import Statement
from bot.intervention.gateway import InterventionRefused
from bot.intervention.number import intervention_number
from bot.intervention.states import STAGES, State

_ATTEMPTS = 20


class BuiltinDesk:
    """Gives the number and keeps the record with the case; see `InterventionGateway`."""

    def __init__(self, cases: CaseService) -> None:
        self._cases = cases

    async def open(self, case: Case, statement: Statement, now: datetime) -> Intervention:
        """As `InterventionGateway.open`.

        The number is computed from the case, and the database keeps one intervention per case: a retry
        after a failure, or two attempts at once, end with one record and one number.

        Raises:
            InterventionRefused: an empty statement, or a closed case.
        """
        if case.intervention is not None:
            return case.intervention
        if not statement.text.strip():
            raise InterventionRefused(f"case {case.id} has an empty statement")
        if not case.active:
            raise InterventionRefused(f"case {case.id} is closed")
        number = await self._free_number(case, now)
        opened = Intervention(
            number=number,
            state=State.ACCEPTED.value,
            opened_at=now,
            statement=statement.text,
            chronology=[
                {"at": at.astimezone(SHANGHAI).isoformat(), "text": text} for at, text in statement.chronology
            ],
            evidence_numbers=[asdict(one) for one in statement.evidence_numbers],
            demand=statement.demand,
            history=[(State.ACCEPTED.value, now, "申请已提交")],
        )
        case.attach_intervention(opened, now)
        case.move_to(STAGES[State.ACCEPTED], now, f"介入已受理，编号 {number}")
        return opened

    async def _free_number(self, case: Case, now: datetime) -> str:
        for attempt in range(_ATTEMPTS):
            number = intervention_number(case.id, now, attempt)
            holder = await self._cases.show(number)
            if holder is None or holder.id == case.id:
                return number
        raise InterventionRefused(f"no free intervention number for case {case.id}")
