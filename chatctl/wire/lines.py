"""A byte stream cut into bounded lines."""

from __future__ import annotations

from collections.abc import Sequence

from chatctl.errors import LineTooLong

BAD_LINES = 3
"""Unusable lines in a row that end a session."""


class Lines:
    """Cuts a stream at LF; memory is bounded by ``limit`` bytes, whatever the peer sends.

    A line over the limit (the line ending, LF or CR LF, not counted) comes out as a ``LineTooLong``.
    """

    __slots__ = ("_dropped", "_limit", "_rest")

    def __init__(self, limit: int) -> None:
        self._limit = limit
        self._rest = b""
        self._dropped = 0

    def receive(self, data: bytes) -> Sequence[bytes | LineTooLong]:
        """Return the lines that ``data`` completes, without their endings."""
        if self._rest:
            data = self._rest + data
        lines = data.split(b"\n")
        rest = lines.pop()
        cut: Sequence[bytes | LineTooLong] = lines
        # Nearly always there is not much to do: no line of a short chunk is too long.
        if len(data) > self._limit or self._dropped:
            cut = [self._complete(line) for line in lines]
        elif b"\r" in data:
            cut = [line.removesuffix(b"\r") for line in lines]
        # One byte more than the limit: it may be the CR of a line that is just long enough.
        if len(rest) > self._limit + 1:
            # A CR at the end may belong to the line ending, which does not count.
            kept = b"\r" if rest.endswith(b"\r") else b""
            self._dropped += len(rest) - len(kept)
            rest = kept
        self._rest = rest
        return cut

    def flush(self) -> bytes | LineTooLong:
        """Return what came after the last line ending, as a line, and forget it."""
        line, self._rest = self._complete(self._rest), b""
        return line

    def _complete(self, line: bytes) -> bytes | LineTooLong:
        line = line.removesuffix(b"\r")
        if self._dropped or len(line) > self._limit:
            size, self._dropped = self._dropped + len(line), 0
            return LineTooLong(size, self._limit)
        return line
