"""The suspension trap (中止): telling the platform of a suit or the police stops its procedure (淘宝 82–83, 京东 6)."""

from __future__ import annotations

from bot.disputes.conditions import buyer_words
from bot.disputes.cues import says
from bot.disputes.findings import Deadline, Warning
from bot.disputes.situation import Situation
from bot.disputes.windows import evaluate

RECEIPT, POLICE, PAUSE = "T-19", "T-20", "T-18"
"""受理凭证 7 个工作日, 公安受理 6 个月, 协商中止 30 日."""
GENERAL = ("no_court_yet", "court_told")
"""Warnings that say the same without a date or an occasion."""


def deciding(case: Situation) -> bool:
    """Is the platform working on a decision now?"""
    facts = case.facts
    accepted = facts.intervention_accepted_at is not None or case.view.opened_at is not None
    ruled = facts.ruled_at is not None or facts.ruling is not None
    staged = case.view.stage in case.book.procedure.suspension.deciding_stages
    over = case.view.stage in ("decided", "executing", "closed", "resolved_by_talk", "external")
    return staged or (accepted and not ruled and not over)


def means_to_sue(case: Situation) -> bool:
    """Does the buyer speak of suing or of calling the police?"""
    policy = case.book.procedure.suspension
    return says(_words(case), (*policy.sue_cues, *policy.police_cues))


def with_suspension(case: Situation, warnings: tuple[Warning, ...]) -> tuple[Warning, ...]:
    """The warnings of a suspension first, in place of the general ones they say more exactly."""
    own = suspension_warnings(case)
    return (*own, *(one for one in warnings if one.id not in GENERAL)) if own else warnings


def suspension_warnings(case: Situation) -> tuple[Warning, ...]:
    """What to say of a suspension: before it is asked for, while it runs, and until when."""
    found: list[Warning] = []
    if deciding(case) and means_to_sue(case) and case.facts.court_told_at is None:
        urgent = case.any_type(case.book.procedure.suspension.urgent_types)
        police = says(_words(case), case.book.procedure.suspension.police_cues)
        found.append(_warning(case, "urgent" if urgent and police else "trap"))
    found += filter(
        None,
        [
            _dated(case, RECEIPT, "told", "told_late") if case.facts.police_accepted_at is None else None,
            _dated(case, POLICE, "police_accepted") if case.on_taobao else None,
            _dated(case, PAUSE, "agreed_pause"),
        ],
    )
    return tuple(found)


def _words(case: Situation) -> str:
    return "\n".join(filter(None, [buyer_words(case), *(one.ours for one in case.view.rounds)]))


def _dated(case: Situation, window: str, running: str, over: str | None = None) -> Warning | None:
    deadline: Deadline | None = evaluate(case, case.book.windows[window])
    if deadline is None or deadline.due is None or case.facts.ruled_at is not None:
        return None
    if deadline.passed:
        return None if over is None else _warning(case, over, deadline.due_zh)
    return _warning(case, running, deadline.due_zh)


def _warning(case: Situation, key: str, due: str = "") -> Warning:
    cited = case.book.procedure.suspension.texts[key]
    return Warning(f"suspension_{key}", cited.text.replace("{due}", due), case.applicable(cited.sources))
