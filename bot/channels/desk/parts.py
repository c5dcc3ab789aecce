"""What every part of the desk works with."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import datetime

from bot.cases.service import CaseService
from bot.channels.web.rate_limit import Rate
from bot.conversation.road import Road
from bot.database.engine import Database
from bot.disputes.rulebook import Rulebook
from bot.evidence.service import EvidenceService
from bot.handoff.agents import AgentAccounts
from bot.handoff.service import HandoffService


@dataclass(frozen=True)
class DeskParts:
    """The services behind the desk. ``clock`` gives aware datetimes (Asia/Shanghai)."""

    database: Database
    road: Road
    cases: CaseService
    evidence: EvidenceService
    rulebook: Rulebook
    handoffs: HandoffService
    accounts: AgentAccounts
    clock: Callable[[], datetime]


@dataclass(frozen=True)
class DeskLimits:
    """How often; how many streams one session may have open; how long a step is waited for (seconds).

    A log-in is counted before the password is looked at: guessing costs the same whether it hits or not.
    """

    logins_per_name: Rate = field(default_factory=lambda: Rate(burst=10, per_minute=2))
    logins_per_address: Rate = field(default_factory=lambda: Rate(burst=30, per_minute=10))
    requests_per_address: Rate = field(default_factory=lambda: Rate(burst=600, per_minute=2400))
    lines_per_agent: Rate = field(default_factory=lambda: Rate(burst=20, per_minute=60))
    streams_per_agent: int = 16
    step_wait_s: float = 5.0
