"""What the buyer should hear now (必须提示): safety first, then what could be lost, then the cards' own warnings.

The words and their sources are in warnings.yml; here is the exact condition of each. A condition that rests on an
unknown fact does not hold, unless saying nothing could cost the buyer a right.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from datetime import timedelta
from functools import cached_property

from bot.disputes.conditions import Flags, holds, merchant_words
from bot.disputes.findings import Deadline, EvidenceReport, Warning
from bot.disputes.safety import screen
from bot.disputes.situation import Situation

SOON = timedelta(hours=48)
"""A deadline is near from exactly 48 hours before it until it has passed (自动确认前 48 小时强提醒)."""
MULTIPLES = ("xf-55", "sa-148", "gy-144")
"""Statutory multiples: a card that rests on one must say that the platform does not normally rule on it."""
NOTHING_TO_RETURN = ("counterfeit", "not_received", "virtual")
KEPT_BY_MARK = ("damage_cover", "rotten_cover")
"""Service marks under which the goods may be kept (破损包赔, 坏单包退)."""
FACTUAL = ("quality", "not_as_described", "counterfeit")
NO_FAULT = ("seven_day", "remorse")
SHIPPING = ("not_shipped", "out_of_stock", "fake_ship", "presale")
TALKED_OVER = ("intervention_open", "evidence_period", "mediation")
QUIET = ("intake", "closed", "resolved_by_talk")


def warnings_of(
    case: Situation, report: EvidenceReport, deadlines: tuple[Deadline, ...]
) -> tuple[Warning, ...]:
    """All warnings that apply, most urgent first, no text twice."""
    look = _Look(case, report, {item.id: item for item in deadlines})
    urgent = [_general(case, key) for key, applies in _SAFETY if applies(look)]
    rest = [_general(case, key) for key, applies in _RULES if applies(look)]
    dangers: list[Warning] = []
    others: list[Warning] = []
    for card in case.cards:  # a danger is told before anything about money
        (dangers if card.family == "safety" else others).extend(_of_card(look, card.code))
    found = [*urgent, *dangers, *rest, *others]
    return tuple({item.text_zh: item for item in reversed(found)}.values())[::-1]


@dataclass(frozen=True)
class _Look:
    """One case with what the conditions are about, worked out once."""

    case: Situation
    report: EvidenceReport
    by_id: dict[str, Deadline]

    @cached_property
    def told(self) -> frozenset[str]:
        """What the buyer's own words show (kinds of `safety.screen`)."""
        words = self.case.facts.problem or ""
        return frozenset(item.kind for item in screen(words, "buyer", self.case.book.policy.safety))

    @cached_property
    def heard(self) -> frozenset[str]:
        """What the merchant's words show, said or retold."""
        return frozenset(
            item.kind for item in screen(merchant_words(self.case), "merchant", self.case.book.policy.safety)
        )

    def shows(self, *kinds: str) -> bool:
        return not (self.told | self.heard).isdisjoint(kinds)

    @property
    def before(self) -> bool:
        return self.case.confirmation == "before" and self.case.facts.order_stage != "unpaid"

    @property
    def received(self) -> bool:
        """The goods have come to the buyer, as far as we know."""
        facts = self.case.facts
        if facts.tracking_status == "delivered_not_received" or self.case.any_type(("not_received",)):
            return False
        return facts.order_stage in ("signed", "confirmed") or facts.signed_at is not None

    @property
    def here(self) -> bool:
        """The goods are with the buyer now."""
        return self.received and self.case.facts.returned_at is None

    @property
    def sending_back(self) -> bool:
        """The merchant has agreed and the goods are to go back."""
        facts = self.case.facts
        agreed = facts.agreed_at is not None or self.case.stance == "agree"
        return agreed and self.here and facts.demand in ("return_refund", "exchange", "repair")

    @property
    def pending(self) -> bool:
        """A refund request is open: asked for, not refused, not decided."""
        facts = self.case.facts
        return facts.refund_requested_at is not None and facts.refused_at is None and facts.ruled_at is None

    @property
    def intervening(self) -> bool:
        facts = self.case.facts
        opened = facts.intervention_accepted_at is not None and facts.ruled_at is None
        return self.case.view.stage in TALKED_OVER or opened

    @cached_property
    def flags(self) -> Flags:
        """What moot.yml may ask for."""
        return {
            "confirmed": lambda case: case.confirmation == "after",
            "received": lambda case: self.received,
            "returned": lambda case: case.facts.returned_at is not None,
            "used": lambda case: case.facts.goods_used is True,
        }

    def soon(self, key: str) -> bool:
        due = self.by_id[key].due if key in self.by_id else None
        return due is not None and self.case.now < due <= self.case.now + SOON

    def passed(self, key: str) -> bool:
        return key in self.by_id and self.by_id[key].passed

    def over_unasked(self, *keys: str) -> bool:
        """The deadline has passed and nothing was asked for in time."""
        asked = self.case.facts.refund_requested_at
        gone = [self.by_id[key] for key in keys if key in self.by_id and self.by_id[key].passed]
        return any(one.due is not None and (asked is None or asked >= one.due) for one in gone)


Applies = Callable[[_Look], bool]
_SAFETY: tuple[tuple[str, Applies], ...] = (
    ("injury_first", lambda x: x.case.any_type(("injury",)) or x.case.facts.harmed is True or x.shows("dangerous_goods")),
    ("fake_service", lambda x: x.case.any_type(("scam",)) or x.shows("scam")),
    ("credentials", lambda x: x.shows("credentials")),
    ("off_platform", lambda x: x.case.any_type(("scam",)) or x.case.stance == "off_platform" or x.shows("off_platform")),
    ("refund_route", lambda x: x.case.any_type(("scam",)) or x.case.stance == "off_platform" or x.shows("scam", "off_platform")),
    ("bribe_review", lambda x: x.case.stance == "bribe_review" or x.shows("review_bribe")),
    ("hostile", lambda x: x.case.stance == "hostile" or x.shows("threatened")),
    ("no_forging", lambda x: "fabrication" in x.told),
    ("no_review_bargain", lambda x: x.case.facts.review_threat is True or "extortion" in x.told),
)  # fmt: skip
_RULES: tuple[tuple[str, Applies], ...] = (
    ("confirm_trap", lambda x: x.case.confirmation != "after" and x.shows("confirm_trap")),
    ("auto_confirm_soon", lambda x: x.before and x.soon("T-08")),
    ("dont_confirm", lambda x: x.before and x.case.facts.refunded_in_full is not True),
    ("auto_confirm_paused", lambda x: x.before and x.pending and x.case.facts.order_stage != "paid" and x.case.on_taobao),
    ("induced", lambda x: x.case.confirmation == "after" and x.case.facts.induced_confirmation is True),
    ("late", lambda x: x.case.confirmation == "after" and x.over_unasked("T-11")),
    ("after_sale_soon", lambda x: x.case.confirmation == "after" and x.soon("T-11")),
    ("after_sale_open", lambda x: x.case.confirmation == "after" and x.case.on_taobao and not (x.passed("T-11") or x.soon("T-11"))
     and x.case.facts.refund_requested_at is None),
    ("seven_day_soon", lambda x: x.case.any_type(NO_FAULT) and x.case.facts.refund_requested_at is None and (x.soon("T-21") or x.soon("L-01"))),
    ("seven_day_over", lambda x: x.case.any_type(NO_FAULT) and x.over_unasked("T-21", "L-01")),
    ("modify_soon", lambda x: x.soon("T-13")),
    ("return_soon", lambda x: x.soon("T-06") and x.case.facts.returned_at is None),
    ("proof_now", lambda x: x.intervening and not x.passed("T-14")),
    ("used_goods", lambda x: x.case.facts.goods_used is True and x.here and x.case.any_type(("misdescribed", "wrong_item"))),
    ("film_return", lambda x: x.sending_back),
    ("return_number", lambda x: x.sending_back),
    ("freight_agree", lambda x: x.sending_back and x.case.facts.intervention_accepted_at is None and not x.case.any_type(NO_FAULT)),
    ("settle_once", lambda x: x.case.stance in ("agree", "partial") and x.case.facts.settled_before is not True),
    ("reason_trap", lambda x: "reason_trap" in x.heard),
    ("reason_lost", lambda x: x.case.any_type(SHIPPING) and x.case.facts.chosen_reason == "not_wanted" and x.case.on_taobao),
    ("seven_day_reason", lambda x: x.case.facts.chosen_reason == "seven_day" and any(card.family in FACTUAL for card in x.case.cards)),
    ("multiples", lambda x: x.case.facts.demand == "compensation" or any(set(card.legal_basis) & set(MULTIPLES) for card in x.case.cards)),
    ("refund_only", lambda x: x.case.facts.demand == "refund_only" and x.here and x.case.stance != "agree"
     and x.case.facts.service_mark not in KEPT_BY_MARK and not x.case.any_type(NOTHING_TO_RETURN)),
    ("gaps", lambda x: bool(x.report.missing_must) and x.case.view.stage not in QUIET),
    ("honest_reason", lambda x: any(card.family in FACTUAL for card in x.case.cards)),
    ("no_court_yet", lambda x: x.intervening and x.case.facts.court_told_at is None),
    ("dont_urge", lambda x: x.intervening),
    ("app_only", lambda x: x.case.view.stage == "intervention_ready"),
    ("mediation_clock", lambda x: x.case.facts.complaint_filed_at is not None and x.case.facts.mediation_ended_at is None),
    ("other_platform", lambda x: not x.case.on_taobao),
)  # fmt: skip


def _general(case: Situation, key: str) -> Warning:
    cited = case.book.policy.warnings[key]
    return Warning(key, cited.text, case.applicable(cited.sources))


def _of_card(look: _Look, code: str) -> list[Warning]:
    """The warnings of one card, without those whose moment is over."""
    return [
        Warning(f"{code}-{no}", cited.text, look.case.applicable(cited.sources))
        for no, cited in enumerate(look.case.book.types[code].warnings, start=1)
        if not _moot(look, cited.text)
    ]


def _moot(look: _Look, text: str) -> bool:
    return any(
        holds(rule.when, look.case, look.flags)
        for rule in look.case.book.policy.moot
        if any(word in text for word in rule.words)
    )
