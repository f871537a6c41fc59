"""Putting people out of rooms: Modern IRC, section "KICK message"."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import announce, hears
from chatctl.core.commands.presence import expel
from chatctl.core.commands.rooms import enter
from chatctl.core.commands.rules import check_operator
from chatctl.core.events.presence import Rejected
from chatctl.core.events.rooms import Kicked
from chatctl.core.names import fold
from chatctl.core.requests.presence import Expel
from chatctl.core.requests.rooms import Kick
from chatctl.core.room import Room
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.errors import Kicked as KickedOut
from chatctl.errors import NoSuchNick, NoSuchRoom, NotInRoom, Refused, UserNotInRoom

REASON_LIMIT = 390
"""Characters of the word why; what is longer is cut: KICKLEN, Modern IRC."""


def kick(chat: Chat, session: Session, request: Kick, turn: Turn) -> None:
    """Put people out of rooms; what one refuses does not concern the others."""
    why = request.why[:REASON_LIMIT]
    for name, nick in zip(request.rooms, request.nicks, strict=True):
        try:
            _kick(chat, session, name, nick, why, turn)
        except Refused as error:
            turn.tell(session, Rejected(error))


def _kick(chat: Chat, session: Session, name: str, nick: str, why: str, turn: Turn) -> None:
    user = session.user
    room = chat.rooms.get(fold(name))
    if room is None:
        raise NoSuchRoom(name)
    if user not in room.members and not user.operator:
        raise NotInRoom(room.name)
    check_operator(room, user)
    target = chat.nicks.get(fold(nick))
    if target is None:
        raise NoSuchNick(nick)
    if target not in room.members:
        raise UserNotInRoom(target.nick, room.name)
    _put_out(chat, session, room, target, why, turn)


def _put_out(chat: Chat, session: Session, room: Room, target: User, why: str, turn: Turn) -> None:
    event = Kicked(session.user.source, room.name, target.nick, why)
    announce(room, event, turn)
    # In a big room not everybody hears, but who does it and to whom it happens are told in any case.
    for one in dict.fromkeys((session, *target.sessions)):
        if not hears(room, one):
            turn.tell(one, event)
    chat.leave(target, room)
    for one in tuple(target.sessions):
        if one.room is not room:
            continue
        if room is chat.lobby:
            expel(chat, one, Expel(KickedOut(room.name, session.nick, why)), turn)
        else:
            one.room = enter(chat, target, chat.lobby.name, turn)


HANDLERS: Handlers = {Kick: kick}
