"""How fast one client may ask: a bucket that fills slowly and is not read beyond."""

from __future__ import annotations

import time
from collections.abc import Callable


class Pace:
    """What one client has left of ``burst`` requests at once, then ``per_second``; owned by its reader."""

    __slots__ = ("_burst", "_clock", "_left", "_per_second", "_then")

    def __init__(self, burst: int, per_second: float, clock: Callable[[], float] = time.monotonic) -> None:
        self._burst = burst
        self._per_second = per_second
        self._clock = clock
        self._left = float(burst)
        self._then = clock()

    def spend(self, count: int) -> float:
        """Count requests; return when (by the clock) there is room for another, 0 for at once."""
        now = self._clock()
        self._left = min(self._burst, self._left + (now - self._then) * self._per_second) - count
        self._then = now
        return 0.0 if self._left >= 0 else now - self._left / self._per_second
