"""How many connections may be open at once, sessions or not yet."""

from __future__ import annotations

import threading


class Slots:
    """Counts open connections up to a limit."""

    def __init__(self, limit: int) -> None:
        self._changed = threading.Condition()  # immutable
        self._limit = limit  # guarded by: _changed
        self._taken = 0  # guarded by: _changed

    def take(self, timeout: float) -> bool:
        """Take a slot; wait up to ``timeout`` seconds for one to be given back."""
        with self._changed:
            free = self._changed.wait_for(lambda: self._taken < self._limit, timeout)
            if free:
                self._taken += 1
            return free

    def give_back(self) -> None:
        """Give a slot back."""
        with self._changed:
            self._taken -= 1
            self._changed.notify_all()

    def extend(self, limit: int) -> None:
        """Let more connections be open; never fewer, for who is over a lower limit is to be told so."""
        with self._changed:
            self._limit = max(self._limit, limit)
            self._changed.notify_all()

    def wait_empty(self, timeout: float) -> bool:
        """Wait up to ``timeout`` seconds until no slot is taken; tell whether it came to that."""
        with self._changed:
            return self._changed.wait_for(lambda: self._taken == 0, timeout)
