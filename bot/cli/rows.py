"""Reading JSON-lines files: every line is checked before the first one is used."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

from bot.cli.output import fail

Row = dict[str, Any]


def read_rows(path: Path, fault: Callable[[Row], str | None]) -> list[Row]:
    """The objects of a JSON-lines file.

    Args:
        fault: says what is wrong with a row, None for a good one.

    Raises:
        SystemExit: the file cannot be read, has no rows, or a line is not what ``fault`` wants; names the line.
    """
    rows: list[Row] = []
    # Only "\n" ends a line: str.splitlines would also cut inside a JSON string at U+2028 or U+0085.
    for number, line in enumerate(read_text(path).split("\n"), start=1):
        if not line.strip():
            continue
        try:
            row = json.loads(line)
        except json.JSONDecodeError as error:
            fail(f"{path} line {number} is not JSON ({error.msg}): write one JSON object a line")
        except (ValueError, RecursionError) as error:
            fail(f"{path} line {number} cannot be read as JSON ({error}): write one JSON object a line")
        wrong = fault(row) if isinstance(row, dict) else f"expected a JSON object, found {kind_of(row)}"
        if wrong:
            fail(f"{path} line {number}: {wrong}")
        rows.append(row)
    if not rows:
        fail(f"{path} is empty: write one JSON object a line")
    return rows


def read_text(path: Path) -> str:
    """The text of a UTF-8 file, with or without a byte order mark.

    Raises:
        SystemExit: it cannot be read.
    """
    try:
        return path.read_text(encoding="utf-8-sig")
    except OSError as error:
        fail(f"cannot read {path}: {error.strerror}; check the path")
    except UnicodeDecodeError as error:
        fail(f"cannot read {path}: byte {error.start} is not UTF-8; save the file as UTF-8")
    except ValueError as error:  # a NUL in the path
        fail(f"cannot read {str(path)!r}: {error}; check the path")


def text_fault(row: Row) -> str | None:
    """What is wrong with a row to be read: "text" and "context" have to be strings."""
    if "text" not in row:
        return f'"text" is missing; found {", ".join(map(repr, row)) or "nothing"}'
    if not isinstance(row["text"], str):
        return f'"text" has to be a string, found {kind_of(row["text"])}'
    if not isinstance(row.get("context"), str | None):
        return f'"context" has to be a string, found {kind_of(row["context"])}'
    return None


def kind_of(value: object) -> str:
    """What JSON calls a value of this kind."""
    if value is None:
        return "null"
    names = {dict: "an object", list: "a list", str: "a string", bool: "true or false"}
    return names.get(type(value), "a number")
