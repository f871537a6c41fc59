"""What metadata may be, and who may see it. Source: metadata (IRCv3)."""

from __future__ import annotations

import re
from collections.abc import Iterable

from chatctl.core.events.metadata import Datum
from chatctl.core.names import fold
from chatctl.core.room import HIDDEN, INVITE_ONLY, OP, Room
from chatctl.core.state import Chat
from chatctl.core.user import UNNAMED, Session, User
from chatctl.errors import BadMetadataKey, BadMetadataTarget, MetadataForbidden

KEYS_LIMIT = 20
"""Keys of one person, or of one room."""

KEY_LIMIT = 40
"""Characters of a key."""

VALUE_LIMIT = 300
"""Bytes of a value: with names, key and the server's name it has to fit into one line."""

SELF = "*"
"""How one names oneself."""

Target = User | Room

_KEY = re.compile(rf"[a-z0-9_./-]{{1,{KEY_LIMIT}}}")


def check_key(key: str) -> str:
    """Return ``key`` if it can be one; raises ``BadMetadataKey``."""
    if _KEY.fullmatch(key) is None:
        raise BadMetadataKey(key, KEY_LIMIT)
    return key


def is_own(session: Session, name: str) -> bool:
    """Tell whether ``name`` means the one who says it; before registration there is no name for that but ``*``."""
    return name == SELF or (session.registration is None and fold(name) == fold(session.nick))


def find_target(chat: Chat, session: Session, name: str) -> Target:
    """Return who or what ``name`` means; raises ``BadMetadataTarget``, also for a hidden room."""
    if is_own(session, name):
        return session.user
    found: Target | None = None
    if session.registration is None:
        found = chat.nicks.get(fold(name)) or chat.rooms.get(fold(name))
    if found is None or (isinstance(found, Room) and HIDDEN in found.flags and not _is_inside(found, session.user)):
        raise BadMetadataTarget(name)
    return found


def check_sight(target: Target, user: User) -> None:
    """Let ``user`` see the metadata of ``target`` or raise ``MetadataForbidden``: what is inside a closed room."""
    if isinstance(target, Room) and (target.key or INVITE_ONLY in target.flags) and not _is_inside(target, user):
        raise MetadataForbidden(target.name, SELF)


def _is_inside(room: Room, user: User) -> bool:
    return user in room.members or bool(user.operator)


def check_hand(target: Target, user: User, key: str) -> None:
    """Let ``user`` set metadata of ``target`` or raise ``MetadataForbidden``.

    People set their own, a room's operators the room's; operators of the server may do both for others.
    """
    mine = target.has_role(user, OP) if isinstance(target, Room) else target is user
    if not mine and not user.operator:
        raise MetadataForbidden(title(target), key)


def title(target: Target) -> str:
    """Return what ``target`` is called; ``*`` stands for somebody who has not registered."""
    if isinstance(target, Room):
        return target.name
    return target.nick if any(session.registration is None for session in target.sessions) else UNNAMED


def pick(target: Target, keys: Iterable[str]) -> list[Datum]:
    """Return those of ``keys`` that are set on ``target``."""
    if not target.metadata:
        return []
    name = title(target)
    return [Datum(name, key, target.metadata[key]) for key in keys if key in target.metadata]


def everything(target: Target) -> tuple[Datum, ...]:
    """Return all keys of ``target``."""
    return tuple(pick(target, target.metadata))
