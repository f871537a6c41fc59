"""One raw client socket: it connects, reads lines, decides whether it was admitted, and leaves."""

from __future__ import annotations

import errno
import selectors
import socket
import struct
from contextlib import suppress
from enum import StrEnum
from typing import TYPE_CHECKING, Protocol, assert_never

from chatctl.stress.classify import End, Observation, Place, Reply

if TYPE_CHECKING:
    from chatctl.stress.engine import Engine

RECEIVE_BYTES = 65_536
LINE_MOST = 65_536
OUT_MOST = 65_536
_LINGER_RESET = struct.pack("ii", 1, 0)
_ENDS = {
    errno.ECONNREFUSED: End.CONNECT_REFUSED,
    errno.ECONNRESET: End.RESET,
    errno.EPIPE: End.RESET,
    errno.ETIMEDOUT: End.TIMED_OUT,
}


class Departure(StrEnum):
    """The ways a client leaves."""

    QUIT = "quit"
    FIN = "fin"
    RST = "rst"
    HALF_CLOSE = "half_close"


class Listener(Protocol):
    """Who is told what happens to a client."""

    def on_admitted(self, client: Client) -> None:
        """The greeting came."""

    def on_line(self, client: Client, line: bytes, arrived_ns: int, read_ns: int) -> None:
        """A line came after the greeting; it arrived at the machine before it was read."""

    def on_end(self, client: Client) -> None:
        """The server ended the connection."""


class Client:
    """One attempt to be a client. All state is changed by the engine's loop only."""

    __slots__ = (
        "_partial",
        "_send_error",
        "_unsent",
        "admit_by_ns",
        "connected_ns",
        "decided_ns",
        "end",
        "end_text",
        "engine",
        "index",
        "late",
        "leaving",
        "listener",
        "local_port",
        "place",
        "ready",
        "reply",
        "sock",
        "started_ns",
        "text",
        "waited",
    )

    def __init__(self, engine: Engine, index: int, listener: Listener) -> None:
        self.engine = engine
        self.index = index
        self.listener = listener
        self.sock: socket.socket | None = None
        self.started_ns = 0
        self.connected_ns: int | None = None
        self.decided_ns: int | None = None
        self.admit_by_ns = 0
        self.reply = Reply.NONE
        self.end = End.OPEN
        self.end_text = ""
        self.late = False
        self.waited = False
        self.ready = False
        self.leaving = False
        self.place = Place.UNKNOWN
        self.text = ""
        self.local_port: int | None = None
        self._partial = b""
        self._unsent = bytearray()
        self._send_error = 0

    @property
    def admitted(self) -> bool:
        """Greeted and still connected."""
        return self.reply is Reply.ADMITTED and self.end is End.OPEN

    @property
    def settled(self) -> bool:
        """Whether nothing more is to be learnt: admitted, or ended."""
        return self.reply is Reply.ADMITTED or self.end is not End.OPEN

    @property
    def observation(self) -> Observation:
        """What decides the outcome, as far as it is known."""
        connected = self.connected_ns is not None
        return Observation(connected, self.reply, self.end, self.late, self.waited, self.place)

    def start(self) -> None:
        """Begin to connect, without waiting."""
        engine = self.engine
        self.started_ns = engine.now()
        self.admit_by_ns = self.started_ns + engine.admit_timeout_ns
        try:
            self.sock = engine.open_socket()
            engine.watch(self.sock, selectors.EVENT_READ | selectors.EVENT_WRITE, self.on_ready)
            code = self.sock.connect_ex(engine.sockaddr)
        except OSError as error:
            self._finish(End.LOCAL_ERROR, error.strerror or str(error))
            return
        if code not in (0, errno.EINPROGRESS):
            self._finish(_ENDS.get(code, End.LOCAL_ERROR), errno.errorcode.get(code, str(code)))

    def on_ready(self, mask: int) -> None:
        """Called by the engine when the socket can be read or written."""
        if self.sock is None:
            return
        # Read before asking for errors: a refusal may lie in front of a reset.
        if mask & selectors.EVENT_READ or self.connected_ns is None:
            self._read()
        if mask & selectors.EVENT_WRITE and self.sock is not None:
            self._connected()
            self._flush()

    def send(self, data: bytes) -> bool:
        """Send or keep for later; ``False`` if the server has left too much unread."""
        if self.sock is None or len(self._unsent) > OUT_MOST:
            return False
        self._unsent += data
        self._flush()
        return True

    def leave(self, how: Departure) -> None:
        """Leave in one of the ways; a quit and a half-close go on reading until the server closes."""
        sock = self.sock
        if sock is None:
            return
        self.leaving = True
        match how:
            case Departure.QUIT:
                self.send(self.engine.quit_line)
            case Departure.HALF_CLOSE:
                with suppress(OSError):  # gone already
                    sock.shutdown(socket.SHUT_WR)
            case Departure.FIN:
                self._read()  # closing with something unread would send a reset
                self.close()
            case Departure.RST:
                sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, _LINGER_RESET)
                self.close()
            case _:
                assert_never(how)

    def close(self, end: End = End.LEFT) -> None:
        """Close without telling the listener."""
        if self.sock is not None:
            self.engine.forget(self.sock)
            self.sock.close()
            self.sock = None
            self.end = end

    def judge_rest(self) -> None:
        """Take an unfinished line for a line: nothing more will come, or nobody waits for it."""
        if self._partial and self.reply in (Reply.NONE, Reply.OTHER):
            rest, self._partial = self._partial, b""
            self._opening_line(rest, self.engine.now())

    def _connected(self) -> None:
        if self.connected_ns is not None:
            return
        self.connected_ns = self.engine.now()
        assert self.sock is not None
        self.local_port = self.sock.getsockname()[1]
        self.send(self.engine.opening(self.index))

    def _flush(self) -> None:
        if self.sock is None:
            return
        if self._unsent:
            try:
                del self._unsent[: self.sock.send(self._unsent)]
            except BlockingIOError:
                pass
            except OSError as error:
                # Not the end yet: what the server said last may still lie unread.
                self._send_error = self._send_error or error.errno or 0
                self._unsent.clear()
        want = selectors.EVENT_READ | (selectors.EVENT_WRITE if self._unsent else 0)
        self.engine.watch(self.sock, want, self.on_ready)

    def _read(self) -> None:
        assert self.sock is not None
        try:
            data, arrived_ns, read_ns = self.engine.receive(self.sock)
        except BlockingIOError:
            return
        except OSError as error:
            self._failed(error)
            return
        if data:
            self._feed(data, arrived_ns, read_ns)
        else:
            self._finish(End.RESET if self._send_error == errno.ECONNRESET else End.EOF)

    def _failed(self, error: OSError) -> None:
        code = error.errno
        if code == errno.ENOTCONN and self.sock is not None:
            code = self.sock.getsockopt(socket.SOL_SOCKET, socket.SO_ERROR)
            if code == 0:
                return
        self._finish(_ENDS.get(code or 0, End.LOCAL_ERROR), error.strerror or "")

    def _finish(self, end: End, text: str = "") -> None:
        if end is not End.LOCAL_ERROR and end is not End.CONNECT_REFUSED:
            self.judge_rest()
        if self.decided_ns is None:
            self.decided_ns = self.engine.now()
        self.end_text = text
        self.end = end
        self.close(end)
        self.listener.on_end(self)

    def _feed(self, data: bytes, arrived_ns: int, read_ns: int) -> None:
        if self.connected_ns is None:
            self._connected()
        lines = (self._partial + data).split(b"\n")
        self._partial = lines.pop()[-LINE_MOST:]
        for line in lines:
            line = line.rstrip(b"\r")
            if self.reply is not Reply.ADMITTED:
                self._opening_line(line, arrived_ns)
            elif not self.ready and self.engine.dialect.refused_on.search(line):
                self._decide(Reply.REFUSED, line, arrived_ns)  # greeted first, then turned away
                self.late = True
            else:
                self.listener.on_line(self, line, arrived_ns, read_ns)

    def _opening_line(self, line: bytes, arrived_ns: int) -> None:
        if self.reply is Reply.REFUSED or not line:
            return
        if self.engine.dialect.admitted_on.search(line):
            self._decide(Reply.ADMITTED, line, arrived_ns)
            self.listener.on_admitted(self)
        elif self.engine.dialect.refused_on.search(line):
            self._decide(Reply.REFUSED, line, arrived_ns)
            self.late = arrived_ns > self.admit_by_ns
        elif self.reply is Reply.NONE:
            self._decide(Reply.OTHER, line, arrived_ns)

    def _decide(self, reply: Reply, line: bytes, arrived_ns: int) -> None:
        self.reply = reply
        self.text = line[:300].decode(errors="replace")
        self.decided_ns = arrived_ns
