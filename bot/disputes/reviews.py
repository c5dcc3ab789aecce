"""Reviews (评价): the self-check of five (恶意评价五条), a refund against a deleted review, etiquette after a refund.

The five come from an older rule whose wording in force is not confirmed: that is always said, and where the law of
today says otherwise (电子商务法 39) both are shown. Rules and words: reviews.yml.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import date
from functools import lru_cache
from typing import Literal

from bot.disputes.conditions import merchant_words
from bot.disputes.model import Confidence
from bot.disputes.review_rules import CheckRule, ReviewRules
from bot.disputes.safety import screen
from bot.disputes.situation import Situation
from bot.zh.normalise import normalise

Result = Literal["none_met", "some_met", "open"]


@dataclass(frozen=True)
class ReviewCheck:
    """One of M1..M5. `met` None = not known: `needs` is the question, None when only the platform can say."""

    id: str
    name_zh: str
    met: bool | None
    why_zh: str
    conflict_zh: str
    needs: str | None
    sources: tuple[str, ...]
    confidence: Confidence
    as_of: date
    configurable: bool = True


@dataclass(frozen=True)
class ReviewNote:
    """One of RV-01..RV-07 or the etiquette, as it applies here."""

    id: str
    text_zh: str
    sources: tuple[str, ...]


@dataclass(frozen=True)
class ReviewReport:
    """`result`: none_met = a seller's complaint is normally not taken up (older rule); `needs` = questions left.

    `bribed` = a refund is made to depend on the review; `cash_for_praise` = money is offered for praise;
    `etiquette_zh` only after a full refund: voluntary, never a condition. `can_review` None = not known.
    """

    checks: tuple[ReviewCheck, ...]
    result: Result
    result_zh: str
    needs: tuple[str, ...]
    bribed: bool
    cash_for_praise: bool
    can_review: bool | None
    etiquette_zh: str
    older_rule_zh: str
    notes: tuple[ReviewNote, ...]
    sources: tuple[str, ...]
    confidence: Confidence
    as_of: date

    def cited(self) -> tuple[ReviewReport | ReviewCheck | ReviewNote, ...]:
        """Every item that rests on sources."""
        return (self, *self.checks, *self.notes)


def about_reviews(case: Situation) -> bool:
    """Is this case, or something known of it, about a review?"""
    facts = case.facts
    known = any(facts.get(row.fact) is not None for row in case.book.policy.reviews.checks)
    return (
        case.any_type(("review",)) or known or case.stance == "bribe_review" or _bribed(case) or _cash(case)
    )


def review_check(case: Situation) -> ReviewReport:
    """The self-check and the rules on reviews for this case."""
    rules = case.book.policy.reviews
    checks = tuple(_check(case, rules, row) for row in rules.checks)
    result = _result(checks)
    said = rules.results[result]
    refunded = case.facts.refunded_in_full
    return ReviewReport(
        checks=checks,
        result=result,
        result_zh=said.text,
        needs=tuple(one.needs for one in checks if one.needs is not None),
        bribed=_bribed(case),
        cash_for_praise=_cash(case),
        can_review=None if refunded is None else not refunded,
        etiquette_zh=rules.etiquette.text if refunded else "",
        older_rule_zh=rules.older.text,
        notes=_notes(case, rules),
        sources=case.applicable(dict.fromkeys((*said.sources, *rules.older.sources))),
        confidence=rules.confidence,
        as_of=rules.as_of,
    )


def _check(case: Situation, rules: ReviewRules, row: CheckRule) -> ReviewCheck:
    answer = case.facts.get(row.fact)
    met: bool | None = answer if isinstance(answer, bool) else None
    why = {True: row.met, False: row.not_met, None: case.book.facts[row.fact].why}[met]
    asked = met is None and row.fact not in case.view.declined
    if met and row.unless is not None and case.facts.get(row.unless) is True:
        met, why = False, row.unless_says
    elif met and row.held and not {item.kind for item in case.view.evidence}.isdisjoint(row.held):
        met, why = None, row.held_says
    return ReviewCheck(
        id=row.id,
        name_zh=row.name,
        met=met,
        why_zh=why,
        conflict_zh=row.conflict,
        needs=row.fact if asked else None,
        sources=case.applicable(row.sources),
        confidence=rules.confidence,
        as_of=rules.as_of,
    )


def _result(checks: tuple[ReviewCheck, ...]) -> Result:
    if any(one.met for one in checks):
        return "some_met"
    return "open" if any(one.met is None for one in checks) else "none_met"


def _notes(case: Situation, rules: ReviewRules) -> tuple[ReviewNote, ...]:
    shown = {
        "always": True,
        "bribed": _bribed(case),
        "cash": _cash(case),
        "refunded": case.facts.refunded_in_full is True,
        "pressing": _pressing(case),
    }
    notes = [
        ReviewNote(row.id, row.text, case.applicable(row.sources)) for row in rules.rules if shown[row.shown]
    ]
    if shown["refunded"]:
        polite = rules.etiquette
        notes.append(ReviewNote("etiquette", polite.text, case.applicable(polite.sources)))
    return tuple(notes)


def _bribed(case: Situation) -> bool:
    """The merchant wants a review deleted or praised for what is owed anyway."""
    words = _plain(merchant_words(case))
    return case.stance == "bribe_review" or bool(case.book.policy.reviews.bribe.search(words))


def _cash(case: Situation) -> bool:
    words = _plain("\n".join(filter(None, [merchant_words(case), case.facts.problem])))
    return bool(case.book.policy.reviews.cash.search(words))


def _pressing(case: Situation) -> bool:
    """The buyer has spoken of a bad review as a means of pressure."""
    told = {item.kind for item in screen(case.facts.problem or "", "buyer", case.book.policy.safety)}
    return case.facts.review_threat is True or "extortion" in told


@lru_cache(maxsize=256)
def _plain(text: str) -> str:
    return normalise(text).text
