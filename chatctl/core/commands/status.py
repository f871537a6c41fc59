"""Being away, one's real name, one's account: what others are told of it."""

from __future__ import annotations

from dataclasses import replace

from chatctl.core.commands.base import Handlers
from chatctl.core.commands.circles import tell_user
from chatctl.core.commands.monitor import tell_change
from chatctl.core.events.accounts import AccountChanged
from chatctl.core.events.status import AwayChanged, AwayNoted, RealnameChanged
from chatctl.core.requests import status as ask
from chatctl.core.state import Chat
from chatctl.core.turn import Turn
from chatctl.core.user import Session, User
from chatctl.errors import BadRealname, NotRegistered

AWAY_LIMIT = 390
"""Characters of the note that somebody away leaves; what is longer is cut."""

REALNAME_LIMIT = 150
"""Characters of a real name."""

ABSENT = "*"
"""The note of a client that came by itself while its user is not there: pre-away (IRCv3)."""


def away(chat: Chat, session: Session, request: ask.Away, turn: Turn) -> None:
    """Be away or back; raises ``NotRegistered``. Source: Modern IRC, section "AWAY message"; pre-away (IRCv3)."""
    user, note = session.user, request.note[:AWAY_LIMIT]
    if session.registration is not None:
        if not request.early:
            raise NotRegistered
        user.away = note
        turn.tell(session, AwayNoted(bool(note)))
    elif note == ABSENT and len(user.sessions) > 1:
        # A client that came by itself says nothing about who is there through another one.
        turn.tell(session, AwayNoted(True))
    else:
        set_away(chat, user, note, turn)


def set_away(chat: Chat, user: User, note: str, turn: Turn) -> None:
    """Let ``user`` be away with a note, or back if it is empty, and tell who is to know."""
    tell_user(user, AwayNoted(bool(note)), turn)
    if user.away != note:
        user.away = note
        tell_change(chat, user, AwayChanged(user.source, note), turn, own=False)


def bring_note(chat: Chat, user: User, note: str, turn: Turn) -> None:
    """Let ``user`` be as a further client said before its registration was over; ``note`` is empty if it said nothing.

    A client that came by itself changes nothing; any other ends the absence of who had only such ones.
    """
    if note != ABSENT and (note or user.away == ABSENT):
        set_away(chat, user, note, turn)


def set_realname(chat: Chat, session: Session, request: ask.SetRealname, turn: Turn) -> None:
    """Take another real name; raises ``BadRealname``. Source: setname (IRCv3)."""
    user, realname = session.user, request.realname
    if not realname.strip() or len(realname) > REALNAME_LIMIT:
        raise BadRealname(REALNAME_LIMIT)
    user.realname = realname
    for one in user.sessions:
        one.entry = replace(one.entry, realname=realname)
        turn.log(one.entry)
    tell_change(chat, user, RealnameChanged(user.source, realname), turn)


def tell_account_change(chat: Chat, user: User, turn: Turn) -> None:
    """Tell who is to know to which account ``user``, who takes part, is logged in now: account-notify (IRCv3)."""
    tell_change(chat, user, AccountChanged(user.source), turn)


HANDLERS: Handlers = {ask.Away: away, ask.SetRealname: set_realname}
