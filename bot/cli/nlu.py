"""``bot parse`` and ``bot evaluate``: what the language part reads in a text, and how well it reads."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import typer

from bot.cli.output import fail, print_json, refuse_unwritable, step, write_result
from bot.cli.rows import Row, kind_of, read_rows, text_fault

if TYPE_CHECKING:
    from bot.nlu.evaluate import Report
    from bot.nlu.parse import Parser

_MODEL = typer.Option(None, "--model", help="A model archive (default: the newest).", show_default=False)


def parse(
    text: str = typer.Argument("", help="One text to read; leave it out with --input."),
    input_: Path = typer.Option(
        None, "--input", help='JSON lines: {"text", "context"?}.', show_default=False
    ),
    output: Path = typer.Option(
        None, "--output", help="Where to write the same lines with what was read.", show_default=False
    ),
    model: Path = _MODEL,
    at: str = typer.Option("", "--at", help="Read dates as of this moment (ISO 8601; default: now)."),
) -> None:
    """Read texts: intent, dispute types, entities with their values."""
    from bot.cli.moments import moment_or_now

    if bool(text) == (input_ is not None):
        fail("give either a text or a file with --input")
    rows = read_rows(input_, text_fault) if input_ else [{"text": text}]
    now = moment_or_now(at)
    if output:
        refuse_unwritable(output)
    parser = _load(model)
    read = [
        {
            **row,
            **parser.parse(_storable(row["text"]), context=row.get("context"), now=now),
            "text": row["text"],
        }
        for row in rows
    ]
    if output:
        write_result(output, "".join(json.dumps(row, ensure_ascii=False) + "\n" for row in read))
    else:
        for row in read:
            print_json(row, indent=None if input_ else 2)


def evaluate(
    data: Path = typer.Option(
        ..., "--data", help="JSON lines with text, label, alt_labels, entities.", show_default=False
    ),
    as_json: bool = typer.Option(False, "--json", help="One JSON object instead of tables."),
    plot: Path = typer.Option(
        None, "--plot", help="A picture to draw: confusions and calibration (.png).", show_default=False
    ),
    model: Path = _MODEL,
) -> None:
    """Measure the language part on labelled real text."""
    from bot.nlu.evaluate import evaluate as measure

    if plot:
        _refuse_undrawable(plot)
    rows = read_rows(data, _label_fault)
    if not any(row.get("label") for row in rows):
        fail(f'{data} has no labelled row: write {{"text": "..", "label": ".."}}')
    parser = _load(model)
    report = measure(
        rows, lambda wanted: [parser.parse(_storable(r["text"]), context=r.get("context")) for r in wanted]
    )
    if plot:
        _draw(report, plot)
    if as_json:
        print_json(report.to_json())
        return
    from rich.console import Console

    from bot.nlu.report import tables

    for one in tables(report):
        Console().print(one)


def _refuse_undrawable(path: Path) -> None:
    """End the command before its work is done in vain when no picture could be written to ``path``."""
    if path.suffix.lower() != ".png":
        fail(f"cannot draw {path}: the name of the picture has to end in .png")
    refuse_unwritable(path)


def _draw(report: Report, path: Path) -> None:
    from bot.nlu.report import plot as draw

    try:
        draw(report, path)
    except ImportError as error:
        fail(f"cannot draw {path}: {error}; install matplotlib")
    except OSError as error:
        fail(f"cannot write {path}: {error.strerror}; make room or name another file")


def _label_fault(row: Row) -> str | None:
    wrong = text_fault(row)
    if wrong:
        return wrong
    if not isinstance(row.get("label"), str | None):
        return f'"label" has to be a string, found {kind_of(row["label"])}'
    if not isinstance(row.get("alt_labels"), list | None):
        return f'"alt_labels" has to be a list, found {kind_of(row["alt_labels"])}'
    marked = row.get("entities") or []
    if not isinstance(marked, list) or not all(map(_is_entity, marked)):
        return '"entities" has to be a list of {"type": "..", "value": ".."}'
    return None


def _is_entity(one: object) -> bool:
    return isinstance(one, dict) and all(isinstance(one.get(key), str) for key in ("type", "value"))


def _load(model: Path | None) -> Parser:
    from bot.rasa.archive import check_archive, newest_model
    from bot.settings import load_settings

    settings = load_settings()
    archive = model or newest_model(settings.models_dir)
    check_archive(archive)
    with step("loading the model"):
        from bot.nlu.parse import Parser
        from bot.rasa import logs
        from bot.rasa.graph_runner import StraightGraphRunner

        logs.configure(settings.log_level)
        try:
            return Parser(archive, StraightGraphRunner)
        except Exception as error:  # another program's model, another Rasa: a new model helps
            fail(f"the model {archive} cannot be loaded ({error}): run `bot train --force`")


def _storable(text: str) -> str:
    """``text`` as the road would hand it on, but of the same length, so that offsets stay true."""
    return "".join("�" if char == "\x00" or "\ud800" <= char <= "\udfff" else char for char in text)
