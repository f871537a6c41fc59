"""What was said, up to where it was read, and what was taken back."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.core.events.lookups import HistoryShown
from chatctl.core.records import Message
from chatctl.core.user import Source


@dataclass(frozen=True, slots=True)
class RecentShown(Event):
    """What was said last in the rooms that somebody came into."""

    rooms: tuple[HistoryShown, ...]


@dataclass(frozen=True, slots=True)
class TargetsShown(Event):
    """Rooms and people, and when the newest message of each was said (milliseconds since 1970), in that order."""

    targets: tuple[tuple[str, int], ...]


@dataclass(frozen=True, slots=True)
class Sought(Event):
    """The messages that a search found, oldest first."""

    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class MarkerTold(Event):
    """Up to which time (milliseconds since 1970) one has read ``target``; None if that is not known."""

    target: str
    at: int | None


@dataclass(frozen=True, slots=True)
class Redacted(Event):
    """Somebody took a message back; ``target`` is where it was sent."""

    who: Source
    target: str
    message: int
    why: str = ""
