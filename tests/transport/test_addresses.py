"""Addresses as people write and read them."""

from __future__ import annotations

import socket

import pytest

from chatctl.errors import BadAddress, ListenFailed
from chatctl.transport.addresses import Address, listen, peer_name, read_address


@pytest.mark.parametrize(
    ("text", "address"),
    [
        ("localhost:80", Address("localhost", 80)),
        ("[::1]:0", Address("::1", 0)),
        ("0.0.0.0:65535", Address("0.0.0.0", 65535)),
    ],
)
def test_an_address_is_host_and_port(text, address):
    assert read_address(text) == address
    assert str(address) == text


@pytest.mark.parametrize("text", ["", "localhost", ":80", "localhost:", "localhost:x", "a:65536", "::1:80", "a:²"])
def test_what_is_no_address_is_refused_with_an_example(text):
    with pytest.raises(BadAddress, match="write"):
        read_address(text)


@pytest.mark.parametrize(
    ("peer", "name"),
    [
        (("127.0.0.1", 5), "127.0.0.1:5"),
        (("::ffff:127.0.0.1", 5, 0, 0), "127.0.0.1:5"),
        (("::1", 5, 0, 0), "[::1]:5"),
        (("fe80::1%eth0", 5, 0, 2), "[fe80::1]:5"),
    ],
)
def test_a_mapped_address_is_the_same_address(peer, name):
    assert peer_name(peer) == name


def test_a_host_that_does_not_exist_is_named():
    with pytest.raises(BadAddress, match=r"cannot find the host no-such-host\.invalid"):
        listen(Address("no-such-host.invalid", 0))


def test_a_port_in_use_and_a_foreign_address_are_told_with_the_remedy():
    in_use = pytest.raises(ListenFailed, match="another program listens there; choose another port")
    with socket.create_server(("127.0.0.1", 0)) as taken, in_use:
        listen(Address("127.0.0.1", taken.getsockname()[1]))
    with pytest.raises(ListenFailed, match="does not have that address"):
        listen(Address("192.0.2.1", 0))


def test_a_port_of_the_administrator_is_told_as_such(monkeypatch):
    def bind(self, address):
        raise PermissionError(13, "Permission denied")

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(ListenFailed, match="ports below 1024 are the administrator's"):
        listen(Address("127.0.0.1", 80))


def test_another_failure_is_told_in_the_systems_words(monkeypatch):
    def bind(self, address):
        raise OSError(99999, "Something else")

    monkeypatch.setattr(socket.socket, "bind", bind)
    with pytest.raises(ListenFailed, match="Something else"):
        listen(Address("127.0.0.1", 80))
