"""What a message carries so that its way can be proven: run, sender, sequence, due time, checksum."""

from __future__ import annotations

import re
from dataclasses import dataclass
from zlib import crc32

_LETTERS = b"abcdefghijklmnopqrstuvwxyz" * 80


@dataclass(frozen=True, slots=True)
class Message:
    """One message found in a line; ``intact`` is whether its checksum fits."""

    sender: int
    sequence: int
    intact: bool


class Stamp:
    """Writes and finds the messages of one run; ``run`` is a tag that nothing else contains."""

    def __init__(self, run: str, size_bytes: int) -> None:
        # With the dot, so that a room named after the run is none of its messages.
        self._tag = run.encode() + b"."
        self._size = size_bytes
        self._form = re.compile(rb"%b(\d+)\.(\d+)\.(\d+)\.([0-9a-f]{8})\.([a-z]*)" % re.escape(self._tag))

    def write(self, sender: int, sequence: int, due_us: int) -> bytes:
        """A payload of the run's size without blanks; ``due_us`` is since the start of the run."""
        head = b"%b%d.%d.%d." % (self._tag, sender, sequence, due_us)
        # The filling starts elsewhere each time, so that lines that were mixed do not look whole.
        start = sequence % 26
        filling = _LETTERS[start : start + max(0, self._size - len(head) - 9)]
        return b"%b%08x.%b" % (head, crc32(head + filling), filling)

    def find(self, line: bytes) -> Message | None:
        """The message in a line, or ``None`` if the line has nothing of this run."""
        if self._tag not in line:
            return None
        found = self._form.search(line)
        if found is None:
            return Message(-1, -1, intact=False)
        head = line[found.start() : found.start(4)]
        whole = int(found[4], 16) == crc32(head + found[5])
        return Message(int(found[1]), int(found[2]), whole)
