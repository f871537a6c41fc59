"""Things said."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.core.records import Message


@dataclass(frozen=True, slots=True)
class Said(Event):
    """Somebody said, did or whispered something; told to those who are to hear it."""

    message: Message


@dataclass(frozen=True, slots=True)
class Acknowledged(Event):
    """One's own message is stored."""

    message: Message


@dataclass(frozen=True, slots=True)
class AwayTold(Event):
    """Whom one wrote to is away; ``note`` is what they left."""

    nick: str
    note: str
