"""How often one buyer or one address may ask (token bucket, in memory of this process)."""

from __future__ import annotations

import time
from collections import OrderedDict
from collections.abc import Callable
from dataclasses import dataclass

MAX_KEYS = 50_000


@dataclass(frozen=True)
class Rate:
    """`burst` requests at once, refilled at `per_minute`."""

    burst: int
    per_minute: int


class RateLimiter:
    """One bucket per key; the least recently used keys are forgotten first."""

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._buckets: OrderedDict[str, tuple[float, float]] = OrderedDict()

    def take(self, key: str) -> float:
        """0 when the request may pass, otherwise the seconds to wait."""
        now = self._clock()
        per_second = self._rate.per_minute / 60
        filled, since = self._buckets.pop(key, (float(self._rate.burst), now))
        filled = min(float(self._rate.burst), filled + (now - since) * per_second)
        allowed = filled >= 1
        self._buckets[key] = (filled - 1 if allowed else filled, now)
        while len(self._buckets) > MAX_KEYS:
            self._buckets.popitem(last=False)
        return 0.0 if allowed else (1 - filled) / per_second
