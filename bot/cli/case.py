"""``bot case``: list, show and export stored cases."""

from __future__ import annotations

import asyncio
from pathlib import Path
from typing import Any

import typer

from bot.cli.output import fail, print_json, refuse_unwritable, write_result

app = typer.Typer(no_args_is_help=True)

_NUMBER = typer.Argument(..., help="An intervention number or a case id.", show_default=False)


@app.command("list")
def list_cases(limit: int = typer.Option(50, help="How many, newest first.", min=1, max=100_000)) -> None:
    """One line for each case: id, intervention number, stage, types, when."""
    from rich.console import Console
    from rich.table import Table

    table = Table("case", "intervention", "stage", "types", "updated")
    for one in asyncio.run(_with_cases(lambda cases: cases.list(limit=limit, offset=0))):
        number = one.intervention.number if one.intervention else ""
        table.add_row(
            one.id, number, one.stage.value, " ".join(one.types), f"{one.updated_at:%Y-%m-%d %H:%M}"
        )
    # Through one print: rich ends the process by itself when the reader of a pipe has gone.
    console = Console()
    with console.capture() as drawn:
        console.print(table)
    print(drawn.get(), end="", flush=True)


@app.command("show")
def show(
    number: str = _NUMBER,
    as_json: bool = typer.Option(False, "--json", help="JSON instead of text."),
) -> None:
    """Everything stored of one case: facts, evidence hashes, rounds, deadlines, statement, history."""
    from bot.cases.export import to_json, to_text

    case = _find(number)
    if as_json:
        print_json(to_json(case))
    else:
        print(to_text(case))


@app.command("export")
def export(
    number: str = _NUMBER,
    output: Path = typer.Option(..., "--output", help="File to write the JSON to.", show_default=False),
) -> None:
    """Write one case as JSON to a file."""
    import json

    from bot.cases.export import to_json

    refuse_unwritable(output)
    write_result(output, json.dumps(to_json(_find(number)), ensure_ascii=False, indent=2))
    print(f"written: {output}")


def _find(number: str) -> Any:
    # A byte that is no text arrives as a lone surrogate, which the database refuses to compare.
    wanted = number.encode("utf-8", "replace").decode("utf-8")
    case = asyncio.run(_with_cases(lambda cases: cases.show(wanted)))
    if case is None:
        fail(f"there is no case or intervention {number!r}: `bot case list` shows what there is")
    return case


async def _with_cases(use: Any) -> Any:
    from bot.settings import load_settings
    from bot.wiring import opened

    async with opened(load_settings()) as services:
        return await use(services.cases)
