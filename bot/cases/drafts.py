"""Texts written for the buyer to hand in themselves (文稿): kept in the case's audit trail, none of them sent by us.

A draft is no filing. What was handed in to the desk stands in the intervention's record.
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.cases.model import Case

_DRAFTED = "draft."
NAMES = {
    "rebuttal": "对商家举证的回应",
    "appeal": "申诉稿",
    "complaint": "12315 投诉稿",
    "report": "12315 举报稿",
    "pleading": "起诉状提纲",
    "urging": "询问进度的话",
}
"""The kinds of drafts with their Chinese names."""


@dataclass(frozen=True)
class Draft:
    """`template` = name and version of what it was made with; `blanks` = what the buyer still has to fill in."""

    kind: str
    text: str
    at: datetime
    template: str = ""
    blanks: tuple[str, ...] = ()
    message_id: str | None = None


def keep_draft(
    case: Case,
    kind: str,
    text: str,
    now: datetime,
    *,
    template: str = "",
    blanks: tuple[str, ...] = (),
    message_id: str | None = None,
) -> bool:
    """Keep a draft with the case; False when the newest of its kind says the same.

    Raises:
        KeyError: no such kind (see `NAMES`).
    """
    NAMES[kind]
    before = newest_draft(case, kind)
    if before is not None and before.text == text:
        return False
    detail = {"text": text, "template": template, "blanks": list(blanks), "message_id": message_id}
    case.record(now, "bot", f"{_DRAFTED}{kind}", detail)
    return True


def drafts_of(case: Case) -> list[Draft]:
    """The newest draft of each kind, in the order they were first written."""
    newest: dict[str, Draft] = {}
    for entry in case.audit:
        kind = entry.what.removeprefix(_DRAFTED)
        if kind in NAMES and kind != entry.what:
            detail = entry.detail
            newest[kind] = Draft(
                kind,
                str(detail.get("text") or ""),
                entry.at,
                str(detail.get("template") or ""),
                tuple(str(one) for one in detail.get("blanks") or ()),
                detail.get("message_id"),
            )
    return list(newest.values())


def newest_draft(case: Case, kind: str) -> Draft | None:
    """The last draft of a kind; None when there was none."""
    return next((one for one in drafts_of(case) if one.kind == kind), None)
