"""The opening of a connection: any bytes, cut and delayed in any way, up to the requests that they become."""

from __future__ import annotations

import re
import socket
import ssl
import tempfile
from contextlib import suppress
from functools import cache, partial
from pathlib import Path
from unittest.mock import patch

from hypothesis import strategies as st

from chatctl.core.limits import DEFAULTS
from chatctl.core.requests.base import Request
from chatctl.server.certificates import own_certificate
from chatctl.transport.callers import Callers
from chatctl.transport.connection import Connection
from chatctl.transport.inbox import Inbox
from chatctl.transport.tls import TlsLayer, TlsPolicy
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

PLAIN = (0, 1)
TLS_ONLY = 3
"""The server's policy, chosen by the first byte of an input: no TLS, TLS too (2), or nothing else."""

_WIRES = wires(ServerInfo())
_CALL = Callers(DEFAULTS).come("127.0.0.1")
_DATE = re.compile(rb"Date: [^\r]*")
_WORDS = [
    *(b"GET ", b"HEAD / HTTP/1.1\r\n", b"POST /", b"CONNECT x", b"NICK ada", b"USER a 0 * :A", b"CAP LS 302", b"QUIT"),
    *(b"PASS x", b"PING 1", b"AUTHENTICATE PLAIN", b"\x16\x03\x01", b"hello", b"/nick ada", b"status", b"exit"),
    *(b"\n", b"\r\n", b"\r", b" ", b"\0", b"\xff", b"x" * BOUND, b"x" * (BOUND - 5)),
]


def _hello() -> bytes:
    """Return what a client of TLS begins with."""
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    with suppress(ssl.SSLWantReadError):
        ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost").do_handshake()
    return outgoing.read()


_HELLO = _hello()
_damaged = st.builds(
    lambda place, value: _HELLO[:place] + bytes([value]) + _HELLO[place + 1 :],
    st.integers(0, len(_HELLO)),
    st.integers(0, 255),
)
_words = st.lists(pick(_WORDS) | st.binary(max_size=12), max_size=12).map(b"".join)
_tls = st.builds(bytes.__add__, st.just(_HELLO) | _damaged, st.binary(max_size=20))

inputs = st.builds(
    lambda data, choice: bytes([data[0] + cutting.CUTS * choice]) + data[1:],
    cutting.streams(st.one_of(_words, _words, st.binary(max_size=60), _tls)),
    st.integers(0, 3),
)


@cache
def _context() -> ssl.SSLContext:
    with tempfile.TemporaryDirectory(prefix="fuzz-") as folder:
        return own_certificate(Path(folder), "fuzz").load()


class _Clock:
    """The time that a connection sees, in seconds."""

    def __init__(self) -> None:
        self.now = START

    def monotonic(self) -> float:
        return self.now


class _NoDrain:
    """Sees nobody off: all that is sent fits into the socket."""

    limits = DEFAULTS

    def count(self, more: int) -> None:
        """Do nothing: nothing waits."""

    def see_off(self, outbox: object) -> None:
        """Do nothing."""


def run(data: bytes) -> None:
    """Check that what a peer speaks does not depend on how its bytes are cut, and is never taken back."""
    timeline = cutting.read(data)
    choice = data[0] // cutting.CUTS % 4 if data else 0
    opening = b"".join(piece for _, piece in timeline)
    _check_prefixes(opening[: BOUND + 2])
    as_it_came = _follow(timeline, choice)
    assert as_it_came == _follow(cutting.whole(timeline), choice)
    assert as_it_came == _follow(cutting.crumbs(timeline), choice)


def _check_prefixes(opening: bytes) -> None:
    ends = {*range(min(len(opening), 80)), *range(max(len(opening) - 4, 0), len(opening)), len(opening)}
    names = [sniff(opening[:end]) for end in sorted(ends)]
    decided = [name for name in names if name is not None]
    assert len(set(decided)) <= 1
    assert names[len(names) - len(decided) :] == decided


def _follow(timeline: Timeline, choice: int) -> tuple[list[str], bytes]:
    """Return what a connection asks the hub for, and what it sends by itself."""
    clock, asked, reason = _Clock(), list[Request](), "eof"
    policy = None if choice in PLAIN else TlsPolicy(partial(TlsLayer, _context()), only=choice == TLS_ONLY)
    ours, theirs = socket.socketpair()
    with patch("chatctl.transport.connection.time", clock), ours, theirs:
        connection = Connection(ours, "127.0.0.1:40000", Inbox(), _NoDrain(), _WIRES, _CALL, DEFAULTS, policy)  # type: ignore[arg-type]
        connection.put = lambda item: asked.extend(item.requests)
        try:
            _feed(connection, clock, timeline)
        except ConnectionAbortedError:
            # What a reader is told when there is no speaking with the peer.
            reason = "reset"
        connection.end(reason)
        connection.closed()
        # What TLS sends has random numbers in it.
        sent = b"" if connection._tls else _DATE.sub(b"", _received(theirs))
        return [repr(request) for request in asked], sent


def _feed(connection: Connection, clock: _Clock, timeline: Timeline) -> None:
    for pause, piece in timeline:
        _wait(connection, clock, pause)
        if piece:
            connection.feed(piece)
            assert cutting.held(connection._opening, connection._late, connection._wire) < MEMORY + len(piece)
    _wait(connection, clock, 30.0)


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
