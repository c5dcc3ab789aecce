"""What to do after the platform has ruled (判定之后): exactly one next action, or the one fact to ask first.

The second seed's matrix: filed before or after 确认收货 × new evidence or not; JD by its seven days of appeal (总则 9).
"""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime

from bot.disputes.findings import Deadline
from bot.disputes.new_evidence import NewEvidence
from bot.disputes.ruling_rules import AfterRuling
from bot.disputes.situation import Situation
from bot.disputes.windows import evaluate

APPEAL = "T-17"


@dataclass(frozen=True)
class NextAction:
    """`action`: check_execution | after_sale_with_new_evidence | negotiate_then_service | negotiate | appeal |
    go_outside | ask. `cell` = the cell of after_ruling.yml, empty when asking; `needs` = the fact to ask;
    `ladder` = the steps beyond (X1..X9); `due` = until when, where there is an end."""

    action: str
    cell: str
    say_zh: str
    then_zh: str
    needs: str | None
    ladder: tuple[str, ...]
    due: datetime | None
    sources: tuple[str, ...]


def after_ruling(case: Situation, fresh: NewEvidence) -> NextAction | None:
    """The one thing to do next; None while the platform has not ruled and nobody says it has."""
    rules = case.book.procedure.after_ruling
    if not _is_about_a_ruling(case, rules):
        return None
    cell = _cell(case, fresh)
    if cell not in rules.cells:
        return _ask(case, rules, cell)
    found = rules.cells[cell]
    appeal = evaluate(case, case.book.windows[APPEAL]) if found.action == "appeal" else None
    due = appeal.due if appeal is not None and not appeal.passed else None
    return NextAction(
        found.action, cell, found.say, found.then, None, found.ladder, due, case.applicable(found.sources)
    )


def _is_about_a_ruling(case: Situation, rules: AfterRuling) -> bool:
    facts = case.facts
    ruled = facts.ruling is not None or facts.ruled_at is not None
    return ruled or case.view.stage in rules.followed_stages or case.any_type(rules.about)


def _ask(case: Situation, rules: AfterRuling, fact: str) -> NextAction:
    return NextAction(
        "ask", "", rules.ask[fact], "", fact, (), None, case.applicable(rules.ask_sources[fact])
    )


def _cell(case: Situation, fresh: NewEvidence) -> str:
    """The cell, or the fact that decides which."""
    ruling = case.facts.ruling
    if ruling == "supported":
        return ruling
    if ruling is None and "ruling" not in case.view.declined:
        return "ruling"
    if case.facts.platform == "jd":
        return _on_jd(case, fresh)
    if not case.on_taobao:
        new = _has_new(case, fresh)
        return "new_evidence" if new is None else f"other_{'new' if new else 'none'}"
    confirmed = _confirmed_when_filed(case)
    if confirmed is None:
        return "confirmed_when_filed"
    new = _has_new(case, fresh)
    if new is None:
        return "new_evidence"
    return f"{'after' if confirmed else 'before'}_{'new' if new else 'none'}"


def _on_jd(case: Situation, fresh: NewEvidence) -> str:
    new = _has_new(case, fresh)
    if new is None:
        return "new_evidence"
    if not new:
        return "jd_none"
    appeal: Deadline | None = evaluate(case, case.book.windows[APPEAL])
    if appeal is None or appeal.due is None:
        return "jd_new" if "ruled_at" in case.view.declined else "ruled_at"
    return "jd_late" if appeal.passed else "jd_new"


def _has_new(case: Situation, fresh: NewEvidence) -> bool | None:
    """A piece that counts settles it; then what the buyer says; no answer to the question means none."""
    if fresh.counts:
        return True
    if case.facts.new_evidence is not None:
        return case.facts.new_evidence
    if "new_evidence" in case.view.declined:
        return False
    return None


def _confirmed_when_filed(case: Situation) -> bool | None:
    """As told; else from the dates; an order that is not confirmed today was not confirmed then either."""
    facts = case.facts
    if facts.confirmed_when_filed is not None:
        return facts.confirmed_when_filed
    if case.confirmation == "before":
        return False
    filed = case.view.opened_at or facts.intervention_accepted_at
    if filed is not None and facts.confirmed_at is not None:
        return facts.confirmed_at <= filed
    if "confirmed_when_filed" in case.view.declined:
        return True  # the stricter branch, where nothing is left to wait for
    return None
