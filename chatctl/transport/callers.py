"""How many connections come from where: one address, or one IPv6 network, cannot take all the room."""

from __future__ import annotations

import ipaddress
import threading
import time
from collections import Counter, OrderedDict, deque
from collections.abc import Callable
from math import ceil

from chatctl.core.limits import Limits
from chatctl.errors import TooManyFromAddress, TooOftenFromAddress

WINDOW = 600.0
"""Seconds over which new connections are counted."""

REMEMBERED = 10_000
"""Addresses whose connects are remembered, those of the latest."""


def is_loopback(host: str) -> bool:
    """Tell whether a peer's address is one of this machine itself."""
    return ipaddress.ip_address(host.strip("[]")).is_loopback


class Call:
    """One connection as it is counted; whoever has it says what becomes of it, from the connection's reader."""

    __slots__ = ("_callers", "_decided", "_origin")

    def __init__(self, callers: Callers, origin: str | None) -> None:
        self._callers = callers
        self._origin = origin
        self._decided = False

    def decided(self) -> None:
        """Note that the peer has shown what it speaks."""
        if self._origin is not None and not self._decided:
            self._decided = True
            self._callers.settle(self._origin)

    def over(self) -> None:
        """Note that the connection is over."""
        self.decided()
        if self._origin is not None:
            self._callers.leave(self._origin)


class Callers:
    """Counts by address, IPv6 by /64; this machine's own are not counted unless ``loopback`` says so."""

    def __init__(self, limits: Limits, loopback: bool = False, clock: Callable[[], float] = time.monotonic) -> None:
        self.limits = limits  # replaced as a whole, by the hub thread; who is over them stays
        self._loopback = loopback  # immutable
        self._clock = clock  # immutable
        self._lock = threading.Lock()  # immutable
        self._open: Counter[str] = Counter()  # guarded by: _lock
        self._undecided: Counter[str] = Counter()  # guarded by: _lock
        self._begun: OrderedDict[str, deque[float]] = OrderedDict()  # guarded by: _lock

    def come(self, host: str) -> Call:
        """Count a connection from ``host``; raises ``TooManyFromAddress`` or ``TooOftenFromAddress``, then not."""
        origin, limits = self._origin(host), self.limits
        if origin is not None:
            with self._lock:
                _check(self._open[origin], limits.max_per_address)
                _check(self._undecided[origin], limits.undecided_per_address, " that have sent nothing yet")
                if limits.connects_per_address:
                    self._note(origin, limits.connects_per_address)
                self._open[origin] += 1
                self._undecided[origin] += 1
        return Call(self, origin)

    def settle(self, origin: str) -> None:
        """Note that one of ``origin`` has shown what it speaks."""
        with self._lock:
            _take_one(self._undecided, origin)

    def leave(self, origin: str) -> None:
        """Note that one of ``origin`` is over."""
        with self._lock:
            _take_one(self._open, origin)

    def _note(self, origin: str, limit: int) -> None:
        now = self._clock()
        begun = self._begun.setdefault(origin, deque())
        while begun and begun[0] <= now - WINDOW:
            begun.popleft()
        if len(begun) >= limit:
            raise TooOftenFromAddress(limit, ceil(begun[0] + WINDOW - now))
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


def _check(count: int, limit: int, which: str = "") -> None:
    if limit and count >= limit:
        raise TooManyFromAddress(count, limit, which)


def _take_one(counts: Counter[str], origin: str) -> None:
    counts[origin] -= 1
    if counts[origin] <= 0:
        del counts[origin]
