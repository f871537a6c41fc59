"""Masks of bans, exceptions and invitations: NICK!USER@HOST, an account, or a mask that only silences.

``a:ACCOUNT`` means who is logged in to an account that is like ACCOUNT: account-extban (IRCv3). ``m:MASK``, where
MASK may be any of the others, silences whom it means but lets them in. Other masks are completed to NICK!USER@HOST,
and HOST may be a network, as 10.0.0.0/8. No nick holds a colon, so the letters need nothing before them.
"""

from __future__ import annotations

from functools import lru_cache

from chatctl.core.masks import address_matches, complete, matches
from chatctl.core.user import User

ACCOUNT = "a"
MUTE = "m"

MASK_LIMIT = 160
"""Bytes in a mask."""


def complete_extended(mask: str) -> str:
    """Return ``mask`` in the form that is listed, or an empty text for what can be none."""
    letter, colon, rest = mask.partition(":")
    if colon and letter == MUTE:
        inner = "" if is_mute(rest) else complete_extended(rest)
        return inner and f"{MUTE}:{inner}"
    if colon and letter == ACCOUNT:
        return mask if _is_word(rest) else ""
    return complete(mask) if _is_word(mask) else ""


def is_mute(mask: str) -> bool:
    """Tell whether ``mask`` concerns speaking only."""
    return mask.startswith(f"{MUTE}:")


def means(mask: str, user: User) -> bool:
    """Tell whether a mask, as ``complete_extended`` returns it, means ``user``; for a mute, whom it silences."""
    account, nick, address = _parts(mask)
    if account:
        return bool(user.account) and matches(account, user.account)
    return matches(nick, user.nick) and address_matches(address, user.name, user.host)


@lru_cache(1024)
def _parts(mask: str) -> tuple[str, str, str]:
    inner = mask[2:] if is_mute(mask) else mask
    if inner.startswith(f"{ACCOUNT}:"):
        return inner[2:], "", ""
    nick, _, address = inner.partition("!")
    return "", nick, address


def _is_word(text: str) -> bool:
    return 0 < len(text.encode()) <= MASK_LIMIT and text.isprintable() and " " not in text and text[0] != ":"
