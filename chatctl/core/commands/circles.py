"""Who hears of what somebody does."""

from __future__ import annotations

from chatctl.core.events.base import Event
from chatctl.core.room import Room
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User

NOTICE_LIMIT = 50
"""Members up to which those who keep no list of members are told of comings and goings."""


def circle(user: User) -> tuple[int, ...]:
    """Return the session numbers of all who share a room with ``user`` and keep lists of members, and of ``user``."""
    rooms = tuple(user.rooms.values())
    if len(rooms) == 1 and all(session.roster for session in user.sessions):
        return rooms[0].roster
    numbers = dict.fromkeys(user.numbers)
    for room in rooms:
        numbers.update(dict.fromkeys(room.roster))
    return tuple(numbers)


def bystanders(room: Room) -> tuple[int, ...]:
    """Return who is to be told of comings and goings although they keep no list of members.

    In rooms of over 50 nobody: telling n arrivals to n members is n * n lines, which is what makes big rooms slow.
    """
    return room.others if len(room.members) <= NOTICE_LIMIT else ()


def announce(room: Room, event: Event, turn: Turn, but: int = 0) -> None:
    """Tell of a coming or going in ``room``, except to session ``but``."""
    audience = room.audience if len(room.members) <= NOTICE_LIMIT else room.roster
    turn.spread(event, audience, but)


def hears(room: Room, session: Session) -> bool:
    """Tell whether what is announced in ``room`` reaches ``session``."""
    return session.user in room.members and (session.roster or len(room.members) <= NOTICE_LIMIT)


def tell_circle(user: User, event: Event, turn: Turn, but: int = 0) -> None:
    """Tell ``user`` and all who share a room with them and keep lists of members, except session ``but``."""
    turn.spread(event, circle(user), but)


def tell_user(user: User, event: Event, turn: Turn) -> None:
    """Tell every session of ``user``."""
    for session in user.sessions:
        turn.tell(session, event)
