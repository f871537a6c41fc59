"""What happens in rooms, and what is told about them."""

from __future__ import annotations

from dataclasses import dataclass

from chatctl.core.events.base import Event
from chatctl.core.user import Source


@dataclass(frozen=True, slots=True)
class Joined(Event):
    """Somebody came into a room; ``away`` is their note if they are away."""

    who: Source
    room: str
    realname: str = ""
    away: str = ""


@dataclass(frozen=True, slots=True)
class Left(Event):
    """Somebody left a room; ``why`` is empty when they only went to another."""

    who: Source
    room: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class TopicSet(Event):
    """Somebody set a room's topic; an empty text takes it away. ``message`` is the number it is kept under."""

    who: Source
    room: str
    text: str
    message: int = 0


@dataclass(frozen=True, slots=True)
class TopicShown(Event):
    """What a room's topic is, by whom and since when (milliseconds since 1970); empty when there is none."""

    room: str
    text: str
    by: str = ""
    at: int = 0


@dataclass(frozen=True, slots=True)
class RoomsListed(Event):
    """The rooms there are: name, number of members, topic."""

    rooms: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class MembersListed(Event):
    """Who is in a room, in the order of their coming: ranks (highest first) and who.

    ``secret`` rooms are told apart by IRC. ``implicit`` is set when nobody asked: it comes with entering.
    """

    room: str
    members: tuple[tuple[str, Source], ...]
    secret: bool = False
    implicit: bool = False


@dataclass(frozen=True, slots=True)
class NamesListed(Event):
    """Who is in several rooms; ``asked`` are the names asked for, also of rooms that are not shown."""

    asked: tuple[str, ...]
    rooms: tuple[MembersListed, ...]


@dataclass(frozen=True, slots=True)
class RoomsFound(Event):
    """The rooms that were searched for: name, number of members, topic."""

    rooms: tuple[tuple[str, int, str], ...]


@dataclass(frozen=True, slots=True)
class Kicked(Event):
    """Somebody was put out of a room; ``why`` is empty when no word was said."""

    who: Source
    room: str
    nick: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class Invited(Event):
    """Somebody was invited into a room; ``witness`` is set for those who are told though it is another's invitation."""

    who: Source
    nick: str
    room: str
    witness: bool = False


@dataclass(frozen=True, slots=True)
class Inviting(Event):
    """One's invitation is delivered."""

    nick: str
    room: str


@dataclass(frozen=True, slots=True)
class InvitationsListed(Event):
    """The rooms that one is invited to."""

    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class RoomRenamed(Event):
    """A room has another name now; ``why`` is empty when no word was said."""

    who: Source
    old: str
    new: str
    why: str = ""


@dataclass(frozen=True, slots=True)
class MovedAlong(Event):
    """The same, for a member who keeps lists: ``joined`` and what follows are how it looks to who knows no renaming.

    ``respelled`` is set when only the case of letters changed.
    """

    renamed: RoomRenamed
    respelled: bool
    joined: Joined
    topic: TopicShown
    members: MembersListed
