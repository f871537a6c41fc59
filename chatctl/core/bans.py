"""Which addresses may not connect, and until when."""

from __future__ import annotations

from chatctl.core.masks import address_matches
from chatctl.core.records import Ban, BanLifted
from chatctl.core.state import Chat
from chatctl.core.turn import Turn


def is_over(ban: Ban, now: int) -> bool:
    """Tell whether ``ban`` does not hold any more at the time ``now`` (milliseconds since 1970)."""
    return ban.until is not None and ban.until <= now


def find_ban(chat: Chat, user: str, host: str, turn: Turn) -> Ban | None:
    """Return the ban that keeps ``user@host`` out; bans that are over are forgotten on the way."""
    if not chat.bans:
        return None
    drop_over(chat, turn)
    return next((ban for ban in chat.bans.values() if address_matches(ban.mask, user, host)), None)


def drop_over(chat: Chat, turn: Turn) -> None:
    """Forget the bans that are over."""
    for mask in [mask for mask, ban in chat.bans.items() if is_over(ban, turn.now)]:
        del chat.bans[mask]
        turn.change(BanLifted(mask))
