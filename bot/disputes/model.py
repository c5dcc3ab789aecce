"""What the rulebook is asked about: the facts of a case, the evidence held, the talks so far.

Frozen values only. Unknown is None, never a default that looks like an answer.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime
from decimal import Decimal
from typing import Any, Literal

from bot.disputes.facts import FactError, FactValue, fact_json, fact_kinds, parse_fact

__all__ = ["CaseView", "Confidence", "FactError", "Facts", "HeldEvidence", "MerchantReply", "Round"]

Confidence = Literal["H", "M", "L"]
"""How sure a rule is: H read in the original text, M a credible second-hand source, L old or unconfirmed."""


@dataclass(frozen=True)
class Facts:
    """Every fact of `facts.yml`. Money in yuan, times aware (Asia/Shanghai), None = not known."""

    platform: str | None = None
    order_number: str | None = None
    shop: str | None = None
    product: str | None = None
    amount: Decimal | None = None
    paid_at: datetime | None = None
    promised_ship_at: datetime | None = None
    shipped_at: datetime | None = None
    signed_at: datetime | None = None
    confirmed_at: datetime | None = None
    order_stage: str | None = None
    problem: str | None = None
    found_at: datetime | None = None
    goods_used: bool | None = None
    goods_intact: bool | None = None
    tracking_number: str | None = None
    courier: str | None = None
    tracking_status: str | None = None
    last_tracking_at: datetime | None = None
    demand: str | None = None
    contacted_merchant: bool | None = None
    contacted_at: datetime | None = None
    merchant_stance: str | None = None
    merchant_reply: str | None = None
    offer_amount: Decimal | None = None
    refund_requested_at: datetime | None = None
    refused_at: datetime | None = None
    returned_at: datetime | None = None
    return_signed_at: datetime | None = None
    seven_day_supported: bool | None = None
    exclusion_confirmed: bool | None = None
    promise: str | None = None
    page_deadline_at: datetime | None = None
    induced_confirmation: bool | None = None

    def get(self, name: str) -> FactValue | None:
        """The value of one fact by name; None when unknown or no such fact."""
        value: FactValue | None = getattr(self, name, None) if name in _NAMES else None
        return value

    def time(self, name: str) -> datetime | None:
        value = self.get(name)
        return value if isinstance(value, datetime) else None

    def known(self) -> dict[str, FactValue]:
        """The facts that have a value, in registry order."""
        return {name: value for name in fact_kinds() if (value := self.get(name)) is not None}

    @classmethod
    def from_json(cls, data: Mapping[str, object]) -> Facts:
        """Reads a JSON object; null means unknown. Raises FactError for an unknown fact or an impossible value."""
        values: dict[str, Any] = {
            name: parse_fact(name, raw) for name, raw in data.items() if raw is not None
        }
        return cls(**values)

    def to_json(self) -> dict[str, str | bool]:
        return {name: fact_json(value) for name, value in self.known().items()}


_NAMES = frozenset(item.name for item in fields(Facts))


@dataclass(frozen=True)
class HeldEvidence:
    """One file the buyer gave us. `kind` is E01..E20 or None while nobody has said what it shows."""

    id: str
    kind: str | None
    sha256: str
    uploaded_at: datetime
    name: str


@dataclass(frozen=True)
class Round:
    """One exchange with the merchant: what we sent, what came back, their stance, what they offered (yuan)."""

    at: datetime
    ours: str | None = None
    theirs: str | None = None
    stance: str | None = None
    offer: Decimal | None = None


@dataclass(frozen=True)
class MerchantReply:
    """An answer of the merchant to judge: stance (choice of `merchant_stance`), literal text, offer in yuan."""

    stance: str | None = None
    text: str = ""
    offer: Decimal | None = None


@dataclass(frozen=True)
class CaseView:
    """Everything the rulebook may look at. `declined` = facts the buyer cannot give; `stage` = lower-case case stage."""

    types: tuple[str, ...]
    facts: Facts
    evidence: tuple[HeldEvidence, ...] = ()
    rounds: tuple[Round, ...] = ()
    declined: frozenset[str] = field(default_factory=frozenset)
    gaps_acknowledged: bool = False
    opened_at: datetime | None = None
    stage: str = "intake"
