"""The parts of a case: facts, evidence, talks, intervention, deadlines, audit trail. Plain values."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any


class Stage(str, Enum):
    """How far a case is (案件阶段). CLOSED cases are history; a conversation has one other at most."""

    INTAKE = "intake"
    EVIDENCE = "evidence"
    NEGOTIATING = "negotiating"
    RESOLVED_BY_TALK = "resolved_by_talk"
    INTERVENTION_READY = "intervention_ready"
    INTERVENTION_OPEN = "intervention_open"
    EVIDENCE_PERIOD = "evidence_period"
    MEDIATION = "mediation"
    DECIDED = "decided"
    EXECUTING = "executing"
    APPEAL = "appeal"
    EXTERNAL = "external"
    SAFETY_STOP = "safety_stop"
    HANDOFF = "handoff"
    CLOSED = "closed"


@dataclass(frozen=True)
class FactRecord:
    """One fact and where it came from.

    Attributes:
        value: the JSON form: money "120.50" (yuan), a time in ISO 8601 with +08:00, bool or text.
        certainty: ``exact``, ``day``, ``approximate`` or ``range``, as it was read.
        message_id: the stored message it was said in; None for what a rule concluded.
        origin: ``buyer``, ``button``, ``page``, ``document`` or ``rule``.
    """

    name: str
    value: Any
    certainty: str
    message_id: str | None
    at: datetime
    origin: str


@dataclass
class EvidenceItem:
    """One file of the buyer (证据). The original bytes are kept under ``path`` and never changed.

    Attributes:
        kind: E01 to E20 of the evidence catalogue, None while nobody has said what it shows.
        size: bytes.
        path: relative to the evidence folder.
        source: how it reached us, for example ``upload``.
    """

    id: str
    kind: str | None
    name: str
    mime: str
    size: int
    sha256: str
    path: str
    uploaded_at: datetime
    message_id: str | None = None
    source: str = "upload"
    notes: str = ""

    def as_attachment(self) -> dict[str, Any]:
        """The file as the message log shows it beside the buyer's line."""
        return {
            "evidence_id": self.id,
            "name": self.name,
            "mime": self.mime,
            "size": self.size,
            "sha256": self.sha256,
        }


@dataclass
class NegotiationRound:
    """One exchange with the merchant (协商). ``offer`` in yuan; ``verdict`` is our advice on the answer."""

    no: int
    at: datetime
    ours: str | None = None
    theirs: str | None = None
    stance: str | None = None
    offer: Decimal | None = None
    verdict: str | None = None
    message_id: str | None = None


@dataclass
class Intervention:
    """The platform intervention of a case (客服介入): what was handed in, and its states with their times."""

    number: str
    state: str
    opened_at: datetime
    statement: str
    chronology: list[Any]
    evidence_numbers: list[Any]
    demand: str
    history: list[tuple[str, datetime, str]] = field(default_factory=list)


@dataclass(frozen=True)
class DeadlineRecord:
    """A time limit that was told to the buyer. ``due`` is None when its starting date is not known."""

    id: str
    name: str
    kind: str
    due: datetime | None
    base_fact: str | None = None
    consequence: str = ""
    sources: tuple[str, ...] = ()


@dataclass(frozen=True)
class AuditEntry:
    """One change. ``detail`` holds ``old`` and ``new`` in JSON form, and the message where there is one."""

    at: datetime
    actor: str
    what: str
    detail: dict[str, Any] = field(default_factory=dict)
