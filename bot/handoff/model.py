"""What a handoff is: its states and the moves between them, who works at the desk, what the desk shows."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from enum import Enum
from typing import Any, Literal

Role = Literal["agent", "supervisor"]
Priority = Literal["high", "normal"]


class HandoffState(str, Enum):
    """How far a handoff is. QUEUED, HUMAN and WRAP_UP are active: a conversation has one of them at most."""

    QUEUED = "queued"
    HUMAN = "human"
    WRAP_UP = "wrap_up"  # the agent has said goodbye and is still writing things down
    RETURNED = "returned"
    CLOSED = "closed"
    CANCELLED = "cancelled"
    TIMED_OUT = "timed_out"
    LEFT_MESSAGE = "left_message"


ACTIVE = frozenset({HandoffState.QUEUED, HandoffState.HUMAN, HandoffState.WRAP_UP})
HELD = frozenset({HandoffState.HUMAN, HandoffState.WRAP_UP})
"""The states in which an agent has the conversation."""

MOVES: Mapping[str, tuple[frozenset[HandoffState], HandoffState]] = {
    "cancel": (frozenset({HandoffState.QUEUED}), HandoffState.CANCELLED),
    "expire": (frozenset({HandoffState.QUEUED}), HandoffState.TIMED_OUT),
    "leave_message": (
        frozenset({HandoffState.QUEUED, HandoffState.TIMED_OUT, HandoffState.LEFT_MESSAGE}),
        HandoffState.LEFT_MESSAGE,
    ),
    "claim": (frozenset({HandoffState.QUEUED, HandoffState.LEFT_MESSAGE}), HandoffState.HUMAN),
    "release": (frozenset({HandoffState.HUMAN}), HandoffState.QUEUED),
    "wrap_up": (frozenset({HandoffState.HUMAN}), HandoffState.WRAP_UP),
    "resume": (frozenset({HandoffState.WRAP_UP}), HandoffState.HUMAN),
    "hand_back": (HELD, HandoffState.RETURNED),
    "close": (HELD, HandoffState.CLOSED),
}
"""Every way from one state to another: its name, where it may start, where it leads."""

OWNERS: Mapping[HandoffState, str] = {
    HandoffState.QUEUED: "queued",
    HandoffState.HUMAN: "human",
    HandoffState.WRAP_UP: "wrap_up",
    HandoffState.CLOSED: "closed",
}
"""Who owns the conversation in a state; in all others it is the bot."""

EVENT_NAMES: Mapping[str, str] = {
    "request": "申请人工",
    "cancel": "买家取消排队",
    "expire": "等待超时",
    "leave_message": "买家留言",
    "claim": "接入",
    "take_over": "主动接入",
    "release": "放回队列",
    "wrap_up": "开始收尾",
    "resume": "继续服务",
    "hand_back": "交回小助手",
    "close": "结束会话",
    "note": "添加备注",
    "erase": "按买家要求删除资料",
}
"""The Chinese names of what the audit trail records, for the desk."""


class Reason(str, Enum):
    """Why a person is wanted."""

    USER_REQUEST = "user_request"
    LOW_CONFIDENCE = "low_confidence"
    REPEAT_FAILURE = "repeat_failure"
    HIGH_AMOUNT = "high_amount"
    SAFETY = "safety"
    LEGAL_THREAT = "legal_threat"
    AGENT = "agent"


URGENT = frozenset({Reason.SAFETY, Reason.LEGAL_THREAT, Reason.HIGH_AMOUNT})
"""The reasons that go before others in the queue."""


class Disposition(str, Enum):
    """How a closed conversation ended."""

    RESOLVED = "resolved"
    UNRESOLVED = "unresolved"
    REFERRED = "referred"
    SPAM = "spam"


@dataclass(frozen=True)
class Settlement:
    """What the agent settled; ``amount`` in yuan."""

    text: str
    outcome: str = ""
    amount: Decimal | None = None

    def to_json(self) -> dict[str, str]:
        """As it is stored; the amount like "120.50", left out when there is none."""
        plain = {"text": self.text, "outcome": self.outcome}
        return plain if self.amount is None else {**plain, "amount": f"{self.amount:.2f}"}


@dataclass(frozen=True)
class Agent:
    """Somebody who works at the desk: ``name`` logs in, ``display_name`` is what buyers see."""

    id: int
    name: str
    display_name: str
    role: Role


@dataclass(frozen=True)
class Handoff:
    """One handing over of a conversation, with the columns of its table."""

    id: str
    conversation_id: str
    channel: str
    case_id: str | None
    state: HandoffState
    reason: Reason
    reason_detail: str
    trigger_message_id: str | None
    priority: Priority
    summary: str
    nearest_due: datetime | None
    nearest_name: str | None
    requested_at: datetime
    claimed_at: datetime | None = None
    ended_at: datetime | None = None
    agent_id: int | None = None
    agent_name: str | None = None  # as buyers see it
    disposition: Disposition | None = None
    settled: dict[str, Any] | None = None
    left_text: str | None = None
    version: int = 1


@dataclass(frozen=True)
class QueueItem:
    """One line of the desk's queue.

    Attributes:
        waiting_s: whole seconds the buyer waits, or waited until an agent came.
        position: the place in the queue from 1; None unless queued.
    """

    handoff: Handoff
    waiting_s: int
    position: int | None
    intervention_number: str | None = None


@dataclass(frozen=True)
class Requested:
    """The answer to a wish for a person.

    Attributes:
        status: ``already``: in the queue or with an agent; ``no_desk``: nobody works here;
            ``closed_hours``: nothing was queued.
        position: the place in the queue from 1; 0 when not in it.
        opens: when the desk opens next; only with ``closed_hours``.
    """

    status: Literal["queued", "already", "no_desk", "closed_hours"]
    position: int = 0
    opens: datetime | None = None


@dataclass(frozen=True)
class Status:
    """Who answers the buyer now, and the place in the queue from 1."""

    owner: str
    queue_position: int | None = None
    agent_name: str | None = None


@dataclass(frozen=True)
class Note:
    """What an agent wrote down for colleagues; buyers never see it."""

    at: datetime
    agent_name: str
    text: str


@dataclass(frozen=True)
class HandoffEvent:
    """One entry of the audit trail. ``actor`` is an agent's log-in name, or ``buyer``, ``bot``, ``system``."""

    at: datetime
    actor_type: str
    actor: str
    what: str
    detail: dict[str, Any] = field(default_factory=dict)
