"""What all tests share: a real server on a free port, and peers that wait with a deadline."""

from __future__ import annotations

import logging
import socket
import ssl
import time
from collections.abc import Callable, Iterator
from contextlib import ExitStack

import pytest
from hypothesis import settings

from chatctl.server import ChatServer, ServeOptions

DEADLINE = 10.0

# A busy machine is no failure; the test's own timeout is the bound.
settings.register_profile("chatctl", deadline=None)
settings.load_profile("chatctl")


class Peer:
    """A TCP client, with a ``context`` through TLS: sends lines, waits for lines; every wait has a deadline."""

    def __init__(self, address: tuple[str, int], context: ssl.SSLContext | None = None) -> None:
        self.sock = socket.create_connection(address, timeout=DEADLINE)
        if context is not None:
            try:
                self.sock = context.wrap_socket(self.sock)
            except BaseException:
                self.sock.close()
                raise
        self._received = b""

    def send(self, *lines: str) -> None:
        self.sock.sendall("".join(f"{line}\n" for line in lines).encode())

    def line(self) -> str:
        """Return the next line; raises EOFError when the stream ends before one is complete."""
        while b"\n" not in self._received:
            data = self.sock.recv(65536)
            if not data:
                raise EOFError(self._received)
            self._received += data
        line, _, self._received = self._received.partition(b"\n")
        return line.decode()

    def lines(self, count: int) -> list[str]:
        return [self.line() for _ in range(count)]

    def until(self, wanted: str) -> list[str]:
        """Return the lines up to and with the first that contains ``wanted``."""
        seen = [self.line()]
        while wanted not in seen[-1]:
            seen.append(self.line())
        return seen

    def rest(self) -> list[str]:
        """Return all lines up to the end of the stream."""
        while data := self.sock.recv(65536):
            self._received += data
        return self._received.decode().splitlines()

    def close(self) -> None:
        self.sock.close()


def eventually(fact: Callable[[], object], what: str = "the fact") -> None:
    """Wait for ``fact`` to become true; fail after the deadline."""
    deadline = time.monotonic() + DEADLINE
    pause = socket.socketpair()
    pause[0].settimeout(0.005)
    try:
        while not fact():
            if time.monotonic() > deadline:
                raise AssertionError(f"{what} did not come true in {DEADLINE} seconds")
            try:
                pause[0].recv(1)
            except TimeoutError:
                continue
    finally:
        for end in pause:
            end.close()


class House:
    """A running server and the peers that connect to it."""

    def __init__(self, server: ChatServer, stack: ExitStack) -> None:
        self.server = server
        self._stack = stack

    def connect(self, context: ssl.SSLContext | None = None) -> Peer:
        """Connect without a word."""
        peer = Peer(self.server.address, context)
        self._stack.callback(peer.close)
        return peer

    def enter(self, name: str = "", room: str = "") -> Peer:
        """Connect, choose text at once, read the greeting, and take a name and a room if they are given."""
        peer = self.connect()
        peer.send("")
        greeting = peer.line()
        if not greeting.startswith("Welcome "):
            raise AssertionError(greeting)
        peer.line()
        if name:
            peer.send(f"/nick {name}")
            peer.until(f"is now {name}")
        if room:
            peer.send(f"/join {room}")
            peer.until(f"joined {room}")
        return peer


@pytest.fixture(autouse=True)
def _own_logging() -> Iterator[None]:
    """What a command sets up for its log must not reach the next test."""
    logger = logging.getLogger("chatctl")
    handlers, level = logger.handlers[:], logger.level
    yield
    logger.handlers[:] = handlers
    logger.setLevel(level)


@pytest.fixture
def start_house() -> Iterator[Callable[..., House]]:
    """Start servers; they and their peers are gone after the test."""
    with ExitStack() as stack:

        def start(**options: object) -> House:
            settings = {"port": 0, "in_memory": "data_dir" not in options, **options}
            server = stack.enter_context(ChatServer(ServeOptions(**settings)))  # type: ignore[arg-type]
            return House(server, stack)

        yield start


@pytest.fixture(params=["per-client", 1, 2], ids=["thread-per-client", "one-reader", "two-readers"])
def readers(request: pytest.FixtureRequest) -> object:
    """Each way of reading the sockets."""
    return request.param


@pytest.fixture
def wait_until() -> Callable[..., None]:
    """Wait for a fact with a deadline."""
    return eventually
