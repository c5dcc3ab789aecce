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
    agreed_at: datetime | None = None
    intervention_accepted_at: datetime | None = None
    proof_submitted_at: datetime | None = None
    ruled_at: datetime | None = None
    suspended_at: datetime | None = None
    court_told_at: datetime | None = None
    police_accepted_at: datetime | None = None
    complaint_filed_at: datetime | None = None
    complaint_to_company_at: datetime | None = None
    complaint_accepted_at: datetime | None = None
    mediation_ended_at: datetime | None = None
    report_filed_at: datetime | None = None
    courier_complaint_at: datetime | None = None
    suit_filed_at: datetime | None = None
    suit_accepted_at: datetime | None = None
    judgment_at: datetime | None = None
    live_ended_at: datetime | None = None
    installed_at: datetime | None = None
    repair_sent_at: datetime | None = None
    repair_count: int | None = None
    category: str | None = None
    consumer_use: bool | None = None
    false_statement: bool | None = None
    fraud_basis: str | None = None
    relied_on_it: bool | None = None
    label_flaw_only: bool | None = None
    food_substandard: bool | None = None
    food_seller_role: str | None = None
    bought_knowingly: bool | None = None
    reasonable_amount: Decimal | None = None
    medicine_fake: bool | None = None
    loss_amount: Decimal | None = None
    loss_foreseeable: bool | None = None
    loss_reduced: bool | None = None
    serious_harm: bool | None = None
    harmed: bool | None = None
    seller_knew_defect: bool | None = None
    promise_times: int | None = None
    promise_cap: Decimal | None = None
    promise_met: bool | None = None
    promised_compensation: Decimal | None = None
    price_conduct: bool | None = None
    price_exception: bool | None = None
    contract_amount: Decimal | None = None
    deposit_amount: Decimal | None = None
    deposit_is_earnest: bool | None = None
    seller_failed: bool | None = None
    purpose_defeated: bool | None = None
    force_majeure: bool | None = None
    delay_agreed: bool | None = None
    chosen_reason: str | None = None
    service_mark: str | None = None
    shortage_percent: int | None = None
    freight_paid: Decimal | None = None
    testing_paid: Decimal | None = None
    testing_asked: bool | None = None
    defect_confirmed: bool | None = None
    official_finding: bool | None = None
    merged_shipping: bool | None = None
    own_carrier: bool | None = None
    address_wrong: bool | None = None
    signed_by: str | None = None
    ruling: str | None = None
    new_evidence: bool | None = None
    confirmed_when_filed: bool | None = None
    handled_elsewhere: str | None = None
    settled_before: bool | None = None
    own_order: bool | None = None
    arbitration_clause: bool | None = None
    refunded_in_full: bool | None = None
    review_insults: bool | None = None
    same_trade: bool | None = None
    review_threat: bool | None = None
    review_only_logistics: bool | None = None
    review_deal_void: bool | None = None

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

    def to_json(self) -> dict[str, str | bool | int]:
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
    """Everything the rulebook may look at. `declined` = facts the buyer cannot give; `stage` = lower-case case stage.
    `filed` = the evidence the platform had when it decided, or was asked to (empty = not known);
    `about` = the dated facts whose day was told as about right (15号左右)."""

    types: tuple[str, ...]
    facts: Facts
    evidence: tuple[HeldEvidence, ...] = ()
    rounds: tuple[Round, ...] = ()
    declined: frozenset[str] = field(default_factory=frozenset)
    gaps_acknowledged: bool = False
    opened_at: datetime | None = None
    stage: str = "intake"
    filed: tuple[HeldEvidence, ...] = ()
    about: frozenset[str] = field(default_factory=frozenset)
