"""Which dispute types a complaint claims, and when to ask instead of guessing (纠纷类型判断)."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

# A type this sure is taken as claimed; two types closer than this ratio are asked about.
SURE = 0.5
ALSO_SURE = 0.7
CLOSE = 0.6
MOST_TYPES = 3
# Types that can also be just the merchant's answer to another trouble.
ANSWERS = frozenset({"seven_day", "aftersale_broken", "violation"})


@dataclass(frozen=True)
class Claimed:
    """What a complaint claims: ``take`` without asking, or ``ask`` which of two it is."""

    take: tuple[str, ...] = ()
    ask: tuple[str, ...] = ()


def claimed_types(
    ranked: Sequence[tuple[str, float]], known: Sequence[str], *, answered: bool = False
) -> Claimed:
    """Decide from the ranked reading of one message.

    Args:
        ranked: dispute types with their confidence, surest first.
        known: the types the case has already.
        answered: the message retells how the merchant answered (“…开胶了，商家不给退”). A refusal is then the
            merchant's stance on the trouble, not a second dispute.

    A case without a type takes the best reading, or asks when the two best are both unsure and close. A case
    that has one only takes a further type that is clearly stated: talk goes on about the first, and a vague
    later sentence must not add a dispute nobody raised.
    """
    fresh = [(code, sure) for code, sure in ranked if code not in known]
    troubles = [(code, sure) for code, sure in fresh if code not in ANSWERS]
    if answered and (troubles or known):
        fresh = troubles
    if known:
        room = MOST_TYPES - len(known)
        return Claimed(take=tuple(code for code, sure in fresh if sure >= ALSO_SURE)[: max(room, 0)])
    if not fresh:
        return Claimed()
    best = fresh[0]
    if best[1] < SURE and len(fresh) > 1 and fresh[1][1] >= CLOSE * best[1]:
        return Claimed(ask=(best[0], fresh[1][0]))
    also = tuple(code for code, sure in fresh[1:] if sure >= SURE)
    return Claimed(take=(best[0], *also)[:MOST_TYPES])
