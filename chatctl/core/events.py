"""What can happen in the chat, one frozen class for each kind."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.records import Entry, Message
from chatctl.errors import Misbehaved, Refused


@dataclass(frozen=True, slots=True)
class Welcomed:
    """A session began; told to itself."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said, did or whispered something; told to those who are to hear it."""

    message: Message


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """One's own message is stored."""

    message: Message


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody came into a room."""

    nick: str
    room: str


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody left a room; ``why`` is empty when they only went to another."""

    nick: str
    room: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody has another name now."""

    old: str
    new: str


@dataclass(frozen=True, slots=True)
class TopicSet:
    """Somebody set a room's topic; an empty text takes it away."""

    nick: str
    room: str
    text: str


@dataclass(frozen=True, slots=True)
class TopicShown:
    """What a room's topic is; empty when there is none."""

    room: str
    text: str


@dataclass(frozen=True, slots=True)
class RoomsListed:
    """The rooms there are: name, number of members, topic."""

    rooms: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class MembersListed:
    """Who is in a room, in the order of their coming."""

    room: str
    nicks: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class HistoryShown:
    """The last messages of a room, oldest first."""

    room: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class Found:
    """The messages of a room that hold the words, oldest first."""

    room: str
    words: str
    messages: tuple[Message, ...]


@dataclass(frozen=True, slots=True)
class SessionsListed:
    """The session table at the time ``now`` (milliseconds since 1970), newest first in both parts.

    ``active_total`` and ``past_total`` count all sessions, also those that the table leaves out.
    """

    now: int
    active: tuple[Entry, ...]
    past: tuple[Entry, ...]
    active_total: int
    past_total: int
    limit: int


@dataclass(frozen=True, slots=True)
class HelpShown:
    """The wire tells what can be typed."""


@dataclass(frozen=True, slots=True)
class Rejected:
    """A request was turned down."""

    error: Refused


@dataclass(frozen=True, slots=True)
class Dismissed:
    """The session ended by its own wish; told to itself."""

    entry: Entry


@dataclass(frozen=True, slots=True)
class Expelled:
    """The session was ended for what it did; told to itself."""

    error: Misbehaved


@dataclass(frozen=True, slots=True)
class Stopping:
    """The server is about to stop."""


Event = (
    Welcomed
    | Said
    | Acknowledged
    | Joined
    | Left
    | Renamed
    | TopicSet
    | TopicShown
    | RoomsListed
    | MembersListed
    | HistoryShown
    | Found
    | SessionsListed
    | HelpShown
    | Rejected
    | Dismissed
    | Expelled
    | Stopping
)
