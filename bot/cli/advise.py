"""``bot advise``: the rulebook alone, on facts from a file."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING, Any

import typer

from bot.cli.output import fail, print_json, refuse_unwritable
from bot.cli.rows import read_text

if TYPE_CHECKING:
    from datetime import datetime

    from bot.disputes.advise import Advice
    from bot.disputes.model import CaseView
    from bot.disputes.rulebook import Rulebook

_SEE_SCHEMA = "`bot advise --schema` lists what there is"


def advise(
    facts: Path = typer.Option(
        None,
        "--facts",
        help='JSON: {"types": [..], "facts": {..}, "evidence"?: ["E01", ..], "stage"?: ".."}.',
        show_default=False,
    ),
    at: str = typer.Option("", "--at", help="The moment to advise for (ISO 8601; default: now)."),
    ics: Path = typer.Option(
        None,
        "--ics",
        help="Also write the deadlines that lie ahead to this calendar file.",
        show_default=False,
    ),
    schema: bool = typer.Option(False, "--schema", help="Print which facts and types there are, and stop."),
) -> None:
    """Say what a case still needs: gates, evidence, burden of proof, deadlines, remedies, next step.

    Everything is printed as JSON with the source it follows from. No model and no database are needed. Facts that
    cannot be right end the command with a named error, such as signed_before_paid.
    """
    from bot.cli.moments import moment_or_now
    from bot.disputes.advise import advise as ask_rulebook
    from bot.settings import load_settings
    from bot.wiring import rulebook_of

    rulebook = rulebook_of(load_settings())
    if schema:
        print_json(_schema(rulebook))
        return
    if facts is None:
        fail("name a file with --facts, or ask what belongs in it with --schema")
    if ics is not None:
        refuse_unwritable(ics)
    now = moment_or_now(at)
    view = view_from_file(facts, now, rulebook)
    advice = ask_rulebook(view, now, rulebook)
    print_json(advice.to_json())
    if ics is not None:
        _write_calendar(ics, advice, view, now, rulebook)


def _write_calendar(file: Path, advice: Advice, view: CaseView, now: datetime, rulebook: Rulebook) -> None:
    from bot.disputes.calendar_export import ics

    named = [name for name in (view.facts.product, view.facts.order_number) if name]
    title = " ".join([*named, "、".join(card.name for card in rulebook.cards(view.types))])
    file.write_bytes(ics(advice.deadlines, now, title, rulebook.source_labels).encode("utf-8"))


def view_from_file(file: Path, now: Any, rulebook: Rulebook) -> CaseView:
    """The case in a JSON file. Raises SystemExit with one sentence when it cannot be read or holds what nobody knows."""
    from bot.disputes.case_json import check_types, view_from_json
    from bot.disputes.facts import FactError

    try:
        given = json.loads(read_text(file))
    except json.JSONDecodeError as error:
        fail(f"{file} is not JSON (line {error.lineno}: {error.msg}): write one JSON object")
    except (ValueError, RecursionError) as error:
        fail(f"{file} cannot be read as JSON ({error}): write one JSON object")
    try:
        view = view_from_json(given, now)
        check_types(view.types, rulebook.types)
    except FactError as error:
        remedy = _SEE_SCHEMA if error.reason_en.startswith("unknown") else "correct it in the file"
        fail(f"{file}: {error.code}: {error.fact}: {error.reason_en}; {remedy}")
    _refuse_unknown(file, view, rulebook)
    return view


def _refuse_unknown(file: Path, view: CaseView, rulebook: Rulebook) -> None:
    """A name that is misspelt must not be passed over in silence: the advice would be another."""
    from bot.cases.model import Stage

    stages = [stage.value for stage in Stage]
    named: tuple[tuple[str, list[str], Any], ...] = (
        ("evidence", [held.kind or "" for held in view.evidence], rulebook.evidence),
        ("fact in declined", sorted(view.declined), rulebook.facts),
        ("stage", [view.stage], stages),
    )
    for what, given, known in named:
        unknown = [one for one in given if one not in known]
        if unknown:
            more = f"; the stages are {', '.join(stages)}" if what == "stage" else f"; {_SEE_SCHEMA}"
            fail(f"{file}: unknown {what} {', '.join(unknown)}{more}")


def _schema(rulebook: Rulebook) -> dict[str, object]:
    """What a file may hold, and the ids that the answer uses."""
    from bot.cases.model import Stage

    facts = {
        name: {
            "label": kind.label,
            "kind": kind.kind,
            "why": kind.why,
            **({"choices": dict(kind.choices)} if kind.choices else {}),
        }
        for name, kind in rulebook.facts.items()
    }
    return {
        "types": {code: card.name for code, card in rulebook.types.items()},
        "facts": facts,
        "evidence": {kind: one.name for kind, one in rulebook.evidence.items()},
        "stages": [stage.value for stage in Stage],
        "deadlines": {key: window.name for key, window in rulebook.windows.items()},
        "remedies": {key: rule.name for key, rule in rulebook.policy.remedies.items()},
    }
