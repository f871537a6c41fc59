"""METADATA: subscribing to keys, and being told of them. Source: metadata (IRCv3)."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.events import metadata as ev
from chatctl.core.events.metadata import Datum
from chatctl.core.events.presence import Rejected
from chatctl.core.metadata import Target, check_key, check_sight, everything, find_target, is_own, pick, title
from chatctl.core.names import fold
from chatctl.core.requests import metadata as ask
from chatctl.core.room import Room
from chatctl.core.state import Chat
from chatctl.core.subscriptions import SUBSCRIPTIONS_LIMIT
from chatctl.core.turn import Turn
from chatctl.core.user import UNNAMED, Session, User
from chatctl.errors import BadMetadataKey, BadMetadataTarget, Refused, TooManySubscriptions

SYNC_LIMIT = 100
"""Members up to which who comes into a room is told its metadata without asking, and theirs."""

SYNC_WAIT = 4
"""Seconds after which the others may ask."""


def tell_change(chat: Chat, session: Session, target: Target, datum: Datum, turn: Turn) -> None:
    """Tell those who subscribe to the key and share a room with the target, are in it, or watch it."""
    if datum.target == UNNAMED:
        return
    watchers = set(chat.watching.watchers(target.nick)) if isinstance(target, User) else set()
    event = ev.MetadataChanged(session.user.source, datum)
    for number in chat.subscriptions.sessions(datum.key):
        other = chat.sessions[number]
        if other is not session and (number in watchers or _is_near(target, other.user)):
            turn.pass_on(other, event)


def _is_near(target: Target, user: User) -> bool:
    if isinstance(target, Room):
        return user in target.members
    return target is user or not target.rooms.keys().isdisjoint(user.rooms)


def subscribe(chat: Chat, session: Session, request: ask.Subscribe, turn: Turn) -> None:
    """Subscribe to keys, and be told what is set now; what one refuses does not concern the others.

    Raises ``BadMetadataTarget``, ``TooManySubscriptions``; the keys after the first that is too many are left out.
    """
    keys, left = [], ""
    refused: list[Refused] = []
    _check_own(session, request.target)
    for key in dict.fromkeys(request.keys):
        try:
            check_key(key)
        except BadMetadataKey as error:
            refused.append(error)
            continue
        if not chat.subscriptions.add(session.id, key):
            left = key
            break
        keys.append(key)
    if keys:
        turn.tell(session, ev.Subscribed(tuple(keys)))
    for one in refused:
        turn.tell(session, Rejected(one))
    if left:
        turn.tell(session, Rejected(TooManySubscriptions(left, SUBSCRIPTIONS_LIMIT)))
    _catch_up(chat, session, keys, turn)


def _catch_up(chat: Chat, session: Session, keys: list[str], turn: Turn) -> None:
    """Tell ``session`` what is set of ``keys`` for whom it hears of."""
    for room in session.user.rooms.values():
        _greet(session, room, keys, turn)
    for nick in chat.watching.watched(session.id):
        watched = chat.nicks.get(fold(nick))
        if watched is not None and not _is_near(watched, session.user):
            _present(session, watched, keys, turn)


def _check_own(session: Session, name: str) -> None:
    if not is_own(session, name):
        raise BadMetadataTarget(name)


def unsubscribe(chat: Chat, session: Session, request: ask.Unsubscribe, turn: Turn) -> None:
    """Subscribe to keys no more; what one refuses does not concern the others. Raises ``BadMetadataTarget``."""
    _check_own(session, request.target)
    keys = []
    for key in dict.fromkeys(request.keys):
        try:
            chat.subscriptions.remove(session.id, check_key(key))
        except BadMetadataKey as error:
            turn.tell(session, Rejected(error))
        else:
            keys.append(key)
    if keys:
        turn.tell(session, ev.Unsubscribed(tuple(keys)))


def list_subscriptions(chat: Chat, session: Session, request: ask.ListSubscriptions, turn: Turn) -> None:
    """Show what one subscribes to; raises ``BadMetadataTarget``."""
    _check_own(session, request.target)
    turn.tell(session, ev.SubscriptionsListed(chat.subscriptions.keys(session.id)))


def sync(chat: Chat, session: Session, request: ask.SyncMetadata, turn: Turn) -> None:
    """Show what is set of the keys one subscribes to; raises ``BadMetadataTarget``, ``MetadataForbidden``."""
    target = find_target(chat, session, request.target)
    check_sight(target, session.user)
    keys = chat.subscriptions.keys(session.id)
    found = _around(session, target, keys) if isinstance(target, Room) else pick(target, keys)
    turn.tell(session, ev.MetadataSynced(title(target), tuple(found)))


def _around(session: Session, room: Room, keys: tuple[str, ...] | list[str]) -> list[Datum]:
    """Return what is set of ``keys`` for the room and, to one who is in it, for the others in it."""
    found = pick(room, keys)
    if session.user in room.members:
        for member in room.members:
            if member is not session.user:
                found += pick(member, keys)
    return found


def entered(chat: Chat, session: Session, room: Room, turn: Turn) -> None:
    """Tell a session that came into a room what it subscribes to of the room and of who is there."""
    keys = chat.subscriptions.keys(session.id)
    if keys:
        _greet(session, room, keys, turn)


def _greet(session: Session, room: Room, keys: tuple[str, ...] | list[str], turn: Turn) -> None:
    if len(room.members) > SYNC_LIMIT:
        turn.tell(session, ev.SyncPostponed(room.name, SYNC_WAIT))
        return
    found = _around(session, room, keys)
    if found:
        turn.tell(session, ev.MetadataSynced(room.name, tuple(found)))


def introduced(chat: Chat, user: User, room: Room, turn: Turn) -> None:
    """Tell those in a room of up to 100 who subscribe to it what is set for somebody who came in."""
    if len(room.members) <= SYNC_LIMIT:
        others = [session for member in room.members if member is not user for session in member.sessions]
        for datum in everything(user):
            for other in others:
                if chat.subscriptions.has(other.id, datum.key):
                    turn.pass_on(other, ev.MetadataChanged(user.source, datum))


def watched(chat: Chat, session: Session, user: User, turn: Turn) -> None:
    """Tell a session what it subscribes to of somebody whom it watches and who is here."""
    _present(session, user, chat.subscriptions.keys(session.id), turn)


def _present(session: Session, user: User, keys: tuple[str, ...] | list[str], turn: Turn) -> None:
    for datum in pick(user, keys):
        turn.tell(session, ev.MetadataChanged(user.source, datum))


HANDLERS: Handlers = {
    ask.Subscribe: subscribe,
    ask.Unsubscribe: unsubscribe,
    ask.ListSubscriptions: list_subscriptions,
    ask.SyncMetadata: sync,
}
