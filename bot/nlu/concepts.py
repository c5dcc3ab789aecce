"""Domain knowledge as features: which of the things buyers talk about a wording touches (concepts.yml)."""

from __future__ import annotations

import hashlib
import re
from functools import lru_cache
from pathlib import Path

import numpy as np
import yaml
from numpy.typing import NDArray

_FILE = Path(__file__).with_name("concepts.yml")


@lru_cache(maxsize=1)
def concepts() -> tuple[tuple[str, re.Pattern[str]], ...]:
    """(name, pattern) of every concept, in the order of the file."""
    written = yaml.safe_load(_FILE.read_text(encoding="utf-8"))
    return tuple((str(name), re.compile(str(pattern))) for name, pattern in written.items())


def concept_rows(wordings: list[str]) -> NDArray[np.float32]:
    """One row of length 1 per wording (all zeros where it touches no concept)."""
    rows = np.array(
        [[bool(pattern.search(text)) for _, pattern in concepts()] for text in wordings], dtype=np.float32
    )
    rows = rows.reshape(len(wordings), len(concepts()))
    lengths = np.sqrt(rows.sum(axis=1, keepdims=True))
    result: NDArray[np.float32] = rows / np.maximum(lengths, 1.0)
    return result


def concepts_digest() -> str:
    """Changes when the concepts do, so that Rasa trains again."""
    return hashlib.sha256(_FILE.read_bytes()).hexdigest()
