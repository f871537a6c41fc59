"""What the server tells about itself."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.core.limits import Limits


@dataclass(frozen=True, slots=True)
class LimitsShown(Event):
    """How many sessions there are, and what holds on this server; what holds in the protocol the wire knows."""

    sessions: int
    limits: Limits
