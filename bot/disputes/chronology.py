"""What happened when (时间经过): days as letters write them, and the chronology of facts and exchanges.

A day that the buyer told as about right (15号左右) stays so in every letter: 11月15日前后, never an exact day.
"""

from __future__ import annotations

from collections.abc import Iterable
from datetime import datetime

from bot.disputes.facts import SHANGHAI
from bot.disputes.letters import quoted
from bot.disputes.situation import Situation

EVENTS = {
    "paid_at": "付款",
    "shipped_at": "商家发货",
    "signed_at": "签收",
    "found_at": "发现问题",
    "confirmed_at": "确认收货",
    "contacted_at": "联系商家",
    "refund_requested_at": "申请退款",
    "refused_at": "商家拒绝",
    "agreed_at": "商家同意退货",
    "returned_at": "寄出退货",
    "return_signed_at": "商家签收退货",
    "intervention_accepted_at": "平台受理介入",
    "proof_submitted_at": "向平台提交证据",
    "ruled_at": "平台作出判定",
}
ABOUT = "前后"


def day_zh(moment: datetime, now: datetime) -> str:
    """2026年11月12日; without the year when it is this one."""
    local = moment.astimezone(SHANGHAI)
    year = "" if local.year == now.astimezone(SHANGHAI).year else f"{local.year}年"
    return f"{year}{local.month}月{local.day}日"


def full_day_zh(moment: datetime) -> str:
    """2026年11月12日, with the time of day when one is known."""
    local = moment.astimezone(SHANGHAI)
    clock = "" if (local.hour, local.minute) == (0, 0) else f" {local:%H:%M}"
    return f"{local.year}年{local.month}月{local.day}日{clock}"


def day_of_fact(case: Situation, name: str) -> str:
    """The day of a dated fact as a chat message writes it; empty while nobody has told it."""
    at = case.facts.time(name)
    return "" if at is None else _written(day_zh(at, case.now), name in case.view.about)


def full_day_of_fact(case: Situation, name: str) -> str:
    """The same for an authority: with the year, and the time of day where one is known."""
    at = case.facts.time(name)
    return "" if at is None else _full(at, name in case.view.about)


def chronology(
    case: Situation, names: Iterable[str] = tuple(EVENTS), with_rounds: bool = True
) -> tuple[tuple[datetime, str], ...]:
    """What happened when, oldest first: the dated facts of `names` and the exchanges with the merchant."""
    return tuple((at, words) for at, words, _ in _events(case, names, with_rounds))


def timeline(case: Situation) -> tuple[str, ...]:
    """The whole chronology in words, one entry an event: 11月12日签收."""
    return tuple(
        f"{_written(day_zh(at, case.now), about)}{words}" for at, words, about in _events(case, EVENTS, True)
    )


def full_timeline(case: Situation, names: Iterable[str], with_rounds: bool = True) -> tuple[str, ...]:
    """The same for an authority, of the events in `names`: 2026年11月12日 10:16签收."""
    return tuple(f"{_full(at, about)}{words}" for at, words, about in _events(case, names, with_rounds))


def _written(day: str, about: bool) -> str:
    return f"{day}{ABOUT}" if about else day


def _full(at: datetime, about: bool) -> str:
    """A time of day says nothing where the day itself is a guess."""
    return _written(full_day_zh(at).split(" ")[0], about) if about else full_day_zh(at)


def _events(case: Situation, names: Iterable[str], with_rounds: bool) -> list[tuple[datetime, str, bool]]:
    """(when, what, whether the day is only about right), oldest first."""
    found = [
        (at, EVENTS[name], name in case.view.about)
        for name in names
        if (at := case.facts.time(name)) is not None
    ]
    if with_rounds:
        found += [(at, words, False) for at, words in _exchanges(case)]
    return sorted(found, key=lambda entry: entry[0])


def _exchanges(case: Situation) -> list[tuple[datetime, str]]:
    found = []
    stances = dict(case.book.facts["merchant_stance"].choices)
    for item in case.view.rounds:
        if item.theirs or item.stance:
            said = quoted(case, item.theirs) if item.stance != "silent" else ""
            # the day is that of the telling: when the merchant said it, nobody told
            reply = f"转述商家答复{said}" if said else f"反映商家{stances.get(item.stance or '', '答复')}"
            found.append((item.at, reply))
        elif item.ours:
            found.append((item.at, "向商家提出诉求"))
    return found
