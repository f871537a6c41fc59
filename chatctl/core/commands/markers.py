"""Noting up to where one has read: draft/read-marker (IRCv3)."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import tell_user
from chatctl.core.events.history import MarkerTold
from chatctl.core.history import owner_key
from chatctl.core.markers import MARKERS_LIMIT
from chatctl.core.names import check_nick, check_room
from chatctl.core.records import Marker, MarkerMoved
from chatctl.core.requests.history import MarkRead
from chatctl.core.room import Room
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import BadMarker, BadNick, BadRoom, TooManyMarkers


def mark_read(chat: Chat, session: Session, request: MarkRead, turn: Turn) -> None:
    """Note or tell up to where one has read; raises ``BadMarker``, ``TooManyMarkers``.

    The time never goes back, and never lies ahead: read-marker, section "Implementation Considerations".
    """
    target, user = _check(chat, request.target), session.user
    owner = owner_key(user.account, session.id)
    if request.at is None:
        _tell(chat, session, target, turn)
        return
    if not chat.markers.has_place(owner, target):
        raise TooManyMarkers(target, MARKERS_LIMIT)
    at = min(request.at, turn.now)
    if not chat.markers.move(owner, target, at):
        _tell(chat, session, target, turn)
        return
    if not user.account:
        turn.tell(session, MarkerTold(target, at))
        return
    turn.change(MarkerMoved(Marker(user.account, target, at)))
    for one in chat.nicks.values():
        if one.account == user.account:
            tell_user(one, MarkerTold(target, at), turn)


def _check(chat: Chat, target: str) -> str:
    try:
        if target.startswith("#"):
            return check_room(target, chat.limits.room_length)
        return check_nick(target, chat.limits.nick_length)
    except (BadRoom, BadNick):
        raise BadMarker(target) from None


def _tell(chat: Chat, session: Session, target: str, turn: Turn) -> None:
    owner = owner_key(session.user.account, session.id)
    turn.tell(session, MarkerTold(target, chat.markers.get(owner, target)))


def entered(chat: Chat, session: Session, room: Room, turn: Turn) -> None:
    """Tell somebody who came in up to where they have read, before the list of members: read-marker (IRCv3)."""
    if session.roster:
        _tell(chat, session, room.name, turn)


def arrived(chat: Chat, session: Session, turn: Turn) -> None:
    """Tell a client of an account up to where its owner has read elsewhere."""
    user = session.user
    if user.account:
        for target, at in chat.markers.of(owner_key(user.account, session.id)).items():
            if target not in user.rooms:
                turn.tell(session, MarkerTold(target, at))


HANDLERS: Handlers = {MarkRead: mark_read}
