"""The wires that are spoken, and what peers of the others are told."""

from __future__ import annotations

import http.client
import io
import ssl

import pytest

from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.registry import refusal, wires
from chatctl.wire.sniff import WireName
from chatctl.wire.text import TextWire

WIRES = wires(ServerInfo())


class Answer:
    """A socket that has only this to say."""

    def __init__(self, data):
        self._data = data

    def makefile(self, mode):
        return io.BytesIO(self._data)


def test_text_is_spoken():
    assert isinstance(WIRES[WireName.TEXT](), TextWire)


def test_irc_is_spoken_and_clients_with_the_same_capabilities_share_a_dialect():
    one, other = WIRES[WireName.IRC](), WIRES[WireName.IRC]()
    assert isinstance(one, IrcWire)
    assert one.dialect is other.dialect


def test_every_connection_has_a_wire_of_its_own():
    assert WIRES[WireName.TEXT]() is not WIRES[WireName.TEXT]()


@pytest.mark.parametrize("name", [name for name in WireName if name not in WIRES])
def test_every_wire_that_is_not_spoken_has_a_refusal(name):
    assert refusal(name)


def test_an_http_client_understands_its_refusal():
    response = http.client.HTTPResponse(Answer(refusal(WireName.HTTP)), method="GET")
    response.begin()
    with response:
        body = response.read()
        assert (response.status, response.reason, response.version) == (501, "Not Implemented", 11)
        assert response.getheader("Content-Type") == "text/plain; charset=utf-8"
        assert response.getheader("Content-Length") == str(len(body))
        assert response.getheader("Connection") == "close"
    assert body == b"this server does not speak HTTP; connect with chatctl connect or netcat\n"


def test_every_line_of_the_http_head_ends_in_cr_lf():
    head, end, _ = refusal(WireName.HTTP).partition(b"\r\n\r\n")
    assert end
    assert head.count(b"\n") == head.count(b"\r\n")


def test_a_tls_client_understands_its_refusal():
    incoming, outgoing = ssl.MemoryBIO(), ssl.MemoryBIO()
    client = ssl.create_default_context().wrap_bio(incoming, outgoing, server_hostname="localhost")
    with pytest.raises(ssl.SSLWantReadError):
        client.do_handshake()
    incoming.write(refusal(WireName.TLS))
    with pytest.raises(ssl.SSLError, match="HANDSHAKE_FAILURE"):
        client.do_handshake()


def test_the_tls_refusal_is_one_fatal_alert():
    kind, major, minor, *length, level, description = refusal(WireName.TLS)
    assert (kind, major, minor, length) == (21, 3, 1, [0, 2])
    assert (level, description) == (2, 40)
