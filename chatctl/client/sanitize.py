"""What came from the network, made harmless: the one door for bytes of others into this client."""

from __future__ import annotations

from chatctl.wire.clean import clean


def read_foreign(line: bytes) -> str:
    """Return a received line as text that cannot move a cursor, colour, reorder or end a line.

    Bytes that are not UTF-8 become U+FFFD. The server strips the same characters; it is not trusted
    to have done so.
    """
    return clean(line.decode(errors="replace"))
