"""What a server can tell a client, one frozen class for each kind.

``tag`` names the kind to programs. ``line`` is what was received, already harmless to a terminal;
several lines are joined by LF.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar


class Kind(StrEnum):
    """How a message of one's own was said."""

    SAY = "say"
    ACTION = "action"
    PRIVATE = "private"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of one's own on its way; ``to`` is a room or, for a private one, a person."""

    kind: Kind
    to: str
    text: str


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The server took the client in under ``name``."""

    tag: ClassVar[str] = "welcome"
    line: str
    name: str
    since: str


@dataclass(frozen=True, slots=True)
class Ready:
    """Name and room are as asked for; messages may be sent."""

    tag: ClassVar[str] = "ready"
    line: str
    name: str
    room: str


@dataclass(frozen=True, slots=True)
class Spoke:
    """Somebody else said ``text`` in the room."""

    tag: ClassVar[str] = "message"
    line: str
    name: str
    room: str
    text: str


@dataclass(frozen=True, slots=True)
class Whispered:
    """Somebody else said ``text`` to this client alone."""

    tag: ClassVar[str] = "private"
    line: str
    name: str
    text: str


@dataclass(frozen=True, slots=True)
class Acted:
    """Somebody else told what they do."""

    tag: ClassVar[str] = "action"
    line: str
    name: str
    room: str
    text: str


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody, perhaps oneself, came into a room."""

    tag: ClassVar[str] = "joined"
    line: str
    name: str
    room: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody went; ``reason`` is None for a mere change of rooms."""

    tag: ClassVar[str] = "left"
    line: str
    name: str
    room: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody, perhaps oneself, took another name."""

    tag: ClassVar[str] = "renamed"
    line: str
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TopicTold:
    """A room's topic; ``name`` is who has just set it, None if it was there before."""

    tag: ClassVar[str] = "topic"
    line: str
    name: str | None
    room: str
    topic: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The server stored a message of one's own."""

    tag: ClassVar[str] = "acknowledged"
    line: str
    message: Outgoing


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was sent is turned down; ``message`` is None if it was a command."""

    tag: ClassVar[str] = "refused"
    line: str
    code: str
    sentence: str
    message: Outgoing | None


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in the table; times as the server writes them, None where there is none."""

    id: int
    name: str
    address: str
    protocol: str
    connected: str
    disconnected: str | None
    duration: str
    reason: str | None


@dataclass(frozen=True, slots=True)
class SessionTable:
    """All sessions: the active ones, then the disconnected ones."""

    tag: ClassVar[str] = "status"
    line: str
    sessions: tuple[SessionRow, ...]
    active: int
    disconnected: int
    limit: int


@dataclass(frozen=True, slots=True)
class Told:
    """Anything else: replies to commands, hints, notices."""

    tag: ClassVar[str] = "told"
    line: str


@dataclass(frozen=True, slots=True)
class Stopping:
    """The server is shutting down."""

    tag: ClassVar[str] = "stopping"
    line: str


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The server's answer to a client that leaves; nothing comes after it."""

    tag: ClassVar[str] = "goodbye"
    line: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The server ends the connection for ``reason``."""

    tag: ClassVar[str] = "ended"
    line: str
    reason: str


Event = (
    Welcomed
    | Ready
    | Spoke
    | Whispered
    | Acted
    | Joined
    | Left
    | Renamed
    | TopicTold
    | Acknowledged
    | Refused
    | SessionTable
    | Told
    | Stopping
    | Goodbye
    | Ended
)
