"""IRC over WebSocket: IRCv3, websocket; RFC 6455."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import replace
from http import HTTPStatus
from typing import TYPE_CHECKING

from chatctl.core.limits import DEFAULTS
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Expel, Quit
from chatctl.errors import BadWebSocket
from chatctl.wire.base import SwitchDialect, Wire
from chatctl.wire.http.answers import answer, plain
from chatctl.wire.http.frames import PONG, FramedDialect, FramedDialects, frame
from chatctl.wire.http.origins import Origins

if TYPE_CHECKING:
    from websockets.frames import Frame
    from websockets.server import ServerProtocol
    from websockets.typing import Subprotocol

HEAD_LIMIT = 8192
"""Bytes of a request's head."""

REQUEST_TIME = 10.0
"""Seconds in which a request has to be complete."""

BINARY = "binary.ircv3.net"
SUBPROTOCOLS = ("text.ircv3.net", BINARY)
VERSION = "13"

# The target may name the server too: RFC 9112, section 3.2.2.
_REQUEST_LINE = re.compile(rb"([A-Z]+) (?:https?://[^/? \r\n]*)?([^ \r\n]*) HTTP/1\.[01]\r\n")
_UPGRADE = re.compile(rb"\r\nupgrade:[ \t]*websocket[ \t]*\r\n", re.IGNORECASE)


class WebSocketWire:
    """One peer that began with an HTTP request; once HTTP, it never speaks lines (cross-protocol attacks).

    A peer that names no origin is no page in a browser and may connect; ``origins`` tells which pages may.
    """

    name = "websocket"
    registers = True
    quiet = False

    def __init__(
        self,
        make_inner: Callable[[], Wire],
        dialects: FramedDialects,
        origins: Origins,
        message_limit: int = DEFAULTS.websocket_message,
    ) -> None:
        self.deadline: float | None = None
        self.opened = False
        self.over = False
        self._inner = make_inner()
        self._dialects = dialects
        self._origins = origins
        self._message_limit = message_limit
        self._binary = False
        self._head = b""
        self._outgoing = b""
        self._message = b""
        self._is_text = True
        self._protocol: ServerProtocol | None = None

    @property
    def dialect(self) -> FramedDialect:
        """How the peer is written to at first."""
        return self._dialects.framing(self._inner.dialect, self._binary)

    def receive(self, data: bytes, now: float) -> list[Request]:
        """Return what the peer asks with ``data``."""
        if self.over:
            return []
        if not self.opened:
            if self.deadline is None:
                self.deadline = now + REQUEST_TIME
            self._head += data
            head, end, data = self._head.partition(b"\r\n\r\n")
            if not end and len(head) <= HEAD_LIMIT:
                return []
            self._head = b""
            self.deadline = None
            self._greet(head + end)
        return self._read(data, now) if self.opened else []

    def replies(self) -> bytes:
        """Return, once, the answers that need no hub: the handshake and pongs."""
        outgoing, self._outgoing = self._outgoing, b""
        return outgoing

    def silence(self) -> list[Request]:
        """Give up waiting for the rest of a request."""
        self.deadline = None
        self._refuse(answer(HTTPStatus.REQUEST_TIMEOUT, f"A request has to be complete in {REQUEST_TIME:.0f} s.\n"))
        return []

    def finish(self) -> list[Request]:
        """Return what is left to ask once the peer has sent its last byte."""
        return self._inner.finish() if self.opened else []

    def _greet(self, head: bytes) -> None:
        """Answer the request; the wire is opened or over after that."""
        line = _REQUEST_LINE.match(head)
        if len(head) > HEAD_LIMIT:
            self._refuse(answer(HTTPStatus.REQUEST_HEADER_FIELDS_TOO_LARGE, f"The limit is {HEAD_LIMIT} bytes.\n"))
        elif line is None:
            self._refuse(answer(HTTPStatus.BAD_REQUEST, "This is no HTTP request.\n"))
        elif line[1] != b"GET" or _UPGRADE.search(head) is None:
            self._refuse(plain(line[1].decode(), line[2].decode("latin-1")))
        else:
            self._shake_hands(head)

    def _shake_hands(self, head: bytes) -> None:
        from websockets.http11 import Request as HttpRequest

        protocol = _make_protocol(self._message_limit)
        protocol.receive_data(head)
        request = next(iter(protocol.events_received()), None)
        if not isinstance(request, HttpRequest):
            self._refuse(answer(HTTPStatus.BAD_REQUEST, "This is no HTTP request for a WebSocket.\n"))
            return
        hosts, origins = request.headers.get_all("Host"), request.headers.get_all("Origin")
        if len(hosts) != 1 or len(origins) > 1:
            self._refuse(answer(HTTPStatus.BAD_REQUEST, "Name one Host, and at most one Origin.\n"))
            return
        if origins and not self._origins.admit(origins[0], hosts[0]):
            sentence = "Pages of this origin may not connect; chatctl serve --allow-origin lets them.\n"
            self._refuse(answer(HTTPStatus.FORBIDDEN, sentence))
            return
        response = protocol.accept(request)
        self.opened = response.status_code == HTTPStatus.SWITCHING_PROTOCOLS
        if not self.opened:
            # RFC 6455, section 4.4.
            response.headers["Sec-WebSocket-Version"] = VERSION
        protocol.send_response(response)
        self._outgoing += b"".join(protocol.data_to_send())
        self.over = not self.opened
        self._protocol = protocol
        self._binary = protocol.subprotocol == BINARY

    def _refuse(self, response: bytes) -> None:
        self._outgoing += response
        self.over = True

    def _read(self, data: bytes, now: float) -> list[Request]:
        protocol = self._protocol
        assert protocol is not None
        protocol.receive_data(data)
        found: list[Request] = []
        for received in protocol.events_received():
            found += self._take(received, now)  # type: ignore[arg-type]
            if self.over:
                return found
        # What the protocol would send is left: the hub says the last word, after all that it has said before.
        protocol.data_to_send()
        failure = protocol.close_sent
        if failure is not None:
            found.append(self._fail(failure.code, failure.reason))
        return found

    def _take(self, received: Frame, now: float) -> list[Request]:
        from websockets.frames import Opcode

        match received.opcode:
            case Opcode.PING:
                self._outgoing += frame(PONG, bytes(received.data))
            case Opcode.PONG:
                pass
            case Opcode.CLOSE:
                self.over = True
                return [Quit()]
            case Opcode.CONT:
                return self._assemble(received, self._is_text, now)
            case _:
                return self._assemble(received, received.opcode is Opcode.TEXT, now)
        return []

    def _assemble(self, received: Frame, is_text: bool, now: float) -> list[Request]:
        """Return what a message asks once this frame, its next, completes it."""
        from websockets.frames import CloseCode

        self._is_text = is_text
        self._message += received.data
        if not received.fin:
            return []
        message, self._message = self._message, b""
        if is_text and not _is_utf8(message):
            return [self._fail(CloseCode.INVALID_DATA, "a text message is UTF-8")]
        return [self._frame(request) for request in self._inner.receive(_one_line(message), now)]

    def _fail(self, status: int, why: str) -> Request:
        self.over = True
        return Expel(BadWebSocket(status, why))

    def _frame(self, request: Request) -> Request:
        if isinstance(request, SwitchDialect):
            return replace(request, dialect=self._dialects.framing(request.dialect, self._binary))
        return request


def _make_protocol(message_limit: int) -> ServerProtocol:
    from websockets.server import ServerProtocol

    def select(protocol: ServerProtocol, offered: object) -> Subprotocol | None:
        wanted: list[Subprotocol] = list(offered)  # type: ignore[call-overload]
        return next((one for one in wanted if one in SUBPROTOCOLS), None)

    return ServerProtocol(max_size=message_limit, select_subprotocol=select)


def _one_line(message: bytes) -> bytes:
    """Return a message as one line; a line ending inside becomes a bare CR, which the inner wire refuses."""
    return message.removesuffix(b"\n").removesuffix(b"\r").replace(b"\n", b"\r") + b"\r\n"


def _is_utf8(message: bytes) -> bool:
    try:
        message.decode()
    except UnicodeDecodeError:
        return False
    return True
