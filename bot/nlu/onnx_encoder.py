"""A sentence encoder of the operator's own: a folder with an ONNX model and its tokenizer, as sentence-transformers
and Optimum write it (`bge-small-zh-v1.5`, say). How to use one: docs/understanding.md."""

from __future__ import annotations

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

import numpy as np
from numpy.typing import NDArray

from bot.nlu.long_text import gist

Pooling = Literal["mean", "cls"]

MODELS = ("model.onnx", "onnx/model.onnx", "model_quantized.onnx", "onnx/model_quantized.onnx")
TOKENIZER = "tokenizer.json"
_MODULES = "modules.json"
_CONFIG = "config.json"
_LENGTH = "sentence_bert_config.json"
_POOLING = "1_Pooling/config.json"
MOST_TOKENS = 512
BATCH = 32
_INPUTS = frozenset({"input_ids", "attention_mask", "token_type_ids"})


class EncoderUnfit(Exception):
    """The named folder cannot be used; the message is one sentence that says why and what to do."""


@dataclass(frozen=True)
class EncoderFolder:
    """What the folder says about itself. `files`: SHA-256 of everything that changes the vectors, by name."""

    model: Path
    tokenizer: Path
    pooling: Pooling
    most_tokens: int
    pad_id: int
    files: Mapping[str, str]

    @property
    def name(self) -> str:
        """The same for the same files, wherever the folder is."""
        listed = json.dumps(sorted(self.files.items()))
        return f"onnx-{hashlib.sha256(listed.encode()).hexdigest()[:16]}"


def read_folder(folder: Path) -> EncoderFolder:
    """Look at a folder without loading the model. Raises EncoderUnfit."""
    if not folder.is_dir():
        raise _unfit(folder, "is no folder")
    model = next((folder / name for name in MODELS if (folder / name).is_file()), None)
    if model is None:
        raise _unfit(folder, f"has none of {', '.join(MODELS)}")
    if not (folder / TOKENIZER).is_file():
        raise _unfit(folder, f"has no {TOKENIZER}")
    config = _read_json(folder, _CONFIG)
    limits = (
        MOST_TOKENS,
        _read_json(folder, _LENGTH).get("max_seq_length"),
        config.get("max_position_embeddings"),
    )
    return EncoderFolder(
        model=model,
        tokenizer=folder / TOKENIZER,
        pooling=_pooling(folder),
        most_tokens=min(int(one) for one in limits if isinstance(one, int) and one > 2),
        pad_id=int(config.get("pad_token_id") or 0),
        files=_digests(folder, model),
    )


def _digests(folder: Path, model: Path) -> dict[str, str]:
    # Large models keep their weights beside the graph: model.onnx_data, model.onnx.data.
    parts = [model, *sorted(model.parent.glob(f"{model.name}[_.]data*"))]
    others = [folder / name for name in (TOKENIZER, _CONFIG, _LENGTH, _MODULES, _POOLING)]
    return {
        path.relative_to(folder).as_posix(): sha256_of(path) for path in (*parts, *others) if path.is_file()
    }


def sha256_of(path: Path) -> str:
    """The checksum of a file of any size."""
    digest = hashlib.sha256()
    with path.open("rb") as file:
        while block := file.read(1 << 20):
            digest.update(block)
    return digest.hexdigest()


def _pooling(folder: Path) -> Pooling:
    """How token vectors become one; mean when the folder does not say."""
    said = _read_json(folder, _POOLING)
    named = said.get("pooling_mode")  # newer files name it, older ones have a flag for each
    wanted = {named} if isinstance(named, str) else {key for key, value in said.items() if value is True}
    if wanted & {"cls", "pooling_mode_cls_token"}:
        return "cls"
    others = {one for one in wanted if one.startswith("pooling_mode_")} - {"pooling_mode_mean_tokens"}
    if others or (isinstance(named, str) and named != "mean"):
        raise _unfit(folder, f"asks for another pooling than mean or cls in {_POOLING}")
    return "mean"


def _read_json(folder: Path, name: str) -> dict[str, Any]:
    path = folder / name
    if not path.is_file():
        return {}
    try:
        read = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise _unfit(folder, f"has a damaged {name} ({error})") from None
    return read if isinstance(read, dict) else {}


class OnnxEncoder:
    """The model of a folder in onnxruntime, on one core; vectors of length 1."""

    def __init__(self, folder: Path) -> None:
        """Loads and tries the model. Raises EncoderUnfit."""
        self._read = read_folder(folder)
        self.name, self.files = self._read.name, self._read.files
        try:
            self._open()
            self.width = int(self._vectors(["预热"]).shape[1])
        except EncoderUnfit:
            raise
        except (
            Exception
        ) as error:  # onnxruntime and tokenizers raise classes of their own, and bare Exception
            why = " ".join(str(error).split())[:200] or type(error).__name__
            raise _unfit(folder, f"cannot be loaded ({why})") from None

    def _open(self) -> None:
        import onnxruntime
        from tokenizers import Tokenizer

        options = onnxruntime.SessionOptions()
        options.intra_op_num_threads = options.inter_op_num_threads = 1
        options.log_severity_level = 3  # errors come as exceptions
        self._session = onnxruntime.InferenceSession(
            str(self._read.model), options, providers=["CPUExecutionProvider"]
        )
        self._inputs = {one.name for one in self._session.get_inputs()}
        if not self._inputs <= _INPUTS:
            raise ValueError(f"the model wants {', '.join(sorted(self._inputs - _INPUTS))}")
        outputs = [one.name for one in self._session.get_outputs()]
        self._output = "sentence_embedding" if "sentence_embedding" in outputs else outputs[0]
        self._tokenizer = Tokenizer.from_file(str(self._read.tokenizer))
        self._tokenizer.enable_truncation(self._read.most_tokens)
        self._tokenizer.no_padding()  # each batch is padded to its own longest text

    def warm_up(self, words: list[str]) -> None:
        """Nothing is kept from one text to the next; the session itself ran once when it was opened."""

    def encode(self, texts: list[str]) -> NDArray[np.float32]:
        """One row of length 1 (L2) per text."""
        out = np.zeros((len(texts), self.width), dtype=np.float32)
        by_length = sorted(range(len(texts)), key=lambda at: len(texts[at]))
        for start in range(0, len(texts), BATCH):
            rows = by_length[start : start + BATCH]
            out[rows] = self._vectors([texts[at] for at in rows])
        return out

    def _vectors(self, texts: list[str]) -> NDArray[np.float32]:
        ids = [
            one.ids or [self._read.pad_id]
            for one in self._tokenizer.encode_batch([gist(text) or "。" for text in texts])
        ]
        longest = max(len(one) for one in ids)
        padded = np.full((len(ids), longest), self._read.pad_id, dtype=np.int64)
        mask = np.zeros_like(padded)
        for row, one in enumerate(ids):
            padded[row, : len(one)] = one
            mask[row, : len(one)] = 1
        given = {"input_ids": padded, "attention_mask": mask, "token_type_ids": np.zeros_like(padded)}
        (out,) = self._session.run([self._output], {key: given[key] for key in self._inputs})
        pooled = self._pooled(np.asarray(out, dtype=np.float32), mask)
        length = np.linalg.norm(pooled, axis=1, keepdims=True)
        return np.nan_to_num(pooled / np.maximum(length, 1e-9)).astype(np.float32)

    def _pooled(self, out: NDArray[np.float32], mask: NDArray[np.int64]) -> NDArray[np.float32]:
        if out.ndim == 2:
            return out  # the model pools by itself
        if self._read.pooling == "cls":
            return out[:, 0]
        weights = mask[:, :, None].astype(np.float32)
        pooled: NDArray[np.float32] = (out * weights).sum(axis=1) / weights.sum(axis=1)
        return pooled


def _unfit(folder: Path, why: str) -> EncoderUnfit:
    return EncoderUnfit(
        f"the sentence encoder {folder} (BOT_ENCODER_DIR) {why}: name a folder with model.onnx and tokenizer.json, "
        "or unset it to use the packaged one"
    )
