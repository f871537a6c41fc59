"""What the server tells about itself."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event


@dataclass(frozen=True, slots=True)
class LimitsShown(Event):
    """How many sessions there are and may be; the rest the wire knows."""

    sessions: int
    limit: int
