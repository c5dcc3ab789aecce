"""The case: everything known of one dispute. Each change of it is written to its audit trail.

Change a case only through its methods. The exception is ``dialogue``, a small scratch pad of JSON for the
dialogue, which is no part of the record.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from typing import Any
from uuid import uuid4

from bot.cases.records import (
    AuditEntry,
    DeadlineRecord,
    EvidenceItem,
    FactRecord,
    Intervention,
    NegotiationRound,
    Stage,
)
from bot.disputes.facts import FactError, fact_json, fact_kinds, parse_fact

__all__ = [
    "AuditEntry",
    "Case",
    "DeadlineRecord",
    "EvidenceItem",
    "FactError",
    "FactRecord",
    "Intervention",
    "NegotiationRound",
    "Stage",
    "UnknownEvidence",
]

_ACTORS = {"buyer": "buyer", "button": "buyer", "page": "buyer", "document": "buyer", "rule": "bot"}
_KIND = re.compile(r"E(0[1-9]|1\d|20)")


class UnknownEvidence(LookupError):
    """No file of this case has that id."""


@dataclass
class Case:
    """One dispute of one conversation. ``version`` counts the saves; 0 was never saved."""

    id: str
    conversation_id: str
    created_at: datetime
    updated_at: datetime
    version: int = 0
    stage: Stage = Stage.INTAKE
    types: list[str] = field(default_factory=list)
    facts: dict[str, FactRecord] = field(default_factory=dict)
    declined: set[str] = field(default_factory=set)
    gaps_acknowledged: bool = False
    evidence: list[EvidenceItem] = field(default_factory=list)
    rounds: list[NegotiationRound] = field(default_factory=list)
    intervention: Intervention | None = None
    deadlines: list[DeadlineRecord] = field(default_factory=list)
    audit: list[AuditEntry] = field(default_factory=list)
    dialogue: dict[str, Any] = field(default_factory=dict)

    @classmethod
    def new(cls, conversation_id: str, now: datetime) -> Case:
        """An empty case with a fresh id, not yet stored."""
        case = cls(id=uuid4().hex, conversation_id=conversation_id, created_at=now, updated_at=now)
        case.record(now, "bot", "opened", {})
        return case

    @property
    def active(self) -> bool:
        """Whether the conversation is still about this case."""
        return self.stage is not Stage.CLOSED

    def record(self, at: datetime, actor: str, what: str, detail: dict[str, Any]) -> None:
        """Add to the audit trail. The other methods do so themselves; this is for what they do not cover."""
        self.audit.append(AuditEntry(at, actor, what, detail))
        self.updated_at = max(self.updated_at, at)

    def take(
        self,
        name: str,
        value: Any,
        *,
        at: datetime,
        message_id: str | None,
        certainty: str = "exact",
        origin: str = "buyer",
    ) -> bool:
        """Learn a fact, or correct it; the old value stays in the audit trail.

        Args:
            value: the JSON form or the typed value.
            origin: ``buyer``, ``button``, ``page``, ``document`` or ``rule``.

        Returns:
            Whether the value or its certainty changed. The first message that said a value keeps the credit.

        Raises:
            FactError: no such fact, or a value that cannot be right.
            ValueError: no such origin.
        """
        if origin not in _ACTORS:
            raise ValueError(f"unknown origin of a fact: {origin!r}")
        new = fact_json(parse_fact(name, value))
        old = self.facts.get(name)
        if old is not None and (old.value, old.certainty) == (new, certainty):
            return False
        self.facts[name] = FactRecord(name, new, certainty, message_id, at, origin)
        self.declined.discard(name)
        change = {"old": old.value if old else None, "new": new}
        said = {"certainty": certainty, "message_id": message_id}
        self.record(at, _ACTORS[origin], f"fact.{name}", {**change, **said})
        return True

    def forget(self, name: str, at: datetime, *, actor: str = "buyer", message_id: str | None = None) -> bool:
        """Take back a fact that turned out wrong and has no right value yet; False when it was not known."""
        old = self.facts.pop(name, None)
        if old is None:
            return False
        self.record(at, actor, f"fact.{name}", {"old": old.value, "new": None, "message_id": message_id})
        return True

    def decline(self, name: str, at: datetime, *, message_id: str | None = None) -> bool:
        """Note that the buyer cannot give a fact, so that it is not asked again; False when already noted.

        Raises:
            FactError: no such fact.
        """
        if name not in fact_kinds():
            raise FactError(name, f"没有“{name}”这一项信息。", f"unknown fact {name!r}")
        if name in self.declined:
            return False
        self.declined.add(name)
        self.record(at, "buyer", f"declined.{name}", {"old": False, "new": True, "message_id": message_id})
        return True

    def set_types(self, types: Iterable[str], at: datetime, *, message_id: str | None = None) -> bool:
        """What the dispute is about, the main type first; False when nothing changes."""
        new = list(dict.fromkeys(types))
        return self._set("types", new, at, "buyer", message_id)

    def acknowledge_gaps(self, at: datetime, *, message_id: str | None = None) -> bool:
        """The buyer knows which evidence is missing and goes on all the same (知悉证据缺口)."""
        return self._set("gaps_acknowledged", True, at, "buyer", message_id)

    def move_to(self, stage: Stage, at: datetime, why: str, *, actor: str = "bot") -> bool:
        """Go to another stage; False when the case is there already."""
        if self.stage is stage:
            return False
        old, self.stage = self.stage, stage
        self.record(at, actor, "stage", {"old": old.value, "new": stage.value, "why": why})
        return True

    def add_evidence(self, item: EvidenceItem, at: datetime) -> EvidenceItem:
        """Add a file; the same bytes once more are the file that is already there."""
        for held in self.evidence:
            if held.sha256 == item.sha256:
                return held
        self.evidence.append(item)
        new = {"id": item.id, "name": item.name, "sha256": item.sha256, "kind": item.kind}
        self.record(at, "buyer", "evidence.added", {"old": None, "new": new, "message_id": item.message_id})
        return item

    def evidence_item(self, evidence_id: str) -> EvidenceItem:
        """One file by its id.

        Raises:
            UnknownEvidence: not a file of this case.
        """
        for item in self.evidence:
            if item.id == evidence_id:
                return item
        raise UnknownEvidence(evidence_id)

    def label_evidence(
        self, evidence_id: str, kind: str | None, at: datetime, *, actor: str = "buyer"
    ) -> bool:
        """Say what a file shows (E01 to E20 of the catalogue), or take that back with None.

        Raises:
            UnknownEvidence: not a file of this case.
            ValueError: no such kind.
        """
        if kind is not None and not _KIND.fullmatch(kind):
            raise ValueError(f"unknown kind of evidence: {kind!r}")
        item = self.evidence_item(evidence_id)
        if item.kind == kind:
            return False
        old, item.kind = item.kind, kind
        self.record(at, actor, "evidence.kind", {"id": evidence_id, "old": old, "new": kind})
        return True

    def add_round(
        self,
        at: datetime,
        *,
        ours: str | None = None,
        theirs: str | None = None,
        stance: str | None = None,
        offer: Decimal | None = None,
        verdict: str | None = None,
        message_id: str | None = None,
        actor: str = "buyer",
    ) -> NegotiationRound:
        """Start a round of the talks with the merchant; ``offer`` in yuan, ``actor`` = who tells of it.

        Raises:
            FactError: an offer that cannot be right.
        """
        number = self.rounds[-1].no + 1 if self.rounds else 1
        added = NegotiationRound(number, at, ours, theirs, stance, _yuan(offer), verdict, message_id)
        self.rounds.append(added)
        self.record(at, actor, "round.added", {"old": None, "new": _round_json(added)})
        return added

    @property
    def has_offer(self) -> bool:
        """Whether the merchant is known to have agreed or offered a part, in a round or as a fact."""
        told = self.facts.get("merchant_stance")
        stances = [one.stance for one in self.rounds] + [told.value if told else None]
        return any(one in ("agree", "partial") for one in stances)

    def update_round(self, no: int, at: datetime, **changes: Any) -> NegotiationRound:
        """Fill in or correct a round: the merchant's answer, our verdict on it.

        Raises:
            LookupError: no round of that number.
            TypeError: a field that a round does not have.
            FactError: an offer that cannot be right.
        """
        if "offer" in changes:
            changes["offer"] = _yuan(changes["offer"])
        for index, old in enumerate(self.rounds):
            if old.no == no:
                new = self.rounds[index] = replace(old, **changes)
                if new != old:
                    detail = {"old": _round_json(old), "new": _round_json(new)}
                    self.record(at, "buyer", "round.changed", detail)
                return new
        raise LookupError(f"no negotiation round {no}")

    def set_deadlines(self, deadlines: Iterable[DeadlineRecord], at: datetime) -> bool:
        """Keep the time limits as they were told to the buyer; False when nothing changes."""
        new = list({one.id: one for one in deadlines}.values())
        if new == self.deadlines:
            return False
        old, self.deadlines = self.deadlines, new
        self.record(at, "bot", "deadlines", {"old": _dues(old), "new": _dues(new)})
        return True

    def attach_intervention(self, intervention: Intervention, at: datetime) -> Intervention:
        """Bind the one intervention to the case.

        Raises:
            ValueError: the case has another one already.
        """
        if self.intervention is not None and self.intervention.number != intervention.number:
            raise ValueError(f"case {self.id} already has intervention {self.intervention.number}")
        if self.intervention is None:
            self.intervention = intervention
            new = {"number": intervention.number, "state": intervention.state}
            self.record(at, "bot", "intervention.opened", {"old": None, "new": new})
        return self.intervention

    def _set(self, name: str, new: Any, at: datetime, actor: str, message_id: str | None) -> bool:
        old = getattr(self, name)
        if old == new:
            return False
        setattr(self, name, new)
        self.record(at, actor, name, {"old": old, "new": new, "message_id": message_id})
        return True


def _yuan(offer: Decimal | None) -> Decimal | None:
    """An offer in whole fen, checked like the fact of the same name."""
    checked = None if offer is None else parse_fact("offer_amount", offer)
    return checked if isinstance(checked, Decimal) else None


def _round_json(one: NegotiationRound) -> dict[str, Any]:
    known = {key: value for key, value in vars(one).items() if value is not None}
    return {**known, "at": one.at.isoformat(), **({} if one.offer is None else {"offer": str(one.offer)})}


def _dues(deadlines: list[DeadlineRecord]) -> dict[str, str | None]:
    return {one.id: one.due.isoformat() if one.due else None for one in deadlines}
