"""Where everything that the hub thread is to handle waits, in one order."""

from __future__ import annotations

import threading
import time
from queue import Empty, SimpleQueue
from typing import TYPE_CHECKING, NamedTuple

from chatctl.core.requests.base import Request
from chatctl.core.turn import Question

if TYPE_CHECKING:
    from chatctl.transport.connection import Connection

BATCH = 512
"""Items that the hub takes at once: a bound, so that a burst does not delay its first by much."""


class Asked(NamedTuple):
    """What a connection asks; a named tuple because one is made for each chunk received.

    The first of a connection, which may be empty, asks for a session. ``received`` counts the bytes that came up to
    here, 0 where nothing came.
    """

    connection: Connection
    requests: list[Request]
    received: int


class Answered(NamedTuple):
    """The answer to a session's question: the bytes to send, or a request to handle in the session's name."""

    connection: Connection
    data: bytes
    request: Request | None
    question: Question


class Stop(NamedTuple):
    """The server is to end every session."""


class Relimit(NamedTuple):
    """These fields of the limits are to be others from now on; nobody who is here is cut."""

    changes: tuple[tuple[str, float], ...]


class Close(NamedTuple):
    """Nothing comes after this: the hub thread is to end."""


Item = Asked | Answered | Relimit | Stop | Close


class Inbox:
    """A queue from many threads to the hub thread."""

    def __init__(self) -> None:
        self._queue: SimpleQueue[Item] = SimpleQueue()  # immutable
        self._quiet = threading.Event()  # immutable
        self._quiet.set()
        self.put = self._queue.put

    def put_round(self, items: list[Item]) -> None:
        """Put several items and wait until the hub has handled all there is.

        A shared reader and the hub take turns: while they compete for the interpreter lock, each system call
        of the one hands it to the other, and both are slower than one after the other.
        """
        self._quiet.clear()
        for item in items:
            self.put(item)
        self._quiet.wait()

    def take(self, timeout: float, linger: float = 0.0) -> list[Item]:
        """Return what waits, at most ``BATCH`` items.

        Wait up to ``timeout`` seconds for the first, then ``linger`` for more to come.
        """
        items: list[Item] = []
        get = self._queue.get_nowait
        try:
            items.append(self._queue.get(timeout=timeout))
            # Who takes turns with the hub has put all there is.
            if linger and self._quiet.is_set():
                time.sleep(linger)
            while len(items) < BATCH:
                items.append(get())
        except Empty:
            pass
        return items

    def handled(self) -> None:
        """Note that what was taken is handled."""
        if not self._quiet.is_set() and self._queue.empty():
            self._quiet.set()
