"""How fast one client may ask: a bucket that fills slowly and is not read beyond."""

from __future__ import annotations

import time
from collections.abc import Callable
from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Rate:
    """``burst`` requests at once, then ``per_second``; 0 of them sets no limit."""

    burst: int = 10
    per_second: float = 2.0


class Pace:
    """What one client has left; owned by its reader."""

    __slots__ = ("_clock", "_left", "_rate", "_then")

    def __init__(self, rate: Rate, clock: Callable[[], float] = time.monotonic) -> None:
        self._rate = rate
        self._clock = clock
        self._left = float(rate.burst)
        self._then = clock()

    def spend(self, count: int) -> float:
        """Count requests; return when (by the clock) there is room for another, 0 for at once."""
        now = self._clock()
        self._left = min(self._rate.burst, self._left + (now - self._then) * self._rate.per_second) - count
        self._then = now
        return 0.0 if self._left >= 0 else now - self._left / self._rate.per_second
