"""``bot advise``: the rulebook alone, on facts from a file."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from bot.cli.output import fail, print_json
from bot.disputes.rulebook import Rulebook


def advise(
    facts: Path = typer.Option(
        None,
        "--facts",
        help='JSON: {"types": [..], "facts": {..}, "evidence"?: ["E01", ..], "stage"?: ".."}.',
    ),
    at: str = typer.Option("", "--at", help="The moment to advise for (ISO 8601; default: now)."),
    schema: bool = typer.Option(False, "--schema", help="Print which facts and types there are, and stop."),
) -> None:
    """Print gates, evidence gaps, who must prove next, deadlines, remedies and the next step, each with its source."""
    from bot.cli.moments import moment_or_now
    from bot.disputes.advise import advise as ask_rulebook
    from bot.disputes.case_json import view_from_json
    from bot.disputes.facts import FactError
    from bot.disputes.rulebook import load_rulebook
    from bot.settings import load_settings

    rulebook = load_rulebook(load_settings().overrides_dir)
    if schema:
        print_json(_schema(rulebook))
        return
    if facts is None:
        fail("name a file with --facts, or ask what belongs in it with --schema")
    try:
        given = json.loads(facts.read_text(encoding="utf-8"))
        now = moment_or_now(at)
        print_json(ask_rulebook(view_from_json(given, now), now, rulebook).to_json())
    except OSError as error:
        fail(f"cannot read {facts}: {error.strerror}")
    except json.JSONDecodeError as error:
        fail(f"{facts} is not JSON: line {error.lineno}: {error.msg}")
    except FactError as error:
        fail(f"fact {error.fact}: {error.reason_en}（{error.reason_zh}）")


def _schema(rulebook: Rulebook) -> dict[str, object]:
    facts = {
        name: {
            "label": kind.label,
            "kind": kind.kind,
            **({"choices": dict(kind.choices)} if kind.choices else {}),
        }
        for name, kind in rulebook.facts.items()
    }
    return {
        "types": {code: card.name for code, card in rulebook.types.items()},
        "facts": facts,
        "evidence": {kind: one.name for kind, one in rulebook.evidence.items()},
    }
