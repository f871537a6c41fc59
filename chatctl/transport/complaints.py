"""What goes on failing, logged once in a while."""

from __future__ import annotations

import logging
import time

EVERY = 10.0
"""Seconds between two log lines about the same."""


class Complaints:
    """Logs a kind of failure, at most once in ten seconds; owned by one thread."""

    def __init__(self, log: logging.Logger, level: int = logging.WARNING) -> None:
        self._log = log
        self._level = level
        self._last = -EVERY

    def tell(self, message: str, *arguments: object) -> None:
        """Log the failure, unless that was done a moment ago."""
        now = time.monotonic()
        if now - self._last >= EVERY:
            self._last = now
            self._log.log(self._level, message, *arguments)
