"""What a nick and a room name may be, and how they compare."""

from __future__ import annotations

import re
import string

from chatctl.core.limits import DEFAULTS
from chatctl.errors import BadNick, BadRoom

USER_LIMIT = 18
"""Characters of a user name, which IRC shows before the ``@``; what is longer is cut."""

HOST_LIMIT = 63
"""Characters of an address, the longest of which are those of IPv6 with the name of an interface."""

LOBBY = "#lobby"

_NICK = re.compile(r"[A-Za-z_\[\]\\^{}|`][A-Za-z0-9_\-\[\]\\^{}|`]*")
_RESERVED = re.compile(r"client[0-9]+")
_FOLD = str.maketrans(string.ascii_uppercase, string.ascii_lowercase)


def fold(name: str) -> str:
    """Return the form in which two names are the same: ASCII letters lowered, the rest untouched.

    Source: CASEMAPPING=ascii, Modern IRC, section "CASEMAPPING Parameter".
    """
    return name.translate(_FOLD)


def check_nick(nick: str, longest: int = DEFAULTS.nick_length) -> str:
    """Return ``nick`` if somebody may have it; raises ``BadNick``."""
    if len(nick) > longest or _NICK.fullmatch(nick) is None:
        raise BadNick(nick, longest)
    return nick


def check_room(room: str, longest: int = DEFAULTS.room_length) -> str:
    """Return ``room`` if a room may be called so; raises ``BadRoom``."""
    body = room[1:]
    usable = room[:1] == "#" and body and len(room) <= longest
    if not usable or not body.isprintable() or " " in body or "," in body:
        raise BadRoom(room, longest)
    return room


def default_nick(session: int) -> str:
    """Return the name of session number ``session`` until it chooses one."""
    return f"Client{session:02d}"


def is_reserved(nick: str, session: int) -> bool:
    """Tell whether ``nick`` is kept for a session other than ``session``: names like ``Client07``."""
    folded = fold(nick)
    return _RESERVED.fullmatch(folded) is not None and folded != fold(default_nick(session))
