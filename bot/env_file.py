"""Reading a ``.env`` file: ``NAME=value`` lines, as shells and Docker write them.

``#`` begins a comment at the start of a line or after a space; a value in quotes keeps its spaces and ``#``.
Nothing is expanded: a password may hold ``$``.
"""

from __future__ import annotations

import re
from pathlib import Path

_LINE = re.compile(r"(?:export\s+)?(?P<name>[A-Za-z_][A-Za-z0-9_]*)\s*=\s*(?P<value>.*)")
_QUOTED = re.compile(r"""(?P<quote>['"])(?P<inside>.*?)(?P=quote)\s*(?:#.*)?""")


class EnvFileError(Exception):
    """The file cannot be read; the message says why and what to do."""


def read_env_file(file: Path) -> dict[str, str]:
    """The values by name; nothing when there is no file.

    Raises:
        EnvFileError: the file cannot be read, or a line is no assignment; names the line, not its content,
            for that may be a secret.
    """
    try:
        text = file.read_text(encoding="utf-8-sig")
    except FileNotFoundError:
        return {}
    except UnicodeDecodeError:
        raise EnvFileError(f"the file {file} is not UTF-8: save it as UTF-8") from None
    except OSError as error:
        raise EnvFileError(f"the file {file} cannot be read ({error.strerror}): check its rights") from None
    values = {}
    for number, line in enumerate(text.splitlines(), start=1):
        stripped = line.strip()
        if not stripped or stripped.startswith("#"):
            continue
        match = _LINE.fullmatch(stripped)
        if match is None:
            raise EnvFileError(f"line {number} of {file} is not NAME=value: correct it or begin it with #")
        values[match["name"]] = _value(match["value"])
    return values


def _value(written: str) -> str:
    quoted = _QUOTED.fullmatch(written)
    if quoted is not None:
        return quoted["inside"]
    return re.split(r"(?:^|\s)#", written, maxsplit=1)[0].strip()
