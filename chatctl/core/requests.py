"""What a client may ask of the chat, one frozen class for each verb."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.errors import Misbehaved, Refused


@dataclass(frozen=True, slots=True)
class Say:
    """Say ``text`` in the room one is in."""

    text: str


@dataclass(frozen=True, slots=True)
class Act:
    """Tell the room what one does: ``* river waves``."""

    text: str


@dataclass(frozen=True, slots=True)
class Whisper:
    """Say ``text`` to one person."""

    nick: str
    text: str


@dataclass(frozen=True, slots=True)
class Rename:
    """Take another name."""

    nick: str


@dataclass(frozen=True, slots=True)
class Move:
    """Leave the room one is in for another."""

    room: str


@dataclass(frozen=True, slots=True)
class Part:
    """Go back to the lobby."""


@dataclass(frozen=True, slots=True)
class ListRooms:
    """Ask which rooms there are."""


@dataclass(frozen=True, slots=True)
class ListMembers:
    """Ask who is in the room."""


@dataclass(frozen=True, slots=True)
class Topic:
    """Ask for the room's topic, or set it when ``text`` is not None."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class History:
    """Ask for the last ``count`` messages of the room."""

    count: int


@dataclass(frozen=True, slots=True)
class Search:
    """Ask for the room's messages that hold all ``words``."""

    words: str


@dataclass(frozen=True, slots=True)
class Status:
    """Ask for the session table; ``everything`` lifts the limit on its rows."""

    everything: bool = False


@dataclass(frozen=True, slots=True)
class Help:
    """Ask what one can type."""


@dataclass(frozen=True, slots=True)
class Quit:
    """Leave the server, with a word to the others."""

    note: str = ""


@dataclass(frozen=True, slots=True)
class Invalid:
    """Something the wire could not understand, answered in its turn with ``error``."""

    error: Refused


@dataclass(frozen=True, slots=True)
class Expel:
    """The peer misbehaved: it is told ``error`` and the session ends with the error's code as the reason."""

    error: Misbehaved


@dataclass(frozen=True, slots=True)
class Vanish:
    """The connection ended without a goodbye; ``reason`` goes into the ledger."""

    reason: str


Request = (
    Say
    | Act
    | Whisper
    | Rename
    | Move
    | Part
    | ListRooms
    | ListMembers
    | Topic
    | History
    | Search
    | Status
    | Help
    | Quit
    | Invalid
    | Expel
    | Vanish
)
