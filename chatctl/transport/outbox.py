"""What waits to be sent to one peer."""

from __future__ import annotations

import socket
import threading
import time
from collections import deque
from itertools import islice
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from collections.abc import Callable

    from chatctl.transport.drain import Drain
    from chatctl.transport.tls import Layer

_PIECES = 64


class Outbox:
    """The sending half of a connection, and the one place where its socket is closed.

    ``send`` and ``finish`` never block and never raise; ``visit`` is the drain thread's. The socket is closed
    once the outbox has finished and its reader has ended. ``on_stuck`` is called, once and without the lock,
    when the peer does not read what is sent.
    """

    __slots__ = (
        "_closed",
        "_drain",
        "_draining",
        "_failed",
        "_finished",
        "_lock",
        "_on_stuck",
        "_queue",
        "_queued",
        "_reader_ended",
        "_sock",
        "_tls",
    )

    def __init__(self, sock: socket.socket, drain: Drain, on_stuck: Callable[[], None]) -> None:
        self._sock = sock  # immutable
        self._drain = drain  # immutable
        self._on_stuck = on_stuck  # guarded by: _lock
        self._lock = threading.Lock()  # immutable
        self._queue: deque[tuple[float, memoryview]] | None = None  # guarded by: _lock
        self._queued = 0  # guarded by: _lock
        self._draining = False  # guarded by: _lock
        self._finished = False  # guarded by: _lock
        self._failed = False  # guarded by: _lock
        self._reader_ended = False  # guarded by: _lock
        self._closed = False  # guarded by: _lock
        self._tls: Layer | None = None  # guarded by: _lock

    def secure(self, tls: Layer) -> None:
        """Encrypt what is sent from now on, and let ``decrypt`` read what comes."""
        with self._lock:
            self._tls = tls

    def decrypt(self, data: bytes) -> bytes:
        """Return what the peer said with ``data``, and send what TLS has to say to it.

        Reading takes the lock of sending: TLS reads and writes in one state. Raises ConnectionAbortedError for what
        is no TLS.
        """
        assert self._tls is not None
        with self._lock:
            try:
                return self._tls.decrypt(data)
            finally:
                answer = self._tls.take_output()
                if answer and not self._finished and not self._failed:
                    self._send(answer)

    def send(self, data: bytes) -> None:
        """Send ``data``, or queue what the socket does not take; nothing is sent after ``finish`` or a failure."""
        with self._lock:
            if self._finished or self._failed:
                return
            stuck = self._send(data if self._tls is None else self._tls.encrypt(data))
        if stuck:
            self._report_stuck()

    def finish(self) -> None:
        """Let what is queued be sent, then end the stream."""
        with self._lock:
            if self._finished:
                return
            self._finished = True
            if self._tls is not None and not self._failed:
                self._send(self._tls.farewell())
            if self._queue is None:
                self._end_stream()

    def reader_ended(self) -> None:
        """Note that nobody reads the socket any more."""
        with self._lock:
            self._reader_ended = True
            self._close_if_over()

    def abort(self) -> None:
        """Give up what is queued and wake the reader with an end of stream."""
        with self._lock:
            self._fail()

    def visit(self, now: float) -> bool:
        """Send what the socket takes; True while more waits. Called by the drain thread."""
        with self._lock:
            stuck = self._queue is not None and not self._failed and self._flush(now)
            self._failed |= stuck
            waiting = self._queue is not None
        if stuck:
            self._report_stuck()
            return False
        return waiting

    @property
    def queued(self) -> int:
        """How many bytes wait for the peer, apart from those that the kernel holds."""
        return self._queued

    def give_up(self) -> None:
        """Cut the peer: too much waits for it. Called by the drain thread."""
        with self._lock:
            self._failed = True
        self._report_stuck()

    def released(self) -> None:
        """Note that the drain thread does not watch the socket any more."""
        with self._lock:
            # Something may have been queued since the last visit.
            self._draining = self._queue is not None
            if self._draining:
                self._drain.call(self)
            self._close_if_over()

    def fileno(self) -> int:
        """Return the socket's descriptor, for the drain thread's selector."""
        return self._sock.fileno()

    def _report_stuck(self) -> None:
        # First the reason, then the end of stream, which the reader would report as the peer's.
        self._on_stuck()
        self.abort()

    def _send(self, data: bytes) -> bool:
        """Send ``data``, or queue what the socket does not take; True when that is more than may wait."""
        sent = 0
        if self._queue is None:
            try:
                sent = self._sock.send(data, socket.MSG_DONTWAIT)
            except BlockingIOError:
                pass
            except OSError:
                self._fail()
                return False
            if sent == len(data):
                return False
        self._failed = self._append(memoryview(data)[sent:])
        return self._failed

    def _append(self, data: memoryview) -> bool:
        """Queue ``data``; True when that is more than may wait."""
        if self._queue is None:
            self._queue = deque()
        self._queue.append((time.monotonic(), data))
        self._queued += len(data)
        if not self._draining:
            self._draining = True
            self._drain.call(self)
        self._drain.count(len(data))
        return self._queued > self._drain.limits.sendq_bytes

    def _flush(self, now: float) -> bool:
        """Send what is queued; True when its oldest byte has waited too long."""
        queue = self._queue
        assert queue is not None
        try:
            while queue:
                pieces = [piece for _, piece in islice(queue, _PIECES)]
                self._forget(self._sock.sendmsg(pieces, (), socket.MSG_DONTWAIT))
        except BlockingIOError:
            return now - queue[0][0] > self._drain.limits.sendq_age
        except OSError:
            self._fail()
            return False
        self._queue = None
        if self._finished:
            self._end_stream()
        return False

    def _forget(self, sent: int) -> None:
        queue = self._queue
        assert queue is not None
        self._queued -= sent
        self._drain.count(-sent)
        while sent:
            since, piece = queue.popleft()
            if sent < len(piece):
                queue.appendleft((since, piece[sent:]))
                return
            sent -= len(piece)

    def _end_stream(self) -> None:
        """Tell the peer that all is sent; the drain thread sees to it that it answers in time."""
        self._shut(socket.SHUT_WR)
        if not self._reader_ended:
            self._drain.see_off(self)
        self._close_if_over()

    def _fail(self) -> None:
        self._failed = True
        self._queue = None
        self._drain.count(-self._queued)
        self._queued = 0
        self._shut(socket.SHUT_RDWR)
        if self._draining:
            self._drain.call(self)

    def _close_if_over(self) -> None:
        over = self._finished and self._reader_ended and self._queue is None
        if over and not self._draining and not self._closed:
            self._closed = True
            self._sock.close()
            # What is told belongs to the connection, as this does: without the circle its memory is free at once.
            self._on_stuck = _nothing

    def _shut(self, how: int) -> None:
        if not self._closed:
            try:
                self._sock.shutdown(how)
            except OSError:
                # The peer was faster.
                self._failed = True


def _nothing() -> None:
    """Stand in for who is not to be told any more."""
