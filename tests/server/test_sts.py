"""Telling clients to use TLS: sts (IRCv3)."""

from __future__ import annotations

import socket
import ssl
from datetime import timedelta

import pytest

MONTH = timedelta(days=30)
SECONDS = 30 * 24 * 60 * 60


def trusting() -> ssl.SSLContext:
    context = ssl.SSLContext(ssl.PROTOCOL_TLS_CLIENT)
    context.check_hostname = False
    context.verify_mode = ssl.CERT_NONE
    return context


def offers(house, context=None, version=" 302"):
    """Return what CAP LS lists, and who was told."""
    peer = house.connect(context)
    peer.send(f"CAP LS{version}")
    words = []
    while True:
        line = peer.line().rstrip("\r")
        words += line.rpartition(":")[2].split()
        if " LS * " not in line:
            return peer, [word for word in words if word.startswith("sts")]


@pytest.fixture
def house(start_house):
    return start_house(tls_auto=True, sts=MONTH)


def test_who_came_without_tls_is_told_the_port(house):
    port = house.server.address[1]
    assert offers(house)[1] == [f"sts=port={port},duration={SECONDS}"]
    with trusting().wrap_socket(socket.create_connection(("127.0.0.1", port), 10.0)) as secure:
        assert secure.version()


def test_who_came_with_tls_is_told_for_how_long(house):
    assert offers(house, trusting())[1] == [f"sts=duration={SECONDS}"]


def test_nobody_is_told_unless_the_operator_asks_for_it(start_house):
    house = start_house(tls_auto=True)
    assert offers(house)[1] == offers(house, trusting())[1] == []


def test_a_policy_is_taken_back_where_nobody_can_interfere(start_house):
    house = start_house(tls_auto=True, sts=timedelta())
    assert offers(house)[1] == []
    assert offers(house, trusting())[1] == ["sts=duration=0"]


def test_who_is_told_no_values_is_not_told_of_it(house):
    assert offers(house, version="")[1] == []


def test_nobody_can_ask_for_it(house):
    peer, _ = offers(house)
    peer.send("CAP REQ :server-time sts", "CAP REQ :server-time", "CAP LIST")
    assert peer.line().rstrip("\r ").endswith(" NAK :server-time sts")
    assert " ACK " in peer.line()
    listed = peer.line()
    assert "server-time" in listed
    assert "sts" not in listed


def test_a_page_is_told_nothing(house):
    browser = house.connect()
    address = f"127.0.0.1:{house.server.address[1]}"
    browser.sock.sendall(
        f"GET / HTTP/1.1\r\nHost: {address}\r\nUpgrade: websocket\r\nConnection: Upgrade\r\n"
        "Sec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\nSec-WebSocket-Version: 13\r\n\r\n".encode()
    )
    browser.until("Sec-WebSocket-Accept")
    message = b"CAP LS 302"
    browser.sock.sendall(bytes([0x81, 0x80 | len(message), 0, 0, 0, 0]) + message)
    heard = b""
    while b"userhost-in-names" not in heard:
        heard += browser.sock.recv(65536)
    assert b"server-time" in heard
    assert b" sts" not in heard
