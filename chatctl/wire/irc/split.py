"""Text that is too long for one line."""

from __future__ import annotations

LONGEST_CHARACTER = 4
"""Bytes of UTF-8."""


def split_text(text: str, room_bytes: int) -> list[str]:
    """Return ``text`` in pieces of at most ``room_bytes`` bytes of UTF-8, which joined are ``text`` again.

    A piece ends with the last blank that fits, else with the last character that does: multiline (IRCv3),
    section "Splitting long lines". Raises ``ValueError`` if there is no room for every character.
    """
    if room_bytes < LONGEST_CHARACTER:
        raise ValueError(f"{room_bytes} bytes are no room for text")
    data = text.encode()
    if len(data) <= room_bytes:
        return [text]
    pieces = []
    start = 0
    while len(data) - start > room_bytes:
        end = _end(data, start, start + room_bytes)
        pieces.append(data[start:end].decode())
        start = end
    pieces.append(data[start:].decode())
    return pieces


def _end(data: bytes, start: int, end: int) -> int:
    # A blank at the very start is no place: it would be a piece of its own.
    blank = data.rfind(b" ", start + 1, end)
    if blank > 0:
        return blank + 1
    while data[end] & 0xC0 == 0x80:
        end -= 1
    return end
