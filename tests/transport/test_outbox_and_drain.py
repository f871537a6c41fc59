"""The sending half of a connection: nothing blocks, nothing is lost, the socket is closed once."""

from __future__ import annotations

import socket
from collections.abc import Iterator
from functools import partial

import pytest

from chatctl.core.limits import DEFAULTS, Limits
from chatctl.transport.drain import Drain
from chatctl.transport.outbox import Outbox


@pytest.fixture
def drain() -> Iterator[Drain]:
    drain = Drain(DEFAULTS)
    drain.start()
    yield drain
    drain.stop()


@pytest.fixture
def pair() -> Iterator[tuple[socket.socket, socket.socket]]:
    ours, theirs = socket.socketpair()
    theirs.settimeout(10)
    yield ours, theirs
    ours.close()
    theirs.close()


def read_all(sock: socket.socket) -> bytes:
    data = b""
    while part := sock.recv(65536):
        data += part
    return data


def test_what_the_socket_does_not_take_is_sent_later_in_order(drain, pair, wait_until):
    ours, theirs = pair
    outbox = Outbox(ours, drain, pytest.fail)
    pieces = [bytes([65 + number % 26]) * 9_999 for number in range(100)]
    for piece in pieces:
        outbox.send(piece)
    outbox.finish()
    assert read_all(theirs) == b"".join(pieces)
    outbox.reader_ended()
    wait_until(lambda: ours.fileno() == -1, "the closed socket")


def test_the_socket_is_closed_when_both_halves_have_ended_whichever_is_last(drain, pair):
    ours, theirs = pair
    outbox = Outbox(ours, drain, pytest.fail)
    outbox.reader_ended()
    assert ours.fileno() != -1
    outbox.send(b"last")
    outbox.finish()
    outbox.finish()
    assert ours.fileno() == -1
    assert read_all(theirs) == b"last"


def test_nothing_is_sent_after_the_end(drain, pair):
    ours, theirs = pair
    outbox = Outbox(ours, drain, pytest.fail)
    outbox.finish()
    outbox.send(b"too late")
    assert read_all(theirs) == b""


def test_a_peer_that_reads_nothing_is_reported_once_and_its_queue_given_up(drain, pair):
    ours, _ = pair
    stuck: list[str] = []
    outbox = Outbox(ours, drain, lambda: stuck.append("stuck"))
    for _ in range(200):
        outbox.send(b"x" * 65536)
    assert stuck == ["stuck"]
    assert ours.recv(1) == b""


def test_a_peer_that_is_gone_makes_sending_quietly_useless(drain, pair):
    ours, theirs = pair
    outbox = Outbox(ours, drain, pytest.fail)
    theirs.close()
    outbox.send(b"x")
    outbox.send(b"y")
    outbox.finish()
    outbox.reader_ended()
    assert ours.fileno() == -1


def test_a_peer_that_goes_while_bytes_wait_is_let_go(drain, pair, wait_until):
    ours, theirs = pair
    outbox = Outbox(ours, drain, pytest.fail)
    for _ in range(10):
        outbox.send(b"x" * 65536)
    assert drain.sending
    theirs.close()
    wait_until(lambda: not drain.sending, "the drain's rest")
    outbox.finish()
    outbox.reader_ended()
    wait_until(lambda: ours.fileno() == -1, "the closed socket")


def test_a_peer_that_does_not_close_its_side_is_not_waited_for_long(drain, pair, monkeypatch):
    monkeypatch.setattr("chatctl.transport.drain.LINGER", 0.05)
    monkeypatch.setattr("chatctl.transport.drain._CHECK", 0.05)
    ours, _ = pair
    ours.settimeout(10)
    outbox = Outbox(ours, drain, pytest.fail)
    outbox.finish()
    assert ours.recv(1) == b""
    outbox.reader_ended()
    assert ours.fileno() == -1


def test_stopping_gives_up_what_still_waits(pair):
    ours, _ = pair
    drain = Drain(DEFAULTS)
    drain.start()
    waiting = Outbox(ours, drain, pytest.fail)
    for _ in range(10):
        waiting.send(b"x" * 65536)
    waiting.finish()
    drain.stop()
    waiting.reader_ended()
    assert ours.fileno() == -1


def test_when_too_much_waits_in_all_the_one_for_whom_most_waits_is_cut(wait_until):
    drain = Drain(Limits(sendq_total=300_000))
    drain.start()
    pairs = [socket.socketpair() for _ in range(2)]
    stuck: list[int] = []
    outboxes = [Outbox(pair[0], drain, partial(stuck.append, number)) for number, pair in enumerate(pairs)]
    for pair in pairs:
        pair[0].setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    outboxes[0].send(b"x" * 100_000)
    assert outboxes[0].queued > 50_000
    outboxes[1].send(b"y" * 400_000)
    wait_until(lambda: stuck, "the cut")
    assert stuck == [1]
    assert len(pairs[0][1].recv(100_000, socket.MSG_WAITALL)) == 100_000
    for outbox, pair in zip(outboxes, pairs, strict=True):
        outbox.finish()
        outbox.reader_ended()
        pair[1].close()
    drain.stop()
    assert drain._queued == 0
