"""Ctrl-C as an exception that cannot get lost."""

from __future__ import annotations

import signal
import socket
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from types import FrameType


class Interrupt:
    """Whether Ctrl-C came: an exception that is raised while a generator is cleaned up is ignored by the interpreter.

    ``waiter`` becomes readable when it came; ``check`` raises ``KeyboardInterrupt`` then, for good measure.
    """

    def __init__(self) -> None:
        self.waiter, self._signaller = socket.socketpair()
        self._came = False

    def check(self) -> None:
        """Raise what was to be raised."""
        if self._came:
            raise KeyboardInterrupt

    def on_signal(self, _number: int, _frame: FrameType | None) -> None:
        """Called by the interpreter between two instructions of the main thread."""
        self._came = True
        self._signaller.send(b"!")
        raise KeyboardInterrupt

    def close(self) -> None:
        """Close both ends."""
        self.waiter.close()
        self._signaller.close()


@contextmanager
def interrupt() -> Iterator[Interrupt]:
    """Take SIGINT over; outside the main thread nothing changes."""
    taken = Interrupt()
    here = threading.current_thread() is threading.main_thread()
    before = signal.signal(signal.SIGINT, taken.on_signal) if here else None
    try:
        yield taken
    finally:
        if here:
            signal.signal(signal.SIGINT, before)
        taken.close()
