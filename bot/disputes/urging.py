"""When a buyer may ask the platform for news (官方催办, seed0-07): rarely, once a matter, never twice in a day.

Without movement on the third working day after acceptance; a day after the usual end of the time for proof, and of
the time for the decision. Where the platform names no usual time, there is nothing to be over.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, time, timedelta
from typing import Literal

from bot.disputes.chronology import day_zh
from bot.disputes.counting import day_of, is_working_day
from bot.disputes.facts import SHANGHAI
from bot.disputes.letters import problem_zh, shorten
from bot.disputes.situation import Situation
from bot.disputes.windows import deadlines_of

Topic = Literal["progress", "evidence", "ruling"]
LATEST_FIRST: tuple[Topic, ...] = ("ruling", "evidence", "progress")
LONGEST_PROBLEM = 60


@dataclass(frozen=True)
class Urging:
    """Whether to ask now, about what, and the text to send (empty when not). `next_at` = the earliest moment for the
    next question, None when none is known; `provisional` = it rests on a year whose holidays are not announced."""

    allowed: bool
    topic: Topic | None
    why_zh: str
    text: str
    next_at: datetime | None
    provisional: bool
    sources: tuple[str, ...]


def may_urge(case: Situation, now: datetime, last_urged_at: Mapping[Topic, datetime] | None = None) -> Urging:
    """May the buyer ask for news at `now` (aware)?

    Args:
        last_urged_at: when each topic was last asked about; a topic that is in there, or comes before one, is never
            asked about again, and no topic within 24 hours of any other question.
    """
    asked = dict(last_urged_at or {})
    accepted = case.facts.intervention_accepted_at or case.view.opened_at
    if accepted is None:
        return _no(case, "平台受理之后才谈得上催办；请先确认介入申请有没有提交成功")
    if case.facts.ruled_at is not None or case.facts.ruling is not None:
        return _no(case, "平台已经作出判定，不用再催")
    opening, provisional = _openings(case, accepted)
    left = _left(asked)
    due = [topic for topic in left if topic in opening and opening[topic] <= now]
    apart = timedelta(hours=case.book.policy.urging.apart_hours)
    quiet_until = max(asked.values(), default=now - apart) + apart
    ahead = sorted(
        max(opening[topic], quiet_until) for topic in left if topic in opening and topic not in due
    )
    if not due:
        why = "还没到可以询问的时候，耐心等待更稳妥" if ahead else "能问的都已经问过，请等平台的通知"
        return _no(case, why, ahead[0] if ahead else None, provisional)
    if now < quiet_until:
        hours = case.book.policy.urging.apart_hours
        return _no(case, f"{hours} 小时内已经问过一次，先不要重复催", quiet_until, provisional)
    topic = due[0]
    return Urging(
        True, topic, _why(case, topic), _text(case, topic, accepted), ahead[0] if ahead else None, provisional,
        _sources(case),
    )  # fmt: skip


def _why(case: Situation, topic: Topic) -> str:
    policy = case.book.policy.urging
    over = f"的参考时间已过 {policy.grace_hours} 小时，可以询问一次"
    if topic == "progress":
        return f"受理后第 {policy.working_days} 个工作日仍没有进展，可以一次性补充说明"
    return ("举证" if topic == "evidence" else "判定") + over


def _left(asked: Mapping[Topic, datetime]) -> tuple[Topic, ...]:
    """The topics nobody has asked about, latest first; what comes before one already asked about is over."""
    first = min((LATEST_FIRST.index(topic) for topic in asked), default=len(LATEST_FIRST))
    return LATEST_FIRST[:first]


def _openings(case: Situation, accepted: datetime) -> tuple[dict[Topic, datetime], bool]:
    """From when each topic may be asked about; topics without a usual time are left out."""
    policy = case.book.policy.urging
    opening: dict[Topic, datetime] = {}
    provisional = False
    if case.view.stage not in policy.progress_stages:
        opening["progress"], provisional = _working_day(accepted, policy.working_days)
    dates = {item.id: item for item in deadlines_of(case)}
    grace = timedelta(hours=policy.grace_hours)
    windows: tuple[tuple[Topic, str], ...] = (
        ("evidence", policy.evidence_window),
        ("ruling", policy.ruling_window),
    )
    for topic, window in windows:
        found = dates.get(window)
        if found is not None and found.due is not None:
            opening[topic] = found.due + grace
    return opening, provisional


def _working_day(base: datetime, number: int) -> tuple[datetime, bool]:
    """00:00 of the n-th working day after the day of `base` (that day does not count)."""
    day, provisional = day_of(base), False
    while number > 0:
        day += timedelta(days=1)
        working, unsure = is_working_day(day)
        provisional = provisional or unsure
        number -= working
    return datetime.combine(day, time(), SHANGHAI), provisional


def _text(case: Situation, topic: Topic, accepted: datetime) -> str:
    words = case.book.policy.urging.texts[topic]
    problem = shorten(problem_zh(case), LONGEST_PROBLEM)
    # Not str.format: what the buyer wrote may hold braces.
    return words.replace("{accepted}", f"于{day_zh(accepted, case.now)}").replace("{problem}", problem)


def _no(case: Situation, why: str, next_at: datetime | None = None, provisional: bool = False) -> Urging:
    return Urging(False, None, why, "", next_at, provisional, _sources(case))


def _sources(case: Situation) -> tuple[str, ...]:
    return case.applicable(case.book.policy.urging.sources)
