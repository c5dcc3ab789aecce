"""What the buyer tells of the platform: a proposal, a ruling. Statements of the buyer, never steps of the desk.

They are written to the case's audit trail and, while an intervention is open, into its history in words that say who
tells them; the intervention's state stays what the desk has made it.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from bot.cases.model import AuditEntry, Case
from bot.intervention.states import State, add_note
from bot.intervention.steps import RESULTS, TAKEN, newest

_PROPOSED, _ANSWERED, _RULED = "told.proposal", "told.answer", "told.ruling"
_UNDECIDED = (State.ACCEPTED.value, State.EVIDENCE.value, State.MEDIATION.value)


@dataclass(frozen=True)
class ToldProposal:
    """A proposal as the buyer tells it; `amount` in yuan, None when it is not about a sum."""

    words: str
    amount: Decimal | None
    at: datetime


def note_proposal(
    case: Case, words: str, amount: Decimal | None, now: datetime, *, message_id: str | None = None
) -> None:
    """Note what the buyer says the platform proposes."""
    detail = {"words": words, "amount": None if amount is None else str(amount), "message_id": message_id}
    case.record(now, "buyer", _PROPOSED, detail)
    _into_history(case, f"买家转述平台的方案：{words}", now)


def told_proposal(case: Case) -> ToldProposal | None:
    """The last proposal that was told, while it still waits for a decision; the desk's own comes before it."""
    if told_ruling(case) is not None or _decided(case):
        return None
    last = next((one for one in reversed(case.audit) if one.what == _PROPOSED or _of_the_desk(one)), None)
    if last is None or last.what != _PROPOSED:
        return None
    amount = last.detail["amount"]
    return ToldProposal(str(last.detail["words"]), Decimal(amount) if amount else None, last.at)


def note_told_answer(case: Case, accepted: bool, now: datetime, *, message_id: str | None = None) -> None:
    """Note what the buyer thinks of the proposal told."""
    case.record(now, "buyer", _ANSWERED, {"accepted": accepted, "message_id": message_id})
    _into_history(case, f"买家对转述的平台方案表示{'接受' if accepted else '不接受'}", now)


def note_ruling(
    case: Case, result: str, now: datetime, *, message_id: str | None = None, origin: str = "buyer"
) -> None:
    """Note the ruling that the buyer tells of, as a fact of theirs."""
    case.take("ruling", result, at=now, message_id=message_id, origin=origin)
    case.record(now, "buyer", _RULED, {"result": result, "message_id": message_id})
    _into_history(case, f"买家转述平台的判决：{RESULTS[result]}（买家说的，不是工作人员的记录）", now)


def told_ruling(case: Case) -> str | None:
    """The ruling by the buyer's word alone (a key of `RESULTS`); None without one, or once the desk has ruled."""
    if "ruling" not in case.facts or _decided(case):
        return None
    return str(case.facts["ruling"].value)


def _of_the_desk(entry: AuditEntry) -> bool:
    return entry.what == TAKEN and entry.detail.get("kind") == "propose"


def _decided(case: Case) -> bool:
    return newest(case, "rule") is not None or newest(case, "decide_review") is not None


def _into_history(case: Case, note: str, now: datetime) -> None:
    if case.intervention is not None and case.intervention.state in _UNDECIDED:
        add_note(case, note, now)
