"""Remembers signed queries for as long as their timestamp is good, so that none serves for two messages.

In plain mode the signature covers only token, timestamp and nonce: whoever has seen one callback could send
others under its signature. A repetition by the platform itself is the same
message again and passes.
The memory is that of one process; the inbox's own rule (one row per message id) holds for all of them.
"""

from __future__ import annotations

from collections import OrderedDict
from hashlib import sha256
from typing import NamedTuple

MOST = 50_000  # 83 callbacks a second for ten minutes; about 15 MB


class SignedQuery(NamedTuple):
    """What a signature was made over, and the signature."""

    timestamp: str
    nonce: str
    signature: str


class NonceWindow:
    """For each signed query of the last `lifetime_s` seconds, what it came with."""

    def __init__(self, lifetime_s: float, most: int = MOST) -> None:
        self._lifetime_s = lifetime_s
        self._most = most
        self._seen: OrderedDict[SignedQuery, tuple[float, bytes]] = OrderedDict()

    def __len__(self) -> int:
        return len(self._seen)

    def belongs(self, query: SignedQuery, content: bytes, now: float) -> bool:
        """Whether `query` is new or came with the same content before; remembers it.

        Args:
            query: one whose signature was checked, or strangers could fill the memory.
            now: seconds.
        """
        self._forget(now)
        digest = sha256(content).digest()
        known = self._seen.get(query)
        if known is not None:
            return known[1] == digest
        self._seen[query] = (now + self._lifetime_s, digest)
        return True

    def _forget(self, now: float) -> None:
        # In the order of arrival, which is the order of ending; the oldest also make room when it is full.
        while self._seen:
            ends_at, _ = next(iter(self._seen.values()))
            if ends_at > now and len(self._seen) < self._most:
                return
            self._seen.popitem(last=False)
