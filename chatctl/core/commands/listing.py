"""Which rooms there are, and who is in them."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.events.rooms import MembersListed, NamesListed, RoomsFound, RoomsListed
from chatctl.core.masks import matches
from chatctl.core.names import fold
from chatctl.core.requests import rooms as ask
from chatctl.core.room import HIDDEN, Room
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import INVISIBLE, Session, User

MINUTE = 60_000
"""Milliseconds."""


def list_rooms(chat: Chat, session: Session, request: ask.ListRooms, turn: Turn) -> None:
    """List the rooms that one may know of, the fullest first."""
    turn.tell(session, RoomsListed(_rows(_visible(chat, session.user))))


def search_rooms(chat: Chat, session: Session, request: ask.SearchRooms, turn: Turn) -> None:
    """List the rooms with somebody in them that are searched for, the fullest first."""
    rooms = [room for room in _visible(chat, session.user) if room.members and _is_wanted(room, request, turn.now)]
    turn.tell(session, RoomsFound(_rows(rooms)))


def list_members(chat: Chat, session: Session, request: ask.ListMembers, turn: Turn) -> None:
    """List who is in the room one is in."""
    assert session.room is not None
    turn.tell(session, members_of(session.room))


def names(chat: Chat, session: Session, request: ask.Names, turn: Turn) -> None:
    """List who is in rooms; one that does not exist or is secret is left out: Modern IRC, section "NAMES message"."""
    user = session.user
    found = [room for name in request.rooms if (room := chat.rooms.get(fold(name))) and is_visible(room, user)]
    shown = [members_of(room) if user in room.members else _seen_from_outside(room) for room in found]
    turn.tell(session, NamesListed(request.rooms, tuple(shown)))


def is_visible(room: Room, user: User) -> bool:
    """Tell whether ``user`` may know of ``room``: secret ones are known to members and server operators."""
    return HIDDEN not in room.flags or user in room.members or bool(user.operator)


def members_of(room: Room, implicit: bool = False) -> MembersListed:
    """Return the list of a room's members as they see it."""
    members = tuple([(member.ranks, member.user.source) for member in room.members.values()])
    return MembersListed(room.name, members, HIDDEN in room.flags, implicit)


def _seen_from_outside(room: Room) -> MembersListed:
    members = [(one.ranks, one.user.source) for one in room.members.values() if INVISIBLE not in one.user.modes]
    return MembersListed(room.name, tuple(members), HIDDEN in room.flags)


def _visible(chat: Chat, user: User) -> list[Room]:
    return [room for room in chat.rooms.values() if is_visible(room, user)]


def _rows(rooms: list[Room]) -> tuple[tuple[str, int, str], ...]:
    ordered = sorted(rooms, key=lambda room: (-len(room.members), fold(room.name)))
    return tuple((room.name, len(room.members), room.topic) for room in ordered)


def _is_wanted(room: Room, request: ask.SearchRooms, now: int) -> bool:
    name = room.name
    if request.masks and not any(matches(mask, name) for mask in request.masks):
        return False
    if any(matches(mask, name) for mask in request.unlike):
        return False
    return all(_is_within(room, bound, now) for bound in request.bounds)


def _is_within(room: Room, bound: ask.Bound, now: int) -> bool:
    if bound.subject == "members":
        actual, limit = len(room.members), bound.value
    else:
        if bound.subject == "topic" and not room.topic:
            return False
        since = room.created if bound.subject == "created" else room.topic_at
        actual, limit = now - since, bound.value * MINUTE
    return actual > limit if bound.above else actual < limit


HANDLERS: Handlers = {
    ask.ListRooms: list_rooms,
    ask.SearchRooms: search_rooms,
    ask.ListMembers: list_members,
    ask.Names: names,
}
