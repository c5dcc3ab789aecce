"""``bot parse`` and ``bot evaluate``: what the language part reads in a text, and how well it reads."""

from __future__ import annotations

import json
from pathlib import Path

import typer

from bot.cli.output import fail, print_json, read_jsonl, step


def parse(
    text: str = typer.Argument("", help="One text to read; leave it out with --input."),
    input_: Path = typer.Option(None, "--input", help='JSON lines: {"text", "context"?}.'),
    output: Path = typer.Option(None, "--output", help="Where to write the same lines with what was read."),
    model: Path = typer.Option(None, "--model", help="A model archive (default: the newest)."),
    at: str = typer.Option("", "--at", help="Read dates as of this moment (ISO 8601; default: now)."),
) -> None:
    """Read texts: intent, dispute types, entities with their values."""
    from bot.cli.moments import moment_or_now
    from bot.nlu.parse import Parser, newest_model

    if not text and input_ is None:
        fail("give a text, or a file with --input")
    rows = read_jsonl(input_) if input_ else [{"text": text}]
    now = moment_or_now(at)
    with step("loading the model"):
        parser = Parser(model or newest_model(_models_dir()))
    read = [
        {**row, **parser.parse(str(row.get("text", "")), context=row.get("context"), now=now)} for row in rows
    ]
    if output:
        lines = "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in read)
        output.write_text(lines, encoding="utf-8")
    else:
        for row in read:
            print_json(row, indent=None if input_ else 2)


def evaluate(
    data: Path = typer.Option(..., "--data", help="JSON lines with text, label, alt_labels, entities."),
    as_json: bool = typer.Option(False, "--json", help="One JSON object instead of a table."),
    model: Path = typer.Option(None, "--model", help="A model archive (default: the newest)."),
) -> None:
    """Measure the language part on labelled real text."""
    from bot.nlu.evaluate import evaluate as measure
    from bot.nlu.evaluate import table
    from bot.nlu.parse import Parser, newest_model

    rows = read_jsonl(data)
    with step("loading the model"):
        parser = Parser(model or newest_model(_models_dir()))
    report = measure(
        rows, lambda wanted: [parser.parse(str(r["text"]), context=r.get("context")) for r in wanted]
    )
    if as_json:
        print_json(report.to_json())
    else:
        from rich.console import Console

        Console().print(table(report))


def _models_dir() -> Path:
    from bot.settings import load_settings

    return load_settings().models_dir
