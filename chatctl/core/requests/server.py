"""Asking the server about itself."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class Answer(Request):
    """Something that the wire itself has to answer, in its turn, to those who take part."""

    event: Event


@dataclass(frozen=True, slots=True)
class ShowLimits(Request):
    """Ask how much there may be of what."""
