"""Coming and going, names, and the server itself."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.core.events.metadata import Datum
from chatctl.core.records import Entry
from chatctl.core.user import Source
from chatctl.errors import Misbehaved, Refused


@dataclass(frozen=True, slots=True)
class Crowd(Event):
    """How many there are: LUSERS in Modern IRC."""

    users: int
    invisible: int
    operators: int
    unknown: int
    rooms: int
    most: int


@dataclass(frozen=True, slots=True)
class Welcomed(Event):
    """A session began to take part; told to itself."""

    entry: Entry
    who: Source
    crowd: Crowd | None = None
    metadata: tuple[Datum, ...] = ()


@dataclass(frozen=True, slots=True)
class Renamed(Event):
    """Somebody has another name now."""

    who: Source
    new: str


@dataclass(frozen=True, slots=True)
class Departed(Event):
    """Somebody left the server; told once to each who keeps lists of members and shares a room."""

    who: Source
    why: str


@dataclass(frozen=True, slots=True)
class Rejected(Event):
    """A request was turned down."""

    error: Refused


@dataclass(frozen=True, slots=True)
class Dismissed(Event):
    """The session ended by its own wish; told to itself."""

    entry: Entry
    note: str = ""


@dataclass(frozen=True, slots=True)
class Pinged(Event):
    """The session is asked whether its client is still there."""


@dataclass(frozen=True, slots=True)
class Expelled(Event):
    """The session was ended for what it did; told to itself."""

    error: Misbehaved


@dataclass(frozen=True, slots=True)
class Stopping(Event):
    """The server is about to stop."""

    why: str = ""


@dataclass(frozen=True, slots=True)
class Labeled(Event):
    """Everything that answers the request with this label: labeled-response (IRCv3)."""

    label: str
    events: tuple[Event, ...]
