"""The wires that are spoken, and what peers of the others are told."""

from __future__ import annotations

import ssl

import pytest

from chatctl.wire.base import NO_LINK
from chatctl.wire.http.websocket import WebSocketWire
from chatctl.wire.irc.info import ServerInfo
from chatctl.wire.irc.wire import IrcWire
from chatctl.wire.registry import refusal, wires
from chatctl.wire.sniff import WireName
from chatctl.wire.text import TextWire

WIRES = wires(ServerInfo())


def test_text_is_spoken():
    assert isinstance(WIRES[WireName.TEXT](NO_LINK), TextWire)


def test_irc_is_spoken_and_clients_with_the_same_capabilities_share_a_dialect():
    one, other = WIRES[WireName.IRC](NO_LINK), WIRES[WireName.IRC](NO_LINK)
    assert isinstance(one, IrcWire)
    assert one.dialect is other.dialect


def test_every_connection_has_a_wire_of_its_own():
    assert WIRES[WireName.TEXT](NO_LINK) is not WIRES[WireName.TEXT](NO_LINK)


@pytest.mark.parametrize("name", WireName)
def test_every_protocol_has_a_refusal_for_who_would_need_tls_or_do_without(name):
    assert refusal(name)


def test_http_is_answered_and_pages_of_the_origins_given_may_connect():
    request = (
        b"GET / HTTP/1.1\r\nHost: x\r\nOrigin: https://example.org\r\nConnection: Upgrade\r\nUpgrade: websocket\r\n"
        b"Sec-WebSocket-Version: 13\r\nSec-WebSocket-Key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n"
    )
    for_pages = wires(ServerInfo(), frozenset({"https://example.org"}))
    strict, lenient = WIRES[WireName.HTTP](NO_LINK), for_pages[WireName.HTTP](NO_LINK)
    assert isinstance(strict, WebSocketWire)
    strict.receive(request, 0.0)
    lenient.receive(request, 0.0)
    assert (strict.opened, lenient.opened) == (False, True)


def test_whoever_speaks_over_websocket_with_the_same_capabilities_shares_a_dialect():
    one, other = WIRES[WireName.HTTP](NO_LINK), WIRES[WireName.HTTP](NO_LINK)
    assert one.dialect is other.dialect


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
