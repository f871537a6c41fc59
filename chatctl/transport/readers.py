"""Who reads the sockets: a thread for each connection, or a few that share them all."""

from __future__ import annotations

import heapq
import logging
import select
import selectors
import socket
import struct
import threading
import time
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import count
from typing import Protocol

from chatctl.transport.connection import Connection
from chatctl.transport.inbox import Inbox, Item
from chatctl.transport.waker import Waker

CHUNK = 16384
"""Bytes that are received at once."""

PACED_CHUNK = 512
"""The same from a client whose pace is limited: what was received is asked for already."""

ROUND = 256
"""Connections that a shared reader receives from before the hub gets its turn."""

Ended = Callable[[Connection], None]

log = logging.getLogger(__name__)


class Readers(Protocol):
    """Reads connections until they end."""

    def start(self, connection: Connection) -> None:
        """Begin to read ``connection``; raises ``RuntimeError`` when no thread can be started for it."""
        ...

    def stop(self) -> None:
        """Join every thread; the connections have ended, or end by themselves."""
        ...


def receive(connection: Connection, flags: int = 0) -> bool:
    """Receive once and feed the connection; False when it has ended.

    A mistake in this program ends that connection and nothing else.
    """
    try:
        try:
            data = connection.sock.recv(PACED_CHUNK if connection.is_paced else CHUNK, flags)
        except BlockingIOError:
            lull_if_due(connection)
            return True
        except OSError as error:
            connection.end(_reason(error))
            return False
        if data:
            connection.feed(data)
            return True
        connection.end("eof")
    except ConnectionAbortedError:
        # What came is no TLS, or no good one.
        connection.end("tls")
    except Exception:
        log.exception("reading %s failed", connection.address)
        connection.broken()
    return False


def lull_if_due(connection: Connection) -> None:
    """Tell the connection of the peer's silence if it has lasted until the deadline."""
    if connection.deadline is not None and connection.deadline <= time.monotonic():
        connection.lull()


def _reason(error: OSError) -> str:
    return "timeout" if isinstance(error, TimeoutError) else "reset"


class ThreadPerClient:
    """A thread for each connection, which waits in ``recv``."""

    def __init__(self, ended: Ended) -> None:
        self._ended = ended  # immutable
        self._numbers = count(1)  # owner: accept thread
        self._threads: set[threading.Thread] = set()  # thread-safe: only whole additions and removals

    def start(self, connection: Connection) -> None:
        """Start a thread that reads ``connection``."""
        thread = threading.Thread(target=self._read, args=(connection,), name=f"chatctl-read-{next(self._numbers)}")
        self._threads.add(thread)
        try:
            thread.start()
        except RuntimeError:
            self._threads.discard(thread)
            raise

    def stop(self) -> None:
        """Join every thread."""
        for thread in tuple(self._threads):
            thread.join()

    def _read(self, connection: Connection) -> None:
        limited = False
        while True:
            deadline = connection.deadline
            if limited or deadline is not None:
                _limit_wait(connection.sock, deadline)
                limited = deadline is not None
            if not receive(connection):
                break
            if connection.crowded:
                self._wait(connection)
            if connection.held_until:
                _hold(connection)
        connection.closed()
        self._ended(connection)
        self._threads.discard(threading.current_thread())

    def _wait(self, connection: Connection) -> None:
        room = threading.Event()
        connection.wait_for_hub(room.set)
        room.wait()


def _hold(connection: Connection) -> None:
    """Read nothing until the client may ask again, or its connection is over."""
    left = connection.held_until - time.monotonic()
    connection.held_until = 0.0
    if left > 0:
        poll = select.poll()
        # Without events it still tells of a connection that was shut on both sides.
        poll.register(connection.sock, 0)
        poll.poll(left * 1000)


def _limit_wait(sock: socket.socket, deadline: float | None) -> None:
    """Let ``recv`` wait until the deadline, by a socket option: the socket itself stays blocking."""
    # Zero means for ever.
    microseconds = 0 if deadline is None else max(int((deadline - time.monotonic()) * 1e6), 1000)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVTIMEO, struct.pack("ll", *divmod(microseconds, 1_000_000)))


class SharedReaders:
    """A fixed number of threads, each with a selector, that share the connections in turn."""

    def __init__(self, threads: int, inbox: Inbox, ended: Ended) -> None:
        self._readers = [_SharedReader(number, inbox, ended) for number in range(1, threads + 1)]  # immutable
        self._turns = count()  # owner: accept thread

    def start(self, connection: Connection) -> None:
        """Hand ``connection`` to the next thread."""
        self._readers[next(self._turns) % len(self._readers)].add(connection)

    def stop(self) -> None:
        """Join every thread."""
        for reader in self._readers:
            reader.stop()


class _SharedReader:
    def __init__(self, number: int, inbox: Inbox, ended: Ended) -> None:
        self._inbox = inbox  # immutable
        self._ended = ended  # immutable
        self._added: deque[Connection] = deque()  # thread-safe
        self._waker = Waker()  # immutable
        self._stopping = threading.Event()  # immutable
        self._selector = selectors.DefaultSelector()  # owner: reader thread
        self._round: list[Item] = []  # owner: reader thread
        self._open: set[Connection] = set()  # owner: reader thread
        self._order = count()  # owner: reader thread
        self._deadlines: list[tuple[float, int, Connection]] = []  # owner: reader thread
        self._held: list[tuple[float, int, Connection]] = []  # owner: reader thread
        self._timed: set[Connection] = set()  # owner: reader thread
        self._thread = threading.Thread(target=self._run, name=f"chatctl-read-{number}")  # immutable
        self._thread.start()

    def add(self, connection: Connection) -> None:
        """Read ``connection`` from now on, or again; from any thread."""
        self._added.append(connection)
        self._waker.wake()

    def stop(self) -> None:
        self._stopping.set()
        self._waker.wake()
        self._thread.join()
        self._selector.close()
        self._waker.close()

    def _run(self) -> None:
        self._selector.register(self._waker, selectors.EVENT_READ)
        while self._open or self._added or not self._stopping.is_set():
            ready = self._selector.select(self._timeout())
            for start in range(0, len(ready), ROUND):
                for key, _ in ready[start : start + ROUND]:
                    if key.data is None:
                        self._waker.clear()
                    else:
                        self._read(key.data)
                self._hand_over()
            while self._added:
                self._watch(self._added.popleft())
            self._lull_due()
            self._let_go_on()
            self._hand_over()

    def _hand_over(self) -> None:
        if self._round:
            self._inbox.put_round(self._round)
            self._round.clear()

    def _watch(self, connection: Connection) -> None:
        connection.put = self._round.append
        self._open.add(connection)
        self._selector.register(connection.sock, selectors.EVENT_READ, connection)
        self._note_deadline(connection)

    def _read(self, connection: Connection) -> None:
        if not receive(connection, socket.MSG_DONTWAIT):
            self._selector.unregister(connection.sock)
            self._open.discard(connection)
            connection.closed()
            self._ended(connection)
            return
        if connection.deadline is not None:
            self._note_deadline(connection)
        if connection.held_until:
            self._hold(connection)
        elif connection.crowded:
            self._pause(connection)

    def _pause(self, connection: Connection) -> None:
        self._selector.unregister(connection.sock)
        connection.wait_for_hub(partial(self.add, connection))

    def _hold(self, connection: Connection) -> None:
        """Read nothing from a client until it may ask again."""
        self._selector.unregister(connection.sock)
        heapq.heappush(self._held, (connection.held_until, next(self._order), connection))
        connection.held_until = 0.0

    def _let_go_on(self) -> None:
        now = time.monotonic()
        while self._held and (self._held[0][0] <= now or self._stopping.is_set()):
            connection = heapq.heappop(self._held)[2]
            if connection.crowded:
                connection.wait_for_hub(partial(self.add, connection))
            else:
                self._watch(connection)

    def _timeout(self) -> float | None:
        due = [waiting[0][0] for waiting in (self._deadlines, self._held) if waiting]
        return max(min(due) - time.monotonic(), 0.0) if due else None

    def _note_deadline(self, connection: Connection) -> None:
        if connection.deadline is not None and connection not in self._timed:
            self._timed.add(connection)
            heapq.heappush(self._deadlines, (connection.deadline, next(self._order), connection))

    def _lull_due(self) -> None:
        now = time.monotonic()
        while self._deadlines and self._deadlines[0][0] <= now:
            _, _, connection = heapq.heappop(self._deadlines)
            self._timed.discard(connection)
            if connection in self._open:
                lull_if_due(connection)
                self._note_deadline(connection)
