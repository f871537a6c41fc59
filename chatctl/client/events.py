"""What a server can tell a client, one frozen class for each kind; every text in them is harmless to a terminal.

``tag`` names the kind to programs. Times are milliseconds since 1970, by the server's clock where it tells it.
"""

from __future__ import annotations

from dataclasses import dataclass
from enum import StrEnum
from typing import ClassVar

from chatctl.client.sanitize import harmless


class Kind(StrEnum):
    """How something was said."""

    SAY = "say"
    ACTION = "action"
    PRIVATE = "private"
    NOTICE = "notice"


@dataclass(frozen=True, slots=True)
class Outgoing:
    """A message of one's own on its way; ``to`` is a room or, for a private one, a person.

    ``label`` is the same each time it is sent: labeled-response (IRCv3). ``nick`` is who said it.
    """

    kind: Kind
    to: str
    text: str
    label: str = ""
    nick: str = ""

    @property
    def shown(self) -> str:
        """The text as it goes on a screen; what the service for logging in is told may be a password."""
        return "••••" if self.to.lower() in ("nickserv", "ns") else harmless(self.text)


@dataclass(frozen=True, slots=True)
class Welcomed:
    """The server took the client in under ``name``."""

    tag: ClassVar[str] = "welcome"
    name: str
    text: str
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Ready:
    """Name and rooms are as asked for; messages may be sent. ``room`` is empty if there is none."""

    tag: ClassVar[str] = "ready"
    name: str
    room: str


@dataclass(frozen=True, slots=True)
class Said:
    """Somebody said ``text`` to ``to``, a room or a person; ``id`` is its msgid, empty where there is none.

    ``own`` says that it is one's own, from another of one's clients or from the past. Lines are joined by LF.
    """

    name: str
    to: str
    kind: Kind
    text: str
    id: str = ""
    at: int | None = None
    own: bool = False
    private: bool = False

    @property
    def tag(self) -> str:
        """``private``, or for a room ``message``, ``action`` or ``notice``."""
        if self.private:
            return "private"
        return "message" if self.kind is Kind.SAY else self.kind.value

    @property
    def peer(self) -> str:
        """The other one of a private message."""
        return self.to if self.own else self.name


@dataclass(frozen=True, slots=True)
class History:
    """What was said in ``room`` before, the oldest first; ``asked`` is what for, or the words searched for.

    ``known`` is false if the server would not tell.
    """

    tag: ClassVar[str] = "history"
    room: str
    messages: tuple[Said, ...]
    asked: str = ""
    known: bool = True


@dataclass(frozen=True, slots=True)
class Joined:
    """Somebody, perhaps oneself, came into a room."""

    tag: ClassVar[str] = "joined"
    name: str
    room: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Left:
    """Somebody, perhaps oneself, went."""

    tag: ClassVar[str] = "left"
    name: str
    room: str
    reason: str | None
    own: bool = False


@dataclass(frozen=True, slots=True)
class Kicked:
    """Somebody, perhaps oneself, was put out of a room by ``by``."""

    tag: ClassVar[str] = "kicked"
    name: str
    room: str
    by: str
    reason: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class Renamed:
    """Somebody, perhaps oneself, took another name."""

    tag: ClassVar[str] = "renamed"
    old: str
    new: str
    own: bool = False


@dataclass(frozen=True, slots=True)
class TopicTold:
    """A room's topic; ``name`` is who has just set it, None if it was there before."""

    tag: ClassVar[str] = "topic"
    name: str | None
    room: str
    topic: str


@dataclass(frozen=True, slots=True)
class RoomRenamed:
    """A room has another name now."""

    tag: ClassVar[str] = "room-renamed"
    old: str
    new: str


@dataclass(frozen=True, slots=True)
class Acknowledged:
    """The server stored a message of one's own, or, where it does not echo, has dealt with it."""

    tag: ClassVar[str] = "acknowledged"
    message: Outgoing
    id: str = ""
    at: int | None = None


@dataclass(frozen=True, slots=True)
class Refused:
    """Something that was sent is turned down; ``message`` is None if it was a command."""

    tag: ClassVar[str] = "refused"
    code: str
    sentence: str
    message: Outgoing | None = None
    room: str = ""


@dataclass(frozen=True, slots=True)
class SessionRow:
    """One session in the table; times as people read them, None where there is none."""

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
    sessions: tuple[SessionRow, ...]
    active: int
    disconnected: int
    limit: int


@dataclass(frozen=True, slots=True)
class Told:
    """Anything else: replies to commands, notices of the server; ``room`` is what it is about, or empty."""

    tag: ClassVar[str] = "told"
    text: str
    room: str = ""


@dataclass(frozen=True, slots=True)
class Help:
    """What can be typed: how, and what it does."""

    tag: ClassVar[str] = "help"
    rows: tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Stopping:
    """The server is shutting down."""

    tag: ClassVar[str] = "stopping"
    text: str


@dataclass(frozen=True, slots=True)
class Goodbye:
    """The server's answer to a client that leaves; nothing comes after it."""

    tag: ClassVar[str] = "goodbye"
    text: str


@dataclass(frozen=True, slots=True)
class Ended:
    """The server ends the connection for ``reason``; ``expelled`` says that coming back is not welcome."""

    tag: ClassVar[str] = "ended"
    reason: str
    expelled: bool = False


Event = (
    Welcomed
    | Ready
    | Said
    | History
    | Joined
    | Left
    | Kicked
    | Renamed
    | TopicTold
    | RoomRenamed
    | Acknowledged
    | Refused
    | SessionTable
    | Told
    | Help
    | Stopping
    | Goodbye
    | Ended
)
