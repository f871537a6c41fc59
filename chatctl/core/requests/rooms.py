"""Rooms."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, NamedTuple

from chatctl.core.requests.base import Request


@dataclass(frozen=True, slots=True)
class Move(Request):
    """Leave the room one is in for another."""

    room: str


@dataclass(frozen=True, slots=True)
class Part(Request):
    """Go back to the lobby."""


@dataclass(frozen=True, slots=True)
class ListRooms(Request):
    """Ask which rooms there are."""


@dataclass(frozen=True, slots=True)
class ListMembers(Request):
    """Ask who is in the room one is in."""


@dataclass(frozen=True, slots=True)
class Topic(Request):
    """Ask for the topic of the room one is in, or set it when ``text`` is not None."""

    text: str | None = None


@dataclass(frozen=True, slots=True)
class Join(Request):
    """Go into rooms, and stay in those one is in; keys in the same order.

    ``recall`` is set to be shown what was said last in the rooms one comes into.
    """

    rooms: tuple[str, ...]
    keys: tuple[str, ...] = ()
    recall: bool = False


@dataclass(frozen=True, slots=True)
class Leave(Request):
    """Leave rooms, with a word to those who stay."""

    rooms: tuple[str, ...]
    note: str = ""


@dataclass(frozen=True, slots=True)
class LeaveAll(Request):
    """Leave every room (``JOIN 0``)."""


@dataclass(frozen=True, slots=True)
class Names(Request):
    """Ask who is in rooms, in one answer."""

    rooms: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class TopicOf(Request):
    """Ask for a room's topic, or set it when ``text`` is not None."""

    room: str
    text: str | None = None


@dataclass(frozen=True, slots=True)
class Kick(Request):
    """Put people out of rooms, each out of the room at the same place; with a word why."""

    rooms: tuple[str, ...]
    nicks: tuple[str, ...]
    why: str = ""


@dataclass(frozen=True, slots=True)
class Invite(Request):
    """Invite somebody into a room."""

    nick: str
    room: str


@dataclass(frozen=True, slots=True)
class ListInvitations(Request):
    """Ask which rooms one is invited to."""


@dataclass(frozen=True, slots=True)
class RenameRoom(Request):
    """Give a room another name, with a word why."""

    room: str
    new: str
    why: str = ""


class Bound(NamedTuple):
    """A room's number of members, or the minutes since it was made or its topic set, is above or below ``value``."""

    subject: Literal["members", "created", "topic"]
    above: bool
    value: int


@dataclass(frozen=True, slots=True)
class SearchRooms(Request):
    """Ask for the rooms whose name is like one of ``masks`` (none: any), like none of ``unlike``, within all bounds."""

    masks: tuple[str, ...] = ()
    unlike: tuple[str, ...] = ()
    bounds: tuple[Bound, ...] = ()
