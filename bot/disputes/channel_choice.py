"""Which way into the platform (介入渠道): online entry, customer service by phone, or a case officer (小二).

Simple things go online or by phone; complex ones, a merchant who will not move, and an ordinary intervention without a
result go to the officer. No telephone number is ever named: it is read in the app.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from typing import Literal

from bot.disputes.conditions import holds
from bot.disputes.gates import overdue
from bot.disputes.situation import REFUSING, Situation
from bot.disputes.windows import evaluate


@dataclass(frozen=True)
class ChannelChoice:
    """The way to take, how, and what comes if it leads to nothing."""

    id: Literal["online", "phone", "officer"]
    name_zh: str
    why_zh: str
    how_zh: str
    next_zh: str
    sources: tuple[str, ...]


def channel_of(case: Situation) -> ChannelChoice:
    """The channel for this case now."""
    policy = case.book.procedure.channel
    choice = _choose(case)
    text = policy.channels[choice]
    name, how, sources = text.name, text.how, text.sources
    if choice == "officer" and not case.on_taobao:
        name, how, sources = policy.elsewhere.get(case.facts.platform or "", policy.elsewhere["other"])
    if choice == "online" and case.profile is not None and case.profile.intake_path:
        how = f"{case.profile.intake_path}，填写说明并上传证据。"
    return ChannelChoice(choice, name, text.why, how, text.next, case.applicable(sources))


def _choose(case: Situation) -> Literal["online", "phone", "officer"]:
    policy = case.book.procedure.channel
    unsatisfied = case.facts.ruling in ("partly", "rejected")
    without_result = case.view.stage in policy.no_result_stages and case.facts.ruling != "supported"
    if unsatisfied or without_result or case.any_type(policy.complex_types):
        return "officer"
    if holds(policy.complex_when, case, FLAGS):
        return "officer"
    return "phone" if holds(policy.phone_when, case, FLAGS) else "online"


def _stuck(case: Situation) -> bool:
    """Refused again and again, hostile, or gone although there was time to answer."""
    refusals = sum(1 for one in case.replies if one.stance in REFUSING)
    gone = case.stance == "silent" and overdue(case) is True
    return (
        gone
        or case.stance == "hostile"
        or refusals >= case.book.policy.negotiation.refusals_before_intervention
    )


def _entrance_closed(case: Situation) -> bool:
    deadline = evaluate(case, case.book.windows["T-11"]) if case.confirmation == "after" else None
    return deadline is not None and deadline.passed


FLAGS: dict[str, Callable[[Situation], bool]] = {"stuck": _stuck, "entrance_closed": _entrance_closed}
