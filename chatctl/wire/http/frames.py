"""IRC lines as WebSocket messages: one line, without its ending, in one unmasked frame (IRCv3, websocket)."""

from __future__ import annotations

import struct

from chatctl.core.events.base import Event
from chatctl.core.events.presence import Dismissed, Expelled, Labeled, Stopping
from chatctl.errors import BadWebSocket, InternalError, Misbehaved, ServerFull
from chatctl.wire.base import Dialect

# The first byte of a frame: it is the last of its message, and its opcode. RFC 6455, section 5.2.
TEXT = 0x81
BINARY = 0x82
CLOSE = 0x88
PONG = 0x8A

# RFC 6455, section 7.4.1, and the registry of close codes that it founded.
NORMAL = 1000
GOING_AWAY = 1001
POLICY_VIOLATION = 1008
SERVER_MISTAKE = 1011
TRY_AGAIN_LATER = 1013


class FramedDialect:
    """Writes what another dialect writes, each line in a frame, and a closing frame after a session's last line.

    The closing frame is written here because no message may come after it: RFC 6455, section 5.5.1.
    """

    def __init__(self, inner: Dialect, binary: bool) -> None:
        self.inner = inner
        self._opcode = BINARY if binary else TEXT

    def render(self, event: Event, nick: str = "*", now: int = 0) -> bytes:
        """Return the lines that ``event`` is told in, as frames."""
        frames = self._frames(self.inner.render(event, nick, now))
        status = _ending(event)
        return frames if status is None else frames + close(status)

    def refuse(self, error: Misbehaved) -> bytes:
        """Return the last lines, and the frame that closes the connection."""
        return self._frames(self.inner.refuse(error)) + close(_blame(error))

    def _frames(self, lines: bytes) -> bytes:
        return b"".join([frame(self._opcode, line) for line in lines.split(b"\r\n") if line])


class FramedDialects:
    """Every framed dialect of one server: each inner one has one, so that it is rendered once for all who share it."""

    def __init__(self) -> None:
        self._made: dict[tuple[Dialect, bool], FramedDialect] = {}

    def framing(self, inner: Dialect, binary: bool) -> FramedDialect:
        """Return the dialect that puts what ``inner`` writes into frames; from any thread."""
        key = inner, binary
        dialect = self._made.get(key)
        if dialect is None:
            dialect = self._made.setdefault(key, FramedDialect(inner, binary))
        return dialect


def frame(opcode: int, payload: bytes) -> bytes:
    """Return one frame without a mask; ``opcode`` is its first byte. RFC 6455, section 5.2."""
    size = len(payload)
    if size < 126:
        head = bytes((opcode, size))
    elif size < 1 << 16:
        head = struct.pack("!BBH", opcode, 126, size)
    else:
        head = struct.pack("!BBQ", opcode, 127, size)
    return head + payload


def close(status: int) -> bytes:
    """Return the frame that closes a connection: RFC 6455, section 5.5.1."""
    return frame(CLOSE, struct.pack("!H", status))


def _ending(event: Event) -> int | None:
    """Return with which status ``event`` ends the session of who is told it; None if it goes on."""
    match event:
        case Dismissed():
            return NORMAL
        case Stopping():
            return GOING_AWAY
        case Expelled(error):
            return _blame(error)
        case Labeled(_, events):
            return next((status for status in map(_ending, events) if status is not None), None)
        case _:
            return None


def _blame(error: Misbehaved) -> int:
    match error:
        case BadWebSocket(status=status):
            return status
        case ServerFull():
            return TRY_AGAIN_LATER
        case InternalError():
            return SERVER_MISTAKE
        case _:
            return POLICY_VIOLATION
