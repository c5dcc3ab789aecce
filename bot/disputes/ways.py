"""The ways open to a case: channel, what follows a ruling, new evidence, the ladder, what is out of scope."""

from __future__ import annotations

from dataclasses import dataclass

from bot.disputes.after_ruling import NextAction, after_ruling
from bot.disputes.cards import Cited
from bot.disputes.channel_choice import ChannelChoice, channel_of
from bot.disputes.escalation import Step, escalation_of
from bot.disputes.findings import EvidenceReport, Gate
from bot.disputes.new_evidence import NewEvidence, new_evidence
from bot.disputes.out_of_scope import OutOfScope, out_of_scope
from bot.disputes.situation import Situation


@dataclass(frozen=True)
class Ways:
    """What advice says of procedure, beside gates and time limits."""

    channel: ChannelChoice
    escalation: tuple[Step, ...]
    after_ruling: NextAction | None
    new_evidence: NewEvidence
    out_of_scope: tuple[OutOfScope, ...]

    @property
    def cited(self) -> list[Cited]:
        offices = [office for step in self.escalation for office in step.special]
        ruled = [self.after_ruling] if self.after_ruling is not None else []
        return [self.channel, *self.escalation, *offices, *ruled, self.new_evidence, *self.out_of_scope]


def ways_of(case: Situation, report: EvidenceReport, gates: tuple[Gate, ...]) -> Ways:
    """Everything of procedure that follows from the gates."""
    fresh = new_evidence(case)
    after = after_ruling(case, fresh)
    return Ways(
        channel=channel_of(case),
        escalation=escalation_of(case, gates, after),
        after_ruling=after,
        new_evidence=fresh,
        out_of_scope=out_of_scope(case, report),
    )
