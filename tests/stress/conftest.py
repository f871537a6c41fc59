"""Small servers that turn the client too many away in eight ways, and what runs against them."""

from __future__ import annotations

import select
import socket
import struct
import threading
from array import array
from collections import deque
from collections.abc import Callable, Iterator
from contextlib import ExitStack, suppress

import pytest

from chatctl.stress.classify import End, Observation, Place, Reply
from chatctl.stress.connection import Client
from chatctl.stress.engine import Engine
from chatctl.stress.findings import Raw, find
from chatctl.stress.messages import Attempt, ProbeFacts, Records, Result
from chatctl.stress.options import StressOptions
from chatctl.stress.patterns import Dialect, dialect
from chatctl.stress.ramp import Ramp
from chatctl.stress.summary import Environment, Findings, Target
from chatctl.stress.summary import Run as RunFacts
from chatctl.stress.traffic import Traffic

FULL = b"ERROR :Server full, try again later\n"
DEFAULTS = StressOptions()
TICK_S = 0.02
LINGER_S = 0.25


class Server:
    """A server of the text protocol's bones: greeting, ACK, exit; subclasses say what a full one does."""

    backlog = 64

    def __init__(self, limit: int) -> None:
        self.limit = limit
        self.active = 0
        self.most = 0
        self.number = 0
        self.stopping = threading.Event()
        self.changed = threading.Condition()
        self.threads: list[threading.Thread] = []
        self.sockets: set[socket.socket] = set()
        self.listener: socket.socket | None = None
        self.port = 0

    def __enter__(self) -> Server:
        self.listen()
        self.run(self.accept_loop)
        return self

    def __exit__(self, *_: object) -> None:
        self.stopping.set()
        with self.changed:
            self.changed.notify_all()
        for sock in list(self.sockets):
            with suppress(OSError):
                sock.shutdown(socket.SHUT_RDWR)
        for thread in self.threads:
            thread.join(5)
            assert not thread.is_alive(), thread
        for sock in [*self.sockets, self.listener]:
            if sock is not None:
                sock.close()

    def listen(self) -> None:
        self.listener = socket.create_server(("127.0.0.1", self.port), backlog=self.backlog, reuse_port=False)
        self.listener.settimeout(TICK_S)
        self.port = self.listener.getsockname()[1]

    def run(self, target: Callable[..., None], *args: object) -> None:
        thread = threading.Thread(target=target, args=args)
        self.threads.append(thread)
        thread.start()

    def accept_loop(self) -> None:
        while not self.stopping.is_set():
            sock = self.accept()
            if sock is None:
                continue
            sock.settimeout(None)
            self.sockets.add(sock)
            if self.active < self.limit:
                self.admit(sock)
            else:
                self.turn_away(sock)

    def accept(self) -> socket.socket | None:
        assert self.listener is not None
        try:
            return self.listener.accept()[0]
        except TimeoutError:
            return None

    def admit(self, sock: socket.socket) -> None:
        with self.changed:
            self.active += 1
            self.number += 1
            self.most = max(self.most, self.active)
        self.run(self.serve, sock, self.number)

    def serve(self, sock: socket.socket, number: int) -> None:
        with suppress(OSError):
            sock.sendall(b"Welcome Client%02d! You are connected.\nType.\n" % number)
            self.converse(sock)
        with self.changed:
            self.active -= 1
            self.changed.notify_all()
        self.drop(sock)

    def converse(self, sock: socket.socket) -> bool:
        """Talk until the client says exit (``True``) or nothing more."""
        partial = b""
        while data := sock.recv(65536):
            *lines, partial = (partial + data).split(b"\n")
            for line in lines:
                if line == b"exit":
                    sock.sendall(b"Goodbye.\n")
                    return True
                if line and not line.startswith(b"/"):
                    self.answer(sock, line)
        return False

    def answer(self, sock: socket.socket, line: bytes) -> None:
        sock.sendall(line + b" ACK\n")

    def drop(self, sock: socket.socket) -> None:
        sock.close()
        self.sockets.discard(sock)

    def turn_away(self, sock: socket.socket) -> None:
        raise NotImplementedError


class Polite(Server):
    """Says why, closes its side, reads until the peer is gone; not in the accept loop."""

    def turn_away(self, sock: socket.socket) -> None:
        self.run(self.refuse, sock)

    def refuse(self, sock: socket.socket) -> None:
        with suppress(OSError):
            sock.sendall(FULL)
            sock.shutdown(socket.SHUT_WR)
            while sock.recv(65536):
                pass
        self.drop(sock)


class Lingering(Server):
    """Says why, and stays a while with each before it accepts the next."""

    def turn_away(self, sock: socket.socket) -> None:
        with suppress(OSError):
            sock.sendall(FULL)
            sock.shutdown(socket.SHUT_WR)
        self.stopping.wait(LINGER_S)
        self.drop(sock)


class Unread(Server):
    """Says why and closes with the client's opening unread: the kernel resets."""

    def turn_away(self, sock: socket.socket) -> None:
        select.select([sock], [], [], 5)
        with suppress(OSError):
            sock.sendall(FULL)
        self.drop(sock)


class SilentFin(Server):
    """Closes without a word."""

    def turn_away(self, sock: socket.socket) -> None:
        with suppress(OSError):
            sock.recv(65536)
        self.drop(sock)


class Resetting(Server):
    """Resets without a word."""

    def turn_away(self, sock: socket.socket) -> None:
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
        self.drop(sock)


class StopsAccepting(Server):
    """Accepts nobody while it is full; its backlog is small."""

    backlog = 1

    def accept(self) -> socket.socket | None:
        with self.changed:
            if not self.changed.wait_for(lambda: self.active < self.limit, TICK_S):
                return None
        return super().accept()


class Pool(Server):
    """Accepts everybody, and greets those too many only when another leaves."""

    def __init__(self, limit: int) -> None:
        super().__init__(limit)
        self.waiting: deque[socket.socket] = deque()

    def turn_away(self, sock: socket.socket) -> None:
        self.waiting.append(sock)

    def accept(self) -> socket.socket | None:
        while self.waiting and self.active < self.limit:
            self.admit(self.waiting.popleft())
        return super().accept()


class ClosesListener(Server):
    """Does not listen while it is full."""

    def accept(self) -> socket.socket | None:
        with self.changed:
            if self.active < self.limit and self.listener is None:
                self.listen()
            if self.active >= self.limit and self.listener is not None:
                self.listener.close()
                self.listener = None
            if self.listener is None:
                self.changed.wait(TICK_S)
                return None
        return super().accept()


SERVERS: dict[str, type[Server]] = {
    "polite": Polite,
    "lingering": Lingering,
    "unread": Unread,
    "silent fin": SilentFin,
    "resetting": Resetting,
    "stops accepting": StopsAccepting,
    "pool": Pool,
    "closes listener": ClosesListener,
}


@pytest.fixture
def serving() -> Iterator[Callable[..., Server]]:
    """Start a server of a kind (or a class of one's own) with a limit; it ends with the test."""
    with ExitStack() as stack:

        def start(kind: str | type[Server], limit: int = 4) -> Server:
            made = SERVERS[kind] if isinstance(kind, str) else kind
            return stack.enter_context(made(limit))

        yield start


@pytest.fixture
def polite_server() -> type[Server]:
    """The class of the polite server, to change one thing about it."""
    return Polite


class Bench:
    """An engine with its traffic and ramp in this process, closed at the end."""

    def __init__(self, port: int, options: StressOptions, spoken: Dialect | None = None) -> None:
        self.options = options
        self.dialect = spoken or dialect(options)
        self.engine = Engine(socket.AF_INET, ("127.0.0.1", port), self.dialect, "stest", options.admit_timeout_s)
        self.traffic = Traffic(self.engine, options, "stest", 0)
        self.engine.timers.append(self.traffic)
        self.ramp = Ramp(self.engine, self.traffic, range(options.clients), options.ack_timeout_s)

    def climb(self) -> None:
        self.ramp.climb(self.engine.now(), self.options.connect_rate)

    def client(self) -> Client:
        client = Client(self.engine, 0, self.traffic)
        client.start()
        return client

    def wait(self, done: Callable[[], bool], seconds: float = 5.0) -> None:
        assert self.engine.until(done, self.engine.now() + int(seconds * 1e9)), "not within the time"


@pytest.fixture
def bench() -> Iterator[Callable[..., Bench]]:
    """Make an engine for a server: ``bench(server, clients=9, ...)`` with options."""
    with ExitStack() as stack:

        def make(server: Server, spoken: Dialect | None = None, **options: object) -> Bench:
            asked = {"clients": 9, "admit_timeout_s": 0.4, "connect_rate": 200.0, "port": server.port, **options}
            made = Bench(server.port, StressOptions(**asked), spoken)  # type: ignore[arg-type]
            stack.callback(made.engine.close)
            return made

        yield make


def attempt(index: int, outcome: str, text: str = "") -> Attempt:
    """An attempt of the ramp that came to an outcome."""
    seen = {
        "admitted": Observation(True, Reply.ADMITTED),
        "refused": Observation(True, Reply.REFUSED, End.EOF),
        "reset": Observation(True, end=End.RESET),
        "unreachable": Observation(False, end=End.CONNECT_REFUSED),
        "syn": Observation(False, end=End.TIMED_OUT),
        "backlog": Observation(True, end=End.LEFT, place=Place.BACKLOG),
        "silent": Observation(True, end=End.LEFT),
        "local": Observation(False, end=End.LOCAL_ERROR),
    }[outcome]
    return Attempt(index, seen, index * 1000, index * 1000 + 200_000, index * 1000 + 900_000, text, "")


@pytest.fixture
def attempts() -> Callable[..., tuple[Attempt, ...]]:
    """Attempts by kind, in this order: ``attempts(admitted=20, refused=30)``."""

    def make(text: str = "ERROR :Server full (20/20 clients)", **counts: int) -> tuple[Attempt, ...]:
        kinds = [kind for kind, count in counts.items() for _ in range(count)]
        return tuple(attempt(index, kind, text if kind == "refused" else "") for index, kind in enumerate(kinds))

    return make


@pytest.fixture
def result() -> Callable[..., Result]:
    """What a worker hands over: ``result(attempts, members=..., ...)``."""

    def make(tried: tuple[Attempt, ...] = (), **facts: object) -> Result:
        given: dict[str, object] = {
            "members": (),
            "records": Records(),
            "sends_due_ns": array("q"),
            "send_lags_ns": array("q"),
            "sends_skipped": 0,
            "sends_blocked": 0,
            "corrupted": 0,
            "misrouted": 0,
            "errors": {},
            "cpu_share": 0.1,
            "clock_step_ns": 0,
            "kernel_stamps": True,
            **facts,
        }
        return Result(0, tried, **given)  # type: ignore[arg-type]

    return make


@pytest.fixture
def found() -> Callable[..., Findings]:
    """The findings from results: ``found(results, options, probe=..., interrupted=...)``."""

    def make(
        *results: Result,
        options: StressOptions = DEFAULTS,
        probe: ProbeFacts | None = None,
        interrupted: bool = False,
    ) -> Findings:
        raw = Raw(results, probe, 0, 0, 10**10, private_rooms=True)
        run = RunFacts("stest", "2026-11-22T00:00:00.000+00:00", 12.5, interrupted)
        target = Target("127.0.0.1", 12345, "127.0.0.1", spawned=False)
        return find(raw, options, run, target, Environment("0", "3", "Linux", 2))

    return make
