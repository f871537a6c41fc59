"""HTTP requests and WebSockets: any bytes, however they are cut."""

from __future__ import annotations

import http.client
import io
import re

from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.uri import parse_uri

from chatctl.core.limits import DEFAULTS
from chatctl.wire.base import NO_LINK, SwitchDialect
from chatctl.wire.http.websocket import BINARY, HEAD_LIMIT, WebSocketWire
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.registry import wires
from chatctl.wire.sniff import WireName

from . import cutting
from .cutting import Timeline, pick

HERE = "127.0.0.1:6667"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HANDSHAKE = (
    f"GET / HTTP/1.1\r\nHost: {HERE}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n"
).encode()
DEFLATE = b"Sec-WebSocket-Extensions: permessage-deflate; client_max_window_bits\r\n"
HANDSHAKE_BINARY = HANDSHAKE + b"Sec-WebSocket-Protocol: " + BINARY.encode() + b"\r\n\r\n"
BEGINNINGS = (
    b"",
    b"GET ",
    HANDSHAKE,
    HANDSHAKE + b"\r\n",
    HANDSHAKE_BINARY,
    HANDSHAKE + DEFLATE + b"\r\n",
)
"""What the stream of an input continues; its first byte chooses."""

FINAL = 0x80
"""The bit of a frame that is the last of its message: RFC 6455, section 5.2."""

MEMORY = 4 * (HEAD_LIMIT + DEFAULTS.websocket_message)
"""Bytes that a wire may keep of what came, the last piece not counted."""

_WIRES = wires(ServerInfo(), frozenset({"https://chat.example"}))
_DATE = re.compile(rb"Date: [^\r]*")
_WORDS = [
    *(b"GET ", b"HEAD ", b"POST ", b"/", b"/healthz", b"http://x/", b" HTTP/1.1", b" HTTP/1.0", b"\r\n", b"\r\n\r\n"),
    *(b"Host: x\r\n", b"Origin: https://chat.example\r\n", b"Origin: http://127.0.0.1:6667\r\n", b"Origin: null\r\n"),
    *(b"Upgrade: websocket\r\n", b"Connection: Upgrade\r\n", b"Sec-WebSocket-Version: 12\r\n", DEFLATE, HANDSHAKE),
    *(
        b"Sec-WebSocket-Key: x\r\n",
        b"Sec-WebSocket-Protocol: text.ircv3.net\r\n",
        b"Content-Length: 5\r\n",
        b"x" * HEAD_LIMIT,
    ),
    *(b"Transfer-Encoding: chunked\r\n", b"X: \xff\r\n", b" folded\r\n", b":", b"\0", b"?"),
]


def _serialize(opcode: Opcode, payload: bytes, fin: bool, mask: int) -> bytes:
    """Return a frame, seldom without a mask; what may not be so long is cut."""
    if opcode in (Opcode.CLOSE, Opcode.PING, Opcode.PONG):
        payload, fin = payload[:125], True
    return Frame(opcode, payload, fin).serialize(mask=mask > 0)


_BODIES = [
    *(
        b"NICK ada",
        b"CAP REQ :batch",
        b"a\nb",
        b"\xff",
        b"\x03\xe8",
        b"\x03\xe8\xff",
        b"\x00",
        b"",
        b"QUIT",
        b"x" * 126,
    ),
    *(b"x" * 511, b"x" * DEFAULTS.websocket_message, b"x" * (DEFAULTS.websocket_message + 1)),
]
_payload = st.binary(max_size=130) | pick(_BODIES)
_frame = st.builds(
    _serialize,
    pick(list(Opcode)),
    _payload,
    st.booleans(),
    st.integers(0, 15),
)
_damaged = st.builds(
    lambda frame, place, value: frame[: place % 14] + bytes([value]) + frame[place % 14 + 1 :],
    _frame,
    st.integers(0, 13),
    st.integers(0, 255),
)
_head = st.lists(pick(_WORDS) | st.binary(max_size=8), max_size=14).map(b"".join)
_frames = st.lists(st.one_of(_frame, _frame, _damaged), max_size=8).map(b"".join)

inputs = st.one_of(
    st.builds(bytes.__add__, pick([b"\0", b"\1", b"\2"]), cutting.streams(_head)),
    st.builds(bytes.__add__, pick([b"\3", b"\4", b"\5"]), cutting.streams(_frames)),
)


def unframed(data: bytes) -> bytes:
    """Return the lines that a server sent in frames, each with its ending; nothing may come after a closing frame."""
    lines, closed = b"", False
    while data:
        assert not closed
        size, start = data[1], 2
        if size == 126:
            size, start = int.from_bytes(data[2:4], "big"), 4
        assert size < 1 << 16
        assert len(data) >= start + size
        if data[0] == FINAL | Opcode.CLOSE:
            closed = True
        else:
            assert data[0] == FINAL | Opcode.BINARY
            lines += data[start : start + size] + b"\r\n"
        data = data[start + size :]
    return lines


def run(data: bytes) -> None:
    """Check that the same is asked and answered however the stream is cut, and that another side understands it."""
    timeline = cutting.read(data[1:])
    beginning = BEGINNINGS[data[0] % len(BEGINNINGS)] if data else b""
    timeline.insert(0, (0.0, beginning))
    asked, answered, opened = _follow(timeline)
    assert (asked, answered, opened) == _follow(cutting.whole(timeline)) == _follow(cutting.crumbs(timeline))
    stream = b"".join(piece for _, piece in timeline)
    if opened:
        _check_frames(stream, answered)
    elif answered:
        _check_response(answered, "HEAD" if stream.startswith(b"HEAD ") else "GET")


def _follow(timeline: Timeline) -> tuple[list[str], bytes, bool]:
    wire = _WIRES[WireName.HTTP](NO_LINK)
    assert isinstance(wire, WebSocketWire)
    now, requests, answered = 0.0, [], b""
    for _, piece in timeline:
        if piece:
            requests += wire.receive(piece, now)
            answered += wire.replies()
            assert len(wire._head) <= HEAD_LIMIT
            assert len(wire._message) <= DEFAULTS.websocket_message
            assert cutting.held(wire._head, wire._message, wire._outgoing, wire._inner) < MEMORY + len(piece)
            assert wire._protocol is None or cutting.held(wire._protocol.reader) < MEMORY + len(piece)
    if wire.deadline is not None:
        requests += wire.silence()
        answered += wire.replies()
    requests += wire.finish()
    for request in requests:
        if isinstance(request, SwitchDialect):
            assert type(request.dialect) is type(wire.dialect)
    return [repr(request) for request in requests], _DATE.sub(b"Date: x", answered), wire.opened


class _Answer:
    """What ``http.client`` takes for a socket."""

    def __init__(self, data: bytes) -> None:
        self._file = io.BytesIO(data)

    def makefile(self, mode: str) -> io.BytesIO:
        """Return the file to read."""
        return self._file


def _check_response(data: bytes, method: str) -> None:
    """Check that another implementation reads one whole response, which says that the connection ends."""
    head, _, rest = data.partition(b"\r\n\r\n")
    assert head.count(b"\n") == head.count(b"\r\n")
    response = http.client.HTTPResponse(_Answer(data), method=method)  # type: ignore[arg-type]
    response.begin()
    assert response.status >= 400 or response.status == 200
    assert response.getheader("Connection") == "close"
    with response:
        body = response.read()
        assert body == rest or method == "HEAD"


def _check_frames(stream: bytes, data: bytes) -> None:
    """Check that another implementation agrees to the WebSocket, without an extension, and reads every frame."""
    client = ClientProtocol(parse_uri(f"ws://{HERE}/"), max_size=None)
    key = re.search(rb"(?i)\r\nsec-websocket-key:[ \t]*([^\r]*?)[ \t]*\r\n", stream)
    assert key is not None
    client.key = key[1].decode()
    client.available_subprotocols = ["text.ircv3.net", "binary.ircv3.net"]  # type: ignore[list-item]
    client.send_request(client.connect())
    client.receive_data(data)
    assert client.handshake_exc is None, data
    assert client.parser_exc is None, data
    assert b"Extensions" not in data.partition(b"\r\n\r\n")[0]
