"""METADATA: asking for it, setting it. Source: metadata (IRCv3)."""

from __future__ import annotations

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.subscriptions import tell_change
from chatctl.core.events import metadata as ev
from chatctl.core.events.metadata import Datum
from chatctl.core.metadata import (
    KEYS_LIMIT,
    SELF,
    VALUE_LIMIT,
    Target,
    check_hand,
    check_key,
    check_sight,
    everything,
    find_target,
    title,
)
from chatctl.core.requests import metadata as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import BadMetadataKey, BadMetadataValue, MetadataFull, MetadataNotSet, Refused


def get(chat: Chat, session: Session, request: ask.GetMetadata, turn: Turn) -> None:
    """Show some keys; raises ``BadMetadataTarget``, ``MetadataForbidden``."""
    target = find_target(chat, session, request.target)
    check_sight(target, session.user)
    name, found = title(target), []
    for key in request.keys:
        item: Datum | Refused
        try:
            item = Datum(name, check_key(key), target.metadata.get(key))
        except BadMetadataKey as error:
            item = error
        found.append(item)
    turn.tell(session, ev.MetadataListed(name, tuple(found)))


def list_all(chat: Chat, session: Session, request: ask.ListMetadata, turn: Turn) -> None:
    """Show all keys; raises ``BadMetadataTarget``, ``MetadataForbidden``."""
    target = find_target(chat, session, request.target)
    check_sight(target, session.user)
    turn.tell(session, ev.MetadataListed(title(target), everything(target)))


def set_(chat: Chat, session: Session, request: ask.SetMetadata, turn: Turn) -> None:
    """Set a key or take it away.

    Raises ``BadMetadataTarget``, ``BadMetadataKey``, ``BadMetadataValue``, ``MetadataForbidden``,
    ``MetadataNotSet``, ``MetadataFull``.
    """
    target = find_target(chat, session, request.target)
    key, value = check_key(request.key), request.value
    check_hand(target, session.user, key)
    before = target.metadata.get(key)
    if value is None and before is None:
        raise MetadataNotSet(title(target), key)
    if value is not None:
        _check_room_for(target, key, value)
    _put(target, key, value)
    datum = Datum(title(target), key, value)
    turn.tell(session, ev.MetadataSet(datum))
    if value != before:
        tell_change(chat, session, target, datum, turn)


def _check_room_for(target: Target, key: str, value: str) -> None:
    size = len(value.encode())
    if size > VALUE_LIMIT:
        raise BadMetadataValue(key, size, VALUE_LIMIT)
    if key not in target.metadata and len(target.metadata) >= KEYS_LIMIT:
        raise MetadataFull(title(target), KEYS_LIMIT)


def _put(target: Target, key: str, value: str | None) -> None:
    if value is None:
        del target.metadata[key]
    else:
        target.metadata[key] = value


def clear(chat: Chat, session: Session, request: ask.ClearMetadata, turn: Turn) -> None:
    """Take all keys away; raises ``BadMetadataTarget``, ``MetadataForbidden``."""
    target = find_target(chat, session, request.target)
    check_hand(target, session.user, SELF)
    name = title(target)
    gone = tuple([Datum(name, key, None) for key in target.metadata])
    target.metadata.clear()
    turn.tell(session, ev.MetadataListed(name, gone))
    for datum in gone:
        tell_change(chat, session, target, datum, turn)


def bring(chat: Chat, session: Session, values: dict[str, str], turn: Turn) -> None:
    """Add to somebody's metadata what a further client of theirs has set before it was known to be one."""
    user = session.user
    for key, value in values.items():
        has_place = key in user.metadata or len(user.metadata) < KEYS_LIMIT
        if has_place and user.metadata.get(key) != value:
            user.metadata[key] = value
            tell_change(chat, session, user, Datum(user.nick, key, value), turn)


HANDLERS: Handlers = {
    ask.GetMetadata: get,
    ask.ListMetadata: list_all,
    ask.SetMetadata: set_,
    ask.ClearMetadata: clear,
}
