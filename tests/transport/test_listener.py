"""Accepting goes on whatever the machine runs out of."""

from __future__ import annotations

import contextlib
import errno
import logging
import socket
import struct
import threading
from collections.abc import Iterator

import pytest

from chatctl.errors import ServerFull
from chatctl.transport.addresses import Address, listen
from chatctl.transport.listener import GONE_AT_ONCE, Listener
from chatctl.transport.slots import Slots


class Faulty:
    """A listening socket whose accept fails first, in the given ways."""

    def __init__(self, sock: socket.socket, faults: list[OSError]) -> None:
        self.faults = faults
        self._sock = sock

    def accept(self) -> tuple[socket.socket, tuple[object, ...]]:
        if self.faults:
            raise self.faults.pop(0)
        return self._sock.accept()

    def fileno(self) -> int:
        return self._sock.fileno()

    def close(self) -> None:
        self._sock.close()


@pytest.fixture
def accepted() -> Iterator[list[socket.socket]]:
    peers: list[socket.socket] = []
    yield peers
    for peer in peers:
        peer.close()


def connect(sock: object) -> socket.socket:
    assert isinstance(sock, Faulty | socket.socket)
    inner = sock._sock if isinstance(sock, Faulty) else sock
    return socket.create_connection(inner.getsockname()[:2], timeout=10)


GONE = [errno.ECONNABORTED, errno.EPROTO, errno.EPERM]


@pytest.mark.parametrize("number", [errno.EMFILE, errno.ENFILE, errno.ENOBUFS, errno.ENOMEM, *GONE])
def test_a_failing_accept_is_tried_again(number, accepted, monkeypatch, caplog):
    monkeypatch.setattr("chatctl.transport.listener.RETRY", 0.01)
    sock = Faulty(listen(Address("127.0.0.1", 0)), [OSError(number, "fault") for _ in range(3)])
    slots, arrived = Slots(1), threading.Event()

    def admit(peer: socket.socket, name: str) -> None:
        accepted.append(peer)
        arrived.set()

    listener = Listener([sock], slots.take, slots.give_back, admit)  # type: ignore[list-item]
    listener.start()
    with caplog.at_level(logging.WARNING), connect(sock):
        assert arrived.wait(10)
    listener.stop()
    assert sock.faults == []
    complaints = [record for record in caplog.records if "cannot accept" in record.message]
    assert len(complaints) == (0 if number in GONE else 1)


@pytest.mark.parametrize("number", GONE)
def test_peers_that_are_all_gone_already_do_not_keep_the_thread_busy(number, monkeypatch, caplog, wait_until):
    monkeypatch.setattr("chatctl.transport.listener.RETRY", 60.0)
    sock = Faulty(listen(Address("127.0.0.1", 0)), [OSError(number, "fault") for _ in range(1000)])
    slots = Slots(1)
    listener = Listener([sock], slots.take, slots.give_back, lambda peer, name: None)  # type: ignore[list-item]
    with caplog.at_level(logging.WARNING), connect(sock):
        listener.start()
        wait_until(lambda: "cannot accept a connection" in caplog.text, "the complaint")
    left = len(sock.faults)
    listener.stop()
    assert left == len(sock.faults) == 1000 - GONE_AT_ONCE


def test_a_peer_for_whom_no_thread_can_be_started_is_told_and_its_slot_comes_back(accepted):
    sock = listen(Address("127.0.0.1", 0))
    slots, failures = Slots(1), [RuntimeError("can't start new thread")]

    def admit(peer: socket.socket, name: str) -> None:
        if failures:
            raise failures.pop()
        accepted.append(peer)
        peer.sendall(b"in\n")

    listener = Listener([sock], slots.take, slots.give_back, admit)
    listener.start()
    with connect(sock) as first:
        assert first.makefile().read() == "ERROR :Server has no threads left for another client, try again later\n"
    with connect(sock) as second:
        assert second.recv(10) == b"in\n"
    listener.stop()


def test_nobody_is_accepted_while_no_slot_is_free(accepted, monkeypatch):
    monkeypatch.setattr("chatctl.transport.listener.RETRY", 0.01)
    sock = listen(Address("127.0.0.1", 0))
    slots, arrivals = Slots(1), threading.Semaphore(0)

    def admit(peer: socket.socket, name: str) -> None:
        accepted.append(peer)
        arrivals.release()

    listener = Listener([sock], slots.take, slots.give_back, admit)
    listener.start()
    with connect(sock), connect(sock):
        assert arrivals.acquire(timeout=10)
        assert not arrivals.acquire(timeout=0.1)
        slots.give_back()
        assert arrivals.acquire(timeout=10)
    listener.stop()


def refusing(sock: socket.socket) -> Listener:
    def admit(peer: socket.socket, name: str) -> None:
        raise ServerFull(1, 1)

    slots = Slots(100)
    return Listener([sock], slots.take, slots.give_back, admit)


def test_who_is_turned_away_is_told_and_not_reset_although_it_has_spoken():
    sock = listen(Address("127.0.0.1", 0))
    listener = refusing(sock)
    with connect(sock) as peer:
        peer.sendall(b"hello\n")
        listener.start()
        told = b""
        while data := peer.recv(65536):
            told += data
    listener.stop()
    assert told == b"ERROR :Server full (1/1 clients), try again later\r\n"


def test_of_many_who_are_turned_away_few_sockets_are_kept(monkeypatch):
    monkeypatch.setattr("chatctl.transport.listener.LEAVE_TIME", 60.0)
    monkeypatch.setattr("chatctl.transport.listener.LEAVING", 3)
    sock = listen(Address("127.0.0.1", 0))
    listener = refusing(sock)
    listener.start()
    peers = [connect(sock) for _ in range(8)]
    for peer in peers:
        assert peer.recv(5) == b"ERROR"
    listener.stop()
    for peer in peers:
        peer.close()
    assert not listener._leaving


def test_the_sockets_of_those_turned_away_are_closed_after_a_while(monkeypatch, wait_until):
    monkeypatch.setattr("chatctl.transport.listener.LEAVE_TIME", 0.01)
    sock = listen(Address("127.0.0.1", 0))
    listener = refusing(sock)
    listener.start()
    with connect(sock) as peer:
        assert peer.recv(5) == b"ERROR"
        wait_until(lambda: not listener._leaving, "the closed socket")
    listener.stop()


def test_a_peer_that_is_gone_before_it_is_accepted_keeps_nobody_out(accepted):
    sock = listen(Address("127.0.0.1", 0))
    slots, names = Slots(5), []

    def admit(peer: socket.socket, name: str) -> None:
        accepted.append(peer)
        names.append(name)
        with contextlib.suppress(OSError):
            peer.sendall(b"in\n")

    listener = Listener([sock], slots.take, slots.give_back, admit)
    gone = connect(sock)
    gone.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    gone.close()
    with connect(sock) as peer:
        listener.start()
        assert peer.recv(3) == b"in\n"
        assert names[-1] == f"127.0.0.1:{peer.getsockname()[1]}"
    listener.stop()
