"""The lines of a conversation for ``bot converse``: from a file, all checked first, or as they come in."""

from __future__ import annotations

import json
from collections.abc import AsyncIterator
from pathlib import Path

from bot.cli.keyboard import Lines
from bot.cli.rows import Row, kind_of, read_rows

KEYS = ("text", "upload", "button")


def turn_fault(row: Row) -> str | None:
    """What is wrong with the form of a turn, None for a good one."""
    named = [key for key in KEYS if key in row]
    if len(named) != 1:
        found = ", ".join(map(repr, row)) or "nothing"
        return f'a turn needs one of "text", "upload" or "button"; found {found}'
    value = row[named[0]]
    if not isinstance(value, str):
        return f'"{named[0]}" has to be a string, found {kind_of(value)}'
    return None


def script_turns(path: Path) -> list[Row]:
    """The turns of a script; one that cannot be played to its end is refused before its first turn.

    Raises:
        SystemExit: names the line and what is wrong with it.
    """
    return read_rows(path, lambda row: turn_fault(row) or _file_fault(row))


def _file_fault(row: Row) -> str | None:
    if "upload" in row and not Path(row["upload"]).is_file():
        return f"there is no file {row['upload']!r} to upload: check the path"
    return None


async def typed_turns() -> AsyncIterator[Row]:
    """Turns from standard input, JSON or plain text; empty lines are passed over."""
    lines = Lines()
    while (line := await lines.next()) is not None:
        if line.strip():
            yield as_turn(line)


def as_turn(line: str) -> Row:
    """A JSON object that names a kind of turn is one; whatever else is typed is text."""
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return {"text": line}
    return row if isinstance(row, dict) and set(KEYS) & set(row) else {"text": line}
