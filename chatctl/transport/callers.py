"""How many connections come from where: one address, or one IPv6 network, cannot take all the room."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from math import ceil

from chatctl.errors import TooManyFromAddress, TooOftenFromAddress

WINDOW = 600.0
"""Seconds over which new connections are counted."""

REMEMBERED = 10_000
"""Addresses whose connects are remembered, those of the latest."""


def is_loopback(host: str) -> bool:
    """Tell whether a peer's address is one of this machine itself."""
    return ipaddress.ip_address(host.strip("[]")).is_loopback


class Callers:
    """Counts by address, IPv6 by /64; this machine's own are not counted unless ``loopback`` says so.

    ``most`` may be open at once and ``often`` may begin within ten minutes; 0 sets no limit.
    """

    def __init__(
        self, most: int, often: int, loopback: bool = False, clock: Callable[[], float] = time.monotonic
    ) -> None:
        self._most = most  # guarded by: _lock
        self._often = often  # guarded by: _lock
        self._loopback = loopback  # immutable
        self._clock = clock  # immutable
        self._lock = threading.Lock()  # immutable
        self._open: Counter[str] = Counter()  # guarded by: _lock
        self._begun: OrderedDict[str, deque[float]] = OrderedDict()  # guarded by: _lock

    def limit(self, most: int, often: int) -> None:
        """Set other limits; who is over them stays."""
        with self._lock:
            self._most, self._often = most, often

    def come(self, host: str) -> None:
        """Count a connection from ``host``; raises ``TooManyFromAddress`` or ``TooOftenFromAddress``, then not."""
        origin = self._origin(host)
        if origin is None:
            return
        with self._lock:
            if self._most and self._open[origin] >= self._most:
                raise TooManyFromAddress(self._open[origin], self._most)
            if self._often:
                self._note(origin)
            self._open[origin] += 1

    def go(self, host: str) -> None:
        """Note that a connection from ``host``, which was counted, is over."""
        origin = self._origin(host)
        if origin is None:
            return
        with self._lock:
            self._open[origin] -= 1
            if self._open[origin] <= 0:
                del self._open[origin]

    def _note(self, origin: str) -> None:
        now = self._clock()
        begun = self._begun.setdefault(origin, deque())
        while begun and begun[0] <= now - WINDOW:
            begun.popleft()
        if len(begun) >= self._often:
            raise TooOftenFromAddress(self._often, ceil(begun[0] + WINDOW - now))
        begun.append(now)
        self._begun.move_to_end(origin)
        if len(self._begun) > REMEMBERED:
            self._begun.popitem(last=False)

    def _origin(self, host: str) -> str | None:
        """Return what is counted together with ``host``, None for what is not counted."""
        if not self._loopback and is_loopback(host):
            return None
        number = ipaddress.ip_address(host.strip("[]"))
        if isinstance(number, ipaddress.IPv6Address):
            return str(ipaddress.ip_network((number, 64), strict=False))
        return str(number)
