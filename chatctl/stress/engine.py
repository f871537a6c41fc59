"""One selector loop over many raw sockets: the only thread of a worker process, nothing here waits long."""

from __future__ import annotations

import select
import selectors
import socket
import struct
import sys
import time
from collections.abc import Callable
from typing import Protocol

from chatctl.stress.connection import RECEIVE_BYTES
from chatctl.stress.patterns import Dialect, filled

SO_TIMESTAMPNS = 35  # Linux; the socket module has no name for it
CLOCK_STEP_NS = 2_000_000
_TIMESPEC = struct.Struct("@ll")
_SECOND = 1_000_000_000
_LONGEST_WAIT_NS = 100_000_000

Callback = Callable[[int], None]


class Timer(Protocol):
    """Something that wants to act at a time."""

    def due_ns(self) -> int | None:
        """When next, or ``None`` for not at all."""

    def fire(self, now_ns: int) -> None:
        """Do whatever is due."""


class Clock:
    """Arrival stamps of the kernel on the scale of ``perf_counter_ns``, until the realtime clock steps."""

    def __init__(self, *, stamps: bool) -> None:
        self.stamps = stamps
        self.step_ns = 0
        self._offset_ns = time.time_ns() - time.perf_counter_ns()

    def calibrate(self) -> None:
        """Follow the realtime clock's slow drift; a step makes its stamps worthless."""
        offset_ns = time.time_ns() - time.perf_counter_ns()
        step_ns = abs(offset_ns - self._offset_ns)
        self._offset_ns = offset_ns
        if step_ns > CLOCK_STEP_NS:
            self.step_ns = max(self.step_ns, step_ns)
            self.stamps = False

    def arrival_ns(self, ancillary: list[tuple[int, int, bytes]], read_ns: int) -> int:
        """When the bytes just read reached this machine; without a stamp, when they were read."""
        if self.stamps:
            for level, kind, data in ancillary:
                if level == socket.SOL_SOCKET and kind == SO_TIMESTAMPNS:
                    seconds, nanoseconds = _TIMESPEC.unpack(data[: _TIMESPEC.size])
                    return int(min(read_ns, seconds * _SECOND + nanoseconds - self._offset_ns))
        return read_ns


class Engine:
    """Sockets, timers, and the loop that serves both; owned by one thread."""

    def __init__(
        self, family: int, sockaddr: tuple[str, int], dialect: Dialect, run: str, admit_timeout_s: float
    ) -> None:
        self.family = family
        self.sockaddr = sockaddr
        self.dialect = dialect
        self.run = run
        self.admit_timeout_ns = int(admit_timeout_s * _SECOND)
        self.clock = Clock(stamps=sys.platform == "linux")
        self.timers: list[Timer] = []
        self.received_ns = 0
        self.now = time.perf_counter_ns
        self._selector = selectors.DefaultSelector()

    @property
    def quit_line(self) -> bytes:
        """What a client sends to leave politely."""
        return (self.dialect.quit or "").encode()

    def opening(self, index: int) -> bytes:
        """What client ``index`` sends as soon as it is connected."""
        return filled(self.dialect.opening, index, self.run)

    def open_socket(self) -> socket.socket:
        """A raw non-blocking socket for the target, with arrival stamps where the kernel has them."""
        sock = socket.socket(self.family, socket.SOCK_STREAM)
        sock.setblocking(False)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        if self.clock.stamps:
            sock.setsockopt(socket.SOL_SOCKET, SO_TIMESTAMPNS, 1)
        return sock

    def receive(self, sock: socket.socket) -> tuple[bytes, int, int]:
        """Bytes, when they arrived, when they were read; raises what ``recv`` raises."""
        data, ancillary, _, _ = sock.recvmsg(RECEIVE_BYTES, 64)
        read_ns = self.received_ns = self.now()
        return data, self.clock.arrival_ns(ancillary, read_ns), read_ns

    def watch(self, sock: socket.socket | int, events: int, callback: Callback) -> None:
        """Call back when the socket (or descriptor) is ready for any of the events."""
        key = self._selector.get_map().get(sock)
        if key is None:
            self._selector.register(sock, events, callback)
        elif key.events != events:
            self._selector.modify(sock, events, callback)

    def forget(self, sock: socket.socket | int) -> None:
        """Stop watching; the caller closes."""
        self._selector.unregister(sock)

    def close(self) -> None:
        """Close every socket that is still watched, and the selector."""
        for key in list(self._selector.get_map().values()):
            if isinstance(key.fileobj, socket.socket):
                key.fileobj.close()
        self._selector.close()

    def until(self, done: Callable[[], bool], deadline_ns: int) -> bool:
        """Run the loop until something is so; ``False`` if the deadline came first."""
        while not done():
            if self.now() >= deadline_ns:
                return False
            self.turn(deadline_ns)
        return True

    def rest(self, seconds: float) -> None:
        """Run the loop for so long."""
        self.until(lambda: False, self.now() + int(seconds * _SECOND))

    def turn(self, until_ns: int) -> None:
        """Serve timers, wait for a socket at most until then, serve the sockets that are ready."""
        now = self.now()
        wake_ns = min(until_ns, now + _LONGEST_WAIT_NS)
        for timer in self.timers:
            timer.fire(now)
            due_ns = timer.due_ns()
            if due_ns is not None:
                wake_ns = min(wake_ns, due_ns)
        self._wait(max(0, wake_ns - self.now()) / _SECOND)
        for key, events in self._selector.select(0):
            key.data(events)

    def _wait(self, seconds: float) -> None:
        # epoll rounds its timeout to milliseconds; select on the epoll descriptor does not.
        fileno = getattr(self._selector, "fileno", None)
        if fileno is None:
            self._selector.select(seconds)
        else:
            select.select([fileno()], [], [], seconds)
