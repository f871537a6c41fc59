"""Waking a thread that waits on a selector."""

from __future__ import annotations

import contextlib
import os


class Waker:
    """A pipe whose reading end, ``fileno()``, becomes readable when another thread calls ``wake``."""

    def __init__(self) -> None:
        self._read, self._write = os.pipe()  # immutable
        os.set_blocking(self._read, False)
        os.set_blocking(self._write, False)

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        return self._read

    def wake(self) -> None:
        """Make the descriptor readable."""
        # A full pipe is a waker that has been woken.
        with contextlib.suppress(BlockingIOError):
            os.write(self._write, b"!")

    def clear(self) -> None:
        """Make the descriptor wait for the next ``wake``."""
        with contextlib.suppress(BlockingIOError):
            while os.read(self._read, 4096):
                pass

    def close(self) -> None:
        """Close both ends."""
        os.close(self._read)
        os.close(self._write)
