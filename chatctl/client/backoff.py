"""How long to wait before the next try."""

from __future__ import annotations

import random

FIRST = 1.0
LONGEST = 60.0
STABLE_SECONDS = 60.0
"""How long a connection must last before the waiting begins from the start."""


class Backoff:
    """Seconds to wait: 1, doubling to 60, each less up to a half at random so that not all come at once."""

    def __init__(self) -> None:
        self._next = FIRST

    def wait(self) -> float:
        """Return the seconds to wait now."""
        seconds = self._next
        self._next = min(LONGEST, seconds * 2)
        return seconds * random.uniform(0.5, 1.0)  # noqa: S311

    def lasted(self, seconds: float) -> None:
        """Take note of how long a connection lasted."""
        if seconds >= STABLE_SECONDS:
            self._next = FIRST
