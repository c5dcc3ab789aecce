"""What the commands print: progress with times on stderr, results on stdout, errors in one sentence."""

from __future__ import annotations

import contextlib
import json
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import typer


def fail(sentence: str) -> NoReturn:
    """End the command with exit code 1 and one sentence for the operator."""
    typer.secho(f"bot: {sentence}", err=True, fg=typer.colors.RED)
    sys.exit(1)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Say on stderr that a step began, and how long it took when it was longer than 2 s."""
    begun = time.monotonic()
    print(f"==> {name}", file=sys.stderr, flush=True)
    yield
    took = time.monotonic() - begun
    if took > 2:
        print(f"    done in {took:.0f} s", file=sys.stderr, flush=True)


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """JSON with real Chinese on stdout."""
    print(json.dumps(value, ensure_ascii=False, indent=indent), flush=True)


def read_jsonl(path: Path) -> list[dict[str, Any]]:
    """The objects of a JSON-lines file; names the line that is not one.

    Raises:
        SystemExit: the file cannot be read, or a line is not a JSON object.
    """
    rows: list[dict[str, Any]] = []
    try:
        text = path.read_text(encoding="utf-8")
    except (OSError, UnicodeDecodeError) as error:
        fail(f"cannot read {path}: {error}")
    for number, line in enumerate(text.splitlines(), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            fail(f"{path} line {number} is not JSON: {error.msg}")
        if not isinstance(row, dict):
            fail(f"{path} line {number} is not a JSON object")
        rows.append(row)
    return rows
