"""Going into rooms and leaving them."""

from __future__ import annotations

from chatctl.core.commands import markers, subscriptions
from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import announce, hears
from chatctl.core.commands.history import show_recent
from chatctl.core.commands.listing import members_of
from chatctl.core.commands.rules import check_entry
from chatctl.core.events.presence import Rejected
from chatctl.core.events.rooms import Joined, Left, TopicShown
from chatctl.core.names import check_room, fold
from chatctl.core.requests import rooms as ask
from chatctl.core.room import OP, Room
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.errors import AlreadyInRoom, InLobby, NoSuchRoom, NotInRoom, Refused, TooManyRooms


def move(chat: Chat, session: Session, request: ask.Move, turn: Turn) -> None:
    """Leave the room for another, made if need be; raises ``BadRoom``, ``AlreadyInRoom``."""
    assert session.room is not None
    name = check_room(request.room, chat.limits.room_length)
    if fold(name) == fold(session.room.name):
        raise AlreadyInRoom(session.room.name)
    _go(chat, session, name, turn)


def part(chat: Chat, session: Session, request: ask.Part, turn: Turn) -> None:
    """Go back to the lobby; raises ``InLobby`` for who is there."""
    if session.room is chat.lobby:
        raise InLobby(chat.lobby.name)
    _go(chat, session, chat.lobby.name, turn)


def _go(chat: Chat, session: Session, name: str, turn: Turn) -> None:
    assert session.room is not None
    existing = chat.rooms.get(fold(name))
    if existing is not None:
        check_entry(existing, session.user, "")
    leave(chat, session.user, session.room, "", turn, but=session.id)
    session.room = enter(chat, session.user, name, turn)


def join(chat: Chat, session: Session, request: ask.Join, turn: Turn) -> None:
    """Go into rooms, each made if need be; what one refuses does not concern the others."""
    keys = dict(zip(request.rooms, request.keys, strict=False))
    before = set(session.user.rooms)
    for name in request.rooms:
        try:
            _join(chat, session, check_room(name, chat.limits.room_length), keys.get(name, ""), turn)
        except Refused as error:
            turn.tell(session, Rejected(error))
    if request.recall:
        show_recent(chat, session, before, turn)


def _join(chat: Chat, session: Session, name: str, key: str, turn: Turn) -> None:
    user = session.user
    if fold(name) in user.rooms:
        return
    if len(user.rooms) >= chat.limits.rooms_per_client:
        raise TooManyRooms(name, chat.limits.rooms_per_client)
    existing = chat.rooms.get(fold(name))
    if existing is not None:
        check_entry(existing, user, key)
    enter(chat, user, name, turn)


def enter(chat: Chat, user: User, name: str, turn: Turn) -> Room:
    """Put ``user`` into the room, made if need be, and tell who is to know; who makes a room becomes its operator."""
    room = chat.room(name, turn.now)
    founder = not room.members and room is not chat.lobby
    chat.enter(user, room)
    room.invited.discard(user)
    if founder:
        room.members[user].roles.add(OP)
    event = joined(user, room)
    announce(room, event, turn)
    for session in user.sessions:
        if not hears(room, session):
            turn.tell(session, event)
        markers.entered(chat, session, room, turn)
        orient(session, room, turn)
        subscriptions.entered(chat, session, room, turn)
    subscriptions.introduced(chat, user, room, turn)
    return room


def orient(session: Session, room: Room, turn: Turn) -> None:
    """Tell somebody who came in what is the case in the room."""
    if room.topic:
        turn.tell(session, topic_shown(room))
    if session.roster:
        turn.tell(session, members_of(room, implicit=True))


def joined(user: User, room: Room) -> Joined:
    """Return the coming of ``user`` into ``room``."""
    return Joined(user.source, room.name, user.realname, user.away)


def topic_shown(room: Room) -> TopicShown:
    """Return the room's topic."""
    return TopicShown(room.name, room.topic, room.topic_by, room.topic_at)


def leave_rooms(chat: Chat, session: Session, request: ask.Leave, turn: Turn) -> None:
    """Leave rooms; what one refuses does not concern the others."""
    for name in request.rooms:
        try:
            leave(chat, session.user, room_of(chat, session.user, name), request.note, turn)
        except Refused as error:
            turn.tell(session, Rejected(error))


def leave_all(chat: Chat, session: Session, request: ask.LeaveAll, turn: Turn) -> None:
    """Leave every room."""
    for room in tuple(session.user.rooms.values()):
        leave(chat, session.user, room, "", turn)


def leave(chat: Chat, user: User, room: Room, why: str, turn: Turn, but: int = 0) -> None:
    """Take ``user`` out of ``room`` and tell who is to know."""
    announce(room, Left(user.source, room.name, why), turn, but)
    chat.leave(user, room)


def room_of(chat: Chat, user: User, name: str) -> Room:
    """Return the room called ``name`` that ``user`` is in; raises ``NoSuchRoom``, ``NotInRoom``."""
    room = chat.rooms.get(fold(name))
    if room is None:
        raise NoSuchRoom(name)
    if user not in room.members:
        raise NotInRoom(room.name)
    return room


HANDLERS: Handlers = {
    ask.Move: move,
    ask.Part: part,
    ask.Join: join,
    ask.Leave: leave_rooms,
    ask.LeaveAll: leave_all,
}
