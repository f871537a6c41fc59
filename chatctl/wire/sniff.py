"""What a peer speaks, told from the first bytes that it sends."""

from __future__ import annotations

import re
from enum import StrEnum

SILENCE = 0.25
"""Seconds without a byte after which a peer is a person with netcat."""

PATIENCE = 3.0
"""Seconds after the connect in which a peer has to show what it speaks, however slowly it sends."""

BOUND = 2048
"""Bytes without a line ending after which a peer speaks text."""


class WireName(StrEnum):
    """The protocols that can be told apart on one port."""

    TLS = "tls"
    HTTP = "http"
    IRC = "irc"
    TEXT = "text"


_TLS_HANDSHAKE = b"\x16"
_HTTP_VERBS = (
    b"GET ",
    b"HEAD ",
    b"POST ",
    b"PUT ",
    b"DELETE ",
    b"OPTIONS ",
    b"PATCH ",
    b"CONNECT ",
    b"TRACE ",
)
_IRC_OPENERS = (b"CAP ", b"NICK ", b"USER ", b"PASS ", b"AUTHENTICATE ", b"PING ", b"QUIT")
_IRC_LINE = re.compile(rb"(?:(?:CAP|NICK|USER|PASS|AUTHENTICATE|PING) .*|QUIT(?: .*)?)", re.DOTALL)


def sniff(head: bytes) -> WireName | None:
    """Return the wire that ``head``, all that a peer has sent so far, belongs to; None while it is open."""
    if head.startswith(_TLS_HANDSHAKE):
        return WireName.TLS
    if head.startswith(_HTTP_VERBS):
        return WireName.HTTP
    line, ending, _ = head.partition(b"\n")
    if len(line) > BOUND:
        return WireName.TEXT
    if ending:
        return WireName.IRC if _IRC_LINE.fullmatch(line.removesuffix(b"\r")) else WireName.TEXT
    return None if _may_become_a_command(head) else WireName.TEXT


def _may_become_a_command(head: bytes) -> bool:
    return head.startswith(_IRC_OPENERS) or any(opening.startswith(head) for opening in (*_HTTP_VERBS, *_IRC_OPENERS))


class Opening:
    """The first moments of a connection: collects bytes until they, or silence, tell the wire.

    ``deadline`` is the time (seconds, monotonic) at which silence decides, ``patience`` the one after which it is too
    late for a protocol that is not spoken yet; ``head`` is all that came.
    """

    __slots__ = ("deadline", "head", "patience")

    def __init__(self, now: float) -> None:
        self.head = b""
        self.deadline = now + SILENCE
        self.patience = now + PATIENCE

    def receive(self, data: bytes, now: float) -> WireName | None:
        """Return the wire once ``data`` decides it."""
        self.head += data
        self.deadline = min(now + SILENCE, self.patience)
        return sniff(self.head)
