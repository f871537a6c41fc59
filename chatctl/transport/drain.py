"""The thread that sends what full sockets left over, and that sees peers off."""

from __future__ import annotations

import logging
import selectors
import threading
import time
from collections import deque

from chatctl.core.limits import Limits
from chatctl.transport.outbox import Outbox
from chatctl.transport.waker import Waker

LINGER = 2.0
"""Seconds that a peer has to close its side after it was sent everything."""

_CHECK = 1.0

log = logging.getLogger(__name__)


class Drain:
    """Visits outboxes that called it until they have nothing left to do."""

    def __init__(self, limits: Limits) -> None:
        self.limits = limits  # replaced as a whole, by the hub thread
        self._counting = threading.Lock()  # immutable
        self._queued = 0  # guarded by: _counting
        self._calls: deque[Outbox] = deque()  # thread-safe
        self._lingering: deque[tuple[float, Outbox]] = deque()  # thread-safe
        self._waker = Waker()  # immutable
        self._stopping = threading.Event()  # immutable
        self._selector = selectors.DefaultSelector()  # owner: drain thread
        self._waiting: set[Outbox] = set()  # owner: drain thread
        self._next_check = 0.0  # owner: drain thread
        self._thread = threading.Thread(target=self._run, name="chatctl-drain")  # immutable

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def call(self, outbox: Outbox) -> None:
        """Ask for a visit to ``outbox``; from any thread."""
        self._calls.append(outbox)
        self._waker.wake()

    def count(self, more: int) -> None:
        """Note how many more bytes wait, or fewer; from any thread."""
        if more:
            with self._counting:
                self._queued += more
            if self._is_full():
                self._waker.wake()

    def see_off(self, outbox: Outbox) -> None:
        """Wake the reader of ``outbox`` if the peer does not close its side in time; from any thread."""
        self._lingering.append((time.monotonic() + LINGER, outbox))
        if len(self._lingering) == 1:
            self._waker.wake()

    @property
    def sending(self) -> bool:
        """Whether something is left to be sent to somebody."""
        return bool(self._waiting or self._calls)

    def stop(self) -> None:
        """Give up what still waits, and join the thread."""
        self._stopping.set()
        self._waker.wake()
        self._thread.join()
        self._selector.close()
        self._waker.close()

    def _run(self) -> None:
        self._selector.register(self._waker, selectors.EVENT_READ)
        while not self._stopping.is_set():
            ready = self._selector.select(self._timeout())
            now = time.monotonic()
            for key, _ in ready:
                if isinstance(key.fileobj, Outbox):
                    self._visit(key.fileobj, now)
            self._answer_calls(now)
            self._relieve()
            self._end_lingering(now)
            if now >= self._next_check:
                self._check_ages(now)
        self._give_up()

    def _timeout(self) -> float | None:
        return _CHECK if self._waiting or self._lingering else None

    def _answer_calls(self, now: float) -> None:
        self._waker.clear()
        while self._calls:
            self._visit(self._calls.popleft(), now)

    def _visit(self, outbox: Outbox, now: float) -> None:
        if outbox.visit(now):
            if outbox not in self._waiting:
                self._waiting.add(outbox)
                self._selector.register(outbox, selectors.EVENT_WRITE)
            return
        if outbox in self._waiting:
            self._waiting.discard(outbox)
            self._selector.unregister(outbox)
        outbox.released()

    def _is_full(self) -> bool:
        return self._queued > self.limits.sendq_total

    def _relieve(self) -> None:
        """Cut those for whom most waits until there is room again."""
        while self._is_full():
            largest = max(self._waiting, key=lambda one: one.queued, default=None)
            if largest is None or not largest.queued:
                return
            largest.give_up()

    def _end_lingering(self, now: float) -> None:
        while self._lingering and self._lingering[0][0] <= now:
            self._lingering.popleft()[1].abort()

    def _check_ages(self, now: float) -> None:
        self._next_check = now + _CHECK
        for outbox in tuple(self._waiting):
            self._visit(outbox, now)

    def _give_up(self) -> None:
        for outbox in (*self._waiting, *self._calls, *(outbox for _, outbox in self._lingering)):
            outbox.abort()
            if outbox in self._waiting:
                self._waiting.discard(outbox)
                self._selector.unregister(outbox)
            outbox.released()
