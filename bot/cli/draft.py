"""``bot draft``: one letter for a case, on facts from a file."""

from __future__ import annotations

from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.output import fail, print_json, printable

if TYPE_CHECKING:
    from datetime import datetime

    from bot.disputes.model import CaseView
    from bot.disputes.rulebook import Rulebook


class Kind(str, Enum):
    """The letters there are."""

    statement = "statement"
    note = "note"
    message = "message"
    rebuttal = "rebuttal"
    appeal = "appeal"
    complaint = "complaint"
    report = "report"
    pleading = "pleading"


def draft(
    facts: Path = typer.Option(
        ..., "--facts", help="The case as JSON, as `bot advise` reads it.", show_default=False
    ),
    kind: Kind = typer.Option(Kind.statement, "--kind", help="Which letter to write."),
    at: str = typer.Option("", "--at", help="The moment to write it at (ISO 8601; default: now)."),
    reason: str = typer.Option(
        "", "--reason", help="For an appeal: what the decision got wrong, in the buyer's words."
    ),
    as_json: bool = typer.Option(False, "--json", help="Print everything as one JSON object."),
) -> None:
    """Write a letter for a case: text, what it cites, its length, what is left to fill in.

    No model and no database are needed. A letter that should not be written ends with the reason.
    """
    from bot.cli.advise import view_from_file
    from bot.cli.moments import moment_or_now
    from bot.settings import load_settings
    from bot.wiring import rulebook_of

    rulebook = rulebook_of(load_settings())
    now = moment_or_now(at)
    written = _written(kind, view_from_file(facts, now, rulebook), now, rulebook, reason)
    if written["refused"]:
        fail(f"no {kind.value}: {written['refused']}")
    if as_json:
        print_json(written)
        return
    print(printable(_shown(written)), flush=True)


def _written(kind: Kind, view: CaseView, now: datetime, rulebook: Rulebook, reason: str) -> dict[str, Any]:
    from bot.disputes import negotiation, statements

    makers = {
        Kind.statement: statements.intervention_statement,
        Kind.note: statements.refund_note,
        Kind.message: negotiation.draft_message,
        Kind.rebuttal: statements.rebuttal,
        Kind.complaint: statements.complaint_12315,
        Kind.report: statements.report_12315,
        Kind.pleading: statements.pleading_outline,
    }
    letter: Any = (
        statements.appeal(view, now, rulebook, reason)
        if kind is Kind.appeal
        else makers[kind](view, now, rulebook)
    )
    refused = getattr(letter, "refused", None)
    return {
        "kind": kind.value,
        "template": letter.template,
        "text": letter.text,
        "length": len(letter.text),
        "limit": getattr(letter, "limit", None),
        "citations": _citations(getattr(letter, "sources", ()), rulebook),
        "dropped": list(getattr(letter, "dropped", ())),
        "fill_in": list(getattr(letter, "blanks", ())),
        "notes": [
            {"text": one.text, "citations": _citations(one.sources, rulebook)}
            for one in getattr(letter, "notes", ())
        ],
        "refused": refused.text if refused else None,
    }


def _citations(sources: tuple[str, ...], rulebook: Rulebook) -> list[dict[str, str]]:
    found = [rulebook.sources[one] for one in sources]
    return [
        {"id": one.id, "label": one.label, "confidence": one.confidence, "as_of": one.as_of.isoformat()}
        for one in found
    ]


def _shown(written: dict[str, Any]) -> str:
    limit = f" of {written['limit']}" if written["limit"] else ""
    lines = [written["text"], "", f"length: {written['length']}{limit} characters"]
    lines += [f"template: {written['template']}"]
    lines += [f"cites: {one['label']} ({_sure(one)})" for one in written["citations"]]
    lines += [f"left out to fit: {', '.join(written['dropped'])}"] if written["dropped"] else []
    lines += [f"to fill in: {'；'.join(written['fill_in'])}"] if written["fill_in"] else []
    for one in written["notes"]:
        cited = "; ".join(f"{source['label']} ({_sure(source)})" for source in one["citations"])
        lines.append(f"note: {one['text']} [{cited}]")
    return "\n".join(lines)


def _sure(source: dict[str, str]) -> str:
    return f"confidence {source['confidence']}, as of {source['as_of']}"
