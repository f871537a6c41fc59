"""Standard input as lines that are read only as fast as they can be sent."""

from __future__ import annotations

import io
import os
import sys
import tempfile
from collections import deque
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import IO

from chatctl.client.link import RECEIVE_SIZE
from chatctl.client.sending import TEXT_LIMIT
from chatctl.errors import LineTooLong
from chatctl.wire.lines import Lines


class Source:
    """The lines of a file with a descriptor, which is read without a buffer in between."""

    def __init__(self, file: IO[bytes]) -> None:
        self._file = file
        self._lines = Lines(TEXT_LIMIT)
        self._queue: deque[bytes | LineTooLong] = deque()
        self.at_end = False

    @property
    def pending(self) -> int:
        """How many lines are read and not taken."""
        return len(self._queue)

    def fileno(self) -> int:
        """Return the descriptor to wait on."""
        return self._file.fileno()

    def read(self) -> None:
        """Take what is there; blocks if nothing is."""
        data = os.read(self.fileno(), RECEIVE_SIZE)
        self.at_end = not data
        # An empty line says nothing, so the server would not answer it.
        self._queue += filter(None, self._lines.receive(data) if data else [self._lines.flush()])

    def take(self) -> bytes | LineTooLong:
        """Return the next line without its ending, or what is wrong with it."""
        return self._queue.popleft()


@contextmanager
def stdin_source() -> Iterator[Source]:
    """Yield the lines of stdin; a closed one has none."""
    if sys.stdin is None:
        with Path(os.devnull).open("rb") as nothing:
            yield Source(nothing)
        return
    stream = sys.stdin.buffer
    try:
        stream.fileno()
    except io.UnsupportedOperation:
        # Replaced by something in memory: whoever runs the command inside a program.
        with tempfile.TemporaryFile() as copy:
            copy.write(stream.read())
            copy.seek(0)
            yield Source(copy)
    else:
        yield Source(stream)
