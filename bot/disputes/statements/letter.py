"""What a letter is: the text with its length and limit, the evidence it counts, what it cites, what is still blank."""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from bot.disputes.cards import CitedText
from bot.disputes.chronology import full_day_of_fact
from bot.disputes.letters import Numbered, blank, demand_zh, named, shorten
from bot.disputes.situation import Situation

LONGEST_NAME = 60
_BLANK = re.compile(r"（请补充：([^（）]*)）")


@dataclass(frozen=True)
class Statement:
    """The intervention statement. `length` and `limit` in characters; `dropped` = parts left out to fit;
    `template` = name and version."""

    text: str
    model: str
    purchase_time: str
    what_happened: str
    demand: str
    evidence_numbers: tuple[Numbered, ...]
    chronology: tuple[tuple[datetime, str], ...]
    sources: tuple[str, ...]
    length: int
    limit: int
    dropped: tuple[str, ...] = ()
    template: str = ""


@dataclass(frozen=True)
class Note:
    """The short text of the refund form."""

    text: str
    length: int
    limit: int
    template: str = ""


@dataclass(frozen=True)
class Letter:
    """Any other text to hand in.

    `sources` = what the text cites; `blanks` = what the buyer has to fill in; `notes` = what the buyer should know of
    it, each with its sources, no part of the text. `refused` set = there is nothing to write, and why; `text` is empty.
    """

    kind: str
    template: str
    text: str
    sources: tuple[str, ...]
    length: int
    limit: int
    dropped: tuple[str, ...] = ()
    evidence_numbers: tuple[Numbered, ...] = ()
    blanks: tuple[str, ...] = ()
    notes: tuple[CitedText, ...] = ()
    refused: CitedText | None = None


def refusal(case: Situation, kind: str, key: str) -> Letter:
    """A letter that is not written, with the reason from letters.yml."""
    return Letter(kind, "", "", (), 0, 0, refused=cited(case, case.book.policy.letters.refusals[key]))


def cited(case: Situation, said: CitedText) -> CitedText:
    """The words with the sources that count for this case."""
    return CitedText(said.text, case.applicable(said.sources))


def notes(case: Situation, *keys: str) -> tuple[CitedText, ...]:
    return tuple(cited(case, case.book.policy.letters.notes[key]) for key in keys)


def blanks_in(text: str) -> tuple[str, ...]:
    """What is still to be filled in, in the order of the text."""
    return tuple(dict.fromkeys(_BLANK.findall(text)))


def platform_limit(case: Situation, kind: str) -> int:
    """The platform's own limit, else the default of letters.yml; never below the smallest that makes sense."""
    profile, policy = case.profile, case.book.policy.letters
    own = None if profile is None else profile.note_limit if kind == "note" else profile.text_limit
    return max(policy.smallest_limit, own or policy.limits[kind])


def product(case: Situation, otherwise: str) -> str:
    return shorten(named(case, case.facts.product), LONGEST_NAME) or otherwise


def order_number(case: Situation) -> str:
    return shorten(named(case, case.facts.order_number), LONGEST_NAME)


def shop(case: Situation) -> str:
    return shorten(named(case, case.facts.shop), LONGEST_NAME)


def paid_day(case: Situation, otherwise: str) -> str:
    return full_day_of_fact(case, "paid_at") or otherwise


def demand_or_blank(case: Situation) -> str:
    return blank("希望怎样处理") if case.facts.demand is None else demand_zh(case)


def pointer(case: Situation, proofs: Iterable[Numbered]) -> str:
    """（见证据 1、2）: the pieces that show the problem; nothing when there is none."""
    shows = case.book.policy.letters.shows_the_problem
    numbers = "、".join(str(item.number) for item in proofs if item.kind in shows)
    return f"（见证据 {numbers}）" if numbers else ""


def listed(proofs: Iterable[Numbered]) -> str:
    return "；".join(f"{item.number}. {item.label}" for item in proofs)


def basis(case: Situation, sources: tuple[str, ...]) -> str:
    return "、".join(case.book.source_labels(sources))


def cited_in(sources: tuple[str, ...], dropped: tuple[str, ...]) -> tuple[str, ...]:
    """What the text still cites once parts of it were dropped."""
    return () if "basis" in dropped else sources
