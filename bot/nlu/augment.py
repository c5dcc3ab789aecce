"""Complaints as they come in long messages: the training example again, inside what buyers put around it.

A linear model over character n-grams otherwise learns “要退货退款” or “昨天收到” as signs of the few types whose
examples happen to hold them.
"""

from __future__ import annotations

import hashlib
from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import yaml

FRAMES = Path(__file__).with_name("frames.yml")
COMPLAINT = "report_dispute/"
_SHORT = 12  # characters
_SHORT_ONE_IN, _LONG_ONE_IN = 2, 7


@lru_cache(maxsize=1)
def _frames() -> tuple[tuple[str, ...], tuple[str, ...]]:
    read = yaml.safe_load(FRAMES.read_text(encoding="utf-8"))
    return tuple(read["before"]), tuple(read["after"])


def frames_digest() -> str:
    """For the fingerprint: training changes when the frames change."""
    return hashlib.sha256(FRAMES.read_bytes()).hexdigest()


def framed(examples: Sequence[tuple[str, str]]) -> list[tuple[str, str]]:
    """Framed copies of complaints among (text, label): of one in seven, of short ones every other; choice and frame
    depend on the text alone.

    More copies of long ones judge no better: they have such beginnings and endings of their own. “京东买的锅不亮了 299”
    is how a first message goes, and hardly any example begins so.
    """
    before, after = _frames()
    copies = []
    for text, label in examples:
        if not label.startswith(COMPLAINT):
            continue
        seed = int.from_bytes(hashlib.sha256(text.encode("utf-8", "replace")).digest()[:4], "big")
        if seed % (_SHORT_ONE_IN if len(text) <= _SHORT else _LONG_ONE_IN):
            continue
        head, tail = before[seed % len(before)], after[(seed // 97) % len(after)]
        # a third gets both, the others one: messages are long at either end
        kind = seed % 3
        copies.append((f"{head if kind != 1 else ''}{text}{tail if kind != 2 else ''}", label))
    return copies
