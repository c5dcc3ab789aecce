"""Replies an agent can send with one click (快捷回复), from canned.yml."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

from bot.disputes.loader import RulebookError, read_mapping

LONGEST_TITLE = 12  # characters
LONGEST_TEXT = 200


@dataclass(frozen=True)
class Canned:
    """``title`` is what the agent picks, ``text`` what the buyer reads."""

    title: str
    text: str


def canned_replies(file: Path | None = None) -> tuple[Canned, ...]:
    """All of them, in the order of the file; the packaged file unless another one is named.

    Raises:
        RulebookError: the file is malformed; the message names file and key.
    """
    top = read_mapping(file or Path(__file__).with_name("canned.yml"))
    found: list[Canned] = []
    for entry in top.items("replies"):
        one = Canned(entry.text("title"), entry.text("text"))
        entry.done()
        if len(one.title) > LONGEST_TITLE:
            raise RulebookError(f"{entry.where}.title", f"may have up to {LONGEST_TITLE} characters")
        if len(one.text) > LONGEST_TEXT:
            raise RulebookError(f"{entry.where}.text", f"may have up to {LONGEST_TEXT} characters")
        if one.title in {known.title for known in found}:
            raise RulebookError(f"{entry.where}.title", f"{one.title!r} is there twice")
        found.append(one)
    top.done()
    return tuple(found)
