"""IRC over WebSocket with another implementation as the peer, and HTTP requests that want none."""

from __future__ import annotations

import http.client
import io
from dataclasses import dataclass

import pytest
from hypothesis import given
from hypothesis import strategies as st
from websockets.client import ClientProtocol
from websockets.frames import Frame, Opcode
from websockets.protocol import State
from websockets.uri import parse_uri

from chatctl.core.events.presence import Dismissed, Expelled
from chatctl.core.limits import DEFAULTS
from chatctl.core.requests.base import Request
from chatctl.core.requests.presence import Expel, Invalid, Quit
from chatctl.errors import BadCharacter, NotUtf8
from chatctl.wire.base import SwitchDialect
from chatctl.wire.http.answers import HOW_TO_CHAT
from chatctl.wire.http.frames import FramedDialects
from chatctl.wire.http.origins import Origins
from chatctl.wire.http.websocket import HEAD_LIMIT, REQUEST_TIME, WebSocketWire
from chatctl.wire.irc.dialect import Dialects
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.wire import IrcWire

NOW = 100.0
HERE = "127.0.0.1:6667"
TEXT, BINARY = "text.ircv3.net", "binary.ircv3.net"
KEY = "dGhlIHNhbXBsZSBub25jZQ=="
HANDSHAKE = (
    f"GET / HTTP/1.1\r\nHost: {HERE}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
    f"Sec-WebSocket-Key: {KEY}\r\nSec-WebSocket-Version: 13\r\n"
)


@dataclass(frozen=True, slots=True)
class Said(Request):
    """What the inner wire was given at once, and when."""

    data: bytes
    now: float


@dataclass(frozen=True, slots=True)
class Last(Request):
    """What the inner wire has left to ask."""


class Plain:
    """A dialect that names what it is told."""

    def render(self, event, nick="*", now=0):
        return f"{type(event).__name__}\r\n".encode()

    def refuse(self, error):
        return b"ERROR\r\n"


PLAIN, OTHER = Plain(), Plain()


class Inner:
    """A wire that asks for what it is given, as it is; ``CAP`` asks for another dialect."""

    name = "inner"
    registers = True
    opened = True
    over = False
    deadline = None
    dialect = PLAIN

    def receive(self, data, now):
        return [SwitchDialect(OTHER, Dismissed(None))] if data == b"CAP\r\n" else [Said(data, now)]

    def replies(self):
        return b""

    def silence(self):
        return []

    def finish(self):
        return [Last()]


class Answer:
    """A socket that has only this to say."""

    def __init__(self, data):
        self._data = data

    def makefile(self, mode):
        return io.BytesIO(self._data)


def make_wire(*allowed, inner=Inner):
    return WebSocketWire(inner, FramedDialects(), Origins(allowed))


def irc():
    return IrcWire(Dialects(ServerInfo()))


class Peer:
    """A client of another implementation, connected to a wire; what the hub would say comes from the dialect."""

    def __init__(self, wire=None, address=HERE, **options):
        self.wire = make_wire() if wire is None else wire
        self.requests = []
        self.client = ClientProtocol(parse_uri(f"ws://{address}/"), **options)
        self.client.send_request(self.client.connect())
        self.transmit()
        (self.response,) = self.client.events_received()

    def transmit(self):
        """Give the wire what the client sends, and the client what it is answered."""
        self.put(b"".join(self.client.data_to_send()))

    def put(self, data):
        self.requests += self.wire.receive(data, NOW)
        self.hear(self.wire.replies())

    def hear(self, data):
        if data:
            self.client.receive_data(data)

    def say(self, message):
        """Send a message, of text or of bytes, and return what the inner wire is given."""
        if isinstance(message, str):
            self.client.send_text(message.encode())
        else:
            self.client.send_binary(message)
        return self.answered()

    def answered(self):
        """Return what the wire asks for by what the client has to send."""
        self.requests = []
        self.transmit()
        return [request.data if isinstance(request, Said) else request for request in self.requests]

    def received(self):
        return [(event.opcode, bytes(event.data)) for event in self.client.events_received()]


def asked(*headers, line="GET / HTTP/1.1", host=HERE, end="\r\n"):
    """Return a request as it is sent."""
    return "".join(f"{header}\r\n" for header in (line, f"Host: {host}", *headers)).encode() + end.encode()


def answer(wire, *stream, method="GET"):
    """Return status, headers and body of the only answer to a request, which has to end the conversation."""
    for data in stream:
        assert wire.receive(data, NOW) == []
    assert wire.over
    assert not wire.opened
    return understood(wire.replies(), method)


def understood(data, method="GET"):
    """Return status, headers and body of a response as another implementation reads it."""
    head, _, rest = data.partition(b"\r\n\r\n")
    assert head.count(b"\n") == head.count(b"\r\n")
    response = http.client.HTTPResponse(Answer(data), method=method)
    response.begin()
    with response:
        body = response.read()
        assert rest == body
        assert response.getheader("Connection") == "close"
        assert response.getheader("Content-Type") == "text/plain; charset=utf-8"
        if method != "HEAD":
            assert response.getheader("Content-Length") == str(len(body))
        return response.status, dict(response.getheaders()), body.decode()


def masked(opcode, data=b"", fin=True):
    return Frame(opcode, data, fin).serialize(mask=True)


class TestTheHandshake:
    @pytest.mark.parametrize(
        ("offered", "chosen"),
        [
            (None, None),
            ([TEXT], TEXT),
            ([BINARY], BINARY),
            ([TEXT, BINARY], TEXT),
            ([BINARY, TEXT], BINARY),
            (["chat.example", BINARY], BINARY),
        ],
        ids=str,
    )
    def test_the_first_known_subprotocol_of_the_client_is_agreed_on(self, offered, chosen):
        peer = Peer(subprotocols=offered)
        assert peer.client.state is State.OPEN
        assert peer.client.subprotocol == chosen
        assert peer.requests == []

    @pytest.mark.parametrize(
        ("offered", "kind"), [([TEXT], Opcode.TEXT), ([BINARY], Opcode.BINARY), (None, Opcode.TEXT)], ids=str
    )
    def test_the_subprotocol_decides_what_the_peer_is_sent(self, offered, kind):
        peer = Peer(subprotocols=offered)
        peer.hear(peer.wire.dialect.refuse(None))
        assert peer.received()[0] == (kind, b"ERROR")

    def test_with_unknown_subprotocols_only_none_is_agreed_on(self):
        wire = make_wire()
        wire.receive(f"{HANDSHAKE}Sec-WebSocket-Protocol: chat.example\r\n\r\n".encode(), NOW)
        reply = wire.replies()
        assert wire.opened
        assert reply.startswith(b"HTTP/1.1 101 ")
        assert b"sec-websocket-protocol" not in reply.lower()

    def test_compression_is_not_agreed_on(self):
        wire = make_wire()
        wire.receive(f"{HANDSHAKE}Sec-WebSocket-Extensions: permessage-deflate\r\n\r\n".encode(), NOW)
        assert wire.opened
        assert b"sec-websocket-extensions" not in wire.replies().lower()

    def test_the_example_of_the_standard_is_answered(self):
        """RFC 6455, section 1.3."""
        wire = make_wire()
        wire.receive(f"{HANDSHAKE}\r\n".encode(), NOW)
        assert b"\r\nSec-WebSocket-Accept: s3pPLMBiTxaQ9kYGzzhZRbK+xOo=\r\n" in wire.replies()

    def test_the_answer_is_told_once(self):
        peer = Peer()
        assert peer.wire.replies() == b""

    def test_the_case_of_the_names_does_not_matter(self):
        wire = make_wire()
        wire.receive(HANDSHAKE.replace("Upgrade: websocket", "UPGRADE:WebSocket").encode() + b"\r\n", NOW)
        assert wire.opened

    def test_a_session_has_to_register_and_is_named_after_the_protocol(self):
        wire = make_wire()
        assert (wire.name, wire.registers, wire.opened, wire.over) == ("websocket", True, False, False)

    @given(st.lists(st.integers(0, 700), max_size=12))
    def test_any_cut_of_the_stream_is_the_same_conversation(self, pieces, places):
        stream = b"".join(
            [
                f"{HANDSHAKE}Sec-WebSocket-Protocol: {TEXT}\r\n\r\n".encode(),
                masked(Opcode.TEXT, b"NICK ada"),
                masked(Opcode.PING, b"p"),
                masked(Opcode.TEXT, "USER ä".encode()[:-1], fin=False),
                masked(Opcode.PING, b"q" * 125),
                masked(Opcode.CONT, "ä".encode()[1:], fin=False),
                masked(Opcode.CONT, b" 0 * :Ada"),
                masked(Opcode.PONG),
                masked(Opcode.BINARY, b"x" * 200),
                masked(Opcode.TEXT, b"CAP"),
                masked(Opcode.CLOSE, b"\x03\xe8"),
            ]
        )
        wire, requests, replies = make_wire(), [], b""
        for data in pieces(stream, places):
            requests += wire.receive(data, NOW)
            replies += wire.replies()
        head, end, pongs = replies.partition(b"\r\n\r\n")
        assert end
        assert head.startswith(b"HTTP/1.1 101 Switching Protocols\r\n")
        assert pongs == b"".join(Frame(Opcode.PONG, data).serialize(mask=False) for data in (b"p", b"q" * 125))
        *said, switch, last = requests
        assert said == [
            Said(line, NOW) for line in (b"NICK ada\r\n", "USER ä 0 * :Ada\r\n".encode(), b"x" * 200 + b"\r\n")
        ]
        assert isinstance(switch, SwitchDialect)
        assert last == Quit()
        assert wire.over


class TestRefusedHandshakes:
    @pytest.mark.parametrize(
        ("old", "new", "status"),
        [
            ("Sec-WebSocket-Version: 13", "Sec-WebSocket-Version: 8", 400),
            (f"Sec-WebSocket-Key: {KEY}\r\n", "", 400),
            (KEY, "short", 400),
            ("Connection: Upgrade", "Connection: close", 426),
            (f"Host: {HERE}\r\n", "", 400),
            (f"Host: {HERE}", f"Host: {HERE}\r\nHost: {HERE}", 400),
            (f"Host: {HERE}", f"Host: {HERE}\r\nOrigin: http://{HERE}\r\nOrigin: null", 400),
            (f"Host: {HERE}", "no header", 400),
            (f"Host: {HERE}", f"Host: {HERE}\r\nContent-Length: 5", 400),
        ],
    )
    def test_a_request_with_a_mistake_is_refused(self, old, new, status):
        assert old in HANDSHAKE
        found, _, body = answer(make_wire(), HANDSHAKE.replace(old, new).encode() + b"\r\n")
        assert found == status
        assert body

    def test_another_version_is_told_the_right_one(self):
        """RFC 6455, section 4.4."""
        old = HANDSHAKE.replace("Version: 13", "Version: 8").encode() + b"\r\n"
        _, headers, _ = answer(make_wire(), old)
        assert headers["Sec-WebSocket-Version"] == "13"

    def test_what_comes_after_a_refusal_is_not_read(self):
        wire = make_wire()
        answer(wire, HANDSHAKE.replace(KEY, "short").encode() + b"\r\n" + masked(Opcode.TEXT, b"NICK ada"))
        assert wire.receive(f"{HANDSHAKE}\r\n".encode() + b"NICK ada\r\n", NOW) == []
        assert wire.replies() == b""
        assert wire.finish() == []


class TestOrigins:
    """RFC 6455, section 10.2: a page may connect only if it is this server's own or an allowed one."""

    @pytest.mark.parametrize(
        ("address", "origin"),
        [
            (HERE, None),
            ("chat.example", None),
            (HERE, f"http://{HERE}"),
            ("localhost:6667", "http://localhost:6667"),
            ("LOCALHOST:6667", "http://localhost:6667"),
            ("irc.localhost", "https://irc.localhost"),
            ("[::1]:6667", "http://[::1]:6667"),
            ("192.0.2.7", "http://192.0.2.7"),
        ],
    )
    def test_no_origin_and_the_server_s_own_may_connect(self, address, origin):
        assert Peer(address=address, origin=origin).client.state is State.OPEN

    @pytest.mark.parametrize(
        ("address", "origin"),
        [
            (HERE, "http://evil.example"),
            (HERE, "http://127.0.0.1"),
            (HERE, "http://127.0.0.1:80"),
            (HERE, "null"),
            (HERE, ""),
            # Whoever owns the name can have it stand for this machine.
            ("evil.example", "http://evil.example"),
            ("localhost.evil.example", "http://localhost.evil.example"),
            ("127.0.0.1.evil.example", "http://127.0.0.1.evil.example"),
        ],
    )
    def test_another_origin_may_not(self, address, origin):
        wire = make_wire()
        request = f"{HANDSHAKE.replace(HERE, address)}Origin: {origin}\r\n\r\n"
        status, _, body = answer(wire, request.encode())
        assert status == 403
        assert "--allow-origin" in body

    @pytest.mark.parametrize("allowed", ["https://Chat.example", "https://chat.example/", "*"])
    def test_an_allowed_one_may(self, allowed):
        assert Peer(make_wire("https://other.example", allowed), origin="https://chat.example").wire.opened

    @pytest.mark.parametrize("origin", ["http://chat.example", "https://chat.example:8443", "https://a.chat.example"])
    def test_an_allowed_one_has_to_be_the_same_in_scheme_host_and_port(self, origin):
        status, _, _ = answer(make_wire("https://chat.example"), f"{HANDSHAKE}Origin: {origin}\r\n\r\n".encode())
        assert status == 403

    def test_the_origin_of_a_sandboxed_page_can_be_allowed(self):
        assert Peer(make_wire("null"), origin="null").wire.opened


class TestMessages:
    @pytest.mark.parametrize("ending", ["", "\n", "\r\n"], ids=["none", "LF", "CR LF"])
    @pytest.mark.parametrize("subprotocols", [[TEXT], [BINARY], None], ids=str)
    def test_a_message_is_a_line(self, subprotocols, ending):
        peer = Peer(subprotocols=subprotocols)
        assert peer.say(f"NICK ädä{ending}") == ["NICK ädä\r\n".encode()]
        assert peer.say(f"NICK ädä{ending}".encode()) == ["NICK ädä\r\n".encode()]
        assert peer.requests == [Said("NICK ädä\r\n".encode(), NOW)]

    def test_a_message_of_bytes_need_not_be_utf_8(self):
        assert Peer().say(b"NICK \xff") == [b"NICK \xff\r\n"]

    def test_every_length_of_message_is_read(self):
        peer = Peer()
        for size in (0, 125, 126, 4096, DEFAULTS.websocket_message):
            assert peer.say(b"x" * size) == [b"x" * size + b"\r\n"]

    @given(st.text("a \r\n\0", max_size=12))
    def test_a_message_never_becomes_two_lines(self, text):
        (line,) = Peer().say(text)
        assert line.endswith(b"\r\n")
        assert b"\n" not in line[:-2]

    @pytest.mark.parametrize(
        "text", ["NICK ada\nQUIT", "NICK ada\r\nQUIT", "NICK ada\rQUIT", "NICK a\0b", "NICK ada\n\n"]
    )
    def test_irc_refuses_a_message_that_is_no_line(self, text):
        (request,) = Peer(make_wire(inner=irc)).say(text)
        assert isinstance(request, Invalid)
        assert isinstance(request.error, BadCharacter)

    @pytest.mark.parametrize("text", ["", "\r\n", "\n"])
    def test_irc_asks_nothing_by_an_empty_message(self, text):
        assert Peer(make_wire(inner=irc)).say(text) == []

    def test_irc_refuses_bytes_that_are_not_utf_8(self):
        (request,) = Peer(make_wire(inner=irc)).say(b"NICK \xff")
        assert isinstance(request, Invalid)
        assert isinstance(request.error, NotUtf8)

    def test_fragments_are_one_message(self):
        peer = Peer()
        peer.client.send_text(b"NICK \xc3", fin=False)
        assert peer.answered() == []
        peer.client.send_ping(b"between")
        assert peer.answered() == []
        assert peer.received() == [(Opcode.PONG, b"between")]
        peer.client.send_continuation(b"\xa4", fin=False)
        assert peer.answered() == []
        peer.client.send_continuation(b"da", fin=True)
        assert peer.answered() == ["NICK äda\r\n".encode()]
        assert peer.say("NICK eve") == [b"NICK eve\r\n"]

    def test_fragments_of_bytes_need_not_be_utf_8(self):
        peer = Peer()
        peer.client.send_binary(b"NICK \xff", fin=False)
        peer.client.send_continuation(b"\xff", fin=True)
        assert peer.answered() == [b"NICK \xff\xff\r\n"]

    def test_a_ping_is_answered_without_the_hub(self):
        peer = Peer()
        peer.client.send_ping(b"\x00ping")
        assert peer.answered() == []
        assert peer.received() == [(Opcode.PONG, b"\x00ping")]

    def test_a_pong_says_nothing(self):
        peer = Peer()
        peer.client.send_pong(b"still here")
        assert peer.answered() == []
        assert peer.received() == []

    def test_a_switch_of_the_inner_dialect_is_one_of_the_framed(self):
        dialects = FramedDialects()
        peer = Peer(WebSocketWire(Inner, dialects, Origins()), subprotocols=[BINARY])
        (request,) = peer.say("CAP")
        assert request == SwitchDialect(dialects.framing(OTHER, True), Dismissed(None))

    def test_peers_with_the_same_inner_dialect_and_kind_share_theirs(self):
        dialects = FramedDialects()
        one, same, other = (
            Peer(WebSocketWire(Inner, dialects, Origins()), subprotocols=[name]).wire.dialect
            for name in (TEXT, TEXT, BINARY)
        )
        assert one is same
        assert other is not one


class TestTheEnd:
    def closed(self, peer):
        """Return the status that the hub's last word closes the connection with, and why."""
        last = peer.requests[-1]
        error = last.error if isinstance(last, Expel) else None
        peer.hear(peer.wire.dialect.render(Dismissed(None) if error is None else Expelled(error)))
        assert peer.client.close_rcvd is not None
        return peer.client.close_rcvd.code, str(error)

    def test_a_closing_frame_ends_the_session_and_is_answered(self):
        peer = Peer()
        peer.client.send_close(1001, "going away")
        assert peer.answered() == [Quit()]
        assert peer.wire.over
        assert self.closed(peer)[0] == 1000

    def test_what_came_before_a_closing_frame_is_asked_first_and_what_comes_after_it_never(self):
        peer = Peer()
        peer.put(masked(Opcode.TEXT, b"one") + masked(Opcode.CLOSE) + masked(Opcode.TEXT, b"two"))
        assert peer.requests == [Said(b"one\r\n", NOW), Quit()]
        peer.put(masked(Opcode.TEXT, b"three") + masked(Opcode.PING))
        assert peer.requests == [Said(b"one\r\n", NOW), Quit()]

    def test_the_inner_wire_is_finished(self):
        assert Peer().wire.finish() == [Last()]

    def test_a_message_that_is_not_complete_is_not_asked_at_the_end(self):
        peer = Peer()
        peer.client.send_text(b"NICK ada", fin=False)
        assert peer.answered() == []
        assert peer.wire.finish() == [Last()]

    @pytest.mark.parametrize(
        ("data", "status"),
        [
            (masked(Opcode.TEXT, b"\xff"), 1007),
            (masked(Opcode.TEXT, b"\xc3", fin=False) + masked(Opcode.CONT, b"x"), 1007),
            (masked(Opcode.TEXT, b"\xc3"), 1007),
            (masked(Opcode.TEXT, b"x" * (DEFAULTS.websocket_message + 1)), 1009),
            (masked(Opcode.TEXT, b"x" * DEFAULTS.websocket_message, fin=False) + masked(Opcode.CONT, b"x"), 1009),
            (Frame(Opcode.TEXT, b"x").serialize(mask=False), 1002),
            (masked(Opcode.CONT, b"x"), 1002),
            (masked(Opcode.TEXT, b"x", fin=False) + masked(Opcode.TEXT, b"x"), 1002),
            (masked(Opcode.TEXT, b"x", fin=False) + masked(Opcode.CLOSE), 1002),
            (b"\xf1\x80\0\0\0\0", 1002),
            (b"\x83\x80\0\0\0\0", 1002),
            (b"\x09\x80\0\0\0\0", 1002),
            (b"\x88\x82\0\0\0\0\0\0", 1002),
            (b"\x88\x83\0\0\0\0\x03\xe8\xff", 1007),
        ],
        ids=[
            "text not UTF-8",
            "fragments not UTF-8",
            "text cut inside a character",
            "too long",
            "fragments too long",
            "without a mask",
            "fragment of nothing",
            "message inside another",
            "closed inside a message",
            "reserved bits",
            "unknown opcode",
            "fragmented ping",
            "closed with a bad status",
            "closed with a reason not UTF-8",
        ],
    )
    def test_who_breaks_the_protocol_is_told_and_let_go(self, data, status):
        peer = Peer()
        peer.put(masked(Opcode.TEXT, b"one") + data + masked(Opcode.TEXT, b"two"))
        first, last = peer.requests
        assert first == Said(b"one\r\n", NOW)
        assert (last.error.code, last.error.status) == ("bad-websocket", status)
        assert peer.wire.over
        assert peer.wire.replies() == b""
        found, why = self.closed(peer)
        assert found == status
        assert why.startswith("your client broke the WebSocket protocol: ")

    def test_the_length_is_enough_to_tell_that_a_message_is_too_long(self):
        peer = Peer()
        peer.put(masked(Opcode.TEXT, b"x" * (1 << 20))[:10])
        (request,) = peer.requests
        assert request.error.status == 1009

    @given(st.binary(max_size=200), st.lists(st.integers(0, 200), max_size=6))
    def test_any_bytes_after_the_handshake_are_read_or_refused(self, pieces, stream, places):
        whole, cut = Peer(), Peer()
        whole.put(stream)
        for data in pieces(stream, places):
            cut.put(data)
        assert [str(request) for request in cut.requests] == [str(request) for request in whole.requests]
        assert cut.wire.over == whole.wire.over


class TestPlainHttp:
    def test_health_is_told(self):
        status, headers, body = answer(make_wire(), asked(line="GET /healthz HTTP/1.1"))
        assert (status, body) == (200, "ok\n")
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Date"].endswith(" GMT")

    @pytest.mark.parametrize("target", ["/healthz?now", f"http://{HERE}/healthz", "https://chat.example/healthz?"])
    def test_health_has_several_addresses(self, target):
        assert answer(make_wire(), asked(line=f"GET {target} HTTP/1.0"))[0] == 200

    @pytest.mark.parametrize("target", ["/", "/favicon.ico", "/healthz/", f"http://{HERE}", "*", "/\xe9"])
    def test_there_is_no_page_but_a_sentence_how_to_chat(self, target):
        status, headers, body = answer(make_wire(), asked(line=f"GET {target} HTTP/1.1"))
        assert (status, body) == (404, HOW_TO_CHAT)
        assert headers["X-Content-Type-Options"] == "nosniff"

    @pytest.mark.parametrize(("path", "status", "size"), [("/healthz", 200, 3), ("/", 404, len(HOW_TO_CHAT))])
    def test_head_is_get_without_the_body(self, path, status, size):
        found, headers, body = answer(make_wire(), asked(line=f"HEAD {path} HTTP/1.1"), method="HEAD")
        assert (found, headers["Content-Length"], body) == (status, str(size), "")

    @pytest.mark.parametrize("verb", ["POST", "PUT", "DELETE", "OPTIONS", "PATCH", "CONNECT", "TRACE"])
    @pytest.mark.parametrize("header", ["Accept: */*", "Upgrade: websocket"])
    def test_other_verbs_are_not_understood(self, verb, header):
        status, headers, _ = answer(make_wire(), asked(header, line=f"{verb} /healthz HTTP/1.1"))
        assert (status, headers["Allow"]) == (405, "GET, HEAD")

    def test_once_http_never_lines(self):
        """A page can have a browser send lines as the body of a form."""
        wire = make_wire()
        body = b"\r\nNICK ada\r\nUSER ada 0 * :Ada\r\n"
        assert answer(wire, asked("Content-Length: 31", line="POST / HTTP/1.1") + body)[0] == 405
        assert wire.receive(b"NICK ada\r\n", NOW) == []
        assert wire.replies() == b""
        assert wire.finish() == []

    @pytest.mark.parametrize(
        "line", ["GET /", "GET / HTTP/2.0", "GET  / HTTP/1.1", "GET / HTTP/1.1 ", "GET / x HTTP/1.1", "GET /\nHTTP/1.1"]
    )
    def test_what_is_no_request_is_refused(self, line):
        assert answer(make_wire(), asked(line=line))[0] == 400

    def test_a_head_may_have_just_the_limit(self):
        head = asked("X: ", line="GET /healthz HTTP/1.1", end="")
        filled = head.replace(b"X: ", b"X: " + b"x" * (HEAD_LIMIT - len(head) - 2))
        assert answer(make_wire(), filled + b"\r\n")[0] == 200

    @pytest.mark.parametrize("end", ["\r\n", ""], ids=["whole", "without an end"])
    @pytest.mark.parametrize("size", [1, 1000, 1 << 16], ids=lambda size: f"{size} bytes at a time")
    def test_a_head_over_the_limit_is_refused(self, size, end):
        stream = asked("X: " + "x" * HEAD_LIMIT, line="GET /healthz HTTP/1.1", end=end)
        chunks = [stream[start : start + size] for start in range(0, len(stream), size)]
        assert answer(make_wire(), *chunks)[0] == 431

    @given(st.lists(st.integers(0, 80), max_size=6))
    def test_any_cut_of_a_request_is_the_same_request(self, pieces, places):
        stream = asked("Accept: */*", line="GET /healthz HTTP/1.1")
        assert answer(make_wire(), *pieces(stream, places))[0] == 200

    @given(st.binary(max_size=120))
    def test_any_bytes_are_awaited_or_refused(self, rest):
        wire = make_wire()
        assert wire.receive(b"GET /" + rest, NOW) == []
        assert wire.over == bool(reply := wire.replies())
        assert not reply or understood(reply)[0] in (200, 400, 404)


class TestPatience:
    def test_a_request_has_its_time_from_the_first_byte(self):
        wire = make_wire()
        assert wire.deadline is None
        wire.receive(b"GET / HT", NOW)
        assert wire.deadline == NOW + REQUEST_TIME
        wire.receive(b"TP/1.1\r\n", NOW + 5)
        assert wire.deadline == NOW + REQUEST_TIME
        assert not wire.over

    def test_a_request_that_is_not_complete_by_then_is_refused(self):
        wire = make_wire()
        wire.receive(b"GET / HT", NOW)
        assert wire.silence() == []
        assert wire.over
        assert wire.deadline is None
        assert understood(wire.replies())[0] == 408
        assert wire.receive(b"TP/1.1\r\n\r\n", NOW) == []
        assert wire.replies() == b""

    def test_a_complete_request_waits_for_nothing(self):
        assert Peer().wire.deadline is None

    def test_half_a_request_asks_nothing_at_the_end(self):
        wire = make_wire()
        wire.receive(b"GET / HT", NOW)
        assert wire.finish() == []
        assert not wire.opened
