"""One IRC command: what it is called, what it needs, how it is read."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from chatctl.core.requests.base import Request
from chatctl.wire.irc.caller import Caller
from chatctl.wire.irc.message import Line


@dataclass(frozen=True, slots=True)
class Command:
    """A row of the command table.

    ``minimum`` parameters are needed (else 461); ``parameters`` and ``summary`` are for the help and the
    documentation. ``read`` returns what is asked, or None when there is nothing to ask yet; it may raise
    ``Refused``.
    """

    name: str
    parameters: str
    summary: str
    minimum: int
    read: Callable[[Caller, Line], Request | None]

    @property
    def usage(self) -> str:
        """The command as one types it."""
        return f"{self.name} {self.parameters}".rstrip()
