"""What the commands print: progress with times on stderr, results on stdout, errors in one sentence."""

from __future__ import annotations

import contextlib
import json
import os
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any, NoReturn

import typer


def fail(sentence: str) -> NoReturn:
    """End the command with exit code 1 and one sentence for the operator."""
    note(sentence)
    sys.exit(1)


def note(sentence: str) -> None:
    """One sentence for the operator on stderr; the command goes on."""
    # Messages of libraries come with line breaks, which would make one problem look like several.
    typer.secho(f"bot: {printable(' '.join(sentence.split()))}", err=True, fg=typer.colors.RED)


@contextlib.contextmanager
def step(name: str) -> Iterator[None]:
    """Say on stderr that a step began, and how long it took when it was longer than 2 s."""
    begun = time.monotonic()
    print(f"==> {name}", file=sys.stderr, flush=True)
    yield
    took = time.monotonic() - begun
    if took > 2:
        print(f"    done in {took:.0f} s", file=sys.stderr, flush=True)


def printable(text: str) -> str:
    """``text`` with lone surrogates, which no encoding can carry, written as ``\\ud800``."""
    return text.encode("utf-8", "backslashreplace").decode("utf-8")


def print_json(value: Any, *, indent: int | None = 2) -> None:
    """JSON with real Chinese on stdout."""
    # Inside a JSON string the replacement is the escape for the same surrogate, so nothing is changed.
    print(printable(json.dumps(value, ensure_ascii=False, indent=indent)), flush=True)


def refuse_unwritable(path: Path) -> None:
    """End the command before its work is done in vain when a result could not be written to ``path``."""
    folder = path.parent
    if path.is_dir():
        fail(f"cannot write {path}: it is a folder; name a file in it")
    if not folder.is_dir():
        fail(f"cannot write {path}: the folder {folder} does not exist; make it or name another file")
    if not os.access(path if path.exists() else folder, os.W_OK):
        fail(f"cannot write {path}: this user has no right to; name another file")


def write_result(path: Path, text: str) -> None:
    """Write a whole file or none: what was there before stays when the disk is full."""
    data = printable(text).encode("utf-8")
    whole = not path.exists() or (path.is_file() and not path.is_symlink())
    target = path.with_name(f".{path.name}.{os.getpid()}.part") if whole else path
    try:
        target.write_bytes(data)
        if whole:
            target.replace(path)
    except OSError as error:
        if whole:
            with contextlib.suppress(OSError):
                target.unlink()
        fail(f"cannot write {path}: {error.strerror}; make room or name another file")
