"""The opening of a connection: any bytes, cut and delayed in any way, up to the requests that they become."""

from __future__ import annotations

import re
import socket
from unittest.mock import patch

from hypothesis import strategies as st

from chatctl.core.requests.base import Request
from chatctl.transport.connection import Connection
from chatctl.transport.inbox import Inbox
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.registry import wires
from chatctl.wire.sniff import BOUND, sniff

from . import cutting
from .cutting import Timeline, pick

START = 1_000.0
LULLS = 8
"""Silences that may follow each other; one more, and the connection would never come to rest."""

MEMORY = 32_768
"""Bytes that a connection may keep of what came, the last piece not counted."""

_WIRES = wires(ServerInfo())
_DATE = re.compile(rb"Date: [^\r]*")
_WORDS = [
    *(b"GET ", b"HEAD / HTTP/1.1\r\n", b"POST /", b"CONNECT x", b"NICK ada", b"USER a 0 * :A", b"CAP LS 302", b"QUIT"),
    *(b"PASS x", b"PING 1", b"AUTHENTICATE PLAIN", b"\x16\x03\x01", b"hello", b"/nick ada", b"status", b"exit"),
    *(b"\n", b"\r\n", b"\r", b" ", b"\0", b"\xff", b"x" * BOUND, b"x" * (BOUND - 5)),
]

inputs = cutting.streams(
    st.lists(pick(_WORDS) | st.binary(max_size=12), max_size=12).map(b"".join) | st.binary(max_size=60)
)


class _Clock:
    """The time that a connection sees, in seconds."""

    def __init__(self) -> None:
        self.now = START

    def monotonic(self) -> float:
        return self.now


class _NoDrain:
    """Sees nobody off: all that is sent fits into the socket."""

    def see_off(self, outbox: object) -> None:
        """Do nothing."""


def run(data: bytes) -> None:
    """Check that what a peer speaks does not depend on how its bytes are cut, and is never taken back."""
    timeline = cutting.read(data)
    opening = b"".join(piece for _, piece in timeline)
    _check_prefixes(opening[: BOUND + 2])
    as_it_came = _follow(timeline)
    assert as_it_came == _follow(cutting.whole(timeline))
    assert as_it_came == _follow(cutting.crumbs(timeline))


def _check_prefixes(opening: bytes) -> None:
    ends = {*range(min(len(opening), 80)), *range(max(len(opening) - 4, 0), len(opening)), len(opening)}
    names = [sniff(opening[:end]) for end in sorted(ends)]
    decided = [name for name in names if name is not None]
    assert len(set(decided)) <= 1
    assert names[len(names) - len(decided) :] == decided


def _follow(timeline: Timeline) -> tuple[list[str], bytes]:
    """Return what a connection asks the hub for, and what it sends by itself."""
    clock, asked = _Clock(), list[Request]()
    ours, theirs = socket.socketpair()
    with patch("chatctl.transport.connection.time", clock), ours, theirs:
        connection = Connection(ours, "127.0.0.1:40000", Inbox(), _NoDrain(), _WIRES)  # type: ignore[arg-type]
        connection.put = lambda item: asked.extend(item.requests)
        for pause, piece in timeline:
            _wait(connection, clock, pause)
            if piece:
                connection.feed(piece)
                assert cutting.held(connection._opening, connection._late, connection._wire) < MEMORY + len(piece)
        _wait(connection, clock, 30.0)
        connection.end("eof")
        connection.closed()
        return [repr(request) for request in asked], _DATE.sub(b"", _received(theirs))


def _wait(connection: Connection, clock: _Clock, pause: float) -> None:
    until = clock.now + pause
    for _ in range(LULLS):
        if connection.deadline is None or connection.deadline > until:
            break
        clock.now = connection.deadline
        connection.lull()
    else:
        raise AssertionError("the connection's deadline does not go by")
    clock.now = until


def _received(sock: socket.socket) -> bytes:
    sock.setblocking(False)
    received = b""
    try:
        while piece := sock.recv(65_536):
            received += piece
    except BlockingIOError:
        pass
    return received
