"""Giving a room another name: channel-rename (IRCv3)."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.listing import members_of
from chatctl.core.commands.rooms import joined, room_of, topic_shown
from chatctl.core.commands.rules import check_operator
from chatctl.core.events.rooms import MovedAlong, RoomRenamed
from chatctl.core.names import check_room, fold
from chatctl.core.requests.rooms import RenameRoom
from chatctl.core.room import Room
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import CannotRename, RoomExists

PAUSE = 60_000
"""Milliseconds between two renamings of a room: each may cost every member a list of all members."""


def rename_room(chat: Chat, session: Session, request: RenameRoom, turn: Turn) -> None:
    """Give a room another name; what was said in it stays under the name that it was said under.

    Raises ``NoSuchRoom``, ``NotInRoom``, ``NotRoomOperator``, ``BadRoom``, ``RoomExists``, ``CannotRename``.
    """
    room = room_of(chat, session.user, request.room)
    check_operator(room, session.user)
    new = check_room(request.new, chat.limits.room_length)
    _check_renaming(chat, room, new, turn.now)
    old, respelled = room.name, fold(new) == fold(room.name)
    chat.rename_room(room, new)
    room.renamed = turn.now
    renamed = RoomRenamed(session.user.source, old, new, request.why)
    if room.others:
        turn.spread(renamed, room.others)
    topic, members = topic_shown(room), members_of(room, implicit=True)
    for user in room.members:
        event = MovedAlong(renamed, respelled, joined(user, room), topic, members)
        for one in user.sessions:
            if one.roster:
                turn.tell(one, event)


def _check_renaming(chat: Chat, room: Room, new: str, now: int) -> None:
    if room is chat.lobby:
        raise CannotRename(room.name, new, "everybody starts there; make another room")
    if new == room.name:
        raise CannotRename(room.name, new, "it is called so; choose another name")
    if chat.rooms.get(fold(new), room) is not room:
        raise RoomExists(room.name, new)
    if room.renamed and now - room.renamed < PAUSE:
        raise CannotRename(room.name, new, f"it was renamed within the last {PAUSE // 1000} seconds; try again later")


HANDLERS: Handlers = {RenameRoom: rename_room}
