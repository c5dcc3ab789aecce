"""Which dispute types a complaint claims, and when to ask instead of guessing (纠纷类型判断)."""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from bot.disputes.cards import DisputeType
from bot.zh.normalise import normalise
from bot.zh.plain_answer import choose
from bot.zh.yes_no import read_answer

# A type this sure is taken as claimed; two types closer than this ratio are asked about. Out of fold that asks after
# 10 % of the complaints: the best type is right for 36 % of those, the best or the second for 71 % (`tools/clarify.py`).
SURE = 0.5
ALSO_SURE = 0.7
CLOSE = 0.6
UNCLEAR = 0.25  # a best reading below it is a guess: the usual troubles are offered instead
EITHER = 0.3  # two guesses that together have so much are asked about
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

    A case without a type takes the best reading, asks when the two best are both unsure and close, and takes nothing
    when even the best is a mere guess (“收到的东西有问题”): what to choose from is then offered. A case
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
    if best[1] < UNCLEAR:
        two = len(fresh) > 1 and best[1] + fresh[1][1] >= EITHER
        return Claimed(ask=(best[0], fresh[1][0])) if two else Claimed()
    if best[1] < SURE and len(fresh) > 1 and fresh[1][1] >= CLOSE * best[1]:
        return Claimed(ask=(best[0], fresh[1][0]))
    also = tuple(code for code, sure in fresh[1:] if sure >= SURE)
    return Claimed(take=(best[0], *also)[:MOST_TYPES])


@dataclass(frozen=True)
class Which:
    """A clarifying question: ``question`` in words (None: the general one), ``options`` as (type, label) pairs, ``close``
    the types that it has to tell apart, best first."""

    question: str | None
    options: tuple[tuple[str, str], ...]
    close: tuple[str, ...]


def which_of(close: Sequence[str], cards: Mapping[str, DisputeType]) -> Which:
    """The question that tells close readings apart: a card's own where its answers cover them, else their names."""
    known = tuple(code for code in close if code in cards)
    for code in known:
        for own in cards[code].clarify:
            if len(known) > 1 and set(known) <= {option.type for option in own.options}:
                return Which(own.question, tuple((one.type, one.label) for one in own.options), known)
    return Which(None, tuple((code, cards[code].name) for code in known), known)


_BOTH = re.compile(
    r"(?:两个?|两样|两种|二者|它们)?(?:问题)?(?:都|全)(?:都|有|是|算|对|占)+(?:问题)?|两(?:个|样|种)|一起"
)
_NEITHER = re.compile(r"(?:两个?|两样|两种)?(?:都|全)(?:不|没)|不是这|都不对")
_PLACES = (
    re.compile(r"(?:第一|前一?|1|一)(?:个|种|者|项)?"),
    re.compile(r"(?:第二|后一?|2|二)(?:个|种|者|项)?"),
)
_AROUND = re.compile(r"^(?:那|应该|就|我|是|选|属于|的|更像|算)+|(?:吧|的|了|啊|呀|哦|[,。.!~ ])+$")


def told_apart(
    text: str, ranked: Sequence[tuple[str, float]], options: Sequence[tuple[str, str]], close: Sequence[str]
) -> tuple[str, ...] | None:
    """The types that a typed answer to a `Which` names; () for neither of them, None when it says nothing on it.

    Args:
        text: the answer.
        ranked: dispute types read in the answer itself, surest first.
        options: (type, label) pairs as they were offered.
        close: the types to be told apart, best first. 是 and 不清楚 leave it at the first.
    """
    plain = normalise(text).text.strip()
    core = _AROUND.sub("", plain)
    if _NEITHER.match(core):
        return ()
    if _BOTH.fullmatch(core):
        return tuple(close)
    sure = tuple(code for code, share in ranked if share >= SURE)
    if len(sure) > 1:
        return sure[:MOST_TYPES]
    named = choose(options, core) or choose(options, plain)
    if named is not None:
        return (str(named.value),)
    for place, pattern in enumerate(_PLACES):
        if pattern.fullmatch(core) and place < len(options):
            return (options[place][0],)
    offered = [code for code, _ in ranked if code in dict(options)]
    if offered or ranked:
        return (offered[0] if offered else ranked[0][0],)
    answer = read_answer(plain)
    return None if answer is None else () if answer == "no" else tuple(close[:1])
