"""Keeping addresses out: KLINE, UNKLINE and their list."""

from __future__ import annotations

from chatctl.core.bans import drop_over
from chatctl.core.commands.base import Handlers
from chatctl.core.commands.operators import check_privilege, reason
from chatctl.core.commands.presence import expel
from chatctl.core.events.operators import BanGone, BanPlaced, BansListed
from chatctl.core.masks import address_matches, means_addresses
from chatctl.core.names import fold
from chatctl.core.records import Ban, BanLifted, BanSet
from chatctl.core.requests.operators import LiftBan, ListBans, SetBan
from chatctl.core.requests.presence import Expel
from chatctl.core.state import Chat, host_of
from chatctl.core.turn import Turn
from chatctl.core.user import Session
from chatctl.errors import BadBan, Banned, BansYourself, NoSuchBan, TooManyBans

BANS_LIMIT = 1000
"""Bans at the same time: each arrival is compared with all of them."""


def set_ban(chat: Chat, session: Session, request: SetBan, turn: Turn) -> None:
    """Keep addresses out from now on, in place of an earlier ban with this mask, and end the sessions it means.

    Raises ``NotOperator``, ``BadBan``, ``BansYourself``, ``TooManyBans``.
    """
    user = session.user
    check_privilege(user)
    mask = fold(request.mask)
    if not means_addresses(mask):
        raise BadBan(request.mask)
    for own in user.sessions:
        if _is_meant(mask, own):
            raise BansYourself(mask, f"{user.name}@{host_of(own.entry.address)}")
    drop_over(chat, turn)
    if mask not in chat.bans and len(chat.bans) >= BANS_LIMIT:
        raise TooManyBans(BANS_LIMIT)
    until = None if request.milliseconds is None else turn.now + request.milliseconds
    ban = Ban(mask, reason(request.why), user.source.mask, turn.now, until)
    chat.bans[mask] = ban
    turn.change(BanSet(ban))
    meant = [one for one in chat.sessions.values() if _is_meant(mask, one)]
    turn.note(f"{user.source.mask}, operator {user.operator}, bans {mask}, {len(meant)} sessions end: {ban.reason}")
    turn.tell(session, BanPlaced(ban, len(meant)))
    for one in meant:
        expel(chat, one, Expel(Banned(ban.reason, ban.until)), turn)


def _is_meant(mask: str, session: Session) -> bool:
    """Tell whether ``mask`` means the session; who has not registered has no user name yet."""
    name = session.user.name if session.registration is None else ""
    return address_matches(mask, name, host_of(session.entry.address))


def lift_ban(chat: Chat, session: Session, request: LiftBan, turn: Turn) -> None:
    """Let addresses connect again; raises ``NotOperator``, ``NoSuchBan``."""
    check_privilege(session.user)
    mask = fold(request.mask)
    if mask not in chat.bans:
        raise NoSuchBan(request.mask)
    del chat.bans[mask]
    turn.change(BanLifted(mask))
    turn.note(f"{session.user.source.mask}, operator {session.user.operator}, lifts the ban of {mask}")
    turn.tell(session, BanGone(mask))


def list_bans(chat: Chat, session: Session, request: ListBans, turn: Turn) -> None:
    """Show who may not connect; raises ``NotOperator``."""
    check_privilege(session.user)
    drop_over(chat, turn)
    turn.tell(session, BansListed(tuple(chat.bans.values())))


HANDLERS: Handlers = {SetBan: set_ban, LiftBan: lift_ban, ListBans: list_bans}
