"""What every wire has in common."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Protocol

from chatctl.core.events.base import Event
from chatctl.core.requests.base import Request
from chatctl.errors import Misbehaved


class Dialect(Protocol):
    """A way to write events; listeners with the same dialect get the same bytes."""

    def render(self, event: Event, nick: str = "*", now: int = 0) -> bytes:
        """Return ``event`` as it is sent, with the line endings.

        ``nick`` is the name of the one listener of an answer; ``now`` counts milliseconds since 1970.
        """
        ...

    def refuse(self, error: Misbehaved) -> bytes:
        """Return what a peer is told before its connection ends."""
        ...


@dataclass(frozen=True, slots=True)
class Link:
    """What is under a wire: whether nobody can listen in (TLS), and whether the peer showed a certificate."""

    secure: bool = False
    certified: bool = False


NO_LINK = Link()
"""A plain connection."""


@dataclass(frozen=True, slots=True)
class SwitchDialect(Request):
    """The peer is written to in another dialect from now on, and first told ``event`` in it."""

    dialect: Dialect
    event: Event


@dataclass(frozen=True, slots=True)
class SwitchWire(Request):
    """The peer speaks another protocol after all: its session ends, and one of that protocol begins.

    It is written to in ``dialect`` from now on.
    """

    dialect: Dialect


class Wire(Protocol):
    """One connection's half of a protocol: bytes in, requests out.

    ``deadline`` is the time (seconds, monotonic) at which ``silence`` wants to be called, or None. ``registers``
    is set when a session has to tell its name before it takes part, ``quiet`` when the wire never has ``replies``.
    Once the wire is ``opened`` the peer is to have a session; when it is ``over`` without one, the peer is let go.
    """

    deadline: float | None
    registers: bool
    quiet: bool

    @property
    def name(self) -> str:
        """What the ledger calls the protocol."""
        ...

    @property
    def dialect(self) -> Dialect:
        """How the peer is written to at first; a ``SwitchDialect`` tells of another one."""
        ...

    @property
    def opened(self) -> bool:
        """Whether the peer is to have a session."""
        ...

    @property
    def over(self) -> bool:
        """Whether the peer is to be let go."""
        ...

    def receive(self, data: bytes, now: float) -> list[Request]:
        """Return what the peer asks with ``data``, received at the time ``now``."""
        ...

    def replies(self) -> bytes:
        """Return, once, what is to be sent without asking the hub."""
        ...

    def silence(self) -> list[Request]:
        """Return what the peer asks by having sent nothing until the deadline."""
        ...

    def finish(self) -> list[Request]:
        """Return what is left to ask once the peer has sent its last byte."""
        ...
