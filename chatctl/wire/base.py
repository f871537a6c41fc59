"""What every wire has in common."""

from __future__ import annotations

from typing import Protocol

from chatctl.core.events import Event
from chatctl.core.requests import Request
from chatctl.errors import Misbehaved


class Dialect(Protocol):
    """A way to write events; listeners with the same dialect get the same bytes."""

    def render(self, event: Event) -> bytes:
        """Return ``event`` as it is sent, with the line endings."""
        ...

    def refuse(self, error: Misbehaved) -> bytes:
        """Return what a peer is told before its connection ends."""
        ...


class Wire(Protocol):
    """One connection's half of a protocol: bytes in, requests out.

    ``deadline`` is the time (seconds, monotonic) at which ``silence`` wants to be called, or None.
    """

    deadline: float | None

    @property
    def name(self) -> str:
        """What the ledger calls the protocol."""
        ...

    @property
    def dialect(self) -> Dialect:
        """How the peer is written to."""
        ...

    def receive(self, data: bytes, now: float) -> list[Request]:
        """Return what the peer asks with ``data``, received at the time ``now``."""
        ...

    def silence(self) -> list[Request]:
        """Return what the peer asks by having sent nothing until the deadline."""
        ...

    def finish(self) -> list[Request]:
        """Return what is left to ask once the peer has sent its last byte."""
        ...
