"""Cleaning of everything that comes from outside, in one place, on the way in.

Why each rule exists (all seen on stock Rasa 3.6.21):
NUL and lone surrogates cannot be stored by every database; a leading "/" after `str.strip()` is read by
Rasa as an intent with entities, so typed text could set slots; a sender id with odd bytes ends the process.
"""

from __future__ import annotations

import re

MAX_STORED = 5000  # characters kept in the message log
MAX_READ = 2000  # characters the NLU reads

FULLWIDTH_SOLIDUS = "／"
_IDENTIFIER = re.compile(r"[A-Za-z0-9_.:\-]{1,128}")
_UNSTORABLE = re.compile("[\x00\ud800-\udfff]")


def clean_text(text: str) -> str:
    """Return `text` without NUL and lone surrogates and unable to be read as a Rasa command.

    Whitespace at both ends goes; a "/" in front becomes "／". The length is not touched.
    """
    stripped = _UNSTORABLE.sub("", text).strip()
    if stripped.startswith("/"):
        return FULLWIDTH_SOLIDUS + stripped[1:]
    return stripped


def clean_json(value: object) -> object:
    """Return `value` with every string in it freed of NUL and lone surrogates (keys included)."""
    if isinstance(value, str):
        return _UNSTORABLE.sub("", value)
    if isinstance(value, dict):
        return {_UNSTORABLE.sub("", str(key)): clean_json(item) for key, item in value.items()}
    if isinstance(value, list | tuple):
        return [clean_json(item) for item in value]
    return value


def for_reading(text: str) -> str:
    """The part of a message that the NLU gets: the first MAX_READ characters."""
    return text[:MAX_READ]


def is_identifier(value: object) -> bool:
    """True for an id that is safe in SQL, logs and file names: 1–128 of A–Z a–z 0–9 _ . : -"""
    return isinstance(value, str) and _IDENTIFIER.fullmatch(value) is not None
