"""Words in what the buyer and the merchant said that a rule can be known by. A denied word does not count."""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache

_CLAUSE = re.compile(r"[，。；！？,;!?\n]+")
_DENIED = re.compile(
    r"(?:(?:不是|没有?|并非|未|无法?|(?<!会)不会|(?<!想)不想|(?<!要)不要|不敢|(?<!能)不能|拒绝|缺少?|丢了?)[^有是]{0,4}|不|别)$"
)
_RETOLD = re.compile(
    r"(?:商家|卖家|店家|店铺|掌柜|客服|对方|老板|他们?|她们?)[^，。；]{0,4}(?:说|称|讲|回复|回我|答复|表示|认为|坚持|让|叫|要求|要我)"
)
_ASKED = re.compile(
    r"(?:您|你|买家|顾客|客户|消费者|我)[^，。；]{0,8}(?:出具?|提供|拿|做|开|去)|先(?:出|做|去|拿|开|提供)|(?:需要?|得|必须)[^，。；]{0,4}(?:出|提供|拿)"
)


def says(text: str, cues: Iterable[str]) -> bool:
    """Is one of the cues said in `text`, and not denied (“不是刷单” does not say 刷单)?"""
    listed = tuple(cues)
    if not listed or not _any_of(listed).search(text):
        return False
    return any(_affirms(clause, cue) for clause in _clauses(text) for cue in listed)


def claims_to_hold(text: str, cues: Iterable[str]) -> bool:
    """Does the speaker claim to have one of these papers? Asking the other side for one is no such claim."""
    listed = tuple(cues)
    if not listed or not _any_of(listed).search(text):
        return False
    return any(
        _affirms(clause, cue) and not _ASKED.search(clause) for clause in _clauses(text) for cue in listed
    )


@lru_cache(maxsize=512)
def by_speaker(account: str) -> tuple[str, str]:
    """(what the buyer says, what the buyer retells of the merchant), clause by clause: “商家说协议无效” is retold."""
    own = [clause for clause in _clauses(account) if not _RETOLD.search(clause)]
    retold = [clause for clause in _clauses(account) if _RETOLD.search(clause)]
    return "，".join(own), "，".join(retold)


@lru_cache(maxsize=1024)
def _any_of(cues: tuple[str, ...]) -> re.Pattern[str]:
    return re.compile("|".join(map(re.escape, cues)))


@lru_cache(maxsize=1024)
def _clauses(text: str) -> tuple[str, ...]:
    return tuple(part for part in _CLAUSE.split(text) if part)


def _affirms(clause: str, cue: str) -> bool:
    start = clause.find(cue)
    while start >= 0:
        if not _DENIED.search(clause[max(0, start - 8) : start]):
            return True
        start = clause.find(cue, start + 1)
    return False
