"""Rooms: going to one, who is there, what it is about."""

from __future__ import annotations

from chatctl.core.events import (
    Joined,
    Left,
    MembersListed,
    Renamed,
    RoomsListed,
    TopicSet,
    TopicShown,
)
from chatctl.core.names import check_room, fold
from chatctl.core.requests import ListMembers, ListRooms, Move, Part, Topic
from chatctl.core.state import Chat, Session
from chatctl.core.turn import Turn
from chatctl.errors import AlreadyInRoom, InLobby, TopicTooLong

NOTICE_LIMIT = 50
TOPIC_LIMIT = 390


def announce(session: Session, event: Joined | Renamed, turn: Turn) -> None:
    """Tell the room, and always the session itself; in rooms of over 50 nobody else.

    Telling n arrivals to n members is n * n lines, which is what makes big rooms slow.
    """
    room = session.room
    if len(room.members) <= NOTICE_LIMIT:
        turn.spread(event, room.audience)
    else:
        turn.tell(session.id, event)


def announce_to_others(session: Session, event: Joined | Left, turn: Turn) -> None:
    """Tell everybody else in the room, if it has at most 50 members."""
    room = session.room
    if 1 < len(room.members) <= NOTICE_LIMIT:
        turn.spread(event, room.audience, but=session.id)


def move(chat: Chat, session: Session, request: Move, turn: Turn) -> None:
    """Leave the room for another, made if need be; raises ``BadRoom``, ``AlreadyInRoom``."""
    name = check_room(request.room)
    if fold(name) == fold(session.room.name):
        raise AlreadyInRoom(session.room.name)
    _go(chat, session, name, turn)


def part(chat: Chat, session: Session, request: Part, turn: Turn) -> None:
    """Go back to the lobby; raises ``InLobby`` for who is there."""
    if session.room is chat.lobby:
        raise InLobby(chat.lobby.name)
    _go(chat, session, chat.lobby.name, turn)


def _go(chat: Chat, session: Session, name: str, turn: Turn) -> None:
    announce_to_others(session, Left(session.nick, session.room.name), turn)
    chat.leave_room(session)
    chat.enter_room(session, chat.room(name))
    room = session.room
    announce(session, Joined(session.nick, room.name), turn)
    if room.topic:
        turn.tell(session.id, TopicShown(room.name, room.topic))


def topic(chat: Chat, session: Session, request: Topic, turn: Turn) -> None:
    """Show the room's topic or set it; raises ``TopicTooLong``."""
    room = session.room
    if request.text is None:
        turn.tell(session.id, TopicShown(room.name, room.topic))
        return
    if len(request.text) > TOPIC_LIMIT:
        raise TopicTooLong(len(request.text), TOPIC_LIMIT)
    room.topic = request.text
    turn.spread(TopicSet(session.nick, room.name, room.topic), room.audience)


def list_rooms(chat: Chat, session: Session, request: ListRooms, turn: Turn) -> None:
    """List the rooms, the fullest first."""
    rooms = sorted(chat.rooms.values(), key=lambda room: (-len(room.members), fold(room.name)))
    rows = tuple((room.name, len(room.members), room.topic) for room in rooms)
    turn.tell(session.id, RoomsListed(rows))


def list_members(chat: Chat, session: Session, request: ListMembers, turn: Turn) -> None:
    """List who is in the room."""
    nicks = tuple(member.nick for member in session.room.members.values())
    turn.tell(session.id, MembersListed(session.room.name, nicks))
