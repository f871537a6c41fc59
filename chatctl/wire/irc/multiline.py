"""A message of several lines that a client is sending: draft/multiline (IRCv3)."""

from __future__ import annotations

from chatctl.core.records import LINE_BREAK, LINE_JOINT
from chatctl.errors import BadBatch, BatchTooLong, BatchTooManyLines

BYTES_LIMIT = 4096
"""Bytes of a message's text, line breaks included."""

LINES_LIMIT = 32
"""Lines of a message."""

CAP = "draft/multiline"
CAP_VALUE = f"max-bytes={BYTES_LIMIT},max-lines={LINES_LIMIT}"
CONCAT = "draft/multiline-concat"


class OpenBatch:
    """A batch that a client has begun, and what has come of it.

    ``command`` is PRIVMSG or NOTICE, empty before the first line; ``broken`` is set once the batch was turned down.
    ``label`` and the client's ``tags`` are those of its beginning.
    """

    __slots__ = ("_bytes", "_lines", "broken", "command", "label", "reference", "tags", "target")

    def __init__(self, reference: str, target: str, tags: str = "", label: str = "") -> None:
        self.reference = reference
        self.target = target
        self.tags = tags
        self.label = label
        self.command = ""
        self.broken = False
        self._lines: list[str] = []
        self._bytes = 0

    def add(self, text: str, concat: bool) -> None:
        """Take a line; raises ``BadBatch``, ``BatchTooLong``, ``BatchTooManyLines``."""
        if concat and not text:
            raise BadBatch("a line that continues another one cannot be empty; leave it out")
        if len(self._lines) >= LINES_LIMIT:
            raise BatchTooManyLines(LINES_LIMIT)
        joint = "" if not self._lines else LINE_JOINT if concat else LINE_BREAK
        # What joins two pieces of one line is no part of what was said.
        self._bytes += len(text.encode()) + (joint == LINE_BREAK)
        if self._bytes > BYTES_LIMIT:
            raise BatchTooLong(BYTES_LIMIT)
        self._lines.append(joint + text)

    def text(self) -> str:
        """Return all that was said; raises ``BadBatch`` if it is nothing."""
        text = "".join(self._lines)
        if not text.strip(LINE_BREAK):
            raise BadBatch("a message of several lines needs one that is not empty")
        return text
