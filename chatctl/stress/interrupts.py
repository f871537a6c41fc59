"""Ctrl-C (and SIGTERM, SIGHUP) as something to wait for, so that a run ends with its report."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType

SIGNALS = (signal.SIGINT, signal.SIGTERM, signal.SIGHUP)


class Interrupts:
    """While ``held``, the first signal only makes ``waiter`` readable; any other is ``KeyboardInterrupt``."""

    def __init__(self) -> None:
        self.held = False
        self.waiter, self._signaller = socket.socketpair()

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Called by the interpreter between two instructions of the main thread."""
        if not self.held:
            raise KeyboardInterrupt
        self.held = False
        self._signaller.send(b"!")

    def close(self) -> None:
        """Close both ends."""
        self.waiter.close()
        self._signaller.close()


@contextmanager
def interrupts() -> Iterator[Interrupts]:
    """Take the signals over; outside the main thread nothing changes."""
    taken = Interrupts()
    here = threading.current_thread() is threading.main_thread()
    before = {number: signal.signal(number, taken.on_signal) for number in SIGNALS} if here else {}
    try:
        yield taken
    finally:
        for number, handler in before.items():
            signal.signal(number, handler)
        taken.close()
