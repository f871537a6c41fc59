"""The thread that accepts connections, whatever the machine runs out of."""

from __future__ import annotations

import contextlib
import errno
import logging
import math
import selectors
import socket
import threading
import time
from collections import deque
from collections.abc import Callable, Sequence

from chatctl.errors import Misbehaved, OutOfResources
from chatctl.transport.addresses import peer_name
from chatctl.transport.complaints import Complaints
from chatctl.transport.waker import Waker

RETRY = 0.2
"""Seconds between attempts while the machine has nothing left for another connection."""

LEAVING = 32
"""Peers turned away whose sockets are kept a while, at most: closed at once, what they were told could be lost."""

LEAVE_TIME = 1.0
"""Seconds for which such a socket is kept."""

GONE_AT_ONCE = 64
"""Peers in a row that are gone before they are accepted; after so many accepting pauses for ``RETRY``."""

_GONE_ALREADY = {errno.ECONNABORTED, errno.EPROTO, errno.EPERM, errno.EINTR}
_KEEPALIVE = {"TCP_KEEPIDLE": 90, "TCP_KEEPINTVL": 20, "TCP_KEEPCNT": 3}

log = logging.getLogger(__name__)

Admit = Callable[[socket.socket, str], None]
"""Takes an accepted socket and its peer's name.

Raises ``RuntimeError`` when no thread can be started, ``Misbehaved`` when the peer may not come in.
"""


class Listener:
    """Accepts on several sockets and hands each connection over; never reads or writes one.

    ``room`` waits up to some seconds for a slot and tells whether it took one; ``give_back`` returns it.
    """

    def __init__(
        self,
        sockets: Sequence[socket.socket],
        room: Callable[[float], bool],
        give_back: Callable[[], None],
        admit: Admit,
    ) -> None:
        self._sockets = tuple(sockets)  # owner: accept thread
        self._room = room  # immutable
        self._give_back = give_back  # immutable
        self._admit = admit  # immutable
        self._stopping = threading.Event()  # immutable
        self._waker = Waker()  # immutable
        self._complaints = Complaints(log)  # owner: accept thread
        self._gone = 0  # owner: accept thread
        self._leaving: deque[tuple[float, socket.socket]] = deque()  # owner: accept thread
        self._thread = threading.Thread(target=self._run, name="chatctl-accept")  # immutable

    def start(self) -> None:
        """Start the thread."""
        self._thread.start()

    def stop(self) -> None:
        """Stop accepting, join the thread and close the sockets."""
        self._stopping.set()
        self._waker.wake()
        self._thread.join()
        self._waker.close()

    def _run(self) -> None:
        with selectors.DefaultSelector() as selector:
            selector.register(self._waker, selectors.EVENT_READ)
            for sock in self._sockets:
                selector.register(sock, selectors.EVENT_READ, sock)
            while not self._stopping.is_set():
                for key, _ in selector.select(LEAVE_TIME if self._leaving else None):
                    if key.data is not None:
                        self._accept_waiting(key.data)
                self._let_go(time.monotonic(), LEAVING)
        self._let_go(math.inf, 0)
        for sock in self._sockets:
            sock.close()

    def _accept_waiting(self, sock: socket.socket) -> None:
        while not self._stopping.is_set() and self._room(RETRY):
            taken = False
            try:
                taken = self._accept(sock)
            finally:
                if not taken:
                    self._give_back()
            if not taken:
                return

    def _accept(self, sock: socket.socket) -> bool:
        """Accept one connection; True when it was handed over with its slot."""
        try:
            peer, address = sock.accept()
        except BlockingIOError:
            return False
        except OSError as error:
            self._gone = self._gone + 1 if error.errno in _GONE_ALREADY else GONE_AT_ONCE
            if self._gone >= GONE_AT_ONCE:
                self._gone = 0
                self._complaints.tell("cannot accept a connection: %s", error)
                self._stopping.wait(RETRY)
            return False
        self._gone = 0
        try:
            _tune(peer)
            self._admit(peer, peer_name(address))
        except Misbehaved as error:
            log.info("refused %s: %s", peer_name(address), error)
            self._turn_away(peer, error)
            return False
        except (OSError, RuntimeError) as error:
            self._complaints.tell("cannot serve a connection: %s", error)
            self._turn_away(peer, OutOfResources("threads"))
            return False
        return True

    def _turn_away(self, sock: socket.socket, error: Misbehaved) -> None:
        """Say why, in the words of both text protocols, and end the stream.

        Closing a socket that has received something resets the connection, and the peer may lose what it was told:
        RFC 1122, section 4.2.2.13.
        """
        with contextlib.suppress(OSError):
            sock.send(f"ERROR :{error}\r\n".encode(), socket.MSG_DONTWAIT)
            sock.shutdown(socket.SHUT_WR)
        now = time.monotonic()
        self._leaving.append((now + LEAVE_TIME, sock))
        self._let_go(now, LEAVING)

    def _let_go(self, now: float, most: int) -> None:
        """Close the sockets that were kept long enough, and the oldest if there are more than ``most``."""
        while self._leaving and (self._leaving[0][0] <= now or len(self._leaving) > most):
            self._leaving.popleft()[1].close()


def _tune(sock: socket.socket) -> None:
    sock.setblocking(True)
    sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE, 1)
    for name, value in _KEEPALIVE.items():
        if hasattr(socket, name):
            sock.setsockopt(socket.IPPROTO_TCP, getattr(socket, name), value)
