"""What may be sent to a peer, whatever others have sent."""

from __future__ import annotations

import unicodedata
from collections import Counter

from chatctl.wire.irc.message import BODY_LIMIT, TAGS_LIMIT, take_apart

_UNSHOWN = {"\u061c", "\u200e", "\u200f", *map(chr, range(0x202A, 0x202F)), *map(chr, range(0x2066, 0x206A))}
"""The characters that turn the direction of writing: Unicode, annex 9."""


def check_text(data: bytes) -> None:
    """Check that these are whole lines that do nothing to a terminal; an ACK is the client's own text, unchanged."""
    assert not data or data.endswith(b"\n")
    for line in data.decode().split("\n"):
        assert line.endswith(" ACK") or line.isprintable() or not any(map(_is_harmful, line)), line


def _is_harmful(letter: str) -> bool:
    return unicodedata.category(letter) in ("Cc", "Zl", "Zp") or letter in _UNSHOWN


def check_irc(data: bytes) -> None:
    """Check that these are whole lines of IRC, none too long, and that every batch that is begun is ended."""
    assert not data or data.endswith(b"\r\n")
    open_batches: Counter[str] = Counter()
    for written in data.split(b"\r\n")[:-1]:
        assert not {0, 10, 13} & set(written), written
        tags, body = written.split(b" ", 1) if written.startswith(b"@") else (b"", written)
        assert len(tags) + 1 <= TAGS_LIMIT, written
        assert len(body) <= BODY_LIMIT, written
        line = take_apart(written.decode())
        assert line is not None
        assert line.command.isascii() and line.command.isalnum(), written
        if "batch" in line.tags:
            assert open_batches[line.tags["batch"]] == 1, data
        if line.command == "BATCH":
            sign, reference = line.params[0][0], line.params[0][1:]
            open_batches[reference] += 1 if sign == "+" else -1
            assert open_batches[reference] in (0, 1), data
    assert not any(open_batches.values()), data
