"""Traditional or simplified: which of the two a text is written in, and ours brought into the buyer's."""

from __future__ import annotations

from collections.abc import Iterable
from functools import lru_cache
from typing import Any

from bot.zh.normalise import normalise


def is_traditional(text: str) -> bool | None:
    """What a text is written in; None when its characters are the same in both."""
    if normalise(text).traditional:
        return True
    return False if to_traditional(text) != text else None


def wants_traditional(newest_first: Iterable[str]) -> bool:
    """Whether to answer in traditional characters: as the newest of the buyer's texts that shows its script."""
    for text in newest_first:
        script = is_traditional(text)
        if script is not None:
            return script
    return False


def to_traditional(text: str) -> str:
    """A simplified text in traditional characters. Digits, letters and signs stay, so numbers and links do too."""
    if text.isascii():
        return text
    converted: str = _converter().convert(text)
    return converted


def all_to_traditional(value: Any) -> Any:
    """JSON with every string in it converted; its keys and codes are ASCII and stay."""
    if isinstance(value, str):
        return to_traditional(value)
    if isinstance(value, dict):
        return {key: all_to_traditional(one) for key, one in value.items()}
    if isinstance(value, list):
        return [all_to_traditional(one) for one in value]
    return value


@lru_cache(maxsize=1)
def _converter() -> Any:
    import opencc  # loaded with the first buyer who needs it

    return opencc.OpenCC("s2tw")
